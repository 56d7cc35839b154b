#include "rules/roster.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rules/csv.h"
#include "rules/days.h"
#include "rules/near.h"

#define ROWS_MAX 50000

/* ---- columns */
enum column {
	COLUMN_NONE,
	COLUMN_NAME,
	COLUMN_ADDRESS,
	COLUMN_ROLE,
	COLUMN_ZONE,
	COLUMN_APPROVER,
	COLUMN_RECEIPTS,
	COLUMN_DIGEST,
	COLUMN_FIRST,
	COLUMN_LAST,
	COLUMN_JOINED,
	COLUMN_SHARED,
	COLUMN_SHARED_ADDRESS
};

static const struct {
	const char *name;
	enum column column;
} columns[] = {
	{"name", COLUMN_NAME}, {"full name", COLUMN_NAME}, {"teacher", COLUMN_NAME}, {"first name", COLUMN_FIRST}, {"last name", COLUMN_LAST},
	{"given name", COLUMN_FIRST}, {"surname", COLUMN_LAST}, {"family name", COLUMN_LAST},
	{"address", COLUMN_ADDRESS}, {"addresses", COLUMN_ADDRESS}, {"email", COLUMN_ADDRESS}, {"e-mail", COLUMN_ADDRESS},
	{"mail", COLUMN_ADDRESS},
	{"email address", COLUMN_ADDRESS}, {"e-mail address", COLUMN_ADDRESS},
	{"role", COLUMN_ROLE}, {"zone", COLUMN_ZONE}, {"time zone", COLUMN_ZONE}, {"timezone", COLUMN_ZONE},
	{"approver", COLUMN_APPROVER}, {"approved by", COLUMN_APPROVER}, {"receipts", COLUMN_RECEIPTS}, {"digest", COLUMN_DIGEST},
	{"joined", COLUMN_JOINED}, {"since", COLUMN_JOINED}, {"start date", COLUMN_JOINED}, {"start", COLUMN_JOINED}, {"hired", COLUMN_JOINED},
	{"shared", COLUMN_SHARED}, {"shared mailbox", COLUMN_SHARED_ADDRESS}, {"shared address", COLUMN_SHARED_ADDRESS},
	{"shared addresses", COLUMN_SHARED_ADDRESS}, {"shared email", COLUMN_SHARED_ADDRESS},
};

struct roster_parser {
	const char *file;
	struct csv csv;
	enum column column[CSV_FIELDS];
	size_t n_columns;
	int (*zone_ok)(const char *, struct err *);
	struct arena *arena;
	struct roster out;
	struct known {
		const char *address;
		int line;
		bool shared, many; /* said to be shared · and it is, by two rows or by its column */
	} *known; /* open addressing; a power of two */
	bool row_shared;
	size_t n_known, known_size;
};

/* Lower case, '_' read as a blank, a number behind it dropped (address2). */
static const char *header_word(struct roster_parser *p, struct span s)
{
	while (s.n > 0 && s.p[s.n - 1] >= '0' && s.p[s.n - 1] <= '9')
		s.n--;
	s = span_trim(s);
	char *word = utf8_lower(p->arena, s.p, s.n);
	for (char *c = word; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	return word;
}

static int read_column(struct roster_parser *p, size_t i, struct err *err)
{
	const char *word = header_word(p, csv_field(&p->csv, i));
	struct near near = near_to(word);
	for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
		if (strcmp(word, columns[c].name) == 0) {
			p->column[i] = columns[c].column;
			return 0;
		}
		near_try(&near, columns[c].name);
	}
	return err_set(err, "%s:%d: there is no column \"%.*s\"%s%s%s: the columns are name, address, role, zone, approver, receipts, digest, joined, shared address", p->file,
	               p->csv.line, SPAN_ARG(csv_field(&p->csv, i)), near.best ? "; did you mean \"" : "", near.best ? near.best : "",
	               near.best ? "\"?" : "");
}

