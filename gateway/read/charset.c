#include "gateway/read/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <strings.h>

#include "gateway/read/charset-names.h"
#include "rules/eight.h"

#define NAMES (sizeof charset_names / sizeof *charset_names)

#define HANDLES 128
struct handle {
	char name[24];
	iconv_t iconv;         /* (iconv_t)-1: there is none */
	char (*high)[4];       /* of a charset of single bytes over ASCII: UTF-8 of 0x80 to 0xff, "" = undefined; NULL for others */
	enum { RUNS_NONE, RUNS_LEAD, RUNS_ESCAPE } runs; /* how others let ASCII stand: before a byte above it, before an escape, not at all */
};

/* Charsets without a state of their own in which ASCII is ASCII, and a byte below '0' never the second half of a character. */
static const char *const charset_lead[] = {"GB18030", "UHC", "CP932", "EUC-JP-MS"};
static struct handle handles[HANDLES];
static size_t n_handles;

/* The bytes that iconv makes of one; -1 when it waits for more, or the charset has a state. */
static int one_byte(iconv_t iconv_handle, unsigned char byte, char out[4])
{
	char in = (char)byte, *from = &in, *to = out;
	size_t left = 1, room = 4;
	iconv(iconv_handle, NULL, NULL, NULL, NULL);
	size_t result = iconv(iconv_handle, &from, &left, &to, &room);
	if (result == (size_t)-1)
		return errno == EILSEQ ? 0 : -1;
	return room == 4 ? -1 : 4 - (int)room;
}

/* iconv costs ten times as much as a table for what most mails are written in. */
static void learn_bytes(struct handle *h)
{
	static const char *const combining[] = {"WINDOWS-1255", "WINDOWS-1258"}; /* one character of several bytes */
	char high[128][4] = {0}, low[4] = "";
	for (size_t i = 0; i < sizeof combining / sizeof *combining; i++)
		if (strcasecmp(h->name, combining[i]) == 0)
			return;
	for (unsigned byte = 1; byte < 256; byte++)
		if (one_byte(h->iconv, (unsigned char)byte, byte < 0x80 ? low : high[byte - 0x80]) < 0 || (byte < 0x80 && (unsigned char)low[0] != byte))
			return;
	h->high = malloc(sizeof high);
	if (h->high != NULL)
		memcpy(h->high, high, sizeof high);
}

static void learn_runs(struct handle *h)
{
	h->runs = strcasecmp(h->name, "ISO-2022-JP-3") == 0 ? RUNS_ESCAPE : RUNS_NONE;
	for (size_t i = 0; i < sizeof charset_lead / sizeof *charset_lead; i++)
		if (strcasecmp(h->name, charset_lead[i]) == 0)
			h->runs = RUNS_LEAD;
}

/* NULL: there is none. */
static const struct handle *handle_of(const char *name)
{
	struct handle *h = NULL;
	for (size_t i = 0; i < n_handles && h == NULL; i++)
		if (strcasecmp(handles[i].name, name) == 0)
			h = &handles[i];
	if (h == NULL && n_handles < HANDLES && strlen(name) < sizeof h->name) {
		h = &handles[n_handles++];
		memcpy(h->name, name, strlen(name) + 1);
		h->iconv = iconv_open("UTF-8", name);
		if (h->iconv != (iconv_t)-1) {
			learn_bytes(h);
			learn_runs(h);
		}
	}
	return h == NULL || h->iconv == (iconv_t)-1 ? NULL : h;
}

/* Names under which GMime asks for what is above under another. */
static const char *const charset_gmime[] = {"ISO-8859-1", "ISO-8859-6", "ISO-8859-8", "ISO-8859-9", "EUC-KR", "EUC-JP", "SJIS", "GBK", "EUC-CN", "BIG5",
	"ISO-2022-JP", "TIS-620", "US-ASCII"};

void charset_warm_up(void)
{
	for (size_t i = 0; i < NAMES; i++)
		handle_of(charset_names[i].name);
	for (size_t i = 0; i < sizeof charset_gmime / sizeof *charset_gmime; i++)
		handle_of(charset_gmime[i]);
}

/* "iso-8859-1" out of `"ISO-8859-1" (latin)` and the like; out holds 24 bytes. */
static void clean_label(char out[24], const char *label)
{
	size_t n = 0;
	label += strspn(label, " \t\"'=");
	for (; n < 23 && label[n] != '\0' && strchr("\"' \t;,()<>*", label[n]) == NULL; n++)
		out[n] = label[n];
	out[n] = '\0';
	if (strncasecmp(out, "x-cp", 4) == 0 || strncasecmp(out, "cp-", 3) == 0) { /* x-cp1250, cp-850 */
		size_t skip = out[0] == 'x' || out[0] == 'X' ? 2 : 0;
		memmove(out, out + skip, n - skip + 1);
		if (strncasecmp(out, "cp-", 3) == 0)
			memmove(out + 2, out + 3, strlen(out + 3) + 1);
	}
	n = strlen(out);
	for (char *low = strncasecmp(out, "iso", 3) == 0 ? strchr(out, '_') : NULL; low != NULL; low = strchr(low, '_'))
		*low = '-'; /* iso8859_15 */
	if (strncasecmp(out, "win", 3) == 0 && strncasecmp(out, "windows-", 8) != 0 && n >= 7 && strncmp(out + n - 4, "125", 3) == 0) { /* win-1251, windows1251 */
		memmove(out + 2, out + n - 4, 5);
		memcpy(out, "cp", 2);
	}
}

