#include "digest/bar.h"

static int at_least(int value, int least)
{
	return value < least ? least : value;
}

int64_t bar_counted(const struct credit_status *s)
{
	int64_t sum = (int64_t)at_least(s->approved, 0) + at_least(s->waiting, 0);
	return s->cap > 0 && sum > s->cap ? s->cap : sum;
}

/* What fills the bar: the cap, else the requirement, else what there is. */
static int64_t bar_full(const struct credit_status *s)
{
	int64_t sum = bar_counted(s);
	return s->cap > 0 ? s->cap : s->requirement > 0 ? s->requirement : sum > 0 ? sum : 1;
}

struct bar bar_parts(const struct credit_status *s, int whole)
{
	int64_t full = bar_full(s), approved = at_least(s->approved, 0), both = approved + at_least(s->waiting, 0);
	if (approved > full)
		approved = full;
	if (both > full)
		both = full;
	int a = (int)(approved * whole / full), b = (int)(both * whole / full);
	a = approved > 0 ? at_least(a, 1) : 0;
	b = both > approved ? at_least(b, a + 1) : a;
	if (b > whole)
		a -= b - whole, b = whole;
	return (struct bar){a, b - a, whole - b};
}

const char *credit_bar(struct arena *arena, const struct credit_status *s, int cells)
{
	struct bar bar = bar_parts(s, cells < 1 ? 1 : cells > 200 ? 200 : cells);
	struct str out = {0};
	for (int i = 0; i < bar.approved; i++)
		str_puts(&out, "█");
	for (int i = 0; i < bar.waiting; i++)
		str_puts(&out, "▒");
	for (int i = 0; i < bar.left; i++)
		str_puts(&out, "░");
	const char *text = arena_strndup(arena, str_c(&out), out.n);
	str_release(&out);
	return text;
}
