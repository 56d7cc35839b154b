#include "gateway/read/split.h"

/* Lines of a header whose labels no language knows: an address, a date and the order of the lines say what they are. */

bool value_holds_date(struct span value)
{
	struct folded f;
	folded_read(&f, value);
	return folded_has_date((struct span){f.text, f.n});
}

bool value_holds_address(struct span value)
{
	return value.n > 0 && memchr(value.p, '@', value.n) != NULL;
}

static bool has(const struct header_block *h, enum phrase_field field)
{
	return (h->seen & 1u << field) != 0;
}

static void fill(struct header_block *h, enum phrase_field field, const struct strange_line *line)
{
	h->seen |= 1u << field;
	h->value[field] = line->value;
	h->at[field] = line->at;
}

/* Everywhere the sender stands above the recipients, and those above the copies. */
static enum phrase_field whose(const struct header_block *h, const struct strange_line *line)
{
	if (!has(h, FIELD_FROM))
		return FIELD_FROM;
	if (!has(h, FIELD_TO))
		return FIELD_TO;
	bool technical = memchr(line->label.p, '-', line->label.n) != NULL; /* X-Sender, Errors-To */
	return !has(h, FIELD_CC) && !technical && line->at > h->at[FIELD_TO] ? FIELD_CC : FIELD_NONE;
}

/* "9:31" beside the numbers of a date: "2021-22 calendar" is none, if another line has both. */
bool value_holds_time(struct span value)
{
	for (size_t i = 1; i + 1 < value.n; i++)
		if (value.p[i] == ':' && value.p[i - 1] >= '0' && value.p[i - 1] <= '9' && value.p[i + 1] >= '0' && value.p[i + 1] <= '9')
			return true;
	return false;
}

enum { DATE_MAX = 120 };

static const struct strange_line *find_date(const struct strange_line *v, size_t n)
{
	const struct strange_line *date = NULL;
	for (size_t i = 0; i < n; i++) {
		if (v[i].value.n > DATE_MAX || value_holds_address(v[i].value) || !value_holds_date(v[i].value))
			continue;
		if (value_holds_time(v[i].value))
			return &v[i];
		date = date == NULL ? &v[i] : date;
	}
	return date;
}

size_t strangers_fill(struct header_block *h, const struct strange_line *v, size_t n)
{
	size_t last = 0;
	const struct strange_line *date = has(h, FIELD_DATE) ? NULL : find_date(v, n);
	for (size_t i = 0; i < n; i++) {
		enum phrase_field field = FIELD_NONE;
		if (&v[i] == date)
			field = FIELD_DATE;
		else if (value_holds_address(v[i].value))
			field = whose(h, &v[i]);
		else if (!has(h, FIELD_SUBJECT) && v[i].value.n > 0)
			field = FIELD_SUBJECT;
		if (field == FIELD_NONE)
			continue;
		fill(h, field, &v[i]);
		last = v[i].at + 1;
	}
	return last;
}
