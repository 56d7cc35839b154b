#ifndef GATEWAY_CALENDAR_H
#define GATEWAY_CALENDAR_H

#include <stdint.h>

#include "rules/str.h"

/* iCalendar (RFC 5545, iTIP RFC 5546). Written here rather than by a library: what is written is small, and libical loads ICU.
 * Times are UTC, so that no VTIMEZONE is needed and a change of the clocks in between changes nothing.
 *
 * PUBLISH: times that somebody may choose from; each has a UID of its own, nobody is invited.
 * REQUEST: the appointment: mail programs put it into the calendar. Nobody is asked to answer the invitation (RSVP=FALSE, accepted
 * already): the answers would come to the gateway, and what was agreed is in the letter. A changed time keeps the UID with a higher
 * sequence. CANCEL takes it out again. */
enum calendar_method { CALENDAR_PUBLISH, CALENDAR_REQUEST, CALENDAR_CANCEL };
const char *calendar_type(enum calendar_method); /* "text/calendar; charset=utf-8; method=REQUEST" */

struct calendar_guest {
	const char *name, *addr;
};
struct calendar_event {
	const char *uid;      /* stable */
	int64_t from;         /* UTC seconds */
	int minutes, sequence;
	const char *summary, *description;
	struct calendar_guest organizer, guests[2];
	size_t n_guests;
};
void calendar_write(struct str *out, enum calendar_method, int64_t now, const struct calendar_event *v, size_t n);

#endif
