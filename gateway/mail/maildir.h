#ifndef GATEWAY_MAIL_MAILDIR_H
#define GATEWAY_MAIL_MAILDIR_H

#include "rules/err.h"
#include "rules/str.h"

/* A Maildir that letters are put in, with LF line ends and the envelope as Return-Path and Delivered-To. */

/* Makes path with tmp, new and cur. 0, or -1. */
int maildir_make(const char *path, struct err *);
/* Written to tmp, synced, linked into new as STEM.eml, synced. One of that name, read or not, was delivered before:
 * nothing happens. 1 delivered, 0 was there, -1. */
int maildir_deliver(const char *path, const char *stem, const char *sender, const char *recipient, struct span message, struct err *);

#endif
