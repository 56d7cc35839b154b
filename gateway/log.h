#ifndef GATEWAY_LOG_H
#define GATEWAY_LOG_H

#include <stdbool.h>
#include <stdint.h>

/* Log lines on standard error, one a mail and a letter: `event key=value key="two words"`. Never a body, a subject or a
 * secret. Under systemd (JOURNAL_STREAM) each begins with its priority, else with the UTC time. Only the top layers log. */
enum log_level { LOG_LINE_ERROR, LOG_LINE_WARNING, LOG_LINE_INFO, LOG_LINE_DEBUG };

struct log_line; /* being built; one at a time in a process */

void log_setup(const char *process, enum log_level most); /* "keeper", … */
/* log_begin(LOG_LINE_INFO, "mail"); log_text("action", "log"); log_int("ms", 3); log_end(); */
void log_begin(enum log_level, const char *event);
void log_text(const char *key, const char *value); /* left out when NULL */
void log_int(const char *key, int64_t value);
void log_end(void);
void log_say(enum log_level, const char *event, const char *why); /* event why="…" */

#endif
