#include "gateway/desk.h"

int do_plan(struct desk *desk, struct matter *m, bool *done, struct err *err)
{
	(void)desk, (void)m, (void)err;
	*done = false;
	return 0;
}

int on_plan(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	(void)desk, (void)m, (void)c, (void)err;
	return 0;
}

int on_goal(struct desk *desk, struct matter *m, const struct command *c, struct err *err)
{
	(void)desk, (void)m, (void)c, (void)err;
	return 0;
}
