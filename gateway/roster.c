#include "gateway/clock.h"
#include "gateway/file.h"
#include "gateway/hash.h"
#include "gateway/keeper.h"

#define ROSTER_MAX ((size_t)8 << 20)

/* In one transaction: the people, and the hash of the file that they came from. */
static int take(struct campus *campus, const struct roster *roster, const char *hash, struct import_count *count, struct err *err)
{
	if (store_begin(campus->store, err) < 0)
		return -1;
	if (store_import_people(campus->store, roster, count, err) < 0 || store_set_meta(campus->store, "roster", hash, err) < 0) {
		store_rollback(campus->store);
		return -1;
	}
	return store_commit(campus->store, err);
}

int roster_refresh(struct campus *campus, struct import_count *count, struct err *err)
{
	struct arena arena = {0};
	struct str text = {.max = ROSTER_MAX};
	struct roster roster = {0};
	uint8_t bytes[HASH_BYTES];
	char hash[2 * HASH_BYTES + 1];
	const char *old = NULL;
	int result = 0;
	*count = (struct import_count){0};
	const char *path = config_path(&campus->config, &arena, "roster.csv");
	if (!file_exists(path))
		goto out;
	result = file_read(path, &text, err);
	if (result < 0)
		goto out;
	hash_bytes(bytes, str_c(&text), text.n);
	hash_hex(hash, bytes);
	result = store_meta(campus->store, "roster", &arena, &old, err);
	if (result < 0 || (result > 0 && strcmp(old, hash) == 0)) {
		result = result < 0 ? -1 : 0;
		goto out;
	}
	result = roster_parse(path, (struct span){str_c(&text), text.n}, clock_zone_check, &arena, &roster, err);
	if (result == 0)
		result = take(campus, &roster, hash, count, err) < 0 ? -1 : 1;
out:
	str_release(&text);
	arena_release(&arena);
	return result;
}
