#include <ctype.h>
#include <strings.h>

#include "gateway/read/split.h"

enum { PEOPLE_MAX = 1000 };

/* ---- one mailbox, in all the ways mail programs write it: "A" <a@b>, A [mailto:a@b], A<mailto:a@b>, a@b (A), A <a@b<mailto:a@b>> */
static bool in_address(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || (c != '\0' && strchr("!#$%&'*+/=?^_`{|}~.-", c) != NULL);
}

/* Bytes of the direction mark that ends at p, 0 = none: Hebrew and Arabic clients put them around an address. */
static size_t mark_before(struct span s, const char *p)
{
	bool mark = p - s.p >= 3 && (unsigned char)p[-3] == 0xe2 && ((unsigned char)p[-2] == 0x80 || (unsigned char)p[-2] == 0x81);
	return mark ? 3 : 0;
}

static struct span without_marks(struct span s)
{
	while (s.n > 3 && (mark_before(s, s.p + 3) > 0 || span_starts(s, "\xc2\xa0")))
		s = span_skip(s, span_starts(s, "\xc2\xa0") ? 2 : 3);
	while (mark_before(s, s.p + s.n) > 0)
		s.n -= 3;
	return s;
}

/* The first address in the text. */
static bool address_find(struct span s, struct span *address)
{
	for (const char *at = s.p, *end = s.p + s.n; at < end && (at = memchr(at, '@', (size_t)(end - at))) != NULL; at++) {
		const char *from = at, *to = at + 1;
		while (from > s.p && in_address(from[-1]))
			from--;
		while (from < at && (*from == '\'' || *from == '*'))
			from++;
		while (to < end && (isalnum((unsigned char)*to) || *to == '.' || *to == '-' || (unsigned char)*to >= 0x80))
			to++;
		while (to > at && (to[-1] == '.' || to[-1] == '-'))
			to--;
		if (from < at && to > at + 1) {
			*address = without_marks((struct span){from, (size_t)(to - from)});
			return true;
		}
	}
	return false;
}

static bool drop_ends(struct span *s, const char *open, const char *close)
{
	size_t n = strlen(open), m = strlen(close);
	bool starts = span_starts(*s, open), ends = s->n >= m && memcmp(s->p + s->n - m, close, m) == 0;
	bool apostrophe = *open == '\'' && s->n > 1; /* 'Ana' via Lists: only around all of it */
	if ((!starts && !ends) || (apostrophe && !(starts && ends)))
		return false;
	if (starts)
		*s = span_skip(*s, n);
	if (ends && s->n >= m)
		s->n -= m;
	return true;
}

static struct span name_trim(struct span s)
{
	static const char *const ends[][2] = {
		{"\"", "\""}, {"'", "'"}, {"*", "*"}, {"“", "”"}, {"„", "”"}, {"„", "“"}, {"«", "»"}, {"‘", "’"}, {"‚", "‘"}, {"「", "」"},
		{" ", " "}, {"\xc2\xa0", "\xc2\xa0"}, {"\t", "\t"}, {"\u200e", "\u200e"}, {"\u200f", "\u200f"},
		{"\u202a", "\u202c"}, {"\u202b", "\u202c"}, {"\u2068", "\u2069"}, {"\ufeff", "\ufeff"}, {"<", "<"}, {",", ","}, {"&quot;", "&quot;"}, {"`", "`"},
	};
	bool again = true;
	for (int i = 0; again && i < 20; i++) {
		again = false;
		for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
			again = drop_ends(&s, ends[k][0], ends[k][1]) || again;
	}
	return s;
}

static const char *name_copy(struct span s, struct arena *arena)
{
	s = name_trim(s);
	char *name = arena_alloc(arena, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		bool hard = s.p[i] == '\xc2' && i + 1 < s.n && s.p[i + 1] == '\xa0';
		bool blank = hard || s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n';
		i += hard;
		if (blank && n > 0 && name[n - 1] == ' ')
			continue;
		if (s.p[i] != '\\' || i + 1 == s.n || (s.p[i + 1] != '"' && s.p[i + 1] != '\\'))
			name[n++] = blank ? ' ' : s.p[i];
	}
	name[n] = '\0';
	return name;
}

