#include "gateway/mail/encode.h"

#include <stdio.h>

#define WORD_OPEN "=?utf-8?"
#define WORD_FRAME 12 /* =?utf-8?Q? and ?= */
#define WORD_MAX 75   /* RFC 2047 section 2 */
#define BODY_MAX ((size_t)32 << 20)

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool is_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static size_t hex_of(char out[3], unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";
	out[0] = '=';
	out[1] = digits[c >> 4];
	out[2] = digits[c & 15];
	return 3;
}

static void put_hex(struct str *out, unsigned char c)
{
	char hex[3];
	str_add(out, hex, hex_of(hex, c));
}

static void put_base64(struct str *out, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i += 3) {
		unsigned b = (unsigned)p[i] << 16 | (i + 1 < n ? (unsigned)p[i + 1] << 8 : 0) | (i + 2 < n ? p[i + 2] : 0);
		str_putc(out, base64_digits[b >> 18]);
		str_putc(out, base64_digits[b >> 12 & 63]);
		str_putc(out, i + 1 < n ? base64_digits[b >> 6 & 63] : '=');
		str_putc(out, i + 2 < n ? base64_digits[b & 63] : '=');
	}
}

/* ---- header fields */

void field_begin(struct field *f, struct str *out, const char *name)
{
	*f = (struct field){out, strlen(name) + 1};
	str_puts(out, name);
	str_putc(out, ':');
}

void field_end(struct field *f)
{
	str_puts(f->out, "\r\n");
}

static void fold(struct field *f)
{
	str_puts(f->out, "\r\n");
	f->column = 0;
}

void field_word(struct field *f, struct span word)
{
	if (f->column + 1 + word.n > MAIL_LINE && f->column > 0)
		fold(f);
	str_putc(f->out, ' ');
	str_span(f->out, word);
	f->column += 1 + word.n;
}

/* Valid UTF-8 in which every run of blanks and controls is one blank. */
static void fold_blanks(struct str *out, const char *text)
{
	bool gap = false;
	for (const char *p = text, *end = text + strlen(text); p < end;) {
		char bytes[4];
		uint32_t c = utf8_next(&p, end);
		if (c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029) {
			gap = out->n > 0;
			continue;
		}
		if (gap)
			str_putc(out, ' ');
		gap = false;
		str_add(out, bytes, utf8_put(bytes, c));
	}
}

/* What may stand for itself in a Q word inside a phrase, the strictest place (RFC 2047 section 5). */
static bool q_plain(unsigned char c)
{
	return is_alnum(c) || (c != '\0' && strchr("!*+-/", c) != NULL);
}

static size_t q_length(const char *p, size_t n)
{
	size_t length = 0;
	for (size_t i = 0; i < n; i++)
		length += q_plain((unsigned char)p[i]) || p[i] == ' ' ? 1 : 3;
	return length;
}

static size_t encoded_length(bool base64, const char *p, size_t n)
{
	return base64 ? (n + 2) / 3 * 4 : q_length(p, n);
}

static void encoded_word(struct field *f, bool base64, const char *p, size_t n)
{
	struct str word = {0};
	str_puts(&word, base64 ? WORD_OPEN "B?" : WORD_OPEN "Q?");
	if (base64)
		put_base64(&word, (const unsigned char *)p, n);
	for (size_t i = 0; !base64 && i < n; i++) {
		if (p[i] == ' ')
			str_putc(&word, '_');
		else if (q_plain((unsigned char)p[i]))
			str_putc(&word, p[i]);
		else
			put_hex(&word, (unsigned char)p[i]);
	}
	str_puts(&word, "?=");
	field_word(f, (struct span){word.p, word.n});
	str_release(&word);
}

/* How many bytes of whole characters fit into that many columns of encoding. */
static size_t fitting(bool base64, const char *p, size_t n, size_t room)
{
	size_t taken = 0;
	for (const char *at = p, *end = p + n; at < end; taken = (size_t)(at - p)) {
		utf8_next(&at, end);
		if (encoded_length(base64, p, (size_t)(at - p)) > room)
			break;
	}
	return taken;
}

static void encoded_words(struct field *f, struct span s)
{
	bool base64 = encoded_length(true, s.p, s.n) < q_length(s.p, s.n);
	while (s.n > 0) {
		size_t left = f->column + 1 + WORD_FRAME < MAIL_LINE ? MAIL_LINE - f->column - 1 - WORD_FRAME : 0;
		size_t n = fitting(base64, s.p, s.n, left < WORD_MAX - WORD_FRAME ? left : WORD_MAX - WORD_FRAME);
		if (n == 0 || (n < s.n && n < 6 && f->column > 20)) { /* a crumb at the line's end is not worth a word */
			fold(f);
			n = fitting(base64, s.p, s.n, WORD_MAX - WORD_FRAME);
		}
		encoded_word(f, base64, s.p, n);
		s = span_skip(s, n);
	}
}

static bool is_plain(const struct str *s)
{
	for (size_t i = 0; i < s->n; i++)
		if ((unsigned char)s->p[i] < 0x20 || (unsigned char)s->p[i] > 0x7e)
			return false;
	return true;
}

/* Words that must not be taken for encoded ones, or cannot be folded, are encoded. */
static bool goes_as_it_is(const struct str *s)
{
	struct span rest = {s->p, s->n}, word;
	if (!is_plain(s) || memmem(s->p, s->n, "=?", 2) != NULL)
		return false;
	while (span_until(&rest, ' ', &word))
		if (word.n >= MAIL_LINE - 1)
			return false;
	return true;
}

