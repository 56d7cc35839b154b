#include <stdio.h>

#include "gateway/cli.h"
#include "gateway/file.h"
#include "gateway/json.h"
#include "gateway/read/links.h"

/* plnpost link [--json] [--] URL [BASE]: parses, unwraps and cleans one link, and shows each step. */

struct looked_at {
	const char *written;
	struct url url;
	const char *failure; /* NULL = none */
	struct link_step steps[LINK_DEPTH];
	size_t n;
	struct str buf, clean, canonical;
};

/* The shipped rules, with those of the campus folder where there are any; NULL: err says what is wrong with them. *own: to close. */
static const struct linkrules *rules_of(struct cli *cli, struct linkrules **own, struct err *err)
{
	const char *path = arena_printf(&cli->arena, "%s/links.rules", cli->dir);
	struct str text = {0};
	if (!file_exists(path))
		return linkrules_shipped();
	if (file_read(path, &text, err) == 0)
		*own = linkrules_parse(path, (struct span){str_c(&text), text.n}, err);
	str_release(&text);
	return *own;
}

static void look(struct cli *cli, const struct linkrules *rules, const char *text, const char *base, struct looked_at *l)
{
	struct str room = {.max = 4 * URL_MAX};
	struct url on;
	l->written = text;
	l->buf.max = l->clean.max = l->canonical.max = 4 * URL_MAX;
	if (base != NULL && url_parse(span_of(base), NULL, URL_BROWSER, &room, &on, &l->failure) < 0)
		goto out;
	if (url_parse(span_of(text), base == NULL ? NULL : &on, URL_BROWSER, &l->buf, &l->url, &l->failure) < 0)
		goto out;
	link_clean(rules, span_of(text), base == NULL ? NULL : &on, &l->clean);
	l->n = link_unwrap(rules, base == NULL ? span_of(text) : l->url.href, &cli->arena, l->steps);
	link_canonical(rules, l->n == 0 ? l->url.href : span_of(l->steps[l->n - 1].url), &l->canonical);
out:
	str_release(&room);
}

static void text_piece(struct cli *cli, struct json *json, const char *key, struct span piece, const struct looked_at *l)
{
	json_text(json, key, l->failure != NULL ? NULL : arena_strndup(&cli->arena, piece.p, piece.n));
}

static void print_json(struct cli *cli, const struct looked_at *l)
{
	struct str out = {0};
	struct json json = {.out = &out};
	json_open(&json, NULL, '{');
	json_text(&json, "url", l->written);
	json_text(&json, "target", l->n == 0 ? NULL : l->steps[l->n - 1].url);
	json_text(&json, "clean", l->failure != NULL ? NULL : str_c(&l->clean));
	json_open(&json, "steps", '[');
	for (size_t i = 0; i < l->n; i++)
		json_text(&json, NULL, l->steps[i].url);
	json_close(&json, ']');
	json_text(&json, "failure", l->failure);
	text_piece(cli, &json, "href", l->url.href, l);
	text_piece(cli, &json, "protocol", l->url.protocol, l);
	text_piece(cli, &json, "hostname", l->url.hostname, l);
	text_piece(cli, &json, "port", l->url.port, l);
	text_piece(cli, &json, "pathname", l->url.pathname, l);
	text_piece(cli, &json, "search", l->url.search, l);
	text_piece(cli, &json, "hash", l->url.hash, l);
	json_close(&json, '}');
	puts(str_c(&out));
	str_release(&out);
}

static void print_steps(const struct looked_at *l)
{
	printf("link        %s\n", l->written);
	if (l->failure != NULL) {
		printf("refused     %s\n", l->failure);
		return;
	}
	if (!span_eq(l->url.href, l->written))
		printf("a browser   %.*s\n", SPAN_ARG(l->url.href));
	for (size_t i = 0; i < l->n; i++)
		printf("opened %-4zu %s (%s)\n", i + 1, l->steps[i].url, l->steps[i].rule);
	if (l->n == 0)
		printf("inside      nothing that it carries itself\n");
	if (strcmp(str_c(&l->clean), l->written) != 0)
		printf("cleaned     %s\n", str_c(&l->clean));
	printf("logged as   %s\n", str_c(&l->canonical));
}

int cmd_link(struct cli *cli, int argc, char **argv)
{
	bool json = cli->format == FORMAT_JSON;
	int i = 1;
	for (; i < argc && argv[i][0] == '-' && argv[i][1] == '-'; i++) {
		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		if (strcmp(argv[i], "--json") != 0)
			return cli_usage("link", "no option is called %s", argv[i]);
		json = true;
	}
	if (argc - i < 1 || argc - i > 2)
		return cli_usage("link", "give one link, and the page that it is on if it is relative");
	struct looked_at l = {0};
	struct linkrules *own = NULL;
	struct err err;
	const struct linkrules *rules = rules_of(cli, &own, &err);
	if (rules == NULL)
		return cli_fail(EX_CONFIG, &err);
	look(cli, rules, argv[i], i + 1 < argc ? argv[i + 1] : NULL, &l);
	if (json)
		print_json(cli, &l);
	else
		print_steps(&l);
	str_release(&l.buf);
	str_release(&l.clean);
	str_release(&l.canonical);
	linkrules_close(own);
	return l.failure == NULL || json ? EX_OK : EX_DATAERR;
}
