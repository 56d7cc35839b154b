#include <locale.h>

#include "gateway/fetcher.h"
#include "gateway/mail/mail.h"
#include "gateway/read/client.h"
#include "gateway/role.h"

/* plnpost-worker: what needs the libraries for mail, MIME, HTML and HTTP. */

static int reader(const char *dir)
{
	(void)dir;
	return reader_main();
}

static int fetcher(const char *dir)
{
	(void)dir;
	return fetcher_main();
}

int main(int argc, char **argv)
{
	static const struct role roles[] = {{"reader", reader}, {"gate", gate_main}, {"postman", postman_main}, {"fetcher", fetcher}};
	static const struct cli_far commands[] = {{"check", cmd_check}, {"explain", cmd_explain}, {"link", cmd_link}};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cli_main(argc, argv, &(struct cli_program){commands, sizeof commands / sizeof *commands, roles, sizeof roles / sizeof *roles});
}
