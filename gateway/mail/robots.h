#ifndef GATEWAY_MAIL_ROBOTS_H
#define GATEWAY_MAIL_ROBOTS_H

#include "rules/str.h"

/* The Robots Exclusion Protocol (RFC 9309). */

#define ROBOTS_READ ((size_t)512 << 10) /* of the file: at least 500 KiB by 2.5 */
#define ROBOTS_KEPT ((size_t)64 << 10)  /* of the rules that are for us */

/* The rules of a robots.txt that are for agent: those of its groups, else of the groups for "*". Appended to out, one a line,
 * "+/path" or "-/path", escapes brought into one form. */
void robots_take(struct span file, const char *agent, struct str *out);
/* Whether rules, as taken, allow path_and_query: the longest match counts, allow before disallow; nothing said is allowed. */
bool robots_allow(struct span rules, struct span path_and_query);

#endif
