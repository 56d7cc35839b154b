#ifndef GATEWAY_CONFIG_H
#define GATEWAY_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "gateway/paper.h"
#include "rules/arena.h"
#include "rules/err.h"
#include "rules/str.h"

enum marking { MARK_FLAG, MARK_MOVE, MARK_LEAVE };
enum unstamped { UNSTAMPED_CONFIRM, UNSTAMPED_ACCEPT };
enum paper_choice { PAPER_BY_ZONE, PAPER_CHOICE_A4, PAPER_CHOICE_LETTER };

struct closed_days { /* from and to are closed, too */
	struct day_range {
		int32_t from, to;
	} *v;
	size_t n;
};

/* A campus folder's `plnpost.conf`. Secrets are not in here: the process that needs one reads its file. Every setting is one
 * row of the tables in config-settings.c (name, type, range, default, help), from which `plnpost config` and the man page are made. */
struct config {
	const char *dir; /* the campus folder */
	/* [campus] */
	const char *name, *address, *zone, *rules, *operator_address;
	enum paper_choice paper;
	struct closed_days closed; /* holidays */
	/* [mailbox "name"]: at least one */
	struct mailbox_config {
		const char *name, *url, *password_file, *token_file, *ca_file;
		enum marking marking;
		const char *move_to;
		int64_t poll_seconds, max_mail;
		bool idle;
	} *mailboxes;
	size_t n_mailboxes;
	/* [send] */
	const char *send_url, *send_password_file, *send_ca_file, *send_helo;
	bool send_cleartext; /* allow SMTP without TLS beyond loopback */
	int64_t postmen, give_up_seconds, answers_per_hour;
	/* [auth] */
	struct strs authservs, sealers;
	enum unstamped unstamped;
	/* [week] */
	int64_t digest_weekday, digest_minute, approval_weekday, approval_minute; /* ISO weekday; minutes since 00:00 */
	bool digest, approval, reports; /* send them at all */
	int64_t interview_minute; /* of the times that are proposed */
	/* [links] */
	bool titles; /* fetch those that a link came without */
	/* [log] */
	bool keep_raw;
	unsigned log_level; /* enum log_level */
};

/* Reads DIR/plnpost.conf. 0, or -1 with file:line. Everything lives in the arena. */
int config_load(const char *dir, struct arena *, struct config *, struct err *);
/* Paths inside the campus folder: absolute ones stay, others are joined to dir. */
const char *config_path(const struct config *, struct arena *, const char *path);
enum paper_size config_paper_size(const struct config *); /* as set, or what is usual in the campus's zone */
bool config_school_day(const struct config *, int32_t day); /* Monday to Friday, and not closed */
/* Every setting with its value, default and help, as a config file (`plnpost config`); config NULL = defaults only. */
void config_print(FILE *, const struct config *);
/* The same as rows of mdoc, for the man page. */
void config_print_man(FILE *);

#endif
