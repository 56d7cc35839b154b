#ifndef GATEWAY_READ_CHARSET_H
#define GATEWAY_READ_CHARSET_H

#include "rules/arena.h"
#include "rules/str.h"

/* Text in any charset as UTF-8, by the C library's iconv with kept handles. */
enum charset_how {
	CHARSET_AS_SAID,
	CHARSET_UNKNOWN, /* no such charset, or none was named: guessed (UTF-8, else windows-1252) */
	CHARSET_BROKEN   /* bytes that the charset does not have became U+FFFD */
};

/* Opens every charset that mail uses, because the cage forbids loading one later. */
void charset_warm_up(void);

/* The name that the library has for what a label means; UTF-8 for one that means nothing. */
const char *charset_meant(const char *label, char room[24]);

/* charset "" = not said. Without BOM and NUL, line ends as LF. In the arena, with a NUL behind it. */
struct span charset_to_utf8(struct arena *, const char *charset, struct span bytes, enum charset_how *how);

#endif
