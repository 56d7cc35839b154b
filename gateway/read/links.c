#include "gateway/read/linkrules.h"

#include <stdlib.h>
#include <strings.h>

#include "gateway/read/parts.h"
#include "rules/eight.h"

/* The links of a mail in the contract's order: what can be clicked, bare URLs of the text, then images; each as written once. */

#define LINKS_MAX ((size_t)150000)

enum link_note {
	NOTE_GUESSED = 1, /* "view online" by its address alone */
	NOTE_ALT = 2      /* its text is only its image's */
};

struct gathering {
	const struct linkrules *rules;
	const struct split *split;
	const struct body *body;
	struct reading *r;
	struct arena *arena;
	struct link *v;
	size_t n, cap;
	unsigned char *notes;  /* for each: enum link_note bits */
	bool told;             /* some link says by its words that it is the mail online */
	bool mass[WHERE_COUNT];/* that part of the page has a link to unsubscribe */
	size_t *slots; /* a hash set of index + 1 by `seen` */
	size_t n_slots;
	uint64_t seed;
	struct str canonical, buf;
	struct link_rooms rooms;
	struct link_inside inside;
};

/* The slot where seen is, or where it belongs. */
static size_t *slot_of(struct gathering *g, const char *seen)
{
	size_t at = eight_hash(seen, strlen(seen), g->seed) & (g->n_slots - 1);
	while (g->slots[at] != 0 && strcmp(g->v[g->slots[at] - 1].seen, seen) != 0)
		at = (at + 1) & (g->n_slots - 1);
	return &g->slots[at];
}

static enum link_where where_of(const struct gathering *g, size_t line)
{
	if (g->split->owner == NULL || line >= g->body->n)
		return WHERE_OWN;
	switch (g->split->owner[line]) {
	case OWNER_FORWARDED:
		return WHERE_FORWARDED;
	case OWNER_QUOTED:
		return WHERE_QUOTED;
	case OWNER_OWN:
	case OWNER_SIGNATURE:
	case OWNER_AFTER:
		break;
	}
	return WHERE_OWN;
}

static bool is_web(struct span seen)
{
	return span_starts_nocase(seen, "http:") || span_starts_nocase(seen, "https:");
}

static bool is_listed(const struct gathering *g, const char *seen)
{
	return g->r->unsubscribe_http != NULL && strcmp(g->r->unsubscribe_http, seen) == 0;
}

/* The page behind it, in its one form; as written when it is no link that a browser would follow. */
static const char *page_of(struct gathering *g, const char *seen, struct link_found *target)
{
	struct str *c = &g->canonical;
	if (target == NULL || link_canonical_found(target, &g->rooms, c) < 0 || c->cut)
		return seen;
	return c->n == strlen(seen) && memcmp(c->p, seen, c->n) == 0 ? seen : arena_strndup(g->arena, c->p, c->n);
}

static void fill_link(struct gathering *g, const struct anchor *a, struct link *link)
{
	struct link_step steps[LINK_DEPTH];
	struct link_found found, *outer = NULL, *target = NULL;
	struct url url;
	struct link_clues clues = {.text = a->text, .around = a->around, .seen = span_of(a->seen), .listed = is_listed(g, a->seen)};
	bool by_words;
	if (url_parse(clues.seen, NULL, URL_KEEP, &g->buf, &url, NULL) == 0) {
		linkrules_find(g->rules, &url, outer = &found);
		target = link_unwrap_found(outer, g->arena, steps, &g->inside) > 0 ? &g->inside.found : outer;
	}
	link->url = page_of(g, a->seen, target);
	link->role = link_role_found(g->rules, &clues, outer, target, &by_words);
	g->told = g->told || (by_words && link->role == ROLE_VIEW_ONLINE);
	g->notes[link - g->v] = (unsigned char)((!by_words && link->role == ROLE_VIEW_ONLINE ? NOTE_GUESSED : 0) | (a->alt ? NOTE_ALT : 0));
	link->heading = link->role == ROLE_CONTENT && a->what == ANCHOR_LINK ? a->heading : "";
	g->mass[link->where] = g->mass[link->where] || (a->what == ANCHOR_LINK && link->role == ROLE_UNSUBSCRIBE);
}

static void fill_image(struct gathering *g, const struct anchor *a, struct link *link)
{
	struct url url;
	bool known = url_parse(span_of(a->seen), NULL, URL_KEEP, &g->buf, &url, NULL) == 0;
	link->url = a->seen;
	link->role = link_is_pixel(g->rules, a->width, a->height, known ? &url : NULL) ? ROLE_PIXEL : ROLE_IMAGE;
}