static int read_header(struct roster_parser *p, struct err *err)
{
	unsigned seen = 0;
	int found = csv_record(&p->csv, err);
	if (found < 0)
		return -1;
	if (found == 0)
		return err_set(err, "%s: is empty: the first line names the columns, such as name,address,role", p->file);
	p->n_columns = p->csv.n;
	for (size_t i = 0; i < p->n_columns; i++) {
		if (csv_field(&p->csv, i).n == 0)
			continue;
		if (read_column(p, i, err) < 0)
			return -1;
		if (p->column[i] != COLUMN_ADDRESS && (seen >> p->column[i] & 1) != 0)
			return err_set(err, "%s:%d: the column \"%.*s\" is there twice", p->file, p->csv.line, SPAN_ARG(csv_field(&p->csv, i)));
		seen |= 1u << p->column[i];
	}
	if ((seen >> COLUMN_ADDRESS & 1) == 0 || ((seen >> COLUMN_NAME & 1) == 0 && (seen >> COLUMN_LAST & 1) == 0))
		return err_set(err, "%s:%d: the first line must name the columns \"name\" and \"address\" (and may name role, zone, approver, receipts, digest, joined, shared address)",
		               p->file, p->csv.line);
	return 0;
}

/* ---- addresses */
static bool is_address(struct span s)
{
	const char *at = memrchr(s.p, '@', s.n);
	if (at == NULL || at == s.p || s.n > 254)
		return false;
	struct span domain = {at + 1, s.n - (size_t)(at + 1 - s.p)};
	if (domain.n == 0 || domain.p[0] == '.' || domain.p[domain.n - 1] == '.' || memchr(s.p, '@', (size_t)(at - s.p)) != NULL)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || strchr("<>()[]\\,;:\"", s.p[i]) != NULL || s.p[i] == 0x7f)
			return false;
	return utf8_valid(s.p, s.n);
}