void field_text(struct field *f, const char *utf8)
{
	struct str s = {0};
	struct span word;
	fold_blanks(&s, utf8 == NULL ? "" : utf8);
	struct span rest = {s.p, s.n};
	if (s.n > 0 && !goes_as_it_is(&s))
		encoded_words(f, rest);
	else
		while (span_until(&rest, ' ', &word))
			field_word(f, word);
	str_release(&s);
}

static bool is_atoms(const struct str *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (!is_alnum((unsigned char)s->p[i]) && strchr(" !#$%&'*+-/=?^_`{|}~", s->p[i]) == NULL)
			return false;
	return true;
}

static void quoted_string(struct field *f, const struct str *s)
{
	struct str quoted = {0};
	str_putc(&quoted, '"');
	for (size_t i = 0; i < s->n; i++) {
		if (s->p[i] == '"' || s->p[i] == '\\')
			str_putc(&quoted, '\\');
		str_putc(&quoted, s->p[i]);
	}
	str_putc(&quoted, '"');
	field_word(f, (struct span){quoted.p, quoted.n});
	str_release(&quoted);
}

void field_phrase(struct field *f, const char *utf8)
{
	struct str s = {0};
	fold_blanks(&s, utf8 == NULL ? "" : utf8);
	if (s.n == 0)
		;
	else if (!goes_as_it_is(&s) || s.n > MAIL_LINE / 2)
		encoded_words(f, (struct span){s.p, s.n});
	else if (is_atoms(&s))
		field_text(f, s.p);
	else
		quoted_string(f, &s);
	str_release(&s);
}

/* ---- bodies */

static void clean_body(struct str *out, const char *text)
{
	for (const char *p = text, *end = text + strlen(text); p < end;) {
		char bytes[4];
		size_t plain = 0;
		while (p[plain] >= 0x20 && p[plain] < 0x7f)
			plain++;
		str_add(out, p, plain);
		p += plain;
		if (p == end)
			break;
		uint32_t c = utf8_next(&p, end);
		if (c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7f))
			str_add(out, bytes, utf8_put(bytes, c));
	}
	if (out->n > 0 && out->p[out->n - 1] != '\n')
		str_putc(out, '\n');
}

static bool fits_7bit(const struct str *s)
{
	struct span rest = {s->p, s->n}, line;
	while (span_until(&rest, '\n', &line)) {
		if (line.n > MAIL_LINE)
			return false;
		for (size_t i = 0; i < line.n; i++)
			if ((unsigned char)line.p[i] > 0x7e)
				return false;
	}
	return true;
}

static void put_crlf_lines(struct str *out, const struct str *s)
{
	struct span rest = {s->p, s->n}, line;
	while (span_until(&rest, '\n', &line)) {
		str_span(out, line);
		str_puts(out, "\r\n");
	}
}

static bool is_quoted_plain(char byte, bool last)
{
	unsigned char c = (unsigned char)byte;
	return (c > 0x20 && c < 0x7f && c != '=') || ((c == ' ' || c == '\t') && !last);
}

/* RFC 2045 6.7: at most 76 columns with the soft break, no blank at a line's end. */
static void quoted_line(struct str *out, struct span line)
{
	char row[MAIL_LINE + 4];
	size_t column = 0;
	for (size_t i = 0; i < line.n; i++) {
		bool last = i + 1 == line.n, plain = is_quoted_plain(line.p[i], last);
		if (column + (plain ? 1 : 3) > (size_t)MAIL_LINE - !last) {
			memcpy(row + column, "=\r\n", 3);
			str_add(out, row, column + 3);
			column = 0;
		}
		if (plain)
			row[column++] = line.p[i];
		else
			column += hex_of(row + column, (unsigned char)line.p[i]);
	}
	memcpy(row + column, "\r\n", 2);
	str_add(out, row, column + 2);
}

static void quoted_printable(struct str *out, const struct str *s)
{
	struct span rest = {s->p, s->n}, line;
	while (span_until(&rest, '\n', &line))
		quoted_line(out, line);
}

void body_base64(struct str *out, struct span bytes)
{
	for (size_t i = 0; i < bytes.n && !out->cut; i += 57) {
		put_base64(out, (const unsigned char *)bytes.p + i, bytes.n - i < 57 ? bytes.n - i : 57);
		str_puts(out, "\r\n");
	}
}

static void base64_body(struct str *out, const struct str *s)
{
	struct str crlf = {.max = BODY_MAX};
	put_crlf_lines(&crlf, s);
	body_base64(out, (struct span){crlf.p, crlf.n});
	str_release(&crlf);
}

/* Whether base64, a third more than the bytes, is shorter than three columns for each byte that is not plain; soft breaks,
 * which only long lines have, are left out. */
static bool base64_is_shorter(const struct str *s)
{
	size_t quoted = 0, lines = 0;
	for (size_t i = 0; i < s->n; i++) {
		lines += s->p[i] == '\n';
		quoted += s->p[i] == '\n' ? 2 : is_quoted_plain(s->p[i], false) ? 1 : 3;
	}
	size_t base64 = (s->n + lines + 2) / 3 * 4;
	return base64 + (base64 / MAIL_LINE + 1) * 2 < quoted;
}

const char *body_encode(struct str *out, const char *utf8)
{
	struct str clean = {.max = BODY_MAX};
	const char *encoding = "7bit";
	clean_body(&clean, utf8);
	if (fits_7bit(&clean)) {
		put_crlf_lines(out, &clean);
	} else if (base64_is_shorter(&clean)) {
		base64_body(out, &clean);
		encoding = "base64";
	} else {
		quoted_printable(out, &clean);
		encoding = "quoted-printable";
	}
	out->cut = out->cut || clean.cut;
	str_release(&clean);
	return encoding;
}
