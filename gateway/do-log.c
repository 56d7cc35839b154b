#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/desk.h"
#include "gateway/read/split.h"

#define LINKS_MAX 12
#define TITLE_MAX 120
#define NOTE_MAX 8000
#define TAGS_MAX 40
#define RECEIPTS_AT_FIRST 5

/* ---- what to call it */

static const char *one_line(struct arena *arena, struct span s, size_t max)
{
	s = span_trim(s);
	size_t n = utf8_prefix(s.p, s.n, max);
	char *out = arena_printf(arena, "%.*s%s", (int)n, s.p, n < s.n ? "…" : "");
	for (char *p = out; *p != '\0'; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	return out;
}

/* The subject without prefixes, hashtags and @names; NULL when nothing is left. */
static const char *bare_title(struct arena *arena, const char *subject)
{
	struct str out = {0};
	struct span rest = span_of(subject == NULL ? NULL : subject_bare(subject, NULL)), word;
	while (span_until(&rest, ' ', &word)) {
		if (word.n == 0 || word.p[0] == '#' || word.p[0] == '@' || span_starts(word, "＃"))
			continue;
		if (out.n > 0)
			str_putc(&out, ' ');
		str_span(&out, word);
	}
	const char *title = out.n == 0 ? NULL : one_line(arena, (struct span){out.p, out.n}, TITLE_MAX);
	str_release(&out);
	return title;
}

/* How many of the link text's words the person's own words name: what they wrote about is what they mean. */
static size_t shared_words(struct arena *arena, const char *own, const char *text)
{
	size_t all = 0, shared = 0;
	const char *low = utf8_lower(arena, text, utf8_prefix(text, strlen(text), 2 * TITLE_MAX));
	struct span rest = span_of(low), word;
	while (span_until(&rest, ' ', &word)) {
		if (word.n < 4)
			continue;
		all++;
		shared += memmem(own, strlen(own), word.p, word.n) != NULL;
	}
	return 2 * shared >= all ? shared : 0;
}

static const char *own_words(struct arena *arena, const struct reading *r)
{
	return utf8_lower(arena, r->own, utf8_prefix(r->own, strlen(r->own), NOTE_MAX));
}

/* The link the mail is about, NULL = none stands out. */
static const struct link *main_link(struct arena *arena, const struct reading *r)
{
	const struct link *best = NULL;
	size_t most = 0;
	const char *own = own_words(arena, r);
	for (size_t i = 0; i < r->n_links && i < 500; i++) {
		const struct link *l = &r->links[i];
		if (l->role != ROLE_CONTENT || l->where == WHERE_QUOTED)
			continue;
		size_t score = l->where == WHERE_OWN ? 1000 : 2 * shared_words(arena, own, l->text);
		if (score == 0)
			score = shared_words(arena, own, l->heading);
		if (score > most) {
			best = l;
			most = score;
		}
	}
	return best;
}

static bool looks_like_url(const char *s)
{
	return strstr(s, "://") != NULL || strncmp(s, "www.", 4) == 0;
}

/* "star", "20m yesterday": nothing by which anybody would know it again. */
static bool only_instructions(struct arena *arena, const char *title)
{
	struct said said;
	said_parse(&said, &(struct said_input){.own = title, .today = DAY_NONE}, arena);
	const struct tagging *t = &said.tagging;
	return (t->starred || t->is_private || t->share || t->nocredit || t->minutes != MINUTES_NONE) && t->note[0] == '\0';
}

/* By its words, or by what stands above it ("Read more") where only that is named. */
static const char *link_name(struct arena *arena, const struct reading *r, const struct link *l)
{
	return shared_words(arena, own_words(arena, r), l->text) > 0 ? l->text : l->heading;
}

static const char *title_of(struct arena *arena, const struct reading *r, const struct link *main)
{
	const char *title = NULL, *instructions = NULL;
	const char *named = r->forwarded != NULL && main != NULL && main->where == WHERE_FORWARDED ? link_name(arena, r, main) : "";
	if (named[0] != '\0' && !looks_like_url(named))
		return one_line(arena, span_of(named), TITLE_MAX);
	if (r->forwarded != NULL && r->forwarded->subject != NULL)
		title = bare_title(arena, r->forwarded->subject);
	if (title == NULL)
		title = bare_title(arena, r->subject);
	if (title != NULL && r->forwarded == NULL && only_instructions(arena, title)) {
		instructions = title;
		title = NULL;
	}
	if (title == NULL && r->n_attached > 0)
		title = bare_title(arena, r->attached[0].subject);
	if (title == NULL && main != NULL && main->text[0] != '\0' && !looks_like_url(main->text))
		title = one_line(arena, span_of(main->text), TITLE_MAX);
	if (title == NULL) {
		struct span rest = span_of(r->said.tagging.note), line;
		if (span_line(&rest, &line) && span_trim(line).n > 0)
			title = one_line(arena, line, 72);
	}
	if (title == NULL && main != NULL)
		title = one_line(arena, span_of(main->url), TITLE_MAX);
	return title != NULL ? title : instructions != NULL ? instructions : "Untitled";
}

/* ---- where it came from */

static const char *source_of(const struct reading *r)
{
	const struct mailaddr *from = r->forwarded != NULL ? &r->forwarded->from : r->n_attached > 0 ? &r->attached[0].from : NULL;
	if (from == NULL)
		return "";
	return from->name != NULL && from->name[0] != '\0' ? from->name : from->addr == NULL ? "" : from->addr;
}

static void take_links(struct arena *arena, const struct reading *r, const struct link *main, struct entry *e)
{
	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 0; i < r->n_links && e->n_links < LINKS_MAX; i++) {
			const struct link *l = &r->links[i];
			int when = l == main ? 0 : l->where == WHERE_OWN ? 1 : l->where == WHERE_FORWARDED ? 2 : 3;
			if (when == pass && l->role == ROLE_CONTENT)
				*ARENA_PUSH(arena, e->links, e->n_links) = (struct entry_link){l->url, l->text};
		}
}