static struct link *next_link(struct gathering *g)
{
	if (g->n == g->cap) {
		g->cap = g->cap == 0 ? 16 : g->cap * 2;
		g->v = realloc(g->v, g->cap * sizeof *g->v);
		g->notes = realloc(g->notes, g->cap * sizeof *g->notes);
		if (g->v == NULL || g->notes == NULL)
			abort();
	}
	g->notes[g->n] = 0;
	return &g->v[g->n++];
}

/* An image seen again may show only now that it is a pixel; a link seen again with words where it had none, or an image's, takes them. */
static void seen_again(struct gathering *g, const struct anchor *a, struct link *link)
{
	struct link again = *link;
	unsigned char *notes = &g->notes[link - g->v];
	bool wordless = link->text[0] == '\0' || ((*notes & NOTE_ALT) != 0 && !a->alt);
	if (a->what == ANCHOR_IMAGE && link->role == ROLE_IMAGE)
		fill_image(g, a, link);
	if (a->what != ANCHOR_LINK || a->text[0] == '\0' || link->role >= ROLE_PIXEL || (!wordless && link->role != ROLE_CONTENT))
		return;
	struct link_clues clues = {.text = a->text, .around = a->around, .seen = span_of(a->seen)};
	again.role = link_role_of(g->rules, &clues, NULL);
	link->role = link->role == ROLE_CONTENT ? again.role : link->role;
	if (!wordless)
		return;
	link->text = a->text;
	link->heading = link->role == ROLE_CONTENT ? a->heading : "";
	*notes = (unsigned char)((*notes & ~NOTE_ALT) | (a->alt ? NOTE_ALT : 0));
}

static void gather(struct gathering *g, const struct anchor *a)
{
	enum link_where where = where_of(g, a->line);
	if (!is_web(span_of(a->seen)) || (a->what == ANCHOR_BARE && g->mass[where]))
		return; /* in a mass mail's page what is meant to be followed can be clicked */
	size_t *slot = slot_of(g, a->seen);
	if (*slot != 0) {
		seen_again(g, a, &g->v[*slot - 1]);
		return;
	}
	if (g->n == LINKS_MAX)
		return;
	struct link *link = next_link(g);
	*slot = g->n;
	*link = (struct link){.seen = a->seen, .text = a->text, .heading = "", .where = where};
	(a->what == ANCHOR_IMAGE ? fill_image : fill_link)(g, a, link);
}

static void gather_body(struct gathering *g, const struct body *body)
{
	static const int order[] = {ANCHOR_LINK, ANCHOR_BARE, ANCHOR_IMAGE};
	g->body = body;
	for (size_t pass = 0; pass < sizeof order / sizeof *order; pass++) {
		for (size_t i = 0; i < body->n_anchors; i++)
			if ((int)body->anchors[i].what == order[pass])
				gather(g, &body->anchors[i]);
		if (pass == 0 && g->n > 0 && (g->r->unsubscribe_http != NULL || g->r->unsubscribe_mailto != NULL))
			g->mass[WHERE_OWN] = true;
	}
}

void links_read(const struct read_options *options, const struct body *body, const struct split *split, struct arena *arena, struct reading *r)
{
	struct gathering g = {.split = split, .r = r, .arena = arena, .n_slots = 16};
	g.seed = 14695981039346656037u ^ (uint64_t)(uintptr_t)arena * 0x9e3779b97f4a7c15u; /* not known beforehand to who writes the mail */
	g.rules = options != NULL && options->links != NULL ? options->links : linkrules_shipped();
	while (g.n_slots < 2 * body->n_anchors)
		g.n_slots *= 2;
	g.slots = calloc(g.n_slots, sizeof *g.slots);
	if (g.slots == NULL)
		abort();
	g.canonical.max = g.buf.max = g.inside.room.max = g.rooms.clean.max = g.rooms.buf.max = 4 * URL_MAX;
	gather_body(&g, body);
	for (size_t i = 0; i < g.n && g.told; i++)
		if ((g.notes[i] & NOTE_GUESSED) != 0)
			g.v[i].role = ROLE_CONTENT;
	r->n_links = g.n;
	r->links = arena_grow(arena, g.v, g.n * sizeof *g.v, g.n * sizeof *g.v);
	free(g.v);
	free(g.notes);
	free(g.slots);
	str_release(&g.canonical);
	str_release(&g.buf);
	str_release(&g.inside.room);
	str_release(&g.rooms.clean);
	str_release(&g.rooms.buf);
}
