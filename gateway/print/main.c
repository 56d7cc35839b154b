#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "gateway/file.h"
#include "gateway/print/print.h"
#include "gateway/program.h"

static cairo_status_t keep(void *ctx, const unsigned char *bytes, unsigned n)
{
	struct str *pdf = ctx;
	str_add(pdf, bytes, n);
	return pdf->cut ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static int put_out(const struct str *pdf, struct err *err)
{
	for (size_t at = 0; at < pdf->n;) {
		ssize_t n = write(STDOUT_FILENO, pdf->p + at, pdf->n - at);
		if (n <= 0)
			return err_set(err, "standard output takes no more");
		at += (size_t)n;
	}
	return 0;
}

static int fail(int code, const struct err *err)
{
	fprintf(stderr, "%s\n", err->text);
	fflush(stderr);
	return code;
}

static int print(void)
{
	struct err err;
	struct arena arena = {0};
	struct str packed = {.max = PAPER_MAX}, pdf = {.max = PAPER_PDF_MAX};
	struct paper paper;
	if (print_cage(&err) < 0)
		return fail(EX_OSERR, &err);
	if (file_read_fd(STDIN_FILENO, "standard input", &packed, &err) < 0 ||
	    paper_unpack((struct span){str_c(&packed), packed.n}, &arena, &paper, &err) < 0)
		return fail(EX_DATAERR, &err);
	if (print_paper(&paper, keep, &pdf, &err) < 0)
		return fail(EX_DATAERR, &err);
	return put_out(&pdf, &err) < 0 ? fail(EX_IOERR, &err) : 0;
}

int main(int argc, char **argv)
{
	const char *of = argc == 3 && strcmp(argv[1], "--of") == 0 ? argv[2] : NULL;
	if (of == NULL || strcmp(of, program_version) != 0)
		return program_other(of);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setlocale(LC_CTYPE, "C.UTF-8");
	_exit(print()); /* what the font libraries keep is of no interest any more */
}
