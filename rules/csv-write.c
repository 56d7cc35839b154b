#include "rules/csv.h"

/* "-12", "3.5": what no spreadsheet takes for a formula. */
static bool is_number(const char *s)
{
	s += *s == '-';
	size_t digits = strspn(s, "0123456789");
	if (digits == 0)
		return false;
	s += digits;
	if (*s == '.')
		s += 1 + strspn(s + 1, "0123456789");
	return *s == '\0';
}

static bool is_formula(const char *s)
{
	static const char *const wide[] = {"\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212"};
	s += strspn(s, " \t\r\n");
	if (*s == '\0')
		return false;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (span_starts(span_of(s), wide[i]))
			return true;
	return strchr("=+-@", *s) != NULL && !is_number(s);
}

void csv_cell(struct str *out, const char *text, bool first)
{
	const char *s = text == NULL ? "" : text;
	bool formula = is_formula(s);
	if (!first)
		str_putc(out, ',');
	if (!formula && s[strcspn(s, ",;\"\r\n\t")] == '\0' && *s != ' ') {
		str_puts(out, s);
		return;
	}
	str_puts(out, formula ? "\"'" : "\"");
	for (; *s != '\0'; s++)
		str_puts(out, *s == '"' ? "\"\"" : (char[]){*s, '\0'});
	str_putc(out, '"');
}

void csv_end(struct str *out)
{
	str_puts(out, "\r\n");
}
