#include "gateway/desk.h"

/* Lines that end every mail of a person ("Go Tigers!", a school's disclaimer) are no words about what was read. No table knows
 * them; they are learnt: a line that has ended two earlier mails of the same person is left out of the note. */

#define LOOKED_AT 5   /* lines from the end */
#define SEEN_BEFORE 2
#define SHORTEST 3

static uint64_t hash_of(struct span line)
{
	uint8_t hash[HASH_BYTES];
	uint64_t value;
	hash_bytes(hash, line.p, line.n);
	memcpy(&value, hash, sizeof value);
	return value >> 1; /* SQLite's integers are signed */
}

/* The last line with words in text[0, *n); *n becomes what stands before it. Empty when it is the first: that one always stays. */
static struct span last_line(const char *text, size_t *n)
{
	struct span line = {text, 0};
	while (line.n == 0 && *n > 0) {
		const char *nl = memrchr(text, '\n', *n);
		size_t start = nl == NULL ? 0 : (size_t)(nl - text) + 1;
		line = span_trim((struct span){text + start, *n - start});
		*n = start == 0 ? 0 : start - 1;
	}
	for (size_t i = 0; i < *n; i++)
		if (text[i] != '\n' && text[i] != ' ')
			return line;
	return (struct span){text, 0};
}

int trailer_cut(struct desk *desk, int64_t person, const char **note, struct err *err)
{
	size_t left = strlen(*note), kept = left;
	bool repeated = true;
	for (int i = 0; i < LOOKED_AT; i++) {
		struct span line = last_line(*note, &left);
		int seen = 0;
		if (line.n == 0)
			break;
		if (line.n < SHORTEST)
			continue;
		uint64_t hash = hash_of(line);
		if (store_trailer_seen(desk->store, person, hash, &seen, err) < 0 || store_note_trailer(desk->store, person, hash, err) < 0)
			return -1;
		repeated = repeated && seen >= SEEN_BEFORE;
		if (repeated)
			kept = left;
	}
	struct span rest = span_trim((struct span){*note, kept});
	if (kept < strlen(*note))
		*note = arena_strndup(desk->arena, rest.p, rest.n);
	return 0;
}
