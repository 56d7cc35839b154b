#include "keeper.h"
#include "fake.h"

#include "gateway/mail/source.h"

/* The IMAP source against servers that answer as servers should not. */

#define LOGIN \
	{0, "(greeting)", "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] fake\r\n", ALWAYS}, {0, "AUTHENTICATE", "%t OK in\r\n", ALWAYS}, \
	{0, "LOGIN", "%t OK in\r\n", ALWAYS}, {0, "LOGOUT", "* BYE\r\n%t OK done\r\n", THEN_CLOSE}
#define CAPABILITY {0, "CAPABILITY", "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN IDLE MOVE UIDPLUS\r\n%t OK done\r\n", ALWAYS}
#define SELECT \
	{0, "SELECT", "* 2 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 6] ok\r\n" \
	 "* OK [PERMANENTFLAGS (\\Deleted \\*)] ok\r\n%t OK [READ-WRITE] ok\r\n", ALWAYS}
#define SEARCH {0, "SEARCH", "* SEARCH 3 5\r\n%t OK done\r\n", ALWAYS}
#define STORE {0, "STORE", "%t OK done\r\n", ALWAYS}
#define FETCH_HEAD(seq, uid) "* " #seq " FETCH (UID " #uid " RFC822.SIZE 14 INTERNALDATE \"21-Nov-2026 10:00:00 +0200\" BODY[]<0> "
#define MAIL3 FETCH_HEAD(1, 3) "{14}\r\nSubject: a\r\n\r\n)\r\n"
#define MAIL5 FETCH_HEAD(2, 5) "{14}\r\nSubject: b\r\n\r\n)\r\n"
#define FETCH {0, "FETCH", MAIL3 MAIL5 "%t OK done\r\n", ALWAYS}
#define USUAL LOGIN, CAPABILITY, SELECT, SEARCH, STORE, FETCH, {0}

struct run {
	struct str log; /* what the source said, a line each */
	bool refuse;
};

static int on_mail(void *ctx, const struct mail_got *mail, struct err *err)
{
	struct run *run = ctx;
	if (run->refuse)
		return err_set(err, "no more");
	str_printf(&run->log, "mail %s %llu %llu %zu\n", mail->ident, (unsigned long long)mail->arrival, (unsigned long long)mail->size, mail->raw.n);
	return 0;
}

static void on_marked(void *ctx, const char *ident)
{
	str_printf(&((struct run *)ctx)->log, "marked %s\n", ident);
}

static void on_trouble(void *ctx, const char *text)
{
	str_printf(&((struct run *)ctx)->log, "trouble %s\n", text);
}

