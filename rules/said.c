#include "rules/said.h"

void said_parse(struct said *out, const struct said_input *in, struct arena *arena)
{
	*out = (struct said){.tagging = {.minutes = MINUTES_NONE, .day = DAY_NONE, .note = in->own != NULL ? arena_strdup(arena, in->own) : ""}};
	const char *texts[] = {in->subject, in->own};
	for (int i = 0; i < 2; i++)
		if (texts[i] != NULL && strcasestr(texts[i], "#pln") != NULL)
			out->tagging.pln = true;
	if (out->tagging.pln)
		strs_add(&out->tagging.tags, arena, "pln");
}
