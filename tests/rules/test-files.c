#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>

#include "rules/arena.h"
#include "rules/files.h"

static void names_are_tame(void **state)
{
	static const struct {
		const char *name, *want;
	} rows[] = {
		{"essay.pdf", "essay.pdf"}, {"Ana Lee: essay.pdf", "Ana Lee_ essay.pdf"}, {"../../etc/passwd", "passwd"}, {"C:\\Users\\a\\essay.pdf", "C__Users_a_essay.pdf"},
		{"essay\r\nBcc: x@y.example.pdf", "essay__Bcc_ x@y.example.pdf"}, {"fdp.\xe2\x80\xaetxt.exe", "fdp._txt.exe"}, {"a\xe2\x81\xa7" "b\xd8\x9c" "c\xe2\x80\x8f.pdf", "a_b_c_.pdf"},
		{"\x01\x1f\x7f\xc2\x85.pdf", "____.pdf"}, {"essay.exe. . ", "essay.exe"}, {" ..bashrc", "bashrc"}, {"Zoë 証拠.pdf", "Zoë 証拠.pdf"}, {"", "file"}, {NULL, "file"},
		{"...", "file"}, {"dir/", "file"}, {"\xff\xfe.pdf", "\xef\xbf\xbd\xef\xbf\xbd.pdf"}, {"a\xf3\xa0\x80\xa0" "b.pdf", "a_b.pdf"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str out = {0};
		files_tame_name(&out, rows[i].name);
		assert_string_equal(str_c(&out), rows[i].want);
		str_release(&out);
	}
	char longest[100001];
	struct str out = {0};
	memset(longest, 'x', sizeof longest);
	memcpy(longest + sizeof longest - 5, ".pdf", 5);
	files_tame_name(&out, longest);
	assert_true(out.n <= 200);
	assert_string_equal(out.p + out.n - 4, ".pdf");
	str_release(&out);
	(void)state;
}

static void sizes_read_well(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *want;
	} rows[] = {{0, "0 kB"}, {1, "1 kB"}, {34000, "34 kB"}, {1048576, "1 MB"}, {1258291, "1.2 MB"}, {FILES_BYTES, "8 MB"}, {UINT64_C(10) << 30, "10240 MB"}};
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(files_size_text(&arena, rows[i].bytes), rows[i].want);
	arena_release(&arena);
	(void)state;
}

