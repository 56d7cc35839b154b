#include "gateway/desk.h"

int on_reopen(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	(void)desk, (void)m, (void)c, (void)err;
	return 0;
}
