#include "gateway/read/phrases-ahead.h"

enum { FARTHEST = EIGHT - 1 };

static size_t slot(const char *end)
{
	return ((size_t)(unsigned char)end[-2] << 5 ^ (unsigned char)end[-1]) & (AHEAD_SLOTS - 1);
}

void ahead_add(struct ahead *a, struct span text)
{
	a->always = a->always || text.n < EIGHT || a->n == AHEAD_MAX;
	if (a->always)
		return;
	a->first[a->n++] = eight_load(text.p);
	for (size_t end = 2; end <= EIGHT; end++) {
		uint8_t *nearer = &a->nearer[slot(text.p + end)];
		*nearer = *nearer < end - 1 ? (uint8_t)(end - 1) : *nearer;
	}
}

static bool stands_at(const struct ahead *a, const char *p)
{
	uint64_t w = eight_load(p);
	for (size_t i = 0; i < a->n; i++)
		if (a->first[i] == w)
			return true;
	return false;
}

bool ahead_may(const struct ahead *a, struct span s)
{
	if (a->always)
		return true;
	for (size_t end = EIGHT, step; a->n > 0 && end <= s.n; end += step) {
		step = FARTHEST - (size_t)a->nearer[slot(s.p + end)];
		if (step == 0 && stands_at(a, s.p + end - EIGHT))
			return true;
		step = step == 0 ? 1 : step;
	}
	return false;
}
