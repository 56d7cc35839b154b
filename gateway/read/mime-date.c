#include <ctype.h>

#include "gateway/read/mime-content.h"

/* Dates as programs write them who did not read RFC 5322, put so that GMime reads them. */

#define DATE_MAX 200

static bool digits_at(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)p[i]))
			return false;
	return true;
}

/* "2026-03-02T08:00:00.123Z" */
static bool from_iso(const char *p, struct str *out)
{
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	if (!digits_at(p, 4) || p[4] != '-' || !digits_at(p + 5, 2) || p[7] != '-' || !digits_at(p + 8, 2) || (p[10] != 'T' && p[10] != ' ') || !digits_at(p + 11, 2))
		return false;
	int month = (p[5] - '0') * 10 + p[6] - '0';
	if (month < 1 || month > 12)
		return false;
	const char *time = p + 11, *zone = time + strspn(time, "0123456789:");
	str_printf(out, "%.2s %s %.4s %.*s ", p + 8, months[month - 1], p, (int)(zone - time), time);
	if (*zone == '.')
		zone += 1 + strspn(zone + 1, "0123456789");
	str_puts(out, *zone == '\0' || *zone == 'Z' ? "+0000" : zone);
	return true;
}

/* "08.00.00": dots between two digits each. */
static bool is_dotted(const char *p)
{
	return digits_at(p, 2) && p[2] == '.' && digits_at(p + 3, 2) && (p[5] == '.' || p[5] == ' ');
}

static bool is_offset(const char *p)
{
	return (*p == '+' || *p == '-') && digits_at(p + 1, 2);
}

/* The time with colons and no leap second, the zone without: "10.00.60 GMT+02:00" becomes "10:00:59 +0200". */
static void mend(char *text)
{
	for (char *p = text; (p = strchr(p, ' ')) != NULL; p++) {
		if (is_dotted(p + 1)) {
			p[3] = ':';
			p[6] = p[6] == '.' ? ':' : p[6];
		}
		if ((strncmp(p, " GMT", 4) == 0 || strncmp(p, " UTC", 4) == 0) && is_offset(p + 4))
			memmove(p + 1, p + 4, strlen(p + 4) + 1);
		if (is_offset(p + 1) && p[4] == ':' && digits_at(p + 5, 2))
			memmove(p + 4, p + 5, strlen(p + 5) + 1);
	}
	char *leap = strstr(text, ":60 ");
	if (leap != NULL)
		memcpy(leap, ":59", 3);
}

GDateTime *date_read(const char *value)
{
	struct str text = {.max = 2 * DATE_MAX};
	if (strlen(value) > DATE_MAX)
		return NULL;
	if (!from_iso(value, &text))
		str_puts(&text, value);
	if (text.n > 0)
		mend(text.p);
	GDateTime *date = text.n == 0 ? NULL : g_mime_utils_header_decode_date(text.p);
	str_release(&text);
	return date;
}
