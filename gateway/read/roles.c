#include <wchar.h>
#include <wctype.h>

#include "gateway/read/linkrules.h"

/* What a link of a newsletter is for: what its words say, then what its address looks like. */

#define TEXT_LOOKED_AT 200 /* bytes of an anchor's text */
#define TEXT_SAYS 90       /* a longer text is a sentence or a title: its words alone decide nothing */
#define TEXT_OF_ICON 40

/* In lower case, blanks and line breaks folded, quotes plain: as phrases are written. */
static struct span folded(const char *text, char room[3 * TEXT_LOOKED_AT]) /* a byte that is no UTF-8 becomes three */
{
	size_t n = 0;
	for (const char *p = text, *end = text + utf8_prefix(text, strnlen(text, TEXT_LOOKED_AT + 1), TEXT_LOOKED_AT); p < end;) {
		uint32_t c = utf8_next(&p, end);
		if (c == 0x2019)
			c = '\'';
		if (c > ' ' && c < 0x80)
			room[n++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		else if (c > ' ' && c != 0xa0)
			n += utf8_put(room + n, (uint32_t)towlower((wint_t)c));
		else if (n > 0 && room[n - 1] != ' ')
			room[n++] = ' ';
	}
	return (struct span){room, n};
}

static bool is_word(uint32_t c)
{
	return c < 0x80 ? (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') : iswalnum((wint_t)c);
}

/* What stands above a letter and ends the word with it, as in Thai. */
static bool is_mark(uint32_t c)
{
	return c >= 0x300 && c < 0x2000 && wcwidth((wchar_t)c) == 0;
}

/* Without what is no letter or digit at its ends: arrows, dots, bars. s is folded. */
static struct span bare(struct span s)
{
	const char *from = s.p, *end = s.p + s.n, *to = end;
	for (const char *p = s.p; p < end && !is_word(utf8_next(&p, end));)
		from = p;
	while (to > from) {
		const char *last = to - 1, *p;
		while (last > from && ((unsigned char)*last & 0xc0) == 0x80)
			last--;
		p = last;
		uint32_t c = utf8_next(&p, to);
		if (is_word(c) || is_mark(c))
			break;
		to = last;
	}
	return to > from ? (struct span){from, (size_t)(to - from)} : s;
}

static bool phrase_role(const struct linkrules *rules, const char *text, enum link_role *role)
{
	char room[3 * TEXT_LOOKED_AT];
	struct span s = folded(text, room);
	return s.n > 0 && linkrules_phrase(rules, bare(s), role);
}

static bool first_of_file(void *ctx, const struct link_rule *rule)
{
	const struct link_rule **best = ctx;
	if (rule->host.n + rule->path.n > 0 && rule->role != ROLE_PIXEL && (*best == NULL || rule < *best))
		*best = rule;
	return false;
}

static bool url_role(struct link_found *link, enum link_role *role)
{
	const struct link_rule *best = NULL;
	if (link != NULL)
		linkrules_each(link, SECTION_ROLE, first_of_file, &best);
	if (best != NULL)
		*role = best->role;
	return best != NULL;
}

/* By its address: a profile page is "social" behind an icon or a name, and content behind a sentence. */
static enum link_role shape_role(const struct link_clues *c, struct link_found *link, struct link_found *target)
{
	enum link_role role = ROLE_CONTENT, outside;
	if (!url_role(target, &role) && target != link && url_role(link, &outside) && outside <= ROLE_PREFERENCES)
		role = outside; /* a wrapper's own host says nothing, but its path may */
	return role == ROLE_SOCIAL && strlen(c->text) > TEXT_OF_ICON ? ROLE_CONTENT : role;
}

enum link_role link_role_found(const struct linkrules *rules, const struct link_clues *c, struct link_found *link, struct link_found *target,
                               bool *by_words)
{
	enum link_role said = ROLE_CONTENT, shape = shape_role(c, link, target);
	bool spoken = phrase_role(rules, c->text, &said);
	bool title = strnlen(c->text, TEXT_SAYS + 1) > TEXT_SAYS;
	if ((c->text[0] == '\0' || (spoken && said == ROLE_CONTENT)) && c->around[0] != '\0')
		spoken = phrase_role(rules, c->around, &said);
	if (by_words != NULL)
		*by_words = false;
	if (c->listed)
		return ROLE_UNSUBSCRIBE;
	if (shape == ROLE_UNSUBSCRIBE && !(spoken && said == ROLE_VIEW_ONLINE))
		return shape; /* whatever it is called: such a link is never followed */
	if (spoken && said != ROLE_CONTENT && (!title || said == shape)) {
		if (by_words != NULL)
			*by_words = true;
		return said;
	}
	return title && shape != ROLE_SHARE ? ROLE_CONTENT : shape;
}

enum link_role link_role_of(const struct linkrules *rules, const struct link_clues *c, bool *by_words)
{
	struct link_found link, target;
	if (c->url != NULL)
		linkrules_find(rules, c->url, &link);
	if (c->target != NULL && c->target != c->url)
		linkrules_find(rules, c->target, &target);
	return link_role_found(rules, c, c->url == NULL ? NULL : &link, c->target == NULL ? NULL : c->target == c->url ? &link : &target, by_words);
}

static bool is_pixel_rule(void *ctx, const struct link_rule *rule)
{
	(void)ctx;
	return rule->role == ROLE_PIXEL;
}

/* An image of no size that anybody could see; where its size is not said, its address tells. */
bool link_is_pixel(const struct linkrules *rules, int width, int height, const struct url *url)
{
	bool thin = width >= 0 && width <= 2, flat = height >= 0 && height <= 2;
	if ((thin && flat) || (thin && height < 0) || (width < 0 && flat))
		return true;
	if (!thin && !flat && (width >= 0 || height >= 0))
		return false;
	struct link_found found;
	if (url == NULL)
		return false;
	linkrules_find(rules, url, &found);
	return linkrules_each(&found, SECTION_ROLE, is_pixel_rule, NULL);
}

void newsletter_shape(const struct reading *r, struct newsletter_shape *shape)
{
	*shape = (struct newsletter_shape){0};
	size_t *const counts[ROLE_COUNT] = {
		[ROLE_CONTENT] = &shape->content, [ROLE_SHARE] = &shape->share, [ROLE_SOCIAL] = &shape->social, [ROLE_APP] = &shape->app,
		[ROLE_PIXEL] = &shape->pixels,    [ROLE_IMAGE] = &shape->images,
	};
	for (size_t i = 0; i < r->n_links; i++) {
		enum link_role role = r->links[i].role;
		shape->unsubscribe = shape->unsubscribe || role == ROLE_UNSUBSCRIBE;
		shape->preferences = shape->preferences || role == ROLE_PREFERENCES;
		shape->view_online = shape->view_online || role == ROLE_VIEW_ONLINE;
		if (counts[role] != NULL)
			++*counts[role];
	}
}
