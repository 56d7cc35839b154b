#define ZLIB_CONST
#include <zlib.h>

#include "gateway/read/linkrules.h"

/* The steps that lead from a wrapped link to what it carries. Every one is bounded by its input, or by URL_MAX. */

bool param_next(struct span *rest, struct param *p)
{
	struct span piece;
	if (!span_until(rest, '&', &piece))
		return false;
	p->all = piece;
	if (span_starts(piece, "amp;")) /* an href escaped twice */
		piece = span_skip(piece, 4);
	const char *equals = memchr(piece.p, '=', piece.n);
	p->name = (struct span){piece.p, equals == NULL ? piece.n : (size_t)(equals - piece.p)};
	p->value = span_skip(piece, equals == NULL ? piece.n : p->name.n + 1);
	return true;
}

static int find_param(struct span query, const char *name, struct str *out)
{
	struct param p;
	while (param_next(&query, &p))
		if (span_eq_nocase(p.name, name)) {
			url_decode(p.value, out);
			return 0;
		}
	return -1;
}

static int take_rest(struct span query, const char *name, struct str *out)
{
	struct param p;
	while (param_next(&query, &p))
		if (span_eq_nocase(p.name, name)) {
			p.value.n = (size_t)(query.p - p.value.p) + query.n;
			str_span(out, p.value);
			return 0;
		}
	return -1;
}

static size_t segments(struct span path)
{
	size_t n = 0;
	for (size_t i = 0; i < path.n; i++)
		n += path.p[i] == '/';
	return n;
}

/* The segment's place in the path: from 1 or, from the end, -1. False when there is no such. */
static bool find_segment(struct span path, int number, struct span *segment)
{
	size_t all = segments(path);
	size_t wanted = number > 0 ? (size_t)number : all + 1 - (size_t)-number;
	if (wanted == 0 || wanted > all || (number < 0 && (size_t)-number > all))
		return false;
	struct span rest = path;
	for (size_t i = 0; i <= wanted; i++)
		if (!span_until(&rest, '/', segment))
			return false;
	return true;
}

static struct span to_end(const char *from, const struct url *link)
{
	return (struct span){from, (size_t)(link->href.p + link->href.n - from)};
}

static const char *find_text(struct span in, const char *text)
{
	return in.n == 0 ? NULL : memmem(in.p, in.n, text, strlen(text));
}

static int behind(struct span in, const char *text, struct str *out)
{
	const char *at = find_text(in, text);
	if (at == NULL)
		return -1;
	str_span(out, span_skip(in, (size_t)(at - in.p) + strlen(text)));
	return 0;
}