/* ---- a new entry */

/* The day that was named; else the one the mail was written on, unless its clock is off by more than a day from ours. */
static int32_t day_of(struct desk *desk, const struct matter *m)
{
	int32_t arrived = clock_day(campus_zone(desk->campus, m->person), m->mail->arrival);
	int32_t written = m->reading->has_date && m->reading->date_day != DAY_NONE ? m->reading->date_day : arrived;
	if (written > arrived + 1 || written < arrived - 30)
		written = arrived;
	int32_t day = m->reading->said.tagging.day;
	return day == DAY_NONE || day > written ? written : day;
}

/* Own words; a line that is nothing but a link stands among the links. */
static const char *note_of(struct arena *arena, const char *words)
{
	struct str out = {0};
	struct span rest = {words, utf8_prefix(words, strlen(words), NOTE_MAX)}, line;
	while (span_line(&rest, &line)) {
		struct span s = span_trim(line);
		bool link = (span_starts_nocase(s, "http://") || span_starts_nocase(s, "https://")) && memchr(s.p, ' ', s.n) == NULL;
		if (link)
			continue;
		if (out.n > 0)
			str_putc(&out, '\n');
		str_span(&out, line);
	}
	struct span kept = span_trim((struct span){str_c(&out), out.n});
	const char *note = arena_strndup(arena, kept.p, kept.n);
	str_release(&out);
	return note;
}

static enum entry_kind kind_of(const struct matter *m, size_t n_links)
{
	if (m->verdict.kind != KIND_NONE)
		return m->verdict.kind;
	return n_links > 0 || m->reading->forwarded != NULL ? KIND_READ : KIND_NONE; /* a conversation says #talk */
}

