#include <locale.h>

#include "gateway/cli.h"

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return cli_main(argc, argv);
}