static int until(struct span in, const char *text, struct str *out)
{
	const char *last = span_starts(span_of(text), "last ") ? text + 5 : NULL, *at = find_text(in, last == NULL ? text : last);
	for (const char *next = at; last != NULL && next != NULL;) {
		at = next;
		next = find_text(span_skip(in, (size_t)(at - in.p) + 1), last);
	}
	if (at == NULL || at == in.p)
		return -1;
	str_add(out, in.p, (size_t)(at - in.p));
	return 0;
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* RFC 4648, both alphabets; ends at padding, whose marks differ ("=", "~", "."). */
static int base64(struct span in, struct str *out)
{
	unsigned bits = 0;
	size_t i = 0, start = out->n;
	for (int value; i < in.n && (value = base64_value(in.p[i])) >= 0; i++) {
		bits = bits << 6 | (unsigned)value;
		if (i % 4 != 0)
			str_putc(out, (char)(bits >> (6 - 2 * (i % 4)) & 255));
	}
	while (i < in.n && strchr("=~.", in.p[i]) != NULL)
		i++;
	return i == in.n && out->n > start ? 0 : -1;
}

static int hex(struct span in, struct str *out)
{
	for (size_t i = 0; i + 1 < in.n; i += 2) {
		int high = hex_digit(in.p[i]), low = hex_digit(in.p[i + 1]);
		if (high < 0 || low < 0)
			return -1;
		str_putc(out, (char)(high << 4 | low));
	}
	return in.n % 2 == 0 && in.n > 0 ? 0 : -1;
}

static int inflated(struct span in, struct str *out)
{
	unsigned char room[URL_MAX];
	z_stream z = {.next_in = (const Bytef *)in.p, .avail_in = (uInt)in.n, .next_out = room, .avail_out = sizeof room};
	if (in.n > URL_MAX || inflateInit(&z) != Z_OK)
		return -1;
	int result = inflate(&z, Z_FINISH); /* a link cut short still has its beginning; a bomb ends with the room */
	size_t n = sizeof room - z.avail_out;
	inflateEnd(&z);
	if (result != Z_STREAM_END || n == 0)
		return -1;
	str_add(out, room, n);
	return 0;
}

static int part(struct span in, int number, struct str *out)
{
	struct span piece = {0};
	for (int i = 0; i < number; i++)
		if (!span_until(&in, '.', &piece))
			return -1;
	str_span(out, piece);
	return piece.n > 0 ? 0 : -1;
}

static bool link_byte(char c)
{
	return (unsigned char)c > ' ' && (unsigned char)c != 0x7f && strchr("\"<>|\\^;", c) == NULL;
}

static int find_link(struct span in, struct str *out)
{
	for (; in.n > 8; in = span_skip(in, 1)) {
		if ((in.p[0] | 0x20) != 'h' || (!span_starts_nocase(in, "http://") && !span_starts_nocase(in, "https://")))
			continue;
		const char *at = in.p, *end = in.p;
		while (end < in.p + in.n && link_byte(*end) && utf8_next(&at, in.p + in.n) != 0xfffd) /* a binary record goes on behind it */
			end = at;
		str_add(out, in.p, (size_t)(end - in.p));
		return 0;
	}
	return -1;
}

/* A tag byte whose upper two bits tell the number of length bytes (little end first), then the link. */
static int record(struct span in, struct str *out)
{
	for (; in.n > 8; in = span_skip(in, 1)) {
		size_t bytes = (unsigned char)in.p[0] >> 6, length = 0;
		if (bytes == 0 || bytes > 2 || !span_starts_nocase(span_skip(in, 1 + bytes), "http"))
			continue;
		for (size_t i = bytes; i > 0; i--)
			length = length << 8 | (unsigned char)in.p[i];
		if (length > in.n - 1 - bytes)
			continue;
		str_add(out, in.p + 1 + bytes, length);
		return 0;
	}
	return -1;
}

static int proofpoint2(struct span in, struct str *out)
{
	struct str room = {.max = URL_MAX};
	for (size_t i = 0; i < in.n; i++)
		str_putc(&room, in.p[i] == '-' ? '%' : in.p[i] == '_' ? '/' : in.p[i]);
	url_decode((struct span){str_c(&room), room.n}, out);
	str_release(&room);
	for (char *amp; out->n > 0 && (amp = memmem(out->p, out->n, "&amp;", 5)) != NULL;) {
		memmove(amp + 1, amp + 5, (size_t)(out->p + out->n - amp) - 5);
		out->n -= 4;
	}
	return 0;
}

/* "…__LINK__;BASE64!…": '*' stands for the next character of BASE64, "**A" for a run of two, "**B" of three … */
static int proofpoint3(struct span in, struct str *out)
{
	struct str text = {.max = URL_MAX}, room = {.max = URL_MAX}, hidden = {.max = URL_MAX};
	int result = -1;
	if (behind(in, "__", &text) < 0 || (until((struct span){text.p, text.n}, "__;", &room) < 0 && until((struct span){text.p, text.n}, "last __", &room) < 0))
		goto out;
	struct span code = span_skip((struct span){text.p, text.n}, room.n + 3), base = {0};
	span_until(&code, '!', &base);
	if ((base.n > 0 && base64(base, &hidden) < 0) || !utf8_valid(str_c(&hidden), hidden.n))
		goto out;
	str_clear(&text);
	url_decode((struct span){room.p, room.n}, &text);
	const char *next = str_c(&hidden), *end = next + hidden.n;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '*') {
			str_putc(out, text.p[i]);
			continue;
		}
		bool run = i + 2 < text.n && text.p[i + 1] == '*' && base64_value(text.p[i + 2]) >= 0;
		int n = run ? base64_value(text.p[i + 2]) + 2 : 1;
		i += run ? 2 : 0;
		for (; n > 0 && next < end; n--) {
			const char *from = next;
			utf8_next(&next, end);
			str_add(out, from, (size_t)(next - from));
		}
		if (n > 0)
			goto out;
	}
	result = 0;
out:
	str_release(&text);
	str_release(&room);
	str_release(&hidden);
	return result;
}

static int on_here(struct span in, const struct url *link, struct str *out)
{
	struct url u;
	return url_parse(in, link, URL_KEEP, out, &u, NULL);
}

static int put(struct span s, struct str *out)
{
	str_span(out, s);
	return 0;
}

int link_decode(const struct link_take *take, struct span in, const struct url *link, struct str *out)
{
	struct span query = span_skip(link->search, 1), segment;
	str_clear(out);
	switch (take->op) {
	case TAKE_QUERY:
		return find_param(query, take->text, out);
	case TAKE_REST:
		return take_rest(to_end(query.p, link), take->text, out);
	case TAKE_SEARCH:
		return query.n == 0 ? -1 : put(to_end(query.p, link), out);
	case TAKE_SEGMENT:
		if (!find_segment(link->pathname, take->number, &segment))
			return -1;
		url_decode(segment, out);
		return 0;
	case TAKE_PATH:
		return find_segment(link->pathname, take->number, &segment) ? put(to_end(segment.p, link), out) : -1;
	case TAKE_AFTER:
		return behind(to_end(link->pathname.p, link), take->text, out);
	case TAKE_LINK:
		return put(link->href, out);
	case TAKE_PERCENT:
		url_decode(in, out);
		return 0;
	case TAKE_BASE64:
		return base64(in, out);
	case TAKE_HEX:
		return hex(in, out);
	case TAKE_INFLATE:
		return inflated(in, out);
	case TAKE_JSON:
		return link_json(in, take->text, out);
	case TAKE_PARAM:
		return find_param(in, take->text, out);
	case TAKE_PART:
		return part(in, take->number, out);
	case TAKE_UNTIL:
		return until(in, take->text, out);
	case TAKE_BEHIND:
		return behind(in, take->text, out);
	case TAKE_FIND:
		return find_link(in, out);
	case TAKE_RECORD:
		return record(in, out);
	case TAKE_PROOFPOINT2:
		return proofpoint2(in, out);
	case TAKE_PROOFPOINT3:
		return proofpoint3(in, out);
	case TAKE_SCHEME:
		if (find_text(in, "://") == NULL)
			str_printf(out, "%s://", take->text);
		return put(in, out);
	case TAKE_ON:
		return on_here(in, link, out);
	case TAKE_COUNT:
		break;
	}
	return -1;
}
