#include "digest/forms.h"
#include "gateway/interview.h"

/* The evidence as a paper, to print and to file: all of it, where the letter shows a part. */

static const int entry_widths[] = {6, 13, 15, 3};

static void entries_table(struct desk *desk, struct paper *paper, const char *heading, const struct pack_list *list, const char *third)
{
	struct arena *a = desk->arena;
	char day[24];
	paper_add(paper, a, PAPER_HEADING, arena_printf(a, "%s (%zu)", heading, list->n));
	if (list->n == 0) {
		paper_add(paper, a, PAPER_TEXT, "None.");
		return;
	}
	struct paper_line *head = paper_add(paper, a, PAPER_COLUMNS, "Day");
	strs_add(&head->cells, a, "Title");
	strs_add(&head->cells, a, third);
	strs_add(&head->cells, a, ">Minutes");
	head->widths = entry_widths;
	for (size_t i = 0; i < list->n; i++) {
		const struct entry *e = list->v[i].entry;
		const char *site = e->n_links > 0 ? site_text(a, e->links[0].url) : "", *note = e->note == NULL ? "" : e->note, *via = list->v[i].via;
		struct paper_line *row = paper_add(paper, a, PAPER_ROW, arena_strdup(a, day_short(day, e->day, DAY_NONE)));
		if (strcmp(one_line(a, note, 100), one_line(a, e->title, 100)) == 0)
			note = ""; /* it is its own title */
		strs_add(&row->cells, a, site[0] == '\0' ? e->title : arena_printf(a, "%s\n%s", e->title, e->links[0].url));
		strs_add(&row->cells, a, via[0] == '\0' ? note : arena_printf(a, "%s%sFrom: %s", note, note[0] == '\0' ? "" : "\n", via));
		strs_add(&row->cells, a, list->v[i].minutes > 0 ? arena_printf(a, "%d", list->v[i].minutes) : "");
	}
}

static void plan_part(struct desk *desk, struct paper *paper, const char *name, const char *words)
{
	if (words != NULL && words[0] != '\0')
		paper_add(paper, desk->arena, PAPER_TEXT, arena_printf(desk->arena, "%s: %s", name, words));
}

static void plan_section(struct desk *desk, struct paper *paper, const struct package *p)
{
	char day[24];
	paper_add(paper, desk->arena, PAPER_HEADING, "The plan");
	plan_part(desk, paper, "Goal", p->plan.goal_words);
	plan_part(desk, paper, "Network", p->plan.parts.network);
	plan_part(desk, paper, "To learn", p->plan.parts.learn);
	plan_part(desk, paper, "In the classroom", p->plan.parts.classroom);
	if (p->pack.plan_by[0] != '\0')
		paper_add(paper, desk->arena, PAPER_SMALL, arena_printf(desk->arena, "Approved by %s, %s.", p->pack.plan_by,
		                                                         p->pack.plan_day == DAY_NONE ? "" : day_short(day, p->pack.plan_day, DAY_NONE)));
}

void package_paper(struct desk *desk, const struct package *p, struct paper *paper)
{
	struct arena *a = desk->arena;
	const struct pack *k = &p->pack;
	char today[24];
	const char *made = arena_strdup(a, day_short(today, campus_today(desk->campus, NULL, desk->now), DAY_NONE));
	*paper = (struct paper){
		.title = arena_printf(a, "%s: evidence for %s", k->teacher, k->year), .author = desk->campus->config.name,
		.foot = arena_printf(a, "%s · %s · %s · made on %s", desk->campus->config.name, k->teacher, k->year, made),
		.size = config_paper_size(&desk->campus->config), .date = desk->now};
	paper_add(paper, a, PAPER_TITLE, paper->title);
	paper_add(paper, a, PAPER_SMALL, arena_printf(a, "%s. For the package of %s.", desk->campus->config.name, minutes_text(a, k->minutes)));
	paper_add(paper, a, PAPER_TEXT, arena_printf(a, "%s%s%s. Shared %d, used in class %d, gave %d, took %d.",
	                                             count_text(a, (size_t)k->entries, "entry", "entries"), k->actual > 0 ? ", together " : "",
	                                             k->actual > 0 ? minutes_text(a, k->actual) : "", k->n_shared, k->n_applied, k->gave, k->took));
	plan_section(desk, paper, p);
	if (k->write_up[0] != '\0') {
		paper_add(paper, a, PAPER_HEADING, "The write-up");
		paper_add(paper, a, PAPER_TEXT, k->write_up);
	}
	entries_table(desk, paper, "Used in class", &k->applied, "What it was used for");
	entries_table(desk, paper, "Starred", &k->starred, "Takeaway");
	entries_table(desk, paper, "Shared with colleagues", &k->shared, "Note");
	struct paper_line *sign = paper_add(paper, a, PAPER_SIGN, "Signed (or by answering the letter)");
	strs_add(&sign->cells, a, "Day");
}
