#include <locale.h>

#include "gateway/keeper.h"
#include "gateway/role.h"

int main(int argc, char **argv)
{
	static const struct role roles[] = {{"keeper", keeper_main}};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cli_main(argc, argv, &(struct cli_program){.roles = roles, .n_roles = 1});
}
