#include "rules/kind.h"

#include <stddef.h>

/* A kind's words: its own name first, then what people usually write for it. A word stands in one row only. */
static const struct {
	bool gives;
	const char *words[16];
} kinds[] = {
	[KIND_NONE] = {false, {""}},
	[KIND_READ] = {false, {"read", "reading", "article", "blog", "book", "paper", "newsletter", "journal", "lesen", "artikel", "lire", "leer"}},
	[KIND_WATCH] = {false, {"watch", "watching", "watched", "video", "film", "vidéo"}},
	[KIND_LISTEN] = {false, {"listen", "listening", "listened", "podcast", "audiobook", "radio"}},
	[KIND_CHAT] = {false, {"chat", "twitterchat", "livechat"}},
	[KIND_FORUM] = {false, {"forum", "forums", "thread", "messageboard"}},
	[KIND_WEBINAR] = {false, {"webinar", "webinars", "webcast", "webinaire"}},
	[KIND_COURSE] = {false, {"course", "mooc", "workshop", "training", "seminar", "kurs", "cours", "curso", "taller"}},
	[KIND_CONF] = {false, {"conf", "conference", "unconference", "edcamp", "summit", "konferenz", "conférence", "conferencia"}},
	[KIND_TALK] = {false, {"talk", "conversation", "discussion", "meeting", "gespräch", "conversación"}},
	[KIND_MENTOR] = {true, {"mentor", "mentoring", "coaching", "mentored"}},
	[KIND_PRESENT] = {true, {"present", "presented", "presenting", "presentation", "presenter"}},
	[KIND_PROJECT] = {true, {"project", "collaboration", "projekt", "projet", "proyecto"}},
	[KIND_APPLIED] = {true, {"applied", "usedit", "triedit", "apply"}},
	[KIND_REFLECT] = {false, {"reflect", "reflection", "reflecting"}},
};
_Static_assert(sizeof kinds / sizeof *kinds == KIND_COUNT, "a row for each kind");

const char *kind_name(enum entry_kind kind)
{
	return (size_t)kind < KIND_COUNT ? kinds[kind].words[0] : "";
}

const char *const *kind_written(enum entry_kind kind)
{
	return kinds[kind].words;
}

enum entry_kind kind_of_word(struct span word)
{
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		for (size_t i = 0; i < sizeof kinds[kind].words / sizeof *kinds[kind].words && kinds[kind].words[i] != NULL; i++)
			if (word.n > 0 && (word.p[0] | 0x20) == kinds[kind].words[i][0] && span_eq_nocase(word, kinds[kind].words[i]))
				return (enum entry_kind)kind;
	return KIND_NONE;
}

bool kind_gives(enum entry_kind kind)
{
	return (size_t)kind < KIND_COUNT && kinds[kind].gives;
}