static const char *name_of(const char *label)
{
	for (size_t i = 0; i < sizeof charset_none / sizeof *charset_none; i++)
		if (strcasecmp(label, charset_none[i]) == 0)
			return NULL;
	for (size_t i = 0; i < NAMES && charset_names[i].label != NULL; i++)
		if (strcasecmp(label, charset_names[i].label) == 0)
			return charset_names[i].name;
	return label;
}

static bool is_utf8(struct span in)
{
	return utf8_valid(in.p, in.n);
}

/* Valid text line by line: CR and CRLF become LF, NUL goes. It may be done in place. */
static size_t put_lines(char *out, struct span in)
{
	size_t n = 0;
	bool nul = in.n > 0 && memchr(in.p, '\0', in.n) != NULL;
	while (in.n > 0) {
		const char *cr = memchr(in.p, '\r', in.n);
		size_t line = cr == NULL ? in.n : (size_t)(cr - in.p);
		if (!nul) {
			if (out + n != in.p)
				memmove(out + n, in.p, line);
			n += line;
		} else {
			for (size_t i = 0; i < line; i++)
				if (in.p[i] != '\0')
					out[n++] = in.p[i];
		}
		if (cr != NULL)
			out[n++] = '\n';
		in = span_skip(in, cr == NULL ? line : line + 1 + (line + 1 < in.n && cr[1] == '\n'));
	}
	return n;
}

/* In the arena, with the NUL behind it; in may be longer than what remains of it. */
static struct span copied_lines(struct arena *arena, struct span in)
{
	char *out = arena_bytes(arena, in.n + 1);
	size_t n = put_lines(out, in);
	out[n] = '\0';
	return (struct span){out, n};
}

/* Text without BOM, NUL and CR; what is not UTF-8 becomes U+FFFD. */
static struct span put_utf8(struct arena *arena, struct span in, bool valid)
{
	if (span_starts(in, "\xef\xbb\xbf"))
		in = span_skip(in, 3);
	if (valid)
		return copied_lines(arena, in);
	struct str mended = {.max = in.n * 3};
	char code[4];
	for (const char *p = in.p, *end = in.p + in.n; p < end;)
		str_add(&mended, code, utf8_put(code, utf8_next(&p, end)));
	struct span text = copied_lines(arena, (struct span){str_c(&mended), mended.n});
	str_release(&mended);
	return text;
}

/* Bytes above ASCII; eight at a time, each a bit that the multiplication adds up. */
static size_t high_bytes(struct span in)
{
	size_t n = 0, i = 0;
	for (; i + EIGHT <= in.n; i += EIGHT)
		n += ((eight_load(in.p + i) & EIGHT_ALL) >> 7) * EIGHT_OF(1) >> 56;
	for (; i < in.n; i++)
		n += (unsigned char)in.p[i] >> 7;
	return n;
}

static struct span convert_bytes(struct arena *arena, char (*high)[4], struct span in, enum charset_how *how)
{
	static const char none[4] = "\xef\xbf\xbd";
	char *out = arena_bytes(arena, in.n + 3 * high_bytes(in) + sizeof none);
	size_t n = 0;
	for (size_t i = 0; i < in.n;) {
		if ((unsigned char)in.p[i] < 0x80) {
			size_t run = utf8_ascii(in.p + i, in.n - i);
			memcpy(out + n, in.p + i, run);
			n += run;
			i += run;
			continue;
		}
		const char *code = high[(unsigned char)in.p[i++] - 0x80];
		if (*code == '\0') {
			code = none;
			*how = CHARSET_BROKEN;
		}
		memcpy(out + n, code, sizeof none); /* all four: what is too much is written over */
		n += code[1] == '\0' ? 1 : code[2] == '\0' ? 2 : code[3] == '\0' ? 3 : 4;
	}
	n = put_lines(out, (struct span){out, n});
	out[n] = '\0';
	return (struct span){out, n};
}

/* ASCII that iconv need not see. */
static size_t plain_run(const struct handle *h, struct span in)
{
	const char *escape = h->runs == RUNS_ESCAPE && in.n > 0 ? memchr(in.p, '\x1b', in.n) : NULL;
	return utf8_ascii(in.p, escape == NULL ? in.n : (size_t)(escape - in.p));
}

