#include "gateway/pack.h"

#include <endian.h>

#define NO_TEXT UINT32_MAX

static void pack_int(struct str *s, uint64_t value, size_t n)
{
	value = htole64(value);
	str_add(s, &value, n);
}

void pack_u8(struct str *s, unsigned value)
{
	pack_int(s, value, 1);
}

void pack_u32(struct str *s, uint32_t value)
{
	pack_int(s, value, 4);
}

void pack_u64(struct str *s, uint64_t value)
{
	pack_int(s, value, 8);
}

void pack_bytes(struct str *s, const void *p, size_t n)
{
	pack_u32(s, (uint32_t)n);
	str_add(s, p, n);
}

void pack_text(struct str *s, const char *text)
{
	if (text == NULL)
		pack_u32(s, NO_TEXT);
	else
		pack_bytes(s, text, strlen(text));
}

void pack_strs(struct str *s, const struct strs *list)
{
	pack_u32(s, (uint32_t)list->n);
	for (size_t i = 0; i < list->n; i++)
		pack_text(s, list->v[i]);
}

static uint64_t unpack_int(struct unpack *u, size_t n)
{
	if (u->bad || u->n < n) {
		u->bad = true;
		return 0;
	}
	uint64_t value = 0;
	for (size_t i = n; i > 0; i--)
		value = value << 8 | u->p[i - 1];
	u->p += n;
	u->n -= n;
	return value;
}

unsigned unpack_u8(struct unpack *u)
{
	return (unsigned)unpack_int(u, 1);
}

uint32_t unpack_u32(struct unpack *u)
{
	return (uint32_t)unpack_int(u, 4);
}

uint64_t unpack_u64(struct unpack *u)
{
	return unpack_int(u, 8);
}

static struct span take(struct unpack *u, size_t n)
{
	if (u->bad || n > u->n) {
		u->bad = true;
		return (struct span){"", 0};
	}
	struct span s = {(const char *)u->p, n};
	u->p += n;
	u->n -= n;
	return s;
}

struct span unpack_bytes(struct unpack *u)
{
	return take(u, unpack_u32(u));
}

const char *unpack_text(struct unpack *u, struct arena *arena)
{
	uint32_t n = unpack_u32(u);
	if (n == NO_TEXT)
		return NULL;
	struct span s = take(u, n);
	if (memchr(s.p, '\0', s.n) != NULL || !utf8_valid(s.p, s.n)) {
		u->bad = true;
		return "";
	}
	return arena_strndup(arena, s.p, s.n);
}

struct strs unpack_strs(struct unpack *u, struct arena *arena)
{
	struct strs list = {0};
	for (size_t n = unpack_count(u, 4); n > 0 && !u->bad; n--) {
		const char *s = unpack_text(u, arena);
		strs_add(&list, arena, s == NULL ? "" : s);
	}
	return list;
}

unsigned unpack_enum(struct unpack *u, unsigned count)
{
	unsigned value = unpack_u8(u);
	if (value < count)
		return value;
	u->bad = true;
	return 0;
}

size_t unpack_count(struct unpack *u, size_t least)
{
	uint32_t n = unpack_u32(u);
	if (!u->bad && n <= u->n / least)
		return n;
	u->bad = true;
	return 0;
}

bool unpack_done(const struct unpack *u)
{
	return !u->bad && u->n == 0;
}