static int no_channel(void *ctx)
{
	(void)ctx;
	return -1;
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static const struct source_calls calls = {on_mail, on_marked, on_trouble, no_channel, never, never};

/* One session: open, list, fetch all, mark what came, close. */
static int session(struct source *source, struct err *err)
{
	struct run *run = source->ctx;
	int more = source->ops->open(source, err) < 0 ? -1 : 1;
	if (more > 0)
		more = source->ops->list(source, err) < 0 ? -1 : 1;
	while (more > 0)
		more = source->ops->fetch(source, err);
	struct arena arena = {0};
	struct strs idents = {0};
	struct span rest = {str_c(&run->log), run->log.n}, line;
	while (span_line(&rest, &line)) {
		struct span word;
		if (span_starts(line, "mail ") && span_until(&(struct span){line.p + 5, line.n - 5}, ' ', &word))
			strs_add(&idents, &arena, arena_strndup(&arena, word.p, word.n));
	}
	if (more == 0 && idents.n > 0)
		more = source->ops->mark(source, &idents, err);
	source->ops->close(source);
	arena_release(&arena);
	return more;
}

static const struct play {
	const char *name;
	enum marking marking;
	uint64_t validity, last;
	int sessions;      /* how many are tried; 0 = 1 */
	int result;        /* of the last session */
	const char *log;   /* what is handed over and marked */
	const char *words; /* of the error; NULL */
	struct row rows[16];
} plays[] = {
	{"as it should be", MARK_FLAG, 0, 0, 0, 0, "mail 7.3 1795248000 14 14\nmail 7.5 1795248000 14 14\nmarked 7.3\nmarked 7.5\n", NULL, {USUAL}},
	{"from the cursor", MARK_FLAG, 7, 3, 0, 0, "mail 7.5 1795248000 14 14\nmarked 7.5\n", NULL,
	 {LOGIN, CAPABILITY, SELECT, {0, "SEARCH UID 4:*", "* SEARCH 5\r\n%t OK done\r\n", ALWAYS}, STORE,
	  {0, "FETCH 5 ", MAIL5 "%t OK done\r\n", ALWAYS}, {0}}},
	{"nothing new, but the last one is named", MARK_FLAG, 7, 5, 0, 0, "", NULL,
	 {LOGIN, CAPABILITY, SELECT, {0, "SEARCH UID 6:*", "* SEARCH 5\r\n%t OK done\r\n", ALWAYS}, {0}}},
	{"a new UIDVALIDITY begins from the front", MARK_FLAG, 6, 1000, 0, 0,
	 "mail 7.3 1795248000 14 14\nmail 7.5 1795248000 14 14\nmarked 7.3\nmarked 7.5\n", NULL, {{0, "SEARCH UID 1:*", "* SEARCH 3 5\r\n%t OK done\r\n", ALWAYS}, USUAL}},
	{"untagged noise", MARK_FLAG, 0, 0, 0, 0, "mail 7.3 1795248000 14 14\nmail 7.5 1795248000 14 14\nmarked 7.3\nmarked 7.5\n", NULL,
	 {LOGIN, CAPABILITY, SELECT, SEARCH, STORE,
	  {0, "FETCH", "* 1 EXPUNGE\r\n* 9 EXISTS\r\n" MAIL3 "* 4 FETCH (FLAGS (\\Seen))\r\n* OK still here\r\n* 3 FETCH (UID 4 FLAGS ())\r\n" MAIL3 MAIL5
	   "%t OK done\r\n", ALWAYS}, {0}}},
	{"a mail that was not asked for", MARK_FLAG, 7, 3, 0, 0, "mail 7.5 1795248000 14 14\nmarked 7.5\n", NULL,
	 {LOGIN, CAPABILITY, SELECT, SEARCH, STORE, FETCH, {0}}},
	{"expunged meanwhile", MARK_FLAG, 0, 0, 0, 0, "mail 7.5 1795248000 14 14\nmarked 7.5\n", NULL,
	 {LOGIN, CAPABILITY, SELECT, {0, "SEARCH UID 1:*", "* SEARCH 3 5\r\n%t OK done\r\n", ONCE}, STORE, {0, "FETCH 3,5", MAIL5 "%t OK done\r\n", ONCE}, {0, "FETCH 3 ", NULL, ONCE},
	  {0, "SEARCH UID 3", "* SEARCH\r\n%t OK done\r\n", ONCE}, {0}}},
	{"kept back without a word", MARK_FLAG, 0, 0, 0, 0,
	 "mail 7.5 1795248000 14 14\ntrouble 127.0.0.1: mail UID 3 in INBOX cannot be fetched and is passed over: done\nmarked 7.5\n", NULL,
	 {LOGIN, CAPABILITY, SELECT, SEARCH, STORE, {0, "FETCH 3,5", MAIL5 "%t OK done\r\n", ONCE}, {0, "FETCH 3 ", "%t OK done\r\n", ONCE}, {0}}},
	{"no bytes of one", MARK_FLAG, 0, 0, 0, 0,
	 "trouble 127.0.0.1: mail UID 3 in INBOX cannot be fetched and is passed over: the server gives no bytes of it\n"
	 "mail 7.5 1795248000 14 14\nmarked 7.5\n", NULL,
	 {LOGIN, CAPABILITY, SELECT, SEARCH, STORE, {0, "FETCH 3,5", FETCH_HEAD(1, 3) "NIL)\r\n" MAIL5 "%t OK done\r\n", ONCE}, {0}}},
	{"an empty mail", MARK_LEAVE, 0, 0, 0, 0, "mail 7.3 0 0 0\nmail 7.5 1795248000 14 14\nmarked 7.3\nmarked 7.5\n", NULL,
	 {LOGIN, CAPABILITY, SELECT, SEARCH, {0, "FETCH 3,5", "* 1 FETCH (UID 3 RFC822.SIZE 0 BODY[]<0> {0}\r\n)\r\n" MAIL5 "%t OK done\r\n", ONCE}, {0}}},
	{"one mail is refused", MARK_FLAG, 0, 0, 0, 0,
	 "mail 7.5 1795248000 14 14\ntrouble 127.0.0.1: mail UID 3 in INBOX cannot be fetched and is passed over: broken\nmarked 7.5\n", NULL,
	 {LOGIN, CAPABILITY, SELECT, SEARCH, STORE, {0, "FETCH 3,5", MAIL5 "%t NO some\r\n", ONCE}, {0, "FETCH 3 ", "%t NO broken\r\n", ONCE}, {0}}},
	{"all are refused at once, each one comes", MARK_FLAG, 0, 0, 0, 0, "mail 7.3 1795248000 14 14\nmail 7.5 1795248000 14 14\nmarked 7.3\nmarked 7.5\n",
	 NULL, {LOGIN, CAPABILITY, SELECT, SEARCH, STORE, {0, "FETCH 3,5", "%t NO no\r\n", ONCE}, {0, "FETCH 3 ", MAIL3 "%t OK done\r\n", ONCE},
	        {0, "FETCH 5 ", MAIL5 "%t OK done\r\n", ONCE}, {0}}},
	{"a size that lies low", MARK_LEAVE, 0, 0, 0, 0, "mail 7.3 1795248000 20 20\nmail 7.5 1795248000 14 14\nmarked 7.3\nmarked 7.5\n", NULL,
	 {LOGIN, CAPABILITY, SELECT, SEARCH, {0, "FETCH", FETCH_HEAD(1, 3) "{20}\r\nSubject: a\r\n\r\n123456)\r\n" MAIL5 "%t OK done\r\n", ALWAYS}, {0}}},
	{"a large mail is cut", MARK_LEAVE, 0, 0, 0, 0, "mail 7.3 0 900000 5\nmail 7.5 1795248000 14 14\nmarked 7.3\nmarked 7.5\n", NULL,
	 {LOGIN, CAPABILITY, SELECT, SEARCH,
	  {0, "BODY.PEEK[]<0.100000>", "* 1 FETCH (UID 3 RFC822.SIZE 900000 BODY[]<0> {5}\r\nSubje)\r\n" MAIL5 "%t OK done\r\n", ALWAYS}, {0}}},
	{"no flag can be kept", MARK_FLAG, 0, 0, 0, 0,
	 "mail 7.3 1795248000 14 14\nmail 7.5 1795248000 14 14\ntrouble the server keeps no flag $PLNLogged in this folder: mails stay unmarked (nothing is "
	 "lost: the log knows how far it has read); after = move, or after = leave, avoids this\nmarked 7.3\nmarked 7.5\n", NULL,
	 {{0, "SELECT", "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [PERMANENTFLAGS (\\Seen \\Deleted)] ok\r\n%t OK done\r\n", ALWAYS}, USUAL}},
	{"moved with MOVE, the folder made", MARK_MOVE, 7, 3, 0, 0, "mail 7.5 1795248000 14 14\nmarked 7.5\n", NULL,
	 {{0, "UID MOVE 5 ", "%t NO [TRYCREATE] no such folder\r\n", ONCE}, {0, "CREATE", "%t OK done\r\n", ONCE}, {0, "UID MOVE 5 ", "* 2 EXPUNGE\r\n%t OK done\r\n", ONCE}, USUAL}},
	{"moved without MOVE", MARK_MOVE, 7, 3, 0, 0, "mail 7.5 1795248000 14 14\nmarked 7.5\n", NULL,
	 {{0, "CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN UIDPLUS\r\n%t OK done\r\n", ALWAYS}, {0, "UID COPY 5 ", "%t OK done\r\n", ONCE},
	  {0, "UID STORE 5 +FLAGS.SILENT (\\Deleted)", "%t OK done\r\n", ONCE}, {0, "UID EXPUNGE 5", "* 2 EXPUNGE\r\n%t OK done\r\n", ONCE}, USUAL}},
	{"moving is refused", MARK_MOVE, 7, 3, 0, 1, "mail 7.5 1795248000 14 14\ntrouble move-to Logged: 127.0.0.1: moving mails failed: over quota\n", NULL,
	 {{0, "UID MOVE 5 ", "%t NO over quota\r\n", ALWAYS}, {0, "CREATE", "%t NO exists\r\n", ONCE}, USUAL}},
	/* what must fail, and say why */
	{"login refused", MARK_FLAG, 0, 0, 0, -1, "", "refused the login of u",
	 {{0, "AUTHENTICATE", "%t NO [AUTHENTICATIONFAILED] no\r\n", ALWAYS}, {0, "LOGIN", "%t NO no\r\n", ALWAYS}, USUAL}},
	{"no login now", MARK_FLAG, 0, 0, 0, -1, "", "takes no login now",
	 {{0, "AUTHENTICATE", "%t NO [UNAVAILABLE] later\r\n", ALWAYS}, USUAL}},
	{"BYE at once", MARK_FLAG, 0, 0, 0, -1, "", "127.0.0.1", {{0, "(greeting)", "* BYE full\r\n", THEN_CLOSE}, USUAL}},
	{"closed before the login", MARK_FLAG, 0, 0, 0, -1, "", "127.0.0.1", {{0, "AUTHENTICATE", NULL, ALWAYS}, USUAL}},
	{"closed in SELECT", MARK_FLAG, 0, 0, 0, -1, "", "closed the connection (while opening the folder)", {{0, "SELECT", NULL, ALWAYS}, USUAL}},
	{"no such folder", MARK_FLAG, 0, 0, 0, -1, "", "does not open the folder INBOX (nope)", {{0, "SELECT", "%t NO nope\r\n", ALWAYS}, USUAL}},
	{"no UIDVALIDITY", MARK_FLAG, 0, 0, 0, -1, "", "no UIDVALIDITY", {{0, "SELECT", "* 2 EXISTS\r\n%t OK done\r\n", ALWAYS}, USUAL}},
	{"closed in SEARCH", MARK_FLAG, 0, 0, 0, -1, "", "closed the connection (while searching", {{0, "SEARCH", "* SEARCH 3", THEN_CLOSE}, USUAL}},
	{"SEARCH refused", MARK_FLAG, 0, 0, 0, -1, "", "searching for new mail failed: busy", {{0, "SEARCH", "%t NO busy\r\n", ALWAYS}, USUAL}},
	{"no IMAP at all", MARK_FLAG, 0, 0, 0, -1, "", "127.0.0.1", {{0, "SEARCH", "HTTP/1.1 400 what\r\n\r\n", THEN_CLOSE}, USUAL}},
	{"closed within a literal, then all well", MARK_FLAG, 0, 0, 2, 0,
	 "mail 7.3 1795248000 14 14\nmail 7.5 1795248000 14 14\nmarked 7.3\nmarked 7.5\n", NULL,
	 {{1, "FETCH", MAIL3 FETCH_HEAD(2, 5) "{14}\r\nSubje", THEN_CLOSE}, {2, "SEARCH UID 4:*", "* SEARCH 5\r\n%t OK done\r\n", ONCE}, USUAL}},
	{"BYE in the middle of a fetch", MARK_FLAG, 0, 0, 0, -1, "mail 7.3 1795248000 14 14\n", "while fetching", {{0, "FETCH", MAIL3 "* BYE down\r\n", THEN_CLOSE}, USUAL}},
	{"a literal shorter than announced", MARK_FLAG, 0, 0, 0, -1, "", "127.0.0.1",
	 {{0, "FETCH", FETCH_HEAD(1, 3) "{60}\r\nSubject: a\r\n\r\n)\r\n%t OK done\r\n", THEN_CLOSE}, USUAL}},
	{"a literal longer than announced", MARK_FLAG, 0, 0, 0, -1, "", "127.0.0.1",
	 {{0, "FETCH", FETCH_HEAD(1, 3) "{5}\r\nSubject: a\r\n\r\n)\r\n%t OK done\r\n", THEN_CLOSE}, USUAL}},
	{"a huge literal announced", MARK_FLAG, 0, 0, 0, -1, "", "announced 4000000000 bytes", {{0, "FETCH", FETCH_HEAD(1, 3) "{4000000000}\r\nx", THEN_WAIT}, USUAL}},
	{"a literal beyond all numbers", MARK_FLAG, 0, 0, 0, -1, "", "announced", {{0, "FETCH", FETCH_HEAD(1, 3) "{99999999999999999999999}\r\nx", THEN_WAIT}, USUAL}},
	{"nested beyond reason", MARK_FLAG, 0, 0, 0, -1, "", "nested too deeply",
	 {{0, "FETCH", "* 1 FETCH (UID 3 BODY ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
	   "((((((((((((((((((((((((((((((((((((((((", THEN_WAIT}, USUAL}},
	{"an endless answer", MARK_FLAG, 0, 0, 0, -1, "", "127.0.0.1: the server sent", {{0, "SEARCH", "* SEARCH ", FLOOD}, USUAL}},
	{"silence", MARK_FLAG, 0, 0, 0, -1, "", "the server was silent", {{0, "SEARCH", "* SEARCH 3", THEN_WAIT}, USUAL}},
	{"silence before the greeting", MARK_FLAG, 0, 0, 0, -1, "", "too slow", {{0, "(greeting)", "", THEN_WAIT}, USUAL}},
	{"a mail that breaks the connection is passed over", MARK_FLAG, 0, 0, 4, 0,
	 "trouble 127.0.0.1: mail UID 3 in INBOX cannot be fetched and is passed over: 127.0.0.1: the server closed the connection (while fetching)\n"
	 "mail 7.5 1795248000 14 14\nmarked 7.5\n", NULL,
	 {{0, "FETCH 3,5", NULL, ALWAYS}, {0, "FETCH 3 ", NULL, ALWAYS}, {0, "SEARCH UID 4:*", "* SEARCH 5\r\n%t OK done\r\n", ALWAYS},
	  {0, "SEARCH UID 6:*", "* SEARCH 5\r\n%t OK done\r\n", ALWAYS}, USUAL}},
	{"a mail that is no IMAP is passed over", MARK_FLAG, 0, 0, 4, 0,
	 "trouble 127.0.0.1: mail UID 3 in INBOX cannot be fetched and is passed over: 127.0.0.1: its answer is not IMAP as we know it (while fetching)\n"
	 "mail 7.5 1795248000 14 14\nmarked 7.5\n", NULL,
	 {{0, "FETCH 3", "* 1 FETCH (UID 3 ???\r\n%t OK done\r\n", ALWAYS}, {0, "SEARCH UID 4:*", "* SEARCH 5\r\n%t OK done\r\n", ALWAYS}, USUAL}},
};

static void check(const struct play *play)
{
	struct fake fake = fake_start(play->rows);
	struct run run = {0};
	struct config config = {.dir = campus};
	struct mailbox_config box = {.name = "box", .password_file = "pw", .marking = play->marking, .move_to = "Logged", .poll_seconds = 60, .max_mail = 100000, .idle = true};
	struct source source = {.ops = &imap_source, .config = &config, .box = &box, .calls = &calls, .ctx = &run, .validity = play->validity, .last = play->last, .wait_ms = 700};
	struct arena arena = {0};
	struct err err = {.text = ""};
	char url[64];
	int result = 0;
	snprintf(url, sizeof url, "imap://u@127.0.0.1:%d", fake.port);
	assert_int_equal(mail_url_parse(url, MAIL_IN, false, &arena, &source.url, &err), 0);
	for (int i = 0; i < (play->sessions == 0 ? 1 : play->sessions); i++)
		result = session(&source, &err);
	source.ops->release(&source);
	fake_stop(&fake);
	if (result != play->result || strcmp(str_c(&run.log), play->log) != 0 || (play->words != NULL && strstr(err.text, play->words) == NULL))
		fail_msg("%s: %d \"%s\"\n%s", play->name, result, result < 0 ? err.text : "", str_c(&run.log));
	str_release(&run.log);
	arena_release(&arena);
}

static void odd_servers(void **state)
{
	(void)state;
	empty_campus();
	put_file("pw", "secret\n");
	for (size_t i = 0; i < sizeof plays / sizeof *plays; i++)
		check(&plays[i]);
}

/* ---- secrets */

static int log_in(const struct row *rows, const char *password_file, const char *token_file, struct err *err)
{
	struct fake fake = fake_start(rows);
	struct config config = {.dir = campus};
	struct mailbox_config box = {.name = "box", .password_file = password_file, .token_file = token_file, .marking = MARK_LEAVE, .poll_seconds = 60, .max_mail = 100000};
	struct arena arena = {0};
	const char *detail;
	box.url = arena_printf(&arena, "imap://u@127.0.0.1:%d", fake.port);
	int result = mail_check_mailbox(&config, &box, &arena, &detail, err);
	fake_stop(&fake);
	arena_release(&arena);
	return result;
}

static void secrets(void **state)
{
	(void)state;
	/* base64 of NUL u NUL secret, and of user=u ^A auth=Bearer t0ken ^A ^A (RFC 7628's forerunner XOAUTH2) */
	static const struct row plain[] = {{0, "AUTHENTICATE PLAIN AHUAc2VjcmV0", "%t OK in\r\n", ALWAYS}, {0, "AUTHENTICATE", "%t NO\r\n", ALWAYS}, USUAL};
	static const struct row token[] = {
		{0, "(greeting)", "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] fake\r\n", ALWAYS},
		{0, "A001 CAPABILITY", "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n%t OK done\r\n", ALWAYS},
		{0, "AUTHENTICATE XOAUTH2 dXNlcj11AWF1dGg9QmVhcmVyIHQwa2VuAQE=", "%t OK in\r\n", ALWAYS}, {0, "AUTHENTICATE", "%t NO\r\n", ALWAYS}, USUAL};
	struct err err = {.text = ""};
	empty_campus();
	put_file("pw", "secret\r\n");
	put_file("token", "t0ken\n");
	put_file("empty", "\n");
	assert_int_equal(log_in(plain, "pw", "", &err), 0);
	assert_int_equal(log_in(token, "", "token", &err), 0);
	assert_int_equal(log_in(plain, "token", "", &err), -1);
	assert_non_null(strstr(err.text, "refused the login"));
	assert_int_equal(log_in(plain, "nowhere", "", &err), -1);
	assert_non_null(strstr(err.text, "nowhere"));
	assert_int_equal(log_in(plain, "empty", "", &err), -1);
	assert_non_null(strstr(err.text, "no secret"));
	assert_int_equal(chmod(in_campus("pw"), 0640), 0);
	assert_int_equal(log_in(plain, "pw", "", &err), -1);
	assert_non_null(strstr(err.text, "chmod 600"));
	/* systemd guards its credentials itself, and their mode bits may show an ACL's mask */
	assert_int_equal(mkdir(in_campus("credentials"), 0700), 0);
	assert_int_equal(rename(in_campus("pw"), in_campus("credentials/pw")), 0);
	setenv("CREDENTIALS_DIRECTORY", in_campus("credentials"), 1);
	assert_int_equal(log_in(plain, "pw", "", &err), 0);
	unsetenv("CREDENTIALS_DIRECTORY");
}

/* ---- the gate itself over IMAP */

static void configure(int port, const char *more)
{
	char lines[300];
	empty_campus();
	put_file("pw", "secret\n");
	snprintf(lines, sizeof lines, "url = imap://u@127.0.0.1:%d\npassword-file = pw\n%s", port, more);
	put_config(lines, "");
}

static void idles_and_comes_back(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{1, "IDLE", "+ idling\r\n* 3 EXISTS\r\n", ONCE}, {1, "DONE", "%t OK done\r\n", ONCE}, {1, "SEARCH UID 6:*", NULL, ONCE},
		{2, "SELECT", "* 1 EXISTS\r\n* OK [UIDVALIDITY 8] ok\r\n%t OK done\r\n", ONCE}, {2, "SEARCH UID 1:*", "* SEARCH 3\r\n%t OK done\r\n", ONCE},
		{2, "FETCH 3 ", MAIL3 "%t OK done\r\n", ONCE}, {2, "IDLE", "+ idling\r\n", ALWAYS}, {2, "DONE", "%t OK done\r\n", ALWAYS}, USUAL,
	};
	struct fake fake = fake_start(rows);
	struct worker w;
	configure(fake.port, "after = leave");
	gate_begin(&w, true, 7, 0, "7.99");
	assert_int_equal(gate_expect(&w, GATE_BOX)->number, 7);
	assert_string_equal(gate_expect(&w, GATE_MARKED)->ident, "7.99");
	gate_expect(&w, GATE_ALL);
	assert_int_equal(gate_expect(&w, GATE_MAIL)->number, 3);
	assert_int_equal(gate_expect(&w, GATE_MAIL)->number, 5);
	gate_expect(&w, GATE_IDLE);
	/* woken by EXISTS it searches, the server hangs up, it comes back to a folder that was made anew */
	assert_int_equal(gate_expect(&w, GATE_TROUBLE)->number, 0);
	assert_int_equal(gate_expect(&w, GATE_BOX)->number, 8);
	gate_expect(&w, GATE_ALL);
	assert_string_equal(gate_expect(&w, GATE_MAIL)->ident, "8.3");
	gate_expect(&w, GATE_IDLE);
	int64_t before = clock_ms();
	gate_say(&w, GATE_MARK, "7.5"); /* of the folder that was: nothing is there to be marked */
	assert_string_equal(gate_expect(&w, GATE_MARKED)->ident, "7.5");
	gate_end(&w);
	assert_true(clock_ms() - before < 5000);
	fake_stop(&fake);
}

