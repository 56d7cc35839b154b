#include "digest/records.h"

/* The report's months, and what of it may be told. */

const char *const delay_names[DELAYS] = {"within a day", "2–3 days", "4–7 days", "8–14 days", "15–30 days", "31–60 days", "longer"};
const char *const band_names[BANDS] = {"nothing yet", "less than a quarter", "a quarter to a half", "a half to three quarters", "three quarters and more", "reached"};
const char *const breadth_names[BREADTHS] = {"1 kind", "2 kinds", "3 kinds", "4 kinds", "5 kinds and more"};
const char *const outcome_names[OUTCOMES] = {"approved", "waiting", "denied", "not counted by the rules", "counted above what was stated"};
const char *const volume_names[VOLUMES] = {"1–9 entries", "10–29 entries", "30–99 entries", "100 entries and more"};

static int month_number(int32_t day)
{
	struct civil c = day_civil(day);
	return c.year * 12 + c.month - 1;
}

size_t report_month_of(const struct campus_report *r, int32_t day)
{
	int month = month_number(day) - month_number(r->from);
	return month < 0 ? 0 : (size_t)month >= r->n_months ? r->n_months - 1 : (size_t)month;
}

void report_months(struct campus_report *r, struct arena *arena)
{
	static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int first = month_number(r->from), last = month_number(r->to > r->from ? r->to - 1 : r->from);
	r->n_months = last - first >= REPORT_MONTHS ? REPORT_MONTHS : (size_t)(last - first + 1);
	for (size_t m = 0; m < r->n_months; m++) {
		int number = first + (int)m;
		r->months[m] = names[number % 12];
		r->month_keys[m] = arena_printf(arena, "%d-%02d", number / 12, number % 12 + 1);
	}
}

/* Whether one of the two was told where the other is not. */
static bool agree(struct cell *a, struct cell *b)
{
	if (a->hidden == b->hidden)
		return false;
	a->hidden = b->hidden = true;
	return true;
}

/* The same figure in two tables, or nearly the same: what one of them hides the other may not tell. Whether something changed. */
static bool tables_agree(struct campus_report *r)
{
	size_t columns = r->n_months + 1, n = 0;
	struct cell *approved = &r->outcome[OUTCOME_APPROVED];
	struct cell *const same[][2] = {
		{&r->outcome[OUTCOMES], &r->minutes[KIND_COUNT * columns + r->n_months]}, {approved, &r->credited[KIND_COUNT]}, {approved, &r->volume_minutes[VOLUMES]},
		{r->people, &r->volumes[VOLUMES]}, {r->entries, &r->volume_entries[VOLUMES]}, {r->entries, &r->flow[2 * columns + r->n_months]},
	};
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		n += agree(same[i][0], same[i][1]);
	for (size_t k = 0; k < KIND_COUNT; k++)
		n += r->minutes[k * columns + r->n_months].people > 0 && agree(&r->minutes[k * columns + r->n_months], &r->credited[k]);
	return n > 0;
}

/* What was approved and what was stated stand in other tables too: the rest hides one another as long as it can. */
static void hide_outcome(struct campus_report *r)
{
	struct cell *o = r->outcome, *const rest[] = {&o[OUTCOME_WAITING], &o[OUTCOME_DENIED], &o[OUTCOME_UNCOUNTED], &o[OUTCOME_ABOVE]};
	enum { REST = sizeof rest / sizeof *rest };
	struct cell line[REST + 1];
	for (size_t i = 0; i < REST; i++)
		line[i] = *rest[i];
	line[REST] = (struct cell){INT64_MAX, o[OUTCOMES].people, o[OUTCOMES].hidden || o[OUTCOME_APPROVED].hidden}; /* the difference: hidden last */
	few_hide_line(line, REST + 1);
	for (size_t i = 0; i < REST; i++)
		rest[i]->hidden = line[i].hidden;
	if (line[REST].hidden && !o[OUTCOMES].hidden)
		o[OUTCOME_APPROVED].hidden = true;
	few_hide_line(o, OUTCOMES + 1);
}

void report_hide(struct campus_report *r)
{
	struct cell *const alone[] = {r->people, r->all_hosts, r->entries, r->starred, r->applied, r->capped, r->granted};
	for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
		few_hide(alone[i], 1);
	few_hide(r->active, r->n_months);
	few_hide(r->speed, 2);
	few_hide_line(r->delays, DELAYS + 1);
	few_hide_line(r->bands, BANDS + 1);
	few_hide_line(r->breadths, BREADTHS + 1);
	do {
		few_hide_table(r->minutes, KIND_COUNT + 1, r->n_months + 1);
		few_hide_table(r->flow, 3, r->n_months + 1);
		few_hide_line(r->credited, KIND_COUNT + 1);
		hide_outcome(r);
		few_hide_line(r->volumes, VOLUMES + 1);
		few_hide_line(r->volume_entries, VOLUMES + 1);
		few_hide_line(r->volume_minutes, VOLUMES + 1);
	} while (tables_agree(r));
}