/* Where ASCII stands again for sure behind what is not plain. */
static size_t foreign_end(const struct handle *h, struct span in)
{
	const char *ascii = h->runs == RUNS_ESCAPE ? memmem(in.p, in.n, "\x1b(B", 3) : NULL;
	size_t n = 0;
	if (h->runs == RUNS_ESCAPE)
		return ascii == NULL ? in.n : (size_t)(ascii - in.p) + 3;
	while (n < in.n && (unsigned char)in.p[n] >= '0')
		n++;
	return n;
}

/* Up to a plain run that is worth a call of iconv. */
static size_t foreign_run(const struct handle *h, struct span in)
{
	enum { WORTH = 64 };
	size_t n = 0, plain = 0;
	while (n < in.n && plain < WORTH) {
		n += plain;
		n += foreign_end(h, span_skip(in, n));
		plain = plain_run(h, span_skip(in, n));
	}
	return n;
}

static void convert_run(struct str *out, iconv_t handle, struct span in, enum charset_how *how)
{
	union {
		const char *in;
		char *out;
	} p = {.in = in.p};
	size_t left = in.n;
	while (left > 0) {
		char bytes[16384], *to = bytes;
		size_t room = sizeof bytes;
		size_t result = iconv(handle, &p.out, &left, &to, &room);
		int reason = errno;
		str_add(out, bytes, (size_t)(to - bytes));
		if (result != (size_t)-1 || reason == E2BIG)
			continue;
		str_puts(out, "\xef\xbf\xbd");
		*how = CHARSET_BROKEN;
		p.out++;
		left--;
	}
}

/* What a charset with a state still holds; then it is at its beginning again. */
static void flush(struct str *out, iconv_t handle)
{
	char last[64], *to = last;
	size_t room = sizeof last;
	iconv(handle, NULL, NULL, &to, &room);
	str_add(out, last, (size_t)(to - last));
}

static struct span convert(struct arena *arena, const struct handle *h, struct span in, enum charset_how *how)
{
	if (h->high != NULL)
		return convert_bytes(arena, h->high, in, how);
	struct str out = {.max = in.n * 8 + 64};
	str_reserve(&out, in.n + in.n / 2); /* as much as Chinese grows */
	iconv(h->iconv, NULL, NULL, NULL, NULL);
	for (struct span rest = in; rest.n > 0;) {
		struct span plain = {rest.p, h->runs == RUNS_NONE ? 0 : plain_run(h, rest)};
		str_span(&out, plain);
		rest = span_skip(rest, plain.n);
		struct span foreign = {rest.p, h->runs == RUNS_NONE ? rest.n : foreign_run(h, rest)};
		convert_run(&out, h->iconv, foreign, how);
		if (h->runs == RUNS_ESCAPE)
			flush(&out, h->iconv);
		rest = span_skip(rest, foreign.n);
	}
	flush(&out, h->iconv);
	struct span text = put_utf8(arena, (struct span){str_c(&out), out.n}, !out.cut && is_utf8((struct span){str_c(&out), out.n}));
	str_release(&out);
	return text;
}

/* Says UTF-8 but is not: Latin text under a wrong label has no sequence that UTF-8 would have. */
static bool has_utf8_sequence(struct span in)
{
	for (const char *p = in.p, *end = in.p + in.n; p < end;) {
		const char *from = p;
		if ((unsigned char)*p < 0x80)
			p++;
		else if (utf8_next(&p, end) != 0xfffd || p - from == 3)
			return true;
	}
	return false;
}

const char *charset_meant(const char *label, char room[24])
{
	clean_label(room, label);
	const char *name = name_of(room);
	return name == NULL ? "UTF-8" : name;
}

/* UTF-16 without a mark is little-endian (WHATWG) unless its first character cannot be. */
static const char *with_order(const char *name, struct span in)
{
	return strcmp(name, "UTF-16") == 0 && in.n > 1 && in.p[0] == '\0' && in.p[1] > 0 ? "UTF-16BE" : name;
}

struct span charset_to_utf8(struct arena *arena, const char *charset, struct span in, enum charset_how *how)
{
	char label[24];
	clean_label(label, charset == NULL ? "" : charset);
	const char *name = name_of(label);
	bool said = name != NULL;
	*how = CHARSET_AS_SAID;
	if (in.n == 0)
		return (struct span){"", 0};
	bool guess = !said || strcmp(name, "UTF-8") == 0;
	if (guess && is_utf8(in))
		return put_utf8(arena, in, true);
	const struct handle *handle = guess ? NULL : handle_of(with_order(name, in));
	if (handle != NULL)
		return convert(arena, handle, in, how);
	*how = said && guess ? CHARSET_BROKEN : CHARSET_UNKNOWN;
	if (guess && has_utf8_sequence(in))
		return put_utf8(arena, in, false);
	if (!guess && is_utf8(in))
		return put_utf8(arena, in, true);
	handle = handle_of("WINDOWS-1252");
	enum charset_how ignored;
	return handle == NULL ? put_utf8(arena, in, false) : convert(arena, handle, in, &ignored);
}
