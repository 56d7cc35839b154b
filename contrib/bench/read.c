/* How fast the reader reads, beside GMime alone, and what mails made to hurt cost it: built and run by contrib/bench/read only.
 * usage: read speed MAILDIR ROUNDS    a row a round and contender: name, CPU s, mails, bytes
 *        read cost                    a row a mail that is long, deep or wide: name, bytes, seconds, peak MB, defects
 *        read write DIR               the same mails as files
 * Mails are read into memory first and cost CPU time only; each costly one is read in a process of its own. */
#include <dirent.h>
#include <gmime/gmime.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/file.h"
#include "gateway/read/read.h"

#define MAIL_MAX ((size_t)64 << 20)

struct mails {
	struct str *v;
	size_t n, bytes;
};

static double cpu_seconds(const struct rusage *r)
{
	return (double)(r->ru_utime.tv_sec + r->ru_stime.tv_sec) + (double)(r->ru_utime.tv_usec + r->ru_stime.tv_usec) / 1e6;
}

static double cpu_now(void)
{
	struct rusage r;
	getrusage(RUSAGE_SELF, &r);
	return cpu_seconds(&r);
}

static void load(struct mails *mails, const char *dir)
{
	struct dirent **names = NULL;
	struct err err;
	int n = scandir(dir, &names, NULL, alphasort);
	mails->v = calloc(n > 0 ? (size_t)n : 1, sizeof *mails->v);
	for (int i = 0; i < n; i++) {
		char path[4096];
		snprintf(path, sizeof path, "%s/%s", dir, names[i]->d_name);
		struct str *raw = &mails->v[mails->n];
		raw->max = MAIL_MAX;
		if (names[i]->d_name[0] != '.' && file_read(path, raw, &err) == 0) {
			mails->bytes += raw->n;
			mails->n++;
		}
		free(names[i]);
	}
	free(names);
}

/* ---- contenders: each takes one mail */

static void by_reader(struct span raw)
{
	static const struct read_options options;
	struct arena arena = {0};
	struct reading reading;
	struct str out = {.max = MAIL_MAX};
	read_mail(&options, raw, &arena, &reading);
	wire_pack(&out, &reading);
	str_release(&out);
	arena_release(&arena);
}

static bool to_utf8; /* what the reader needs, and a bare decoder leaves undone */

/* The text parts, of attached messages too: the reader reads both. */
static void take_part(GMimeObject *parent, GMimeObject *part, gpointer ctx)
{
	(void)parent;
	if (GMIME_IS_MESSAGE_PART(part) && g_mime_message_part_get_message(GMIME_MESSAGE_PART(part)) != NULL)
		g_mime_message_foreach(g_mime_message_part_get_message(GMIME_MESSAGE_PART(part)), take_part, ctx);
	if (!GMIME_IS_PART(part) || !g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "*"))
		return;
	if (to_utf8 && GMIME_IS_TEXT_PART(part)) {
		g_free(g_mime_text_part_get_text(GMIME_TEXT_PART(part)));
		return;
	}
	GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
	if (content != NULL)
		g_mime_data_wrapper_write_to_stream(content, ctx);
}

