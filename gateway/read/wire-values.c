#include "gateway/pack.h"
#include "gateway/read/wire-values.h"

void wire_put_bool(struct str *s, bool value)
{
	pack_u8(s, value);
}

bool wire_get_bool(struct unpack *u)
{
	return unpack_enum(u, 2) == 1;
}

void wire_put_int(struct str *s, int64_t value)
{
	pack_u64(s, (uint64_t)value);
}

int64_t wire_get_int(struct unpack *u, int64_t least, int64_t most)
{
	int64_t value = (int64_t)unpack_u64(u);
	if (value >= least && value <= most)
		return value;
	u->bad = true;
	return least;
}

size_t wire_get_count(struct unpack *u, size_t least, size_t most)
{
	size_t n = unpack_count(u, least);
	if (n <= most)
		return n;
	u->bad = true;
	return 0;
}

/* What is not UTF-8 would be refused on the other side, and the mail with it: so it is mended here. */
void wire_put_known(struct str *s, const char *text)
{
	if (text == NULL) {
		pack_text(s, NULL);
		return;
	}
	size_t n = strlen(text);
	if (utf8_valid(text, n)) {
		pack_bytes(s, text, n);
		return;
	}
	struct str mended = {.max = 3 * n};
	char code[4];
	for (const char *p = text, *end = text + n; p < end;)
		str_add(&mended, code, utf8_put(code, utf8_next(&p, end)));
	pack_bytes(s, mended.p, mended.n);
	str_release(&mended);
}

const char *wire_get_text(struct unpack *u, struct arena *arena)
{
	const char *s = unpack_text(u, arena);
	if (s == NULL)
		u->bad = true;
	return s == NULL ? "" : s;
}

void wire_put_text(struct str *s, const char *text)
{
	wire_put_known(s, text == NULL ? "" : text);
}

void wire_put_strs(struct str *s, const struct strs *list)
{
	pack_u32(s, (uint32_t)list->n);
	for (size_t i = 0; i < list->n; i++)
		wire_put_text(s, list->v[i]);
}

struct strs wire_get_strs(struct unpack *u, struct arena *arena)
{
	struct strs list = {.n = wire_get_count(u, 4, WIRE_LIST_MOST)};
	list.v = arena_alloc(arena, list.n * sizeof *list.v);
	for (size_t i = 0; i < list.n; i++)
		list.v[i] = wire_get_text(u, arena);
	return list;
}

void wire_put_address(struct str *s, const struct mailaddr *a)
{
	wire_put_text(s, a->name);
	wire_put_text(s, a->addr);
}

struct mailaddr wire_get_address(struct unpack *u, struct arena *arena)
{
	const char *name = wire_get_text(u, arena);
	return (struct mailaddr){name, wire_get_text(u, arena)};
}

void wire_put_addresses(struct str *s, const struct mailaddrs *list)
{
	pack_u32(s, (uint32_t)list->n);
	for (size_t i = 0; i < list->n; i++)
		wire_put_address(s, &list->v[i]);
}

struct mailaddrs wire_get_addresses(struct unpack *u, struct arena *arena)
{
	struct mailaddrs list = {.n = wire_get_count(u, 8, WIRE_LIST_MOST)};
	list.v = arena_alloc(arena, list.n * sizeof *list.v);
	for (size_t i = 0; i < list.n; i++)
		list.v[i] = wire_get_address(u, arena);
	return list;
}