static const char *address_copy(struct span s, struct arena *arena)
{
	char *address = arena_strndup(arena, s.p, s.n), *at = strrchr(address, '@');
	for (char *p = at; p != NULL && *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return address;
}

/* The bracket that opens around the address, perhaps behind "mailto:"; a name may hold others: "Office (Admin) <a@b>". */
static const char *bracket_before(struct span s, const char *address)
{
	const char *p = address;
	for (size_t n = 1; n > 0 && p > s.p; p -= n) {
		n = mark_before(s, p) > 0 ? mark_before(s, p) : strchr(" \t\"'*", p[-1]) != NULL;
		if (span_ends_nocase((struct span){s.p, (size_t)(p - s.p)}, "mailto:"))
			n = strlen("mailto:");
	}
	if (p > s.p && strchr("<[(", p[-1]) != NULL) {
		bool twice = p - s.p > 1 && strchr("<[(", p[-2]) != NULL; /* Ana (<ana@b>) */
		return twice ? p - 2 : p - 1;
	}
	const char *first = memchr(s.p, '<', (size_t)(address - s.p));
	return first != NULL ? first : address;
}

/* "Ana </O=SCHOOL/OU=…/CN=ANA>": Exchange's own addresses are none for others. */
static struct span without_exchange(struct span s)
{
	for (const char *p = s.p, *end = s.p + s.n; end - p > 4 && (p = memchr(p, '/', (size_t)(end - p) - 3)) != NULL; p++)
		if (p > s.p && strchr("<[:", p[-1]) != NULL && span_starts_nocase((struct span){p, (size_t)(end - p)}, "/o="))
			return (struct span){s.p, (size_t)(p - 1 - s.p)};
	return s;
}

/* "office@x" <ana@y>: the address is the one in brackets. */
static bool address_of(struct span s, struct span *address)
{
	if (!address_find(s, address))
		return false;
	size_t behind = (size_t)(address->p + address->n - s.p);
	const char *open = memchr(s.p + behind, '<', s.n - behind);
	bool quoted = address->p > s.p && address->p[-1] == '"' && behind < s.n && s.p[behind] == '"';
	struct span other;
	if (quoted && open != NULL && address_find(span_skip(s, (size_t)(open - s.p)), &other))
		*address = other;
	return true;
}

void person_read(struct span s, struct arena *arena, struct mailaddr *person)
{
	struct span address, name = s;
	*person = (struct mailaddr){"", ""};
	if (!address_of(s, &address)) {
		name = without_exchange(s);
		person->name = name.n == 0 ? "" : name_copy(name, arena);
		return;
	}
	person->addr = address_copy(address, arena);
	const char *open = bracket_before(s, address.p);
	name.n = (size_t)(open - s.p);
	struct span rest = span_skip(s, (size_t)(address.p + address.n - s.p));
	if (span_trim(name).n == 0 && span_starts(span_trim(rest), "(")) { /* a@b (Name) */
		name = span_skip(span_trim(rest), 1);
		const char *close = memchr(name.p, ')', name.n);
		name.n = close == NULL ? name.n : (size_t)(close - name.p);
		name.n = memchr(name.p, '@', name.n) == NULL ? name.n : 0;
	}
	person->name = name_copy(name, arena);
	if (strcasecmp(person->name, person->addr) == 0 || span_starts_nocase(span_of(person->name), "mailto:"))
		person->name = "";
}

/* ---- lists */
struct splitter {
	bool quoted;
	int depth;
};

/* Whether the byte separates two people. */
static bool separates(struct splitter *st, char c, char separator)
{
	if (c == '"')
		st->quoted = !st->quoted;
	if (st->quoted)
		return false;
	st->depth += (c == '<' || c == '(' || c == '[') - (c == '>' || c == ')' || c == ']');
	if (st->depth < 0)
		st->depth = 0;
	return c == separator && st->depth == 0;
}

/* The piece up to the next separator; quotes that never close are taken as letters. */
static bool next_piece(struct span *rest, char separator, struct span *piece)
{
	struct splitter st = {0};
	size_t i = 0;
	if (rest->n == 0)
		return false;
	while (i < rest->n && !separates(&st, rest->p[i], separator))
		i++;
	if (i == rest->n && st.quoted) {
		const char *at = memchr(rest->p, separator, rest->n);
		i = at == NULL ? rest->n : (size_t)(at - rest->p);
	}
	*piece = (struct span){rest->p, i};
	*rest = span_skip(*rest, i + 1);
	return true;
}

static void add_person(struct mailaddrs *list, struct span s, struct arena *arena)
{
	struct mailaddr person;
	if (span_trim(s).n == 0 || list->n == PEOPLE_MAX)
		return;
	person_read(s, arena, &person);
	if (*person.name != '\0' || *person.addr != '\0')
		*ARENA_PUSH(arena, list->v, list->n) = person;
}

static size_t count(struct span s, char c)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

/* "Watson, Dan <dan@b>": a piece without an address belongs to the next one that has it in brackets. */
static void add_list(struct mailaddrs *list, struct span s, struct arena *arena)
{
	struct span rest = s, piece, held = {0};
	while (list->n < PEOPLE_MAX && next_piece(&rest, ',', &piece)) {
		bool address = memchr(piece.p, '@', piece.n) != NULL;
		if (held.n > 0 && address && (memchr(piece.p, '<', piece.n) != NULL || memchr(piece.p, '[', piece.n) != NULL)) {
			add_person(list, (struct span){held.p, (size_t)(piece.p + piece.n - held.p)}, arena);
			held.n = 0;
			continue;
		}
		add_person(list, held, arena);
		held = address ? (struct span){0} : piece;
		if (address)
			add_person(list, piece, arena);
	}
	add_person(list, held, arena);
}

/* Chinese and Arabic separators as ours. */
static struct span plain_separators(struct span s, struct arena *arena)
{
	static const char *const others[][2] = {{"；", ";"}, {"，", ","}, {"、", ","}, {"،", ","}, {"؛", ";"}};
	bool may = s.n > 0 && (memchr(s.p, 0xef, s.n) != NULL || memchr(s.p, 0xe3, s.n) != NULL || memchr(s.p, 0xd8, s.n) != NULL);
	if (!may)
		return s;
	char *to = arena_alloc(arena, s.n), *out = to;
	while (s.n > 0) {
		size_t k = 0;
		while (k < sizeof others / sizeof *others && !span_starts(s, others[k][0]))
			k++;
		bool found = k < sizeof others / sizeof *others;
		*to++ = found ? *others[k][1] : *s.p;
		s = span_skip(s, found ? strlen(others[k][0]) : 1);
	}
	return (struct span){out, (size_t)(to - out)};
}

void people_read(struct span s, struct arena *arena, struct mailaddrs *list)
{
	struct span rest = plain_separators(span_trim(s), arena), piece;
	*list = (struct mailaddrs){0};
	while (list->n < PEOPLE_MAX && next_piece(&rest, ';', &piece)) {
		bool names_only = memchr(piece.p, '@', piece.n) == NULL;
		if (names_only && count(piece, ',') == 1) /* "Watson, Dan" */
			add_person(list, piece, arena);
		else
			add_list(list, piece, arena);
	}
}