/* Told to stop, a gate does not wait for a server that says nothing. */
static void stops_in_time(void **state)
{
	(void)state;
	static const struct stall {
		struct row row;
		unsigned frames; /* that come before */
	} stalls[] = {
		{{0, "(greeting)", "", THEN_WAIT}, 0}, {{0, "SELECT", "", THEN_WAIT}, 0}, {{0, "SEARCH", "", THEN_WAIT}, 1},
		{{0, "FETCH", MAIL3 "* 2 FETCH (UID 5", THEN_WAIT}, 3}, {{0, "IDLE", "", THEN_WAIT}, 5}, {{0, "IDLE", "+ idling\r\n", THEN_WAIT}, 5},
	};
	for (size_t i = 0; i < sizeof stalls / sizeof *stalls; i++) {
		const struct row rows[] = {stalls[i].row, USUAL};
		struct fake fake = fake_start(rows);
		struct worker w;
		configure(fake.port, "after = leave");
		gate_begin(&w, true, 7, 0, NULL);
		for (unsigned n = 0; n < stalls[i].frames; n++)
			assert_int_not_equal(gate_next(&w)->type, GATE_TROUBLE);
		poll(NULL, 0, 300);
		int64_t before = clock_ms();
		int status = gate_end(&w);
		if (status != 0 || clock_ms() - before > 4000)
			fail_msg("stall %zu: status %d after %d ms", i, status, (int)(clock_ms() - before));
		fake_stop(&fake);
	}
}

