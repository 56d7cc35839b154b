#include "gateway/read/rtf.h"

#include <ctype.h>
#include <stdlib.h>

#include "gateway/read/charset.h"

#define DEPTH 64

struct rtf {
	struct span in;
	struct str out;   /* UTF-8 */
	struct str bytes; /* \'xx in a row, not yet decoded */
	struct arena *arena;
	const char *charset;
	bool skip[DEPTH]; /* by group: nothing in it is shown */
	int depth;
	int unicode_skip;
};

/* Groups that hold no words. */
static const char *const rtf_hidden[] = {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "themedata"};
static const struct {
	const char *word, *text;
} rtf_words[] = {{"par", "\n"}, {"line", "\n"}, {"row", "\n"}, {"tab", "\t"}, {"cell", "\t"}, {"emdash", "—"}, {"endash", "–"},
	{"lquote", "‘"}, {"rquote", "’"}, {"ldblquote", "“"}, {"rdblquote", "”"}, {"bullet", "•"}};

static bool hidden(const struct rtf *r)
{
	return r->depth >= DEPTH || r->skip[r->depth];
}

static void flush_bytes(struct rtf *r)
{
	enum charset_how how;
	if (r->bytes.n > 0)
		str_span(&r->out, charset_to_utf8(r->arena, r->charset, (struct span){r->bytes.p, r->bytes.n}, &how));
	str_clear(&r->bytes);
}

static void show(struct rtf *r, const char *p, size_t n)
{
	if (hidden(r))
		return;
	flush_bytes(r);
	str_add(&r->out, p, n);
}

static void show_code(struct rtf *r, long code)
{
	char text[4];
	uint32_t c = (uint32_t)(code < 0 ? code + 65536 : code);
	if (c >= ' ' && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff))
		show(r, text, utf8_put(text, c));
}

static void word(struct rtf *r, struct span name, bool has_value, long value)
{
	for (size_t i = 0; i < sizeof rtf_hidden / sizeof *rtf_hidden; i++)
		if (span_eq(name, rtf_hidden[i]) && r->depth < DEPTH)
			r->skip[r->depth] = true;
	for (size_t i = 0; i < sizeof rtf_words / sizeof *rtf_words; i++)
		if (span_eq(name, rtf_words[i].word))
			show(r, rtf_words[i].text, strlen(rtf_words[i].text));
	if (span_eq(name, "u") && has_value) {
		show_code(r, value);
		r->unicode_skip = 1; /* the character that follows is for readers without Unicode */
	} else if (span_eq(name, "htmlrtf") && r->depth < DEPTH) {
		r->skip[r->depth] = !has_value || value != 0;
	} else if (span_eq(name, "ansicpg") && has_value && value > 0 && value < 100000) {
		r->charset = arena_printf(r->arena, "cp%ld", value);
	}
}

static int hex(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* What follows a backslash; answers the bytes used. */
static size_t control(struct rtf *r, struct span s)
{
	if (s.n == 0)
		return 0;
	if (s.p[0] == '\'' && s.n >= 3 && hex(s.p[1]) >= 0 && hex(s.p[2]) >= 0) {
		if (r->unicode_skip > 0)
			r->unicode_skip--;
		else if (!hidden(r))
			str_putc(&r->bytes, (char)(hex(s.p[1]) * 16 + hex(s.p[2])));
		return 3;
	}
	if (!isalpha((unsigned char)s.p[0])) {
		if (s.p[0] == '*' && r->depth < DEPTH)
			r->skip[r->depth] = true;
		else if (s.p[0] == '~')
			show(r, " ", 1);
		else if (strchr("\\{}", s.p[0]) != NULL)
			show(r, s.p, 1);
		return 1;
	}
	size_t n = 0, digits;
	while (n < s.n && n < 32 && isalpha((unsigned char)s.p[n]))
		n++;
	struct span name = {s.p, n};
	char number[12] = "";
	for (digits = 0; n < s.n && digits < 10 && (isdigit((unsigned char)s.p[n]) || (digits == 0 && s.p[n] == '-')); n++)
		number[digits++] = s.p[n];
	word(r, name, digits > 0, strtol(number, NULL, 10));
	return n + (n < s.n && s.p[n] == ' ');
}

static void group(struct rtf *r, int step)
{
	if (step > 0 && r->depth + 1 < DEPTH)
		r->skip[r->depth + 1] = hidden(r);
	if (step > 0 || r->depth > 0)
		r->depth += step;
	r->unicode_skip = 0;
}

const char *rtf_text(struct arena *arena, struct span in)
{
	struct rtf r = {.in = in, .out.max = in.n * 8 + 16, .bytes.max = in.n + 1, .arena = arena, .charset = "windows-1252"};
	for (size_t i = 0; i < in.n;) {
		char c = in.p[i++];
		if (c == '\\')
			i += control(&r, span_skip(in, i));
		else if (c == '{' || c == '}')
			group(&r, c == '{' ? 1 : -1);
		else if (r.unicode_skip > 0 && c != '\r' && c != '\n')
			r.unicode_skip--;
		else if (c != '\r' && c != '\n' && c != '\0')
			show(&r, &c, 1);
	}
	flush_bytes(&r);
	enum charset_how how;
	const char *text = charset_to_utf8(arena, "", (struct span){str_c(&r.out), r.out.n}, &how).p;
	str_release(&r.out);
	str_release(&r.bytes);
	return text;
}

/* ---- MS-OXRTFCP */

#define RTF_MAX ((size_t)4 << 20)
#define RTF_HEAD 16 /* size, size unpacked, magic, check sum */
#define RTF_RING 4096

/* The window is filled with what every RTF begins with. */
static const char rtf_prefix[] = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans "
	"SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

struct ring {
	char bytes[RTF_RING];
	size_t at;
	struct str out;
};

static void ring_put(struct ring *r, char c)
{
	r->bytes[r->at++ % RTF_RING] = c;
	str_putc(&r->out, c);
}

/* Eight items, literals or references into the window; answers the bytes used, 0 = the end. */
static size_t unpack_run(struct ring *r, struct span in)
{
	size_t used = 1;
	for (int bit = 0; bit < 8; bit++) {
		bool reference = ((unsigned char)in.p[0] >> bit & 1) != 0;
		if (used + reference >= in.n)
			return 0;
		unsigned first = (unsigned char)in.p[used++];
		if (!reference) {
			ring_put(r, (char)first);
			continue;
		}
		unsigned pair = first << 8 | (unsigned char)in.p[used++], from = pair >> 4;
		if (from == r->at % RTF_RING)
			return 0;
		for (unsigned i = 0; i < (pair & 15) + 2; i++)
			ring_put(r, r->bytes[(from + i) % RTF_RING]);
	}
	return used;
}

struct span rtf_unpack(struct arena *arena, struct span packed)
{
	struct ring r = {.at = sizeof rtf_prefix - 1, .out.max = RTF_MAX};
	if (packed.n < RTF_HEAD)
		return (struct span){"", 0};
	if (memcmp(packed.p + 8, "MELA", 4) == 0)
		return span_skip(packed, RTF_HEAD);
	memcpy(r.bytes, rtf_prefix, sizeof rtf_prefix - 1);
	packed = span_skip(packed, RTF_HEAD);
	for (size_t used; packed.n > 0 && !r.out.cut && (used = unpack_run(&r, packed)) > 0;)
		packed = span_skip(packed, used);
	struct span out = {arena_strndup(arena, str_c(&r.out), r.out.n), r.out.n};
	str_release(&r.out);
	return out;
}
