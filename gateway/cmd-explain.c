#include <stdio.h>
#include <unistd.h>

#include "gateway/campus.h"
#include "gateway/cli.h"
#include "gateway/explain.h"
#include "gateway/file.h"
#include "gateway/mail/mail.h"
#include "rules/shipped.h"

#define MAIL_MAX ((size_t)64 << 20)
#define AHEAD ((size_t)4 << 20) /* bytes of mail inside the reader at once */

/* What stands behind one mail that is inside the reader. */
struct explained {
	struct explained *next;
	const char *file;
};

struct explain {
	struct cli *cli;
	struct campus campus;
	bool in_campus, json;
	struct ruleset *shipped; /* rules of no campus */
	struct reader *reader;
	const char *file;        /* whose mails are being given */
	uint64_t ticket;
	struct explained *first, **last;
	struct str out;
	int code;
};

static const struct ruleset *rules_of(const struct explain *x)
{
	return x->in_campus ? x->campus.rules : x->shipped;
}

/* The rules and the authserv-ids of the campus folder, where there is one; else the shipped rules for all teachers. */
static int set_up(struct explain *x, struct strs *authservs, struct err *err)
{
	struct read_setup setup = {0};
	const char *conf = arena_printf(&x->cli->arena, "%s/plnpost.conf", x->cli->dir);
	x->in_campus = access(conf, F_OK) == 0;
	if (x->in_campus) {
		if (campus_open(&x->campus, x->cli->dir, STORE_READ, err) < 0 && x->campus.rules == NULL)
			return -1; /* without a log it still explains by the rules */
		setup = x->campus.reading;
	} else {
		const struct shipped *rules = shipped_find(shipped_rules, "minutes.rules");
		setup.rules = (struct span){rules->text, rules->n};
		setup.rules_name = rules->name;
	}
	if (authservs->n > 0)
		setup.authservs = *authservs;
	x->reader = reader_open(&setup, err); /* it starts while we parse the same rules */
	if (x->reader != NULL && !x->in_campus)
		x->shipped = ruleset_parse(setup.rules_name, setup.rules, err);
	return x->reader == NULL || rules_of(x) == NULL ? -1 : 0;
}

/* As the keeper would see the sender; without a campus everybody is a teacher who proved it. */
static struct judged judged_of(struct explain *x, const struct reading *r, struct arena *arena)
{
	static const struct person anybody = {.id = 1, .name = "", .role = ROLE_TEACHER};
	struct judged judged = {.person = &anybody, .genuine = true, .answers = ANSWERS_NOTHING};
	if (!x->in_campus || x->campus.store == NULL)
		return judged;
	struct person *p = arena_alloc(arena, sizeof *p);
	const char *addr = utf8_lower(arena, r->from.addr, strlen(r->from.addr));
	judged.person = store_person_by_address(x->campus.store, addr, arena, p, NULL) > 0 ? p : NULL;
	judged.genuine = r->auth == AUTH_PASS || (r->auth == AUTH_NONE && x->campus.config.unstamped == UNSTAMPED_ACCEPT);
	return judged;
}

static void explain_one(struct explain *x, const char *file, const struct reading *r, struct arena *arena)
{
	struct explanation e = {.file = file, .reading = r, .colour = !x->json && isatty(STDOUT_FILENO)};
	struct judged judged = judged_of(x, r, arena);
	ruleset_judge(rules_of(x), r, &judged, arena, &e.verdict);
	explain_credit(rules_of(x), r, arena, &e);
	str_clear(&x->out);
	if (x->json)
		reading_json(&x->out, file, r, &e.verdict);
	else
		explain_page(&x->out, &e);
	fwrite(str_c(&x->out), 1, x->out.n, stdout);
}

/* Takes answers until less than `load` bytes are inside. 0, or -1. */
static int take_answers(struct explain *x, size_t load, struct err *err)
{
	while (x->first != NULL && (load == 0 || reader_load(x->reader) >= load)) {
		struct arena arena = {0};
		struct read_answer answer;
		int got = reader_next(x->reader, -1, &arena, &answer, err);
		if (got <= 0)
			return got == 0 ? err_set(err, "the reader lost a mail") : -1;
		const char *file = x->first->file;
		x->first = x->first->next;
		if (x->first == NULL)
			x->last = &x->first;
		if (answer.killed) {
			fprintf(stderr, "plnpost: %s: cannot be read: %s\n", file, answer.why);
			x->code = EX_SOFTWARE;
		} else {
			explain_one(x, file, &answer.reading, &arena);
		}
		arena_release(&arena);
	}
	return 0;
}

static int give(void *ctx, struct span raw, struct err *err)
{
	struct explain *x = ctx;
	struct explained *one = arena_alloc(&x->cli->arena, sizeof *one);
	one->file = x->file;
	*x->last = one;
	x->last = &one->next;
	reader_send(x->reader, ++x->ticket, raw);
	return take_answers(x, AHEAD, err);
}

/* One object a file: what is no mbox that one could cut is one mail, even an empty one. */
static int give_whole(struct explain *x, struct err *err)
{
	struct str raw = {.max = MAIL_MAX};
	int result = strcmp(x->file, "-") == 0 ? 0 : file_read(x->file, &raw, err);
	if (result == 0)
		result = give(x, (struct span){str_c(&raw), raw.n}, err);
	str_release(&raw);
	return result;
}

static int explain_files(struct explain *x, int n, char **files, struct err *err)
{
	static char standard_input[] = "-";
	char *one[] = {standard_input};
	if (n == 0)
		files = one, n = 1;
	for (int i = 0; i < n; i++) {
		struct err why = {0};
		uint64_t before = x->ticket;
		x->file = files[i];
		if (mail_file_each(files[i], MAIL_MAX, give, x, &why) < 0 || (x->ticket == before && give_whole(x, &why) < 0)) {
			fprintf(stderr, "plnpost: %s\n", why.text);
			x->code = x->code == EX_OK ? EX_NOINPUT : x->code;
		}
	}
	return take_answers(x, 0, err);
}

int cmd_explain(struct cli *cli, int argc, char **argv)
{
	struct explain x = {.cli = cli, .last = &x.first, .out.max = (size_t)512 << 20, .json = cli->format == FORMAT_JSON};
	struct strs authservs = {0};
	struct err err = {0};
	int i = 1;
	for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++) {
		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		if (strcmp(argv[i], "--json") == 0)
			x.json = true;
		else if (strcmp(argv[i], "--authserv") == 0 && i + 1 < argc)
			i++, strs_add(&authservs, &cli->arena, utf8_lower(&cli->arena, argv[i], strlen(argv[i])));
		else
			return cli_usage("explain", "no option %s", argv[i]);
	}
	if (set_up(&x, &authservs, &err) < 0 || explain_files(&x, argc - i, argv + i, &err) < 0)
		x.code = cli_fail(x.code == EX_OK ? EX_SOFTWARE : x.code, &err);
	reader_close(x.reader);
	ruleset_close(x.shipped);
	if (x.in_campus)
		campus_close(&x.campus);
	str_release(&x.out);
	return x.code;
}
