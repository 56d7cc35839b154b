#include "gateway/transcript.h"

#include <ctype.h>

#include "gateway/pack.h"
#include "rules/csv.h"

#define SYMBOLS 15 /* and the check symbol */

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void take_symbols(const uint8_t *bytes, unsigned v[SYMBOLS])
{
	for (size_t i = 0; i < SYMBOLS; i++) {
		unsigned at = (unsigned)i * 5, two = (unsigned)bytes[at / 8] << 8 | bytes[at / 8 + 1];
		v[i] = two >> (11 - at % 8) & 31;
	}
}

static unsigned check_symbol(const unsigned v[SYMBOLS])
{
	unsigned sum = 0;
	for (size_t i = 0; i < SYMBOLS; i++)
		sum = (sum * 32 + v[i]) % 37;
	return sum;
}

/* Crockford's check symbols above 31 are signs that no telephone gets right: such a number is passed over for the next. */
void transcript_code(char out[TRANSCRIPT_CODE], const uint8_t content[HASH_BYTES])
{
	unsigned v[SYMBOLS + 1], turn = 0;
	do {
		struct str form = {0};
		uint8_t hash[HASH_BYTES];
		str_puts(&form, "plnpost transcript");
		pack_u32(&form, turn++);
		str_add(&form, content, HASH_BYTES);
		hash_bytes(hash, form.p, form.n);
		str_release(&form);
		take_symbols(hash, v);
		v[SYMBOLS] = check_symbol(v);
	} while (v[SYMBOLS] >= 32);
	for (size_t i = 0, n = 0; i <= SYMBOLS; i++) {
		if (i > 0 && i % 4 == 0)
			out[n++] = '-';
		out[n++] = alphabet[v[i]];
		out[n] = '\0';
	}
}

static int symbol_of(char c)
{
	char upper = (char)toupper((unsigned char)c);
	char plain = upper == 'O' ? '0' : upper == 'I' || upper == 'L' ? '1' : upper;
	const char *found = plain == '\0' ? NULL : strchr(alphabet, plain);
	return found == NULL ? -1 : (int)(found - alphabet);
}

int transcript_code_read(const char *text, char out[TRANSCRIPT_CODE])
{
	unsigned v[SYMBOLS + 1];
	size_t n = 0, at = 0;
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '-' || *p == ' ')
			continue;
		int symbol = symbol_of(*p);
		if (symbol < 0 || n > SYMBOLS)
			return -1;
		v[n++] = (unsigned)symbol;
	}
	if (n != SYMBOLS + 1 || check_symbol(v) != v[SYMBOLS])
		return -1;
	for (size_t i = 0; i <= SYMBOLS; i++) {
		if (i > 0 && i % 4 == 0)
			out[at++] = '-';
		out[at++] = alphabet[v[i]];
	}
	out[at] = '\0';
	return 0;
}

/* ---- reading a file back: fields count, not how they were quoted or separated */

static const char *copy(struct arena *arena, struct span s)
{
	return arena_strndup(arena, s.p, s.n);
}

static void take_fact(struct transcript_file *file, const struct csv *csv, struct arena *arena)
{
	const struct {
		const char *record;
		const char **into;
	} facts[] = {{"campus", &file->campus}, {"person", &file->person}, {"year", &file->year}, {"code", &file->code}, {"ledger", &file->line_hash}};
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (span_eq(csv_field(csv, 0), facts[i].record))
			*facts[i].into = copy(arena, csv_field(csv, 3));
	if (!span_eq(csv_field(csv, 0), "ledger"))
		return;
	struct span digits = csv_field(csv, csv->n - 1);
	for (size_t i = 0; i < digits.n && i < 18 && isdigit((unsigned char)digits.p[i]); i++)
		file->line = file->line * 10 + (digits.p[i] - '0');
}

static void add_record(struct str *form, const struct csv *csv)
{
	size_t n = csv->n;
	while (n > 0 && csv_field(csv, n - 1).n == 0)
		n--;
	pack_u32(form, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		pack_bytes(form, csv_field(csv, i).p, csv_field(csv, i).n);
}

int transcript_read(const char *name, struct span text, struct arena *arena, struct transcript_file *file, struct err *err)
{
	struct csv csv;
	struct str form = {.max = 64 << 20};
	struct transcript_file found = {.code = "", .campus = "", .person = "", .year = "", .line_hash = ""};
	csv_open(&csv, name, text);
	int got;
	for (bool first = true; (got = csv_record(&csv, err)) == 1; first = false) {
		if (first && !span_eq(csv_field(&csv, 0), "record")) {
			got = err_set(err, "%s: is no transcript: its first line does not begin with \"record\"", name);
			break;
		}
		take_fact(&found, &csv, arena);
		if (!span_eq(csv_field(&csv, 0), "code"))
			add_record(&form, &csv);
	}
	if (got == 0 && form.n == 0)
		got = err_set(err, "%s: is empty", name);
	if (got == 0 && form.cut)
		got = err_set(err, "%s: is longer than any transcript", name);
	if (got == 0) {
		hash_bytes(found.content, form.p, form.n);
		*file = found;
	}
	str_release(&form);
	csv_close(&csv);
	return got;
}