#define MB (1u << 20)
static const struct {
	struct attachment file;
	const char *type, *why; /* why: a part of it, NULL = handed on; type NULL and why "" = not even named */
} kinds[] = {
	{{.filename = "essay.pdf", .type = "application/pdf", .bytes = MB}, "application/pdf", NULL},
	{{.filename = "ESSAY.PDF", .type = "application/octet-stream", .bytes = 1}, "application/pdf", NULL},
	{{.filename = "Scan", .type = "application/pdf", .bytes = 1}, "application/pdf", NULL},
	{{.filename = "", .type = "image/jpeg", .bytes = MB}, "image/jpeg", NULL},
	{{.filename = "notes.txt", .type = "text/plain", .bytes = 9}, "text/plain", NULL},
	{{.filename = "a.docx", .type = "application/zip", .bytes = 9}, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", NULL},
	{{.filename = "essay.pdf", .type = "application/pdf", .bytes = 8 * MB}, "application/pdf", NULL},
	{{.filename = "essay.pdf", .type = "application/pdf", .bytes = 8 * MB + 1}, "", "8 MB together"},
	{{.filename = "essay.pdf", .type = "application/pdf", .bytes = UINT64_MAX / 2}, "", "together"},
	{{.filename = "essay.pdf", .type = "application/pdf", .bytes = 0}, "", "it is empty"},
	{{.filename = "essay.pdf", .type = "text/html", .bytes = 9}, "", "runs when it is opened"},
	{{.filename = "essay.pdf", .type = "application/x-msdownload", .bytes = 9}, "", "runs when it is opened"},
	{{.filename = "a.docx", .type = "application/vnd.ms-word.document.macroEnabled.12", .bytes = 9}, "", "runs when it is opened"},
	{{.filename = "essay.pdf.exe", .type = "application/pdf", .bytes = 9}, "", "send a PDF"},
	{{.filename = "essay.exe. ", .type = "application/pdf", .bytes = 9}, "", "send a PDF"},
	{{.filename = "fdp.\xe2\x80\xaetxt.exe", .type = "text/plain", .bytes = 9}, "", "send a PDF"},
	{{.filename = "page.html", .type = "text/plain", .bytes = 9}, "", "send a PDF"},
	{{.filename = "a.svg", .type = "image/svg+xml", .bytes = MB}, "", "send a PDF"},
	{{.filename = "a.docm", .type = "application/octet-stream", .bytes = 9}, "", "send a PDF"},
	{{.filename = "a.doc", .type = "application/msword", .bytes = 9}, "", "send a PDF"},
	{{.filename = "a.zip", .type = "application/zip", .bytes = 9}, "", "send a PDF"},
	{{.filename = "run", .type = "application/octet-stream", .bytes = 9}, "", "send a PDF"},
	{{.filename = "winmail.dat", .type = "application/octet-stream", .bytes = 9 * MB}, "", "send a PDF"},
	{{.filename = "winmail.dat", .type = "application/ms-tnef", .bytes = 900}, NULL, ""},
	{{.filename = "logo.png", .type = "image/png", .bytes = 5000}, NULL, ""},
	{{.filename = "smime.p7s", .type = "application/pkcs7-signature", .bytes = 5000}, NULL, ""},
	{{.filename = "me.vcf", .type = "text/vcard", .bytes = 500}, NULL, ""},
};

static void each_by_its_kind(void **state)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct arena arena = {0};
		struct attachment file = kinds[i].file;
		struct reading r = {.attachments = &file, .n_attachments = 1};
		size_t n = 99;
		struct file_fate *fates = files_fates(&r, &arena, &n);
		if (n != (kinds[i].type != NULL))
			fail_msg("%zu: %s: %zu named", i, file.filename, n);
		if (n == 1 && kinds[i].why == NULL && (fates[0].why != NULL || strcmp(fates[0].type, kinds[i].type) != 0))
			fail_msg("%zu: %s: %s", i, file.filename, fates[0].why != NULL ? fates[0].why : fates[0].type);
		if (n == 1 && kinds[i].why != NULL && (fates[0].why == NULL || strstr(fates[0].why, kinds[i].why) == NULL))
			fail_msg("%zu: %s: %s", i, file.filename, fates[0].why == NULL ? "handed on" : fates[0].why);
		arena_release(&arena);
	}
	(void)state;
}

static void few_and_not_large_together(void **state)
{
	enum { MANY = 5000 };
	static struct attachment files[MANY];
	struct arena arena = {0};
	struct reading r = {.attachments = files, .n_attachments = MANY, .n_attached = 2};
	size_t n, taken = 0;
	for (size_t i = 0; i < MANY; i++)
		files[i] = (struct attachment){.filename = "a.pdf", .type = "application/pdf", .bytes = 3 * MB};
	files[3].bytes = MB;
	struct file_fate *fates = files_fates(&r, &arena, &n);
	assert_int_equal(n, FILES_NAMED + 2);
	for (size_t i = 0; i < n; i++)
		taken += fates[i].why == NULL;
	assert_int_equal(taken, 3); /* 3 + 3 + 1 of 8 */
	assert_null(fates[3].why);
	assert_string_equal(fates[n - 2].name, "the mails within your mail");
	assert_string_equal(fates[n - 1].name, "4980 more");
	for (size_t i = 0; i < MANY; i++)
		files[i].bytes = 10;
	fates = files_fates(&r, &arena, &n);
	assert_null(fates[FILES_MOST - 1].why);
	assert_non_null(strstr(fates[FILES_MOST].why, "5 files are the most"));
	files[0].filename = "winmail.dat"; /* those behind it were in it */
	files[0].bytes = MB;
	fates = files_fates(&r, &arena, &n);
	assert_string_equal(fates[0].name, "a.pdf");
	assert_int_equal(fates[0].attachment, 1);
	arena_release(&arena);
	(void)state;
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_tame),
		cmocka_unit_test(sizes_read_well),
		cmocka_unit_test(each_by_its_kind),
		cmocka_unit_test(few_and_not_large_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
