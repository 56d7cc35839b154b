#ifndef RULES_STR_H
#define RULES_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* ---- span: bytes that somebody else owns */
struct span {
	const char *p;
	size_t n;
};

#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})
#define SPAN_ARG(s) (int)(s).n, (s).p /* for "%.*s" */

struct span span_of(const char *s); /* empty for NULL */
struct span span_trim(struct span); /* without blanks, tabs, CR, LF at both ends */
bool span_eq(struct span, const char *);
bool span_eq_nocase(struct span, const char *); /* ASCII case */
static inline bool span_starts(struct span s, const char *prefix)
{
	size_t n = strlen(prefix);
	return s.n >= n && memcmp(s.p, prefix, n) == 0;
}
bool span_starts_nocase(struct span, const char *prefix);
bool span_ends_nocase(struct span, const char *suffix);
static inline struct span span_skip(struct span s, size_t n) /* without the first n bytes */
{
	n = n < s.n ? n : s.n;
	return (struct span){n == 0 ? s.p : s.p + n, s.n - n};
}
size_t span_count(struct span, char);
/* Takes the next line (without its CRLF or LF) off *rest; false when nothing is left. */
bool span_line(struct span *rest, struct span *line);
/* Takes what stands before the next separator off *rest; false when nothing is left. */
bool span_until(struct span *rest, char separator, struct span *piece);

/* ---- str: a growing buffer with a limit, always NUL-terminated once written to */
struct str {
	char *p; /* malloced; NULL while empty */
	size_t n, cap;
	size_t max; /* bytes at most, set where it is born; 0 = 1 MiB */
	bool cut;   /* something did not fit: what is there is a prefix */
};

void str_release(struct str *); /* keeps max */
void str_clear(struct str *);   /* keeps the memory */
void str_reserve(struct str *, size_t n); /* memory for n bytes more, within max */
void str_add(struct str *, const void *p, size_t n);
void str_puts(struct str *, const char *);
void str_putc(struct str *, char);
void str_span(struct str *, struct span);
void str_printf(struct str *, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *str_c(const struct str *); /* never NULL */

/* ---- strs: a list of strings in an arena */
struct strs {
	const char **v;
	size_t n;
};

struct arena;
void strs_add(struct strs *, struct arena *, const char *); /* keeps the pointer */
bool strs_has_nocase(const struct strs *, const char *);

/* ---- UTF-8 (RFC 3629) */
/* The code point at *p, which moves on; U+FFFD and one byte for what is not UTF-8. *p < end. */
uint32_t utf8_next_long(const char **p, const char *end);
static inline uint32_t utf8_next(const char **p, const char *end)
{
	return (unsigned char)**p < 0x80 ? (unsigned char)*(*p)++ : utf8_next_long(p, end);
}
size_t utf8_put(char out[4], uint32_t code); /* bytes written */
bool utf8_valid(const char *p, size_t n);
size_t utf8_ascii(const char *p, size_t n); /* bytes of ASCII that it begins with */
size_t utf8_length(const char *p, size_t n); /* code points */
size_t utf8_columns(const char *p, size_t n); /* terminal cells (wcwidth) */
/* The longest prefix of at most max bytes that ends between code points. */
size_t utf8_prefix(const char *p, size_t n, size_t max);
/* Lower case of every code point (towlower); the caller has set a UTF-8 LC_CTYPE. */
char *utf8_lower(struct arena *, const char *p, size_t n);

#endif