static void by_gmime(struct span raw)
{
	GMimeStream *in = g_mime_stream_mem_new_with_buffer(raw.p, raw.n), *null = g_mime_stream_null_new();
	GMimeParser *parser = g_mime_parser_new_with_stream(in);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	if (message != NULL) {
		g_mime_message_foreach(message, take_part, null);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(null);
	g_object_unref(in);
}

static void run(const char *name, void (*take)(struct span), const struct mails *mails)
{
	double before = cpu_now();
	for (size_t i = 0; i < mails->n; i++)
		take((struct span){mails->v[i].p, mails->v[i].n});
	printf("%s\t%.4f\t%zu\t%zu\n", name, cpu_now() - before, mails->n, mails->bytes);
	fflush(stdout);
}

static void speed(const char *dir, int rounds)
{
	struct mails mails = {0};
	load(&mails, dir);
	if (mails.n == 0) {
		fprintf(stderr, "read: no mails in %s\n", dir);
		exit(1);
	}
	by_reader((struct span){mails.v[0].p, mails.v[0].n}); /* tables are made once in a reader's life */
	for (int round = 0; round < rounds; round++) {
		to_utf8 = false;
		run("GMime, parse + decode text", by_gmime, &mails);
		to_utf8 = true;
		run("GMime, parse + decode to UTF-8", by_gmime, &mails);
		run("plnpost, whole reading", by_reader, &mails);
	}
}

/* ---- mails made to hurt */

static void head(struct str *out, const char *type)
{
	str_printf(out, "From: Terry <terry@campus.example>\r\nTo: pln@campus.example\r\nSubject: #pln\r\nMessage-ID: <x@campus.example>\r\n"
	                "MIME-Version: 1.0\r\nContent-Type: %s\r\n\r\n", type);
}

#define TEXT "text/plain; charset=utf-8"
#define HTML "text/html; charset=utf-8"

static void prose(struct str *out, size_t bytes)
{
	head(out, TEXT);
	for (size_t i = 0; out->n < bytes; i++)
		str_printf(out, "Line %zu of a long note about lessons, with a link https://site%zu.example/page?id=%zu now and then.\r\n", i, i % 50, i);
}

static void page(struct str *out, size_t bytes)
{
	head(out, HTML);
	for (size_t i = 0; out->n < bytes; i++)
		str_printf(out, "<tr><td style=\"color:#333\"><p>Row %zu of a newsletter, <a href=\"https://site%zu.example/p/%zu?utm_source=x\">more</a></p></td></tr>\r\n", i, i % 50, i);
}

static void file(struct str *out, size_t bytes)
{
	head(out, "multipart/mixed; boundary=b");
	str_puts(out, "--b\r\nContent-Type: " TEXT "\r\n\r\nA note, 10m.\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	while (out->n < bytes)
		str_puts(out, "JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0ZpbHRlci9GbGF0ZURl\r\n");
	str_puts(out, "\r\n--b--\r\n");
}

static void parts(struct str *out, size_t n)
{
	head(out, "multipart/mixed; boundary=b");
	for (size_t i = 0; i < n; i++)
		str_puts(out, "--b\r\nContent-Type: " TEXT "\r\n\r\nhttps://www.site.example\r\n");
	str_puts(out, "--b--\r\n");
}

static void levels(struct str *out, size_t n)
{
	str_puts(out, "From: Terry <terry@campus.example>\r\nSubject: #pln\r\nMIME-Version: 1.0\r\n");
	for (size_t i = 0; i < n; i++)
		str_printf(out, "Content-Type: multipart/mixed; boundary=b%zu\r\n\r\n--b%zu\r\n", i, i);
	str_puts(out, "Content-Type: " TEXT "\r\n\r\nThe innermost\r\n");
}

static void messages(struct str *out, size_t n)
{
	str_puts(out, "From: Terry <terry@campus.example>\r\nSubject: #pln\r\nMIME-Version: 1.0\r\n");
	for (size_t i = 0; i < n; i++)
		str_puts(out, "Content-Type: message/rfc822\r\n\r\n");
	str_puts(out, "Content-Type: " TEXT "\r\n\r\nThe innermost\r\n");
}

static void files_of_mails(struct str *out, size_t n)
{
	head(out, "multipart/mixed; boundary=b");
	for (size_t i = 0; i < n; i++)
		str_printf(out, "--b\r\nContent-Type: application/octet-stream; name=%zu.eml\r\n\r\nSubject: x\r\nContent-Type: " HTML "\r\n\r\n<a href=\"https://x.example/%zu\">x</a>\r\n", i, i);
	str_puts(out, "--b--\r\n");
}

static void results(struct str *out, size_t n)
{
	str_puts(out, "Authentication-Results: mx.campus.example; dkim=pass a");
	for (size_t i = 1; out->n < n; i++)
		str_puts(out, i % 400 == 0 ? "=b a" : " .a");
	str_puts(out, "\r\n");
	head(out, TEXT);
}

static void header_line(struct str *out, size_t n)
{
	str_puts(out, "X-Long: ");
	while (out->n < n)
		str_puts(out, "a line without an end ");
	str_puts(out, "\r\n");
	head(out, TEXT);
}

static void addresses(struct str *out, size_t n)
{
	str_puts(out, "To: x@x.example");
	for (size_t i = 0; i < n; i++)
		str_printf(out, ",\r\n \"Name %zu\" <a%zu@x.example>", i, i);
	str_puts(out, "\r\n");
	head(out, TEXT);
}

static void links(struct str *out, size_t n)
{
	head(out, HTML);
	for (size_t i = 0; i < n; i++)
		str_printf(out, "<a href=\"https://www.site.example/%zu\">x</a>\r\n", i);
}

static void wrapped_links(struct str *out, size_t n)
{
	head(out, TEXT);
	for (size_t i = 0; i < n; i++)
		str_printf(out, "https://eur01.safelinks.protection.outlook.com/?url=https%%3A%%2F%%2Fsite.example%%2F%zu&data=05&reserved=0\r\n", i);
}

static void divs(struct str *out, size_t n)
{
	head(out, HTML);
	for (size_t i = 0; i < n; i++)
		str_puts(out, "<div>");
	str_puts(out, "<a href=\"https://www.site.example\">x</a>");
}

static void names(struct str *out, size_t n)
{
	head(out, HTML);
	for (size_t i = 0; i < n; i++)
		str_printf(out, i % 2 == 0 ? "&utm%zu " : "<x%zu>", i);
}

static void quotes(struct str *out, size_t n)
{
	head(out, HTML);
	for (size_t i = 0; i < n; i++)
		str_puts(out, "<blockquote>On Monday Terry wrote:<br>");
}

static void marks(struct str *out, size_t n)
{
	head(out, TEXT);
	for (size_t i = 0; i < n; i++)
		str_printf(out, "%.*s On Mon, Terry <t@x.example> wrote:\r\n", (int)(i % 200), ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>");
}

static void forwards(struct str *out, size_t n)
{
	head(out, TEXT);
	for (size_t i = 0; i < n; i++)
		str_puts(out, "---------- Forwarded message ---------\r\nFrom: A <a@x.example>\r\nDate: Mon, 2 Mar 2026\r\nSubject: Fwd\r\nTo: <b@x.example>\r\n\r\n");
}

static void hashtags(struct str *out, size_t n)
{
	head(out, TEXT);
	for (size_t i = 0; i < n; i++)
		str_printf(out, "#tag%zu 5m yesterday @name%zu%s", i, i, i % 8 == 7 ? "\r\n" : " ");
}

static void one_line(struct str *out, size_t n)
{
	head(out, TEXT);
	while (out->n < n)
		str_puts(out, "words and words without the end of a line ");
}

static const struct costly {
	const char *name;
	void (*write)(struct str *, size_t);
	size_t n;
} costly[] = {
	{"prose-10k", prose, 10000}, {"prose-100k", prose, 100000}, {"prose-1M", prose, 1000000}, {"prose-10M", prose, 10000000},
	{"prose-25M", prose, 25000000}, {"html-100k", page, 100000}, {"html-1M", page, 1000000}, {"html-10M", page, 10000000},
	{"html-25M", page, 25000000}, {"attachment-25M", file, 25000000}, {"one-line-10M", one_line, 10000000}, {"parts-10000", parts, 10000},
	{"levels-10000", levels, 10000}, {"messages-10000", messages, 10000}, {"mail-files-10000", files_of_mails, 10000}, {"header-line-1M", header_line, 1000000},
	{"results-250k", results, 250000}, {"results-10M", results, 10000000},
	{"addresses-50000", addresses, 50000}, {"links-100000", links, 100000}, {"wrapped-links-50000", wrapped_links, 50000},
	{"divs-200000", divs, 200000}, {"names-400000", names, 400000}, {"blockquotes-50000", quotes, 50000}, {"quote-lines-100000", marks, 100000},
	{"forwards-20000", forwards, 20000}, {"hashtags-200000", hashtags, 200000},
};
#define COSTLY (sizeof costly / sizeof *costly)

static _Noreturn void read_costly(const struct costly *c)
{
	static const struct read_options options;
	struct str raw = {.max = MAIL_MAX}, out = {.max = MAIL_MAX};
	struct arena arena = {0};
	struct reading reading;
	c->write(&raw, c->n);
	double before = cpu_now();
	read_mail(&options, (struct span){raw.p, raw.n}, &arena, &reading);
	wire_pack(&out, &reading);
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	printf("%s\t%zu\t%.3f\t%.0f\t%zu\n", c->name, raw.n, cpu_seconds(&used) - before, (double)used.ru_maxrss / 1024, reading.defects.n);
	fflush(stdout);
	_exit(0);
}

static int cost(void)
{
	int bad = 0;
	for (size_t i = 0; i < COSTLY; i++) {
		int status = 0;
		pid_t pid = fork();
		if (pid == 0)
			read_costly(&costly[i]);
		if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0) {
			printf("%s\tdied with status %d\n", costly[i].name, status);
			bad = 1;
		}
	}
	return bad;
}

static int write_files(const char *dir)
{
	for (size_t i = 0; i < COSTLY; i++) {
		char path[4096];
		struct str raw = {.max = MAIL_MAX};
		snprintf(path, sizeof path, "%s/%s", dir, costly[i].name);
		FILE *f = fopen(path, "w");
		if (f == NULL)
			return 1;
		costly[i].write(&raw, costly[i].n);
		fwrite(raw.p, 1, raw.n, f);
		fclose(f);
		str_release(&raw);
	}
	return 0;
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	read_warm_up();
	if (argc == 4 && strcmp(argv[1], "speed") == 0)
		speed(argv[2], (int)strtol(argv[3], NULL, 10));
	else if (argc == 2 && strcmp(argv[1], "cost") == 0)
		return cost();
	else if (argc == 3 && strcmp(argv[1], "write") == 0)
		return write_files(argv[2]);
	else
		return 64;
	return 0;
}
