#include "digest/frame.h"

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
	struct frame f;
	frame_begin(&f, templates, facts, arena);
	set_text(f.root, "heading", one_line(arena, a->subject, 200));
	frame_lines(&f, "lines", &a->lines);
	struct value *replies = set_list(f.root, "replies");
	for (size_t i = 0; i < a->replies.n; i++) {
		struct value *reply = list_map(replies);
		set_text(reply, "word", a->replies.v[i]);
		frame_ready(&f, reply, "ready", a->replies.v[i]);
	}
	set_text(f.root, "reply_words", reply_words(arena, &a->replies));
	return frame_write(&f, "answer", letter, err);
}

int letter_help(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, bool approver,
                struct arena *arena, struct err *err)
{
	struct frame f;
	frame_begin(&f, templates, facts, arena);
	set_flag(f.root, "approver", approver);
	frame_ready(&f, f.root, "ready_status", "status");
	frame_ready(&f, f.root, "ready_list", "list");
	return frame_write(&f, "help", letter, err);
}

int letter_trouble(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct trouble *t,
                   struct arena *arena, struct err *err)
{
	struct frame f;
	frame_begin(&f, templates, facts, arena);
	set_text(f.root, "heading", one_line(arena, t->title, 200));
	frame_lines(&f, "lines", &t->lines);
	return frame_write(&f, "trouble", letter, err);
}