static size_t hash(const char *s)
{
	uint64_t h = 1469598103934665603u;
	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

static struct known *known_slot(struct roster_parser *p, const char *address)
{
	size_t i = hash(address) & (p->known_size - 1);
	while (p->known[i].address != NULL && strcmp(p->known[i].address, address) != 0)
		i = (i + 1) & (p->known_size - 1);
	return &p->known[i];
}

static void known_grow(struct roster_parser *p)
{
	struct known *old = p->known;
	size_t old_size = p->known_size;
	p->known_size = old_size == 0 ? 256 : old_size * 2;
	p->known = arena_alloc(p->arena, p->known_size * sizeof *p->known);
	for (size_t i = 0; i < old_size; i++)
		if (old[i].address != NULL)
			*known_slot(p, old[i].address) = old[i];
}

static int add_address(struct roster_parser *p, struct person *person, struct span s, bool shared, struct err *err)
{
	if (!is_address(s))
		return err_set(err, "%s:%d: \"%.*s\" is not an address: write it as name@school.org", p->file, p->csv.line, SPAN_ARG(s));
	const char *address = utf8_lower(p->arena, s.p, s.n);
	if (p->n_known * 2 >= p->known_size)
		known_grow(p);
	struct known *slot = known_slot(p, address);
	if (slot->address != NULL && slot->line == p->csv.line)
		return 0;
	if (slot->address != NULL && !(slot->shared && (shared || p->row_shared)))
		return err_set(err, "%s:%d: the address %s is already in line %d: one address belongs to one person"
		               " (a mailbox that several write from goes into a column \"shared address\", or mark each row shared: yes)",
		               p->file, p->csv.line, address, slot->line);
	bool many = shared || slot->address != NULL;
	p->n_known += slot->address == NULL;
	*slot = (struct known){address, p->csv.line, shared || p->row_shared, many || slot->many};
	strs_add(&person->addresses, p->arena, address);
	return 0;
}

static int add_addresses(struct roster_parser *p, struct person *person, struct span field, bool shared, struct err *err)
{
	while (field.n > 0) {
		size_t n = 0;
		while (n < field.n && strchr(" \t\r\n,;", field.p[n]) == NULL)
			n++;
		if (n > 0 && add_address(p, person, (struct span){field.p, n}, shared, err) < 0)
			return -1;
		field = span_skip(field, n + 1);
	}
	return 0;
}

/* ---- one line */
typedef const char *name_fn(int);

static const char *role_at(int i)
{
	return person_role_name((enum person_role)i);
}

static const char *wish_at(int i)
{
	return wish_name((enum wish)i);
}

static const char *rhythm_at(int i)
{
	return rhythm_name((enum rhythm)i);
}

static int one_of(struct roster_parser *p, const char *what, struct span s, name_fn *name, int count, struct err *err)
{
	struct str all = {.max = 200};
	for (int i = 0; i < count; i++) {
		if (span_eq_nocase(s, name(i))) {
			str_release(&all);
			return i;
		}
		str_printf(&all, "%s%s", i == 0 ? "" : ", ", name(i));
	}
	err_set(err, "%s:%d: %s \"%.*s\": say one of %s", p->file, p->csv.line, what, SPAN_ARG(s), str_c(&all));
	str_release(&all);
	return -1;
}

static int read_zone(struct roster_parser *p, struct person *person, struct span s, struct err *err)
{
	struct err why = {0};
	person->zone = arena_strndup(p->arena, s.p, s.n);
	if (p->zone_ok != NULL && p->zone_ok(person->zone, &why) < 0)
		return err_set(err, "%s:%d: zone \"%s\": %s", p->file, p->csv.line, person->zone,
		               why.text[0] != '\0' ? why.text : "say a zone such as Europe/Berlin");
	return 0;
}

static int read_approver(struct roster_parser *p, struct person *person, struct span s, struct err *err)
{
	if (!is_address(s))
		return err_set(err, "%s:%d: approver \"%.*s\" is not an address: write it as name@school.org", p->file, p->csv.line, SPAN_ARG(s));
	person->approver = utf8_lower(p->arena, s.p, s.n);
	return 0;
}

static int read_joined(struct roster_parser *p, struct person *person, struct span s, struct err *err)
{
	if (day_parse(s, &person->joined) < 0)
		return err_set(err, "%s:%d: joined \"%.*s\" is not a day: write it as 2026-03-01", p->file, p->csv.line, SPAN_ARG(s));
	return 0;
}

static const char *yes_no_at(int i)
{
	static const char *const words[] = {"no", "yes"};
	return words[i];
}

static int read_field(struct roster_parser *p, struct person *person, enum column column, struct span s, struct err *err)
{
	int value = 0;
	switch (column) {
	case COLUMN_NONE:
	case COLUMN_FIRST:
	case COLUMN_LAST:
	case COLUMN_SHARED: /* read before the addresses */
		return 0;
	case COLUMN_JOINED:
		return read_joined(p, person, s, err);
	case COLUMN_SHARED_ADDRESS:
		return add_addresses(p, person, s, true, err);
	case COLUMN_NAME:
		person->name = arena_strndup(p->arena, s.p, s.n);
		return 0;
	case COLUMN_ADDRESS:
		return add_addresses(p, person, s, false, err);
	case COLUMN_ROLE:
		value = one_of(p, "role", s, role_at, PERSON_ROLE_COUNT, err);
		person->role = value < 0 ? person->role : (enum person_role)value;
		return value;
	case COLUMN_ZONE:
		return read_zone(p, person, s, err);
	case COLUMN_APPROVER:
		return read_approver(p, person, s, err);
	case COLUMN_RECEIPTS:
		value = one_of(p, "receipts", s, wish_at, WISH_COUNT, err);
		person->receipts = value < 0 ? person->receipts : (enum wish)value;
		return value;
	case COLUMN_DIGEST:
		value = one_of(p, "digest", s, rhythm_at, RHYTHM_COUNT, err);
		person->digest = value < 0 ? person->digest : (enum rhythm)value;
		return value;
	}
	return 0;
}

static struct span column_value(const struct roster_parser *p, enum column column)
{
	for (size_t i = 0; i < p->n_columns; i++)
		if (p->column[i] == column)
			return csv_field(&p->csv, i);
	return (struct span){"", 0};
}

static void name_from_parts(struct roster_parser *p, struct person *person)
{
	struct span first = column_value(p, COLUMN_FIRST), last = column_value(p, COLUMN_LAST);
	if (first.n + last.n > 0)
		person->name = arena_printf(p->arena, "%.*s%s%.*s", SPAN_ARG(first), first.n > 0 && last.n > 0 ? " " : "", SPAN_ARG(last));
}

static int read_person(struct roster_parser *p, struct err *err)
{
	struct person person = {0};
	if (p->csv.n > p->n_columns)
		return err_set(err, "%s:%d: has %zu fields, the first line names %zu: put fields with a separator inside into quotes", p->file, p->csv.line,
		               p->csv.n, p->n_columns);
	struct span shared = column_value(p, COLUMN_SHARED);
	int said = shared.n == 0 ? 0 : one_of(p, "shared", shared, yes_no_at, 2, err);
	if (said < 0)
		return -1;
	p->row_shared = said == 1;
	for (size_t i = 0; i < p->csv.n; i++) {
		struct span s = csv_field(&p->csv, i);
		if (s.n > 0 && read_field(p, &person, p->column[i], s, err) < 0)
			return -1;
	}
	if (person.name == NULL)
		name_from_parts(p, &person);
	if (person.name == NULL)
		return err_set(err, "%s:%d: has no name", p->file, p->csv.line);
	if (person.addresses.n == 0)
		return err_set(err, "%s:%d: %s has no address", p->file, p->csv.line, person.name);
	if (p->out.n == ROWS_MAX)
		return err_set(err, "%s:%d: has more than %d people", p->file, p->csv.line, ROWS_MAX);
	*ARENA_PUSH(p->arena, p->out.people, p->out.n) = person;
	return 0;
}

/* Of a row that is marked as a whole, shared is what other rows have too, or all that it has; of a column, everything. Own ones first. */
static void settle_shared(struct roster_parser *p, struct person *person)
{
	struct strs own = {0}, shared = {0};
	for (size_t i = 0; i < person->addresses.n; i++) {
		const struct known *known = known_slot(p, person->addresses.v[i]);
		bool is_shared = known->shared && (known->many || person->addresses.n == 1);
		strs_add(is_shared ? &shared : &own, p->arena, person->addresses.v[i]);
	}
	person->shared = shared;
	person->addresses = own;
	for (size_t i = 0; i < shared.n; i++)
		strs_add(&person->addresses, p->arena, shared.v[i]);
}

static int read_people(struct roster_parser *p, struct err *err)
{
	int found;
	if (read_header(p, err) < 0)
		return -1;
	while ((found = csv_record(&p->csv, err)) > 0)
		if (read_person(p, err) < 0)
			return -1;
	for (size_t i = 0; i < p->out.n; i++)
		settle_shared(p, &p->out.people[i]);
	return found;
}

/* The line of the first byte that is not text, 0 = all of it is. */
static int bad_line(struct span text)
{
	struct span line;
	for (int n = 1; span_line(&text, &line); n++)
		if (memchr(line.p, '\0', line.n) != NULL || !utf8_valid(line.p, line.n))
			return n;
	return 0;
}

int roster_parse(const char *file, struct span csv, int (*zone_ok)(const char *, struct err *), struct arena *arena,
                 struct roster *out, struct err *err)
{
	struct roster_parser p = {.file = file, .zone_ok = zone_ok, .arena = arena};
	int bad = bad_line(csv);
	if (bad > 0)
		return err_set(err, "%s:%d: is not UTF-8 text: save the file as CSV UTF-8", file, bad);
	csv_open(&p.csv, file, csv);
	int result = read_people(&p, err);
	csv_close(&p.csv);
	if (result < 0)
		return -1;
	*out = p.out;
	return 0;
}