static struct entry new_entry(struct desk *desk, const struct matter *m)
{
	const struct reading *r = m->reading;
	const struct tagging *t = &r->said.tagging;
	const struct link *main = main_link(desk->arena, r);
	struct entry e = {
		.person = m->person->id, .message = m->message, .logged_at = desk->now, .day = day_of(desk, m),
		.title = title_of(desk->arena, r, main), .source = source_of(r), .with = t->with, .minutes = t->minutes,
		.note = note_of(desk->arena, t->note),
		.starred = t->starred, .is_private = t->is_private || (m->verdict.is_private && !t->share), .nocredit = t->nocredit || m->verdict.nocredit,
		.attachment = reading_brings_file(r), .reason = "", .flag = "",
	};
	take_links(desk->arena, r, main, &e);
	e.kind = kind_of(m, e.n_links);
	e.with.n = e.with.n < TAGS_MAX ? e.with.n : TAGS_MAX;
	for (size_t i = 0; i < t->topics.n && i < TAGS_MAX; i++)
		strs_add(&e.tags, desk->arena, t->topics.v[i]);
	for (size_t i = 0; i < m->verdict.tags.n; i++)
		if (!strs_has_nocase(&e.tags, m->verdict.tags.v[i]))
			strs_add(&e.tags, desk->arena, m->verdict.tags.v[i]);
	if (m->letter != NULL && m->letter->entry != 0 && !m->verdict.amend)
		e.via = m->letter->entry;
	return e;
}

/* 1, 0, -1 */
static int wants_receipt(struct desk *desk, const struct person *p, struct err *err)
{
	int64_t n = 0;
	switch (p->receipts) {
	case WISH_ALWAYS:
		return 1;
	case WISH_FIRST:
		return store_count_entries(desk->store, p->id, &n, err) < 0 ? -1 : n <= RECEIPTS_AT_FIRST;
	case WISH_DIGEST:
	case WISH_NEVER:
	case WISH_COUNT:
		break;
	}
	return 0;
}

int post_receipt(struct desk *desk, struct matter *m, const struct receipt *r, struct err *err)
{
	struct frame_facts facts;
	struct letter letter;
	struct post post = {.purpose = LETTER_RECEIPT, .person = m->person, .answers = m->reading, .entry = r->entry->id,
	                    .key = arena_printf(desk->arena, "receipt:%lld:%lld", (long long)r->entry->id, (long long)m->message)};
	if (r->amended && r->changes->n == 0) /* a machine that answers without saying so changes nothing after its first time */
		post.key = arena_printf(desk->arena, "unchanged:%lld:%lld", (long long)r->entry->id, (long long)(desk->now / 86400));
	post_address(desk, &post, &facts);
	if (letter_receipt(&letter, &desk->campus->templates, &facts, r, desk->arena, err) < 0)
		return -1;
	return post_letter(desk, &post, &letter, err) < 0 ? -1 : 0;
}

static void remarks_on(struct desk *desk, const struct matter *m, const struct entry *e, struct strs *remarks)
{
	if (e->is_private && !m->reading->said.tagging.is_private)
		strs_add(remarks, desk->arena, "Colleagues do not see it (a person wrote what you forwarded, or a rule says so). Reply *share* to show it.");
	for (size_t i = 0; i < m->reading->failed.n && i < 5; i++)
		strs_add(remarks, desk->arena, arena_printf(desk->arena, "The rule \"%s\" could not be tried on this mail; the operator can see why.", m->reading->failed.v[i]));
}

static int log_new(struct desk *desk, struct matter *m, struct decided_mail *out, struct err *err)
{
	struct entry e = new_entry(desk, m);
	struct strs remarks = {0};
	if (trailer_cut(desk, m->person->id, &e.note, err) < 0 || store_add_entry(desk->store, &e, err) < 0 ||
	    credit_claim_of(desk, m, &e, err) < 0)
		return -1;
	out->entry = e.id;
	int wanted = wants_receipt(desk, m->person, err);
	if (wanted <= 0)
		return wanted;
	remarks_on(desk, m, &e, &remarks);
	struct receipt receipt = {.entry = &e, .remarks = &remarks, .changes = &(struct strs){0},
	                          .credit = ruleset_policy(desk->campus->rules)->mode == POLICY_MINUTES};
	return post_receipt(desk, m, &receipt, err);
}

int do_log(struct desk *desk, struct matter *m, struct decided_mail *out, struct err *err)
{
	if (!m->verdict.amend)
		return log_new(desk, m, out, err);
	struct entry e;
	int found = m->letter == NULL || m->letter->entry == 0 ? 0 : store_entry(desk->store, m->letter->entry, desk->arena, &e, err);
	if (found < 0)
		return -1;
	if (found == 0 || e.person != m->person->id)
		return log_new(desk, m, out, err); /* not theirs to change: a line of their own, inspired by it */
	return do_amend(desk, m, &e, out, err);
}
