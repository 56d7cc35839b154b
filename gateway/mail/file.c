#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gateway/file.h"
#include "gateway/mail/mail.h"

/* Files of mails. An mbox (RFC 4155) is told by its first line and cut at each "From " line that follows an empty one, as
 * the mboxrd and mboxo forms want; Content-Length is not believed. */

struct letterbox {
	FILE *in;
	const char *name;
	char *line;
	size_t cap;
	struct str mail;
	size_t max;
	mail_file_fn *fn;
	void *ctx;
	size_t mails;
};

/* "From " and something that looks like a delivery: an address or a word, and a time of day further on. */
static bool is_from_line(struct span line)
{
	if (!span_starts(line, "From ") || line.n > 1000)
		return false;
	line = span_trim(span_skip(line, 5));
	for (size_t i = 1; i + 3 < line.n; i++)
		if (line.p[i] == ':' && line.p[i - 1] >= '0' && line.p[i - 1] <= '9' && line.p[i + 1] >= '0' && line.p[i + 1] <= '5')
			return true;
	return false;
}

/* ">From ", ">>From " …: one > was put there by whoever wrote the mbox. */
static struct span unquoted(struct span line)
{
	size_t marks = 0;
	while (marks < line.n && line.p[marks] == '>')
		marks++;
	return marks > 0 && span_starts(span_skip(line, marks), "From ") ? span_skip(line, 1) : line;
}

static int give(struct letterbox *b, struct err *err)
{
	int result = b->fn(b->ctx, (struct span){str_c(&b->mail), b->mail.n}, err);
	b->mails++;
	str_clear(&b->mail);
	b->mail.cut = false;
	return result;
}

static void drop_last_newline(struct str *mail)
{
	if (mail->cut || mail->n == 0 || mail->p[mail->n - 1] != '\n')
		return;
	mail->n -= mail->n > 1 && mail->p[mail->n - 2] == '\r' ? 2 : 1;
	mail->p[mail->n] = '\0';
}

/* A line longer than a mail may be is taken in pieces by the caller's limit: getline would hold all of it. */
static ssize_t next_piece(struct letterbox *b)
{
	size_t n = 0;
	for (int c; n + 1 < b->cap && (c = getc_unlocked(b->in)) != EOF;) {
		b->line[n++] = (char)c;
		if (c == '\n')
			break;
	}
	return n == 0 ? -1 : (ssize_t)n;
}

static int each_of_mbox(struct letterbox *b, struct err *err)
{
	bool empty_before = true, line_start = true, within = false;
	for (ssize_t n; (n = next_piece(b)) >= 0;) {
		struct span piece = {b->line, (size_t)n}, line = span_trim(piece);
		if (!within || (line_start && empty_before && is_from_line(piece))) { /* the first line has shown what it is */
			if (within) {
				drop_last_newline(&b->mail);
				if (give(b, err) < 0)
					return -1;
			}
			within = true;
		} else {
			str_span(&b->mail, line_start ? unquoted(piece) : piece);
		}
		empty_before = line_start && line.n == 0;
		line_start = b->line[n - 1] == '\n';
	}
	if (ferror(b->in))
		return err_set(err, "%s: %s", b->name, strerror(errno));
	return within ? give(b, err) : 0;
}

static int whole_file(struct letterbox *b, struct err *err)
{
	for (size_t n; (n = fread(b->line, 1, b->cap, b->in)) > 0;)
		str_add(&b->mail, b->line, n);
	if (ferror(b->in))
		return err_set(err, "%s: %s", b->name, strerror(errno));
	if (b->mail.n == 0)
		return err_set(err, "%s: is empty: a mail was expected", b->name);
	return give(b, err);
}

/* Whether the first bytes are "From " (or, from some pipe transports, an unwanted single From line: the same thing). */
static bool begins_mbox(FILE *in)
{
	char head[5];
	size_t n = 0;
	for (int c; n < sizeof head && (c = getc(in)) != EOF; n++)
		head[n] = (char)c;
	bool is = n == sizeof head && memcmp(head, "From ", 5) == 0;
	while (n > 0)
		ungetc(head[--n], in);
	return is;
}

int mail_file_each(const char *path, size_t max_mail, mail_file_fn *fn, void *ctx, struct err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct letterbox b = {.name = is_stdin ? "standard input" : path, .cap = 65536, .mail = {.max = max_mail}, .max = max_mail, .fn = fn, .ctx = ctx};
	int result = -1;
	b.in = is_stdin ? stdin : fopen(path, "re");
	if (b.in == NULL)
		return err_set(err, "%s: %s", path, strerror(errno));
	b.line = malloc(b.cap);
	if (b.line == NULL)
		abort();
	result = begins_mbox(b.in) ? each_of_mbox(&b, err) : whole_file(&b, err);
	if (!is_stdin)
		fclose(b.in);
	free(b.line);
	str_release(&b.mail);
	return result;
}
