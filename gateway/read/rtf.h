#ifndef GATEWAY_READ_RTF_H
#define GATEWAY_READ_RTF_H

#include "rules/arena.h"
#include "rules/str.h"

/* The words of an RTF text (Outlook's winmail.dat has bodies in it), paragraphs as lines; marks and pictures left out. */
const char *rtf_text(struct arena *, struct span rtf);

#endif