/* The keeper's cursor follows the uid that comes with a mail. */
static void out_of_order(void **state)
{
	(void)state;
	static const struct row rows[] = {{0, "FETCH", MAIL5 MAIL3 "%t OK done\r\n", ALWAYS}, USUAL};
	struct fake fake = fake_start(rows);
	struct worker w;
	configure(fake.port, "after = leave");
	gate_begin(&w, false, 7, 2, NULL);
	gate_expect(&w, GATE_BOX);
	gate_expect(&w, GATE_ALL);
	const struct said *said = gate_expect(&w, GATE_MAIL);
	assert_string_equal(said->ident, "7.5");
	assert_int_equal(said->number, 2);
	said = gate_expect(&w, GATE_MAIL);
	assert_string_equal(said->ident, "7.3");
	assert_int_equal(said->number, 5);
	gate_expect(&w, GATE_IDLE);
	assert_int_equal(gate_end(&w), 0);
	fake_stop(&fake);
}

/* Marks that are refused hold up neither the mails behind them nor the next attempt. */
static void refused_marks_wait(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{0, "UID MOVE 3 ", "%t NO over quota\r\n", ONCE}, {0, "CREATE", "%t NO exists\r\n", ALWAYS}, {0, "UID MOVE 3 ", "%t NO over quota\r\n", ONCE},
		{0, "UID MOVE 3 ", "%t OK done\r\n", ONCE}, {0, "NOOP", "%t OK done\r\n", ALWAYS}, USUAL};
	struct fake fake = fake_start(rows);
	struct worker w;
	configure(fake.port, "after = move\npoll = 1s\nidle = off");
	gate_begin(&w, true, 7, 2, "7.3");
	gate_expect(&w, GATE_BOX);
	assert_non_null(strstr(gate_expect(&w, GATE_TROUBLE)->text, "over quota"));
	gate_expect(&w, GATE_ALL);
	gate_expect(&w, GATE_MAIL);
	gate_expect(&w, GATE_MAIL);
	gate_expect(&w, GATE_IDLE);
	assert_string_equal(gate_expect(&w, GATE_MARKED)->ident, "7.3"); /* a second later */
	assert_int_equal(gate_end(&w), 0);
	fake_stop(&fake);
}

