#include "gateway/config-settings.h"

#include <stddef.h>

static const char *const marking_words[] = {"flag", "move", "leave", NULL};
static const char *const unstamped_words[] = {"confirm", "accept", NULL};
static const char *const paper_words[] = {"auto", "a4", "letter", NULL};
static const char *const level_words[] = {"error", "warning", "info", "debug", NULL};

#define AT(field) offsetof(struct config, field)
#define BOX(field) offsetof(struct mailbox_config, field)
#define YEAR (365LL * 86400)

static const struct setting settings[] = {
	{"campus", "name", TYPE_TEXT, AT(name), NULL, 0, 0, NULL, "what letters call this campus"},
	{"campus", "address", TYPE_TEXT, AT(address), NULL, 0, 0, NULL, "the one address that teachers write to; its server must deliver address+anything to it too"},
	{"campus", "zone", TYPE_ZONE, AT(zone), NULL, 0, 0, NULL, "the campus's time zone, an IANA name as in America/Chicago"},
	{"campus", "rules", TYPE_TEXT, AT(rules), "campus.rules", 0, 0, NULL, "the ruleset, a file in the campus folder"},
	{"campus", "operator", TYPE_TEXT, AT(operator_address), "", 0, 0, NULL, "who gets trouble reports and the weekly heartbeat; empty = nobody"},
	{"campus", "paper", TYPE_CHOICE, AT(paper), "auto", 0, 0, paper_words, "what printable pages are made for; auto: letter in the time zones of America, else A4"},
	{"campus", "closed", TYPE_DAYS, AT(closed), "", 0, 0, NULL, "holidays, a day or from..to, as in 2026-12-21..2027-01-03: no interview is proposed on them, nor on weekends; may be repeated"},
	{"send", "url", TYPE_TEXT, AT(send_url), "maildir:outbox", 0, 0, NULL, "where letters go: smtps://user@host, smtp+starttls://user@host:587, smtp://127.0.0.1:25, maildir:path"},
	{"send", "password-file", TYPE_TEXT, AT(send_password_file), "", 0, 0, NULL, "file with the SMTP password (mode 600), or the name of a systemd credential"},
	{"send", "ca-file", TYPE_TEXT, AT(send_ca_file), "", 0, 0, NULL, "certificates to trust instead of the system's"},
	{"send", "helo", TYPE_TEXT, AT(send_helo), "", 0, 0, NULL, "the name to greet the server with; empty = this machine's"},
	{"send", "cleartext", TYPE_BOOL, AT(send_cleartext), "off", 0, 0, NULL, "allow SMTP without TLS to a server that is not this machine"},
	{"send", "postmen", TYPE_INT, AT(postmen), "1", 1, 4, NULL, "how many processes deliver at once"},
	{"send", "give-up", TYPE_DURATION, AT(give_up_seconds), "3d", 60, 30 * 86400, NULL, "how long a letter that is refused for now is tried again"},
	{"send", "answers-per-hour", TYPE_INT, AT(answers_per_hour), "30", 1, 10000, NULL, "answers to one address in an hour at most"},
	{"auth", "authserv", TYPE_LIST, AT(authservs), "", 0, 0, NULL, "the authserv-id that your own server writes into Authentication-Results (RFC 8601); may be repeated"},
	{"auth", "arc-sealer", TYPE_LIST, AT(sealers), "", 0, 0, NULL, "a domain whose ARC seal is trusted; may be repeated"},
	{"auth", "unstamped", TYPE_CHOICE, AT(unstamped), "confirm", 0, 0, unstamped_words, "what to do with mail that your server did not stamp: ask at the roster address, or accept it (only where nobody outside can deliver to the mailbox)"},
	{"week", "digest", TYPE_BOOL, AT(digest), "on", 0, 0, NULL, "send weekly digests"},
	{"week", "digest-day", TYPE_WEEKDAY, AT(digest_weekday), "Monday", 0, 0, NULL, "the day on which last week's digest goes out"},
	{"week", "digest-time", TYPE_CLOCK, AT(digest_minute), "06:30", 0, 0, NULL, "local time of day"},
	{"week", "approval", TYPE_BOOL, AT(approval), "on", 0, 0, NULL, "send weekly approval mails"},
	{"week", "approval-day", TYPE_WEEKDAY, AT(approval_weekday), "Monday", 0, 0, NULL, "the day on which approvers are asked"},
	{"week", "approval-time", TYPE_CLOCK, AT(approval_minute), "06:00", 0, 0, NULL, "local time of day"},
	{"week", "reports", TYPE_BOOL, AT(reports), "on", 0, 0, NULL, "send auditors the report of each month, on the first of the next at digest-time"},
	{"week", "interview-time", TYPE_CLOCK, AT(interview_minute), "15:30", 0, 0, NULL, "local time of day of the interviews that are proposed, on the next school days"},
	{"links", "titles", TYPE_BOOL, AT(titles), "off", 0, 0, NULL, "fetch the title of a page whose link came without words: one polite request (robots.txt is heeded), never to private networks, never a link that would unsubscribe, confirm or log in, never from an entry that colleagues do not see"},
	{"log", "keep-raw", TYPE_BOOL, AT(keep_raw), "on", 0, 0, NULL, "keep each mail as it came, compressed"},
	{"log", "level", TYPE_CHOICE, AT(log_level), "info", 0, 0, level_words, "what is written to the log"},
};

static const struct setting mailbox_settings[] = {
	{"mailbox", "url", TYPE_TEXT, BOX(url), NULL, 0, 0, NULL, "imaps://user@host/INBOX, imap+starttls://user@host/INBOX, maildir:path"},
	{"mailbox", "password-file", TYPE_TEXT, BOX(password_file), "", 0, 0, NULL, "file with the password (mode 600), or the name of a systemd credential"},
	{"mailbox", "token-file", TYPE_TEXT, BOX(token_file), "", 0, 0, NULL, "file with an OAuth 2 access token, kept fresh by another program; instead of a password"},
	{"mailbox", "ca-file", TYPE_TEXT, BOX(ca_file), "", 0, 0, NULL, "certificates to trust instead of the system's"},
	{"mailbox", "after", TYPE_CHOICE, BOX(marking), "flag", 0, 0, marking_words, "what happens to a mail once it is logged: flag $PLNLogged, move to a folder, or leave"},
	{"mailbox", "move-to", TYPE_TEXT, BOX(move_to), "Logged", 0, 0, NULL, "the folder for after = move"},
	{"mailbox", "poll", TYPE_DURATION, BOX(poll_seconds), "5m", 1, 86400, NULL, "how often to look where the server cannot tell us (IDLE)"},
	{"mailbox", "idle", TYPE_BOOL, BOX(idle), "on", 0, 0, NULL, "let the server tell of new mail (RFC 2177)"},
	{"mailbox", "max-mail", TYPE_SIZE, BOX(max_mail), "35M", 65536, 50 << 20, NULL, "a larger mail is read up to here"},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))
_Static_assert(COUNT(settings) <= SETTINGS_MOST && COUNT(mailbox_settings) <= SETTINGS_MOST, "each needs its place among those seen");
_Static_assert(sizeof(enum marking) == sizeof(unsigned) && sizeof(enum unstamped) == sizeof(unsigned) && sizeof(enum paper_choice) == sizeof(unsigned),
               "a choice is put as a number");

const struct settings config_settings = {settings, COUNT(settings)}, config_mailbox_settings = {mailbox_settings, COUNT(mailbox_settings)};
