#include "gateway/desk.h"

int on_export(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	(void)desk, (void)m, (void)c, (void)err;
	return 0;
}
