#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>

#include "gateway/read/read.h"
#include "rules/files.h"

/* Whose contents leave the reader, and that they are what was sent. */

#define FROM "From: Ada Lee <ada@campus.example>\nSubject: ready\nMIME-Version: 1.0\n"
#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"
#define WORDS "--b\nContent-Type: text/plain\n\nHere it is.\n"
#define SAYS "--b\nContent-Type: text/plain\n\nready\n" /* in the subject, an attached mail would make it a forward's */
#define PDF "--b\nContent-Type: application/pdf; name=\"essay.pdf\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQKAP8K\n"
#define PDF_IS "%PDF-1.4\n\0\xff\n"
#define END "--b--\n"

static const struct {
	const char *name, *mail;
	const char *want; /* the first content that is there; NULL = none */
	size_t n;
	const char *of;   /* whose it is */
} rows[] = {
	{"base64", FROM MIXED WORDS PDF END, PDF_IS, sizeof PDF_IS - 1, "essay.pdf"},
	{"only in a mail that says ready", "From: Ada Lee <ada@campus.example>\nSubject: status\nMIME-Version: 1.0\n" MIXED WORDS PDF END, NULL, 0, NULL},
	{"as it is", FROM MIXED WORDS "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=notes.txt\n\nExit tickets\n" END, "Exit tickets", 12, "notes.txt"},
	{"quoted-printable", FROM MIXED WORDS "--b\nContent-Type: text/plain; charset=iso-8859-1\nContent-Disposition: attachment; filename=notes.txt\n"
	 "Content-Transfer-Encoding: quoted-printable\n\ncaf=E9\n" END, "caf\xe9", 4, "notes.txt"},
	{"what runs stays", FROM MIXED WORDS "--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=run.exe\n\nMZ\n" END, NULL, 0, NULL},
	{"what stands behind it does not", FROM MIXED WORDS "--b\nContent-Type: text/html\nContent-Disposition: attachment; filename=a.html\n\n<p>\n" PDF END, PDF_IS,
	 sizeof PDF_IS - 1, "essay.pdf"},
	{"of a mail within the mail", FROM MIXED SAYS "--b\nContent-Type: message/rfc822\n\n" FROM "Content-Type: multipart/mixed; boundary=c\n\n"
	 "--c\nContent-Type: application/pdf; name=inner.pdf\n\n%PDF-inner\n--c--\n" END, NULL, 0, NULL},
	{"beside a mail within the mail", FROM MIXED SAYS "--b\nContent-Type: message/rfc822\n\nFrom: b@campus.example\nSubject: Notes\n\nInner.\n" PDF END, PDF_IS, sizeof PDF_IS - 1, "essay.pdf"},
	{"winmail.dat", "From: Ada Lee <ada@campus.example>\nSubject: ready\nMIME-Version: 1.0\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
	 "eJ8+IgEAAQaQCAAEAAAAAAABAAEAAQyAAgANAAAAV29ydGggYSB0cnkuAEIEAgKQBgAOAAAAAQD/\n"
	 "////AAAAAAAAAAD9AwIQgAEACQAAAHBsYW4udHh0ADkDAg+ABgAMAAAARXhpdCB0aWNrZXRzsQQ=\n", "Exit tickets", 12, "plan.txt"},
	{"a winmail.dat that ends in its file", "From: Ada Lee <ada@campus.example>\nSubject: ready\nMIME-Version: 1.0\nContent-Type: application/ms-tnef; name=winmail.dat\n"
	 "Content-Transfer-Encoding: base64\n\neJ8+IgEAAQaQCAAEAAAAAAABAAEAAQyAAgANAAAAV29ydGggYSB0cnkuAEIEAgKQBgAOAAAAAQD/\n"
	 "////AAAAAAAAAAD9AwIQgAEACQAAAHBsYW4udHh0ADkDAg+ABgAMAAAARXhp\n", NULL, 0, NULL},
};

static void contents_are_what_was_sent(void **state)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct reading r;
		const struct attachment *found = NULL;
		read_mail(&(struct read_options){0}, span_of(rows[i].mail), &arena, &r);
		read_files(span_of(rows[i].mail), &arena, &r);
		for (size_t k = 0; k < r.n_attachments; k++)
			found = found == NULL && r.attachments[k].content.n > 0 ? &r.attachments[k] : found;
		if ((found != NULL) != (rows[i].want != NULL))
			fail_msg("%s: %s", rows[i].name, found == NULL ? "none" : found->filename);
		if (found != NULL) {
			assert_string_equal(found->filename, rows[i].of);
			assert_int_equal(found->content.n, rows[i].n);
			assert_int_equal(found->bytes, rows[i].n);
			assert_memory_equal(found->content.p, rows[i].want, rows[i].n);
		}
		arena_release(&arena);
	}
	(void)state;
}

/* A thousand files, and one of 20 MB: what leaves the reader stays within bounds. */
static void what_leaves_is_bounded(void **state)
{
	struct str mail = {.max = 64u << 20}, packed = {.max = 64u << 20};
	struct arena arena = {0};
	struct reading r, back;
	uint64_t bytes = 0;
	size_t files = 0;
	str_puts(&mail, FROM MIXED WORDS);
	str_puts(&mail, "--b\nContent-Type: application/pdf; name=large.pdf\n\n");
	for (size_t i = 0; i < 20u << 14; i++)
		str_puts(&mail, "0123456789012345678901234567890123456789012345678901234567890123");
	str_putc(&mail, '\n');
	for (int i = 0; i < 1000; i++)
		str_puts(&mail, PDF);
	str_puts(&mail, END);
	read_mail(&(struct read_options){0}, (struct span){mail.p, mail.n}, &arena, &r);
	read_files((struct span){mail.p, mail.n}, &arena, &r);
	assert_int_equal(r.n_attachments, 1001);
	wire_pack(&packed, &r);
	assert_int_equal(wire_unpack((struct span){packed.p, packed.n}, &arena, &back), 0);
	for (size_t i = 0; i < back.n_attachments; i++) {
		bytes += back.attachments[i].content.n;
		files += back.attachments[i].content.n > 0;
	}
	assert_int_equal(files, FILES_MOST);
	assert_int_equal(bytes, FILES_MOST * (sizeof PDF_IS - 1));
	/* and the other side believes no reader that sends more */
	str_clear(&packed);
	r.attachments[0].content = (struct span){mail.p, FILES_BYTES};
	wire_pack(&packed, &r);
	assert_int_equal(wire_unpack((struct span){packed.p, packed.n}, &arena, &back), -1);
	str_release(&mail);
	str_release(&packed);
	arena_release(&arena);
	(void)state;
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contents_are_what_was_sent),
		cmocka_unit_test(what_leaves_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
