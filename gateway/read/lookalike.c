#include <ctype.h>
#include <strings.h>
#include <wctype.h>

#include "gateway/read/machine.h"

/* Tricks of the From line that make a mail look like somebody else's. Each is only named in defects: whether the mail is
 * believed is decided by authentication alone. */

#define LABEL_MAX 63

/* ---- Punycode (RFC 3492), to see what a reader would see */

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;
	delta = first ? delta / 700 : delta / 2;
	delta += delta / points;
	for (; delta > 455; k += 36)
		delta /= 35;
	return k + 36 * delta / (delta + 38);
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0' + 26;
	return isalpha((unsigned char)c) ? tolower((unsigned char)c) - 'a' : -1;
}

/* The code points of a label behind its "xn--"; how many, or 0 when it is none. */
static size_t punycode(struct span s, uint32_t out[LABEL_MAX])
{
	const char *dash = memrchr(s.p, '-', s.n);
	size_t n = dash == NULL ? 0 : (size_t)(dash - s.p), at = dash == NULL ? 0 : n + 1;
	uint32_t code = 128, i = 0, bias = 72;
	if (n > LABEL_MAX)
		return 0;
	for (size_t k = 0; k < n; k++)
		out[k] = (unsigned char)tolower((unsigned char)s.p[k]);
	while (at < s.n) {
		uint32_t old = i, weight = 1;
		for (uint32_t k = 36;; k += 36) {
			int digit = at < s.n ? digit_value(s.p[at++]) : -1;
			if (digit < 0 || (uint32_t)digit > (UINT32_MAX - i) / weight)
				return 0;
			i += (uint32_t)digit * weight;
			uint32_t t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
			if ((uint32_t)digit < t)
				break;
			if (weight > UINT32_MAX / (36 - t))
				return 0;
			weight *= 36 - t;
		}
		bias = adapt(i - old, (uint32_t)n + 1, old == 0);
		code += i / (uint32_t)(n + 1);
		i %= (uint32_t)(n + 1);
		if (n >= LABEL_MAX || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
			return 0;
		memmove(out + i + 1, out + i, (n - i) * sizeof *out);
		out[i++] = code;
		n++;
	}
	return n;
}

/* A domain as it is shown; *encoded when it had "xn--" labels. */
static struct span shown_domain(struct span domain, bool *encoded, struct arena *arena)
{
	struct str out = {.max = 2048};
	struct span label;
	while (span_until(&domain, '.', &label)) {
		uint32_t points[LABEL_MAX];
		size_t n = span_starts_nocase(label, "xn--") && label.n <= LABEL_MAX ? punycode(span_skip(label, 4), points) : 0;
		*encoded = *encoded || span_starts_nocase(label, "xn--");
		if (out.n > 0)
			str_putc(&out, '.');
		if (n == 0)
			str_span(&out, label);
		for (size_t i = 0; i < n; i++) {
			char bytes[4];
			str_add(&out, bytes, utf8_put(bytes, points[i]));
		}
	}
	const char *lower = utf8_lower(arena, str_c(&out), out.n);
	str_release(&out);
	return span_of(lower);
}

/* ---- letters that look alike (after Unicode's confusables, those that occur in host names) */

static const struct {
	uint32_t code;
	const char *like;
} alike[] = {
	{0x0430, "a"}, {0x0435, "e"}, {0x043e, "o"}, {0x0440, "p"}, {0x0441, "c"}, {0x0443, "y"}, {0x0445, "x"}, {0x0455, "s"},
	{0x0456, "l"}, {0x0458, "j"}, {0x04bb, "h"}, {0x0501, "d"}, {0x051b, "q"}, {0x051d, "w"}, {0x043a, "k"}, {0x043c, "m"},
	{0x0442, "t"}, {0x043d, "h"}, {0x0432, "b"}, {0x0433, "r"}, {0x043f, "n"}, {0x03b1, "a"}, {0x03b5, "e"}, {0x03b9, "l"},
	{0x03ba, "k"}, {0x03bd, "v"}, {0x03bf, "o"}, {0x03c1, "p"}, {0x03c4, "t"}, {0x03c5, "u"}, {0x03c7, "x"}, {0x03c9, "w"},
	{0x0131, "l"}, {0x0261, "g"}, {0x0251, "a"}, {0x028f, "y"}, {0x1d04, "c"}, {0x1d0f, "o"}, {0x0585, "o"}, {0x057d, "u"},
	{0x0578, "n"}, {0x10e7, "y"}, {0x00e0, "a"}, {0x00e1, "a"}, {0x00e2, "a"}, {0x00e3, "a"}, {0x00e4, "a"}, {0x00e5, "a"},
	{0x0101, "a"}, {0x1ea1, "a"}, {0x00e7, "c"}, {0x0107, "c"}, {0x010d, "c"}, {0x00e8, "e"}, {0x00e9, "e"}, {0x00ea, "e"},
	{0x00eb, "e"}, {0x0117, "e"}, {0x1eb9, "e"}, {0x00ec, "l"}, {0x00ed, "l"}, {0x00ee, "l"}, {0x00ef, "l"}, {0x012b, "l"},
	{0x1ecb, "l"}, {0x0142, "l"}, {0x00f1, "n"}, {0x0144, "n"}, {0x00f2, "o"}, {0x00f3, "o"}, {0x00f4, "o"}, {0x00f5, "o"},
	{0x00f6, "o"}, {0x00f8, "o"}, {0x1ecd, "o"}, {0x015b, "s"}, {0x0161, "s"}, {0x00f9, "u"}, {0x00fa, "u"}, {0x00fb, "u"},
	{0x00fc, "u"}, {0x016b, "u"}, {0x00fd, "y"}, {0x017a, "z"}, {0x017c, "z"}, {0x017e, "z"}, {'0', "o"}, {'1', "l"}, {'i', "l"},
	{'5', "s"}, {'3', "e"}, {'|', "l"},
};

static const char *looks_like(uint32_t code)
{
	for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
		if (alike[i].code == code)
			return alike[i].like;
	return NULL;
}

/* Every letter as the plainest one that looks like it; "rn" as m, "vv" as w, without hyphens. */
static const char *skeleton(struct span shown, struct arena *arena)
{
	struct str out = {.max = 1024};
	for (const char *p = shown.p, *end = shown.p + shown.n; p < end;) {
		uint32_t code = utf8_next(&p, end);
		const char *like = looks_like(code);
		char bytes[4];
		if (code == '-')
			continue;
		if (like != NULL)
			str_puts(&out, like);
		else
			str_add(&out, bytes, utf8_put(bytes, code));
		if (out.n >= 2 && out.p[out.n - 1] == 'n' && out.p[out.n - 2] == 'r')
			out.n -= 2, str_putc(&out, 'm');
		else if (out.n >= 2 && out.p[out.n - 1] == 'v' && out.p[out.n - 2] == 'v')
			out.n -= 2, str_putc(&out, 'w');
	}
	const char *text = arena_strndup(arena, str_c(&out), out.n);
	str_release(&out);
	return text;
}

enum script { SCRIPT_NONE, SCRIPT_LATIN = 1, SCRIPT_GREEK = 2, SCRIPT_CYRILLIC = 4, SCRIPT_OTHER = 8 };

static enum script script_of(uint32_t c)
{
	if (c < 0x80)
		return isalpha((int)c) ? SCRIPT_LATIN : SCRIPT_NONE;
	if (c < 0x250 || (c >= 0x1e00 && c < 0x1f00))
		return SCRIPT_LATIN;
	if ((c >= 0x370 && c < 0x400) || (c >= 0x1f00 && c < 0x2000))
		return SCRIPT_GREEK;
	if (c >= 0x400 && c < 0x530)
		return SCRIPT_CYRILLIC;
	return SCRIPT_OTHER;
}

static bool mixes_scripts(struct span label)
{
	unsigned seen = 0;
	for (const char *p = label.p, *end = label.p + label.n; p < end;)
		seen |= script_of(utf8_next(&p, end));
	seen &= SCRIPT_LATIN | SCRIPT_GREEK | SCRIPT_CYRILLIC;
	return (seen & (seen - 1)) != 0;
}

/* ---- the checks */

static void check_campus(const struct strs *campus, struct span domain, struct span shown, struct arena *arena, struct reading *r)
{
	const char *mine = skeleton(shown, arena);
	for (size_t i = 0; i < campus->n && i < 100; i++) {
		struct span ours = address_domain(span_of(campus->v[i]));
		if (ours.n == 0 || span_eq_nocase(domain, ours.p))
			continue;
		if (strcmp(mine, skeleton(ours, arena)) == 0)
			reading_defect(r, arena, "%.*s looks like %.*s but is another domain", SPAN_ARG(shown), SPAN_ARG(ours));
		else if (domain.n > ours.n + 1 && strncasecmp(domain.p, ours.p, ours.n) == 0 && (domain.p[ours.n] == '.' || domain.p[ours.n] == '-'))
			reading_defect(r, arena, "%.*s only begins like %.*s", SPAN_ARG(shown), SPAN_ARG(ours));
	}
}

static void check_domain(const struct strs *campus, struct arena *arena, struct reading *r)
{
	struct span domain = address_domain(span_of(r->from.addr)), label;
	bool encoded = false, mixed = false;
	if (domain.n == 0 || domain.n > 253 * 4)
		return;
	struct span shown = shown_domain(domain, &encoded, arena);
	for (struct span rest = shown; span_until(&rest, '.', &label);)
		mixed = mixed || mixes_scripts(label);
	if (encoded)
		reading_defect(r, arena, "the sender's domain %.*s is shown as %.*s", SPAN_ARG(domain), SPAN_ARG(shown));
	if (mixed)
		reading_defect(r, arena, "the sender's domain %.*s mixes alphabets", SPAN_ARG(shown));
	check_campus(campus, domain, shown, arena, r);
}

/* Marks that turn the writing direction, or that nobody sees. */
static bool is_hidden_mark(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || (c >= 0x200b && c <= 0x200f) || c == 0x061c || c == 0x2060 ||
	       c == 0xfeff || c == 0x00ad || c == 0x180e || (c >= 0xe0000 && c <= 0xe007f);
}

/* A zero-width joiner between two letters that are no ASCII is how some languages are written, and emoji. */
static bool has_hidden_marks(struct span s)
{
	uint32_t before = 0;
	for (const char *p = s.p, *end = s.p + s.n; p < end;) {
		uint32_t c = utf8_next(&p, end);
		bool joiner = (c == 0x200c || c == 0x200d) && before >= 0x80;
		if (is_hidden_mark(c) && !joiner)
			return true;
		before = c;
	}
	return false;
}

static bool same_domain(struct span a, struct span b)
{
	struct span da = address_domain(a), db = address_domain(b);
	return da.n == db.n && strncasecmp(da.p, db.p, da.n) == 0;
}

static void check_name(struct arena *arena, struct reading *r)
{
	struct span name = span_of(r->from.name), addr = span_of(r->from.addr);
	struct found_address found;
	size_t at = 0;
	name.n = name.n < 1000 ? name.n : utf8_prefix(name.p, name.n, 1000);
	for (int i = 0; i < 5 && address_next(name, &at, &found); i++) {
		bool same = found.address.n == addr.n && strncasecmp(found.address.p, addr.p, addr.n) == 0;
		if (!same)
			reading_defect(r, arena, "the sender's name shows %.*s, the address is %.*s%s", SPAN_ARG(found.address), SPAN_ARG(addr),
			               same_domain(found.address, addr) ? "" : " of another domain");
	}
	if (has_hidden_marks(name) || has_hidden_marks(addr))
		reading_defect(r, arena, "the sender's name or address hides marks that turn or conceal letters");
}

void lookalike_read(const struct strs *campus, struct arena *arena, struct reading *r)
{
	if (r->from.addr == NULL || r->from.name == NULL)
		return;
	check_name(arena, r);
	check_domain(campus, arena, r);
}
