#include "digest/draft.h"

/* "*yes*, *no* or *status*" */
static const char *reply_words(struct arena *arena, const struct strs *replies)
{
	const char *words = "";
	for (size_t i = 0; i < replies->n; i++)
		words = arena_printf(arena, "%s%s*%s*", words, i == 0 ? "" : i + 1 == replies->n ? " or " : ", ", replies->v[i]);
	return words;
}

int letter_answer(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct answer *a,
                  struct arena *arena, struct err *err)
{
	struct draft d;
	draft_begin(&d, templates, facts, arena);
	set_text(d.root, "heading", one_line(arena, a->subject, 200));
	draft_lines(&d, "lines", &a->lines);
	struct value *replies = set_list(d.root, "replies");
	for (size_t i = 0; i < a->replies.n; i++) {
		struct value *reply = list_map(replies);
		set_text(reply, "word", a->replies.v[i]);
		draft_ready(&d, reply, "ready", a->replies.v[i]);
	}
	set_text(d.root, "reply_words", reply_words(arena, &a->replies));
	return draft_write(&d, "answer", letter, err);
}

int letter_help(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, bool approver,
                struct arena *arena, struct err *err)
{
	struct draft d;
	draft_begin(&d, templates, facts, arena);
	set_flag(d.root, "approver", approver);
	draft_ready(&d, d.root, "ready_status", "status");
	draft_ready(&d, d.root, "ready_list", "list");
	return draft_write(&d, "help", letter, err);
}

int letter_trouble(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct trouble *t,
                   struct arena *arena, struct err *err)
{
	struct draft d;
	draft_begin(&d, templates, facts, arena);
	set_text(d.root, "heading", one_line(arena, t->title, 200));
	draft_lines(&d, "lines", &t->lines);
	return draft_write(&d, "trouble", letter, err);
}
