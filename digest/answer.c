#include "digest/frame.h"

static void put_lines(struct frame *f, const struct strs *from)
{
	struct value *lines = set_list(f->root, "lines");
	for (size_t i = 0; i < from->n; i++)
		list_text(lines, from->v[i]);
}

int letter_answer(struct letter *letter, const struct templates *templates, const struct frame_facts *facts, const struct answer *a,
                  struct arena *arena, struct err *err)
{
	struct frame f;
	frame_begin(&f, templates, facts, arena);
	set_text(f.root, "heading", one_line(arena, a->subject, 200));
	put_lines(&f, &a->lines);
	struct value *replies = set_list(f.root, "replies");
	for (size_t i = 0; i < a->replies.n; i++) {
		struct value *reply = list_map(replies);
		set_text(reply, "word", a->replies.v[i]);
		frame_ready(&f, reply, "ready", a->replies.v[i]);
	}
	set_flag(f.root, "answers", a->replies.n > 0);
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
	put_lines(&f, &t->lines);
	return frame_write(&f, "trouble", letter, err);
}
