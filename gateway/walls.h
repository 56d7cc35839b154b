#ifndef GATEWAY_WALLS_H
#define GATEWAY_WALLS_H

#include <stddef.h>
#include <sys/resource.h>

/* What the cages have in common (read/cage.c, print/cage.c, fetcher-cage.c): each builds its own of these walls. */

/* In builds with AddressSanitizer, which maps terabytes that it never touches and needs calls of its own. */
#if defined(__SANITIZE_ADDRESS__)
#define WALLS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WALLS_SANITIZED 1
#endif
#endif
#ifndef WALLS_SANITIZED
#define WALLS_SANITIZED 0
#endif

int walls_limit(int resource, rlim_t most); /* lowered to that, never raised. 0, or -1 with errno */

/* From here on this process reads below these paths, writes nowhere and starts nothing; a path that is not there is passed over. It
 * has no new privileges already. 1 shut in, 0 the kernel has no Landlock (before Linux 5.13), and nothing has changed. */
int walls_files(const char *const *readable, size_t n);

#endif
