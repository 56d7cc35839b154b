#include "digest/forms.h"

#include <stdio.h>

static const char hex[] = "0123456789ABCDEF";

static const char *str_take(struct arena *arena, struct str *s)
{
	const char *copy = arena_strndup(arena, str_c(s), s->n);
	str_release(s);
	return copy;
}

const char *one_line(struct arena *arena, const char *text, size_t max)
{
	if (text == NULL)
		return "";
	struct str s = {0};
	size_t count = 0, last_gap = 0;
	bool gap = false;
	for (const char *p = text, *end = text + strlen(text); p < end;) {
		char bytes[4];
		uint32_t c = utf8_next(&p, end);
		if (c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029) {
			gap = s.n > 0;
			continue;
		}
		if (gap) {
			last_gap = s.n;
			count++;
			str_putc(&s, ' ');
		}
		if (++count > max) {
			s.n = last_gap * 3 > s.n ? last_gap : s.n - gap;
			str_puts(&s, "…");
			break;
		}
		gap = false;
		str_add(&s, bytes, utf8_put(bytes, c));
	}
	return str_take(arena, &s);
}

/* Adds a byte as it is when `plain` has it or it is unreserved (RFC 3986), else percent-encoded. */
static void put_percent(struct str *s, char c, const char *plain)
{
	static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
	unsigned char byte = (unsigned char)c;
	if (strchr(unreserved, c) != NULL || strchr(plain, c) != NULL)
		str_putc(s, c);
	else
		str_add(s, (char[]){'%', hex[byte >> 4], hex[byte & 15]}, 3);
}

static bool is_web(struct span url)
{
	return span_starts_nocase(url, "https://") || span_starts_nocase(url, "http://");
}

const char *web_href(struct arena *arena, const char *url)
{
	struct str s = {.max = 8192};
	if (!is_web(span_of(url)))
		return "";
	for (const char *p = url; *p != '\0'; p++)
		put_percent(&s, *p, "%:/?#[]@!$&()*+,;=");
	bool cut = s.cut;
	const char *href = str_take(arena, &s);
	return cut ? "" : href;
}

const char *site_text(struct arena *arena, const char *url)
{
	struct span rest = span_of(url);
	if (!is_web(rest))
		return "";
	rest = span_skip(rest, (size_t)(strstr(url, "://") + 3 - url));
	size_t host = strcspn(rest.p, "/?#");
	struct span path = span_skip(rest, host);
	rest.n = host;
	const char *user = memrchr(rest.p, '@', rest.n);
	if (user != NULL)
		rest = span_skip(rest, (size_t)(user + 1 - rest.p));
	if (span_starts_nocase(rest, "www."))
		rest = span_skip(rest, 4);
	return one_line(arena, arena_printf(arena, "%.*s%s", SPAN_ARG(rest), path.n > 1 ? "/…" : ""), 48);
}

const char *mailto_href(struct arena *arena, const char *addr, const char *subject, const char *body)
{
	struct str s = {0};
	if (addr == NULL || addr[0] == '\0')
		return "";
	str_puts(&s, "mailto:");
	for (const char *p = addr; *p != '\0'; p++)
		put_percent(&s, *p, "@+");
	str_puts(&s, "?subject=");
	for (const char *p = subject; *p != '\0'; p++)
		put_percent(&s, *p, "");
	str_puts(&s, "&body=");
	for (const char *p = body; *p != '\0'; p++)
		put_percent(&s, *p, "");
	return str_take(arena, &s);
}

const char *day_text(struct arena *arena, int32_t day, int32_t today)
{
	char out[24];
	return day == DAY_NONE ? "" : arena_strdup(arena, day_short(out, day, today));
}

const char *day_name(struct arena *arena, int32_t day, int32_t today)
{
	static const char *const names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
	if (day == DAY_NONE || day <= today || day >= today + 7)
		return day_text(arena, day, today);
	return names[day_weekday(day) - 1];
}

const char *count_text(struct arena *arena, size_t n, const char *one, const char *many)
{
	return arena_printf(arena, "%zu %s", n, n == 1 ? one : many);
}

const char *reason_words(const char *reason)
{
	const char *colon = reason == NULL ? NULL : strstr(reason, ": ");
	return colon != NULL ? colon + 2 : reason == NULL ? "" : reason;
}

const char *join(struct arena *arena, const struct strs *list, const char *separator)
{
	struct str s = {0};
	for (size_t i = 0; i < list->n; i++) {
		str_puts(&s, i == 0 ? "" : separator);
		str_puts(&s, list->v[i]);
	}
	return str_take(arena, &s);
}

const char *minutes_text(struct arena *arena, int minutes)
{
	if (minutes < 0)
		return arena_printf(arena, "-%s", minutes_text(arena, minutes == INT32_MIN ? INT32_MAX : -minutes));
	if (minutes < 60)
		return arena_printf(arena, "%d min", minutes);
	if (minutes % 60 == 0)
		return arena_printf(arena, "%d h", minutes / 60);
	return arena_printf(arena, "%d h %02d", minutes / 60, minutes % 60);
}

const char *grouped_text(struct arena *arena, int64_t n)
{
	if (n < 0)
		return arena_printf(arena, "-%s", grouped_text(arena, n == INT64_MIN ? INT64_MAX : -n));
	if (n < 1000)
		return arena_printf(arena, "%d", (int)n);
	return arena_printf(arena, "%s,%03d", grouped_text(arena, n / 1000), (int)(n % 1000));
}

const char *hours_text(struct arena *arena, int64_t minutes)
{
	if (minutes > -6000 && minutes < 6000)
		return minutes_text(arena, (int)minutes);
	return arena_printf(arena, "%s h", grouped_text(arena, minutes / 60 + (minutes % 60 >= 30)));
}

const char *ranges_text(struct arena *arena, const int *numbers, size_t n)
{
	struct str s = {0};
	for (size_t i = 0, last; i < n; i = last + 1) {
		for (last = i; last + 1 < n && (int64_t)numbers[last + 1] <= (int64_t)numbers[last] + 1 && numbers[last + 1] >= numbers[last];)
			last++;
		str_printf(&s, "%s%d", i == 0 ? "" : ", ", numbers[i]);
		if (numbers[last] > numbers[i])
			str_printf(&s, numbers[last] == numbers[i] + 1 ? ", %d" : "–%d", numbers[last]);
	}
	return str_take(arena, &s);
}