static void a_single_pass_gets_past_a_bad_mail(void **state)
{
	(void)state;
	static const struct row rows[] = {{0, "FETCH 3", NULL, ALWAYS}, {0, "SEARCH UID 4:*", "* SEARCH 5\r\n%t OK done\r\n", ALWAYS}, USUAL};
	struct fake fake = fake_start(rows);
	struct worker w;
	const struct said *said;
	int troubles = 0;
	configure(fake.port, "after = leave");
	gate_begin(&w, false, 7, 2, NULL);
	while ((said = gate_next(&w))->type != GATE_MAIL && said->type != UINT32_MAX)
		troubles += said->type == GATE_TROUBLE;
	assert_string_equal(said->ident, "7.5");
	assert_int_equal(troubles, 4); /* three times closed, once passed over */
	gate_expect(&w, GATE_IDLE);
	assert_int_equal(gate_end(&w), 0);
	fake_stop(&fake);
}

static void nothing_listens(void **state)
{
	(void)state;
	struct worker w;
	int port;
	close(fake_listen(&port));
	configure(port, "");
	gate_begin(&w, false, 0, 0, NULL);
	const struct said *said = gate_expect(&w, GATE_TROUBLE);
	assert_int_equal(said->number, 0);
	assert_non_null(strstr(said->text, "does not answer"));
	assert_int_equal(WEXITSTATUS(worker_stop(&w, 5000)), 75);
	gate_begin(&w, true, 0, 0, NULL); /* in its pause it still listens */
	gate_expect(&w, GATE_TROUBLE);
	assert_int_equal(gate_end(&w), 0);
	configure(port, "");
	assert_int_equal(chmod(in_campus("pw"), 0644), 0);
	gate_begin(&w, false, 0, 0, NULL);
	said = gate_expect(&w, GATE_TROUBLE);
	assert_int_equal(said->number, 1);
	assert_non_null(strstr(said->text, "chmod 600"));
	worker_stop(&w, 5000);
}

static int run_all(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(odd_servers), cmocka_unit_test(secrets), cmocka_unit_test(idles_and_comes_back), cmocka_unit_test(stops_in_time), cmocka_unit_test(out_of_order), cmocka_unit_test(refused_marks_wait),
		cmocka_unit_test(a_single_pass_gets_past_a_bad_mail),
		cmocka_unit_test(nothing_listens)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return test_main(argc, argv, run_all);
}
