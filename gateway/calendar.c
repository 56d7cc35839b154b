#include "gateway/calendar.h"

#include "rules/days.h"

#define FOLD 75 /* octets of a line, RFC 5545 3.1 */

static const char *const methods[] = {[CALENDAR_PUBLISH] = "PUBLISH", [CALENDAR_REQUEST] = "REQUEST", [CALENDAR_CANCEL] = "CANCEL"};

const char *calendar_type(enum calendar_method method)
{
	static const char *const types[] = {[CALENDAR_PUBLISH] = "text/calendar; charset=utf-8; method=PUBLISH",
	                                    [CALENDAR_REQUEST] = "text/calendar; charset=utf-8; method=REQUEST",
	                                    [CALENDAR_CANCEL] = "text/calendar; charset=utf-8; method=CANCEL"};
	return types[method];
}

/* A content line, folded between characters; s is valid UTF-8. */
static void put_line(struct str *out, const struct str *line)
{
	struct span rest = {str_c(line), line->n};
	size_t room = FOLD;
	do {
		size_t n = utf8_prefix(rest.p, rest.n, room);
		str_add(out, rest.p, n);
		rest = span_skip(rest, n);
		str_puts(out, rest.n > 0 ? "\r\n " : "\r\n");
		room = FOLD - 1;
	} while (rest.n > 0);
}

/* TEXT (3.3.11): line ends become \n; other controls have no place in it. */
static void put_text(struct str *line, const char *text)
{
	for (const char *p = text, *end = text + strlen(text); p < end;) {
		char bytes[4];
		uint32_t c = utf8_next(&p, end);
		if (c == '\n')
			str_puts(line, "\\n");
		else if (c == '\\' || c == ';' || c == ',')
			str_printf(line, "\\%c", (char)c);
		else if (c == '\t' || (c >= 0x20 && c != 0x7f && (c < 0x80 || c >= 0xa0)))
			str_add(line, bytes, utf8_put(bytes, c));
	}
}

static void text_line(struct str *out, const char *name, const char *text)
{
	struct str line = {0};
	str_printf(&line, "%s:", name);
	put_text(&line, text);
	put_line(out, &line);
	str_release(&line);
}

static void time_line(struct str *out, const char *name, int64_t utc)
{
	struct civil c = day_civil((int32_t)(utc / 86400));
	int second = (int)(utc % 86400);
	str_printf(out, "%s:%04d%02d%02dT%02d%02d%02dZ\r\n", name, c.year, c.month, c.day, second / 3600, second / 60 % 60, second % 60);
}

/* A parameter's value cannot hold a double quote or a control in any form (3.2). */
static void guest_line(struct str *out, const char *name, const char *parameters, const struct calendar_guest *g)
{
	struct str line = {0};
	str_printf(&line, "%s%s;CN=\"", name, parameters);
	for (const char *p = g->name, *end = p + strlen(p); p < end;) {
		char bytes[4];
		uint32_t c = utf8_next(&p, end);
		if (c >= 0x20 && c != '"' && c != 0x7f && (c < 0x80 || c >= 0xa0))
			str_add(&line, bytes, utf8_put(bytes, c));
	}
	str_printf(&line, "\":mailto:%s", g->addr);
	put_line(out, &line);
	str_release(&line);
}

static void event(struct str *out, enum calendar_method method, int64_t now, const struct calendar_event *e)
{
	str_puts(out, "BEGIN:VEVENT\r\n");
	text_line(out, "UID", e->uid);
	str_printf(out, "SEQUENCE:%d\r\n", e->sequence);
	time_line(out, "DTSTAMP", now);
	time_line(out, "DTSTART", e->from);
	time_line(out, "DTEND", e->from + (int64_t)e->minutes * 60);
	text_line(out, "SUMMARY", e->summary);
	if (e->description != NULL && e->description[0] != '\0')
		text_line(out, "DESCRIPTION", e->description);
	guest_line(out, "ORGANIZER", "", &e->organizer);
	for (size_t i = 0; method != CALENDAR_PUBLISH && i < e->n_guests; i++)
		guest_line(out, "ATTENDEE", ";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE", &e->guests[i]);
	str_puts(out, method == CALENDAR_PUBLISH ? "STATUS:TENTATIVE\r\nTRANSP:TRANSPARENT\r\n"
	              : method == CALENDAR_CANCEL ? "STATUS:CANCELLED\r\n" : "STATUS:CONFIRMED\r\n");
	str_puts(out, "END:VEVENT\r\n");
}

void calendar_write(struct str *out, enum calendar_method method, int64_t now, const struct calendar_event *v, size_t n)
{
	str_printf(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//plnpost//plnpost " PLN_VERSION "//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:%s\r\n", methods[method]);
	for (size_t i = 0; i < n; i++)
		event(out, method, now, &v[i]);
	str_puts(out, "END:VCALENDAR\r\n");
}
