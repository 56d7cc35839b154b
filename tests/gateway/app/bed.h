/* A campus in a folder that is removed with it. Included behind cmocka.h. */
#ifndef TESTS_GATEWAY_APP_BED_H
#define TESTS_GATEWAY_APP_BED_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gateway/campus.h"
#include "gateway/file.h"
#include "tests/scratch.h"

struct bed {
	scratch folder;
	struct campus campus;
	struct arena arena;
	struct err err;
};

static const char bed_conf[] = "[campus]\nname = Lincoln High PLN\naddress = pln@school.example\nzone = Europe/Berlin\nrules = minutes.rules\n[mailbox \"main\"]\nurl = maildir:inbox\n"
                           "[send]\nurl = maildir:outbox\n";

static inline void bed_open(struct bed *bed, const char *conf)
{
	const char *path = arena_printf(&bed->arena, "%s/plnpost.conf", bed->folder);
	if (file_write(path, span_of(conf), 0600, &bed->err) < 0 || campus_open(&bed->campus, bed->folder, STORE_CREATE, &bed->err) < 0)
		fail_msg("%s", bed->err.text);
}

static inline void bed_close(struct bed *bed)
{
	static const char *const names[] = {"plnpost.conf", "plnpost.db", "plnpost.db-wal", "plnpost.db-shm"};
	campus_close(&bed->campus);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(arena_printf(&bed->arena, "%s/%s", bed->folder, names[i]));
	assert_int_equal(rmdir(bed->folder), 0);
	arena_release(&bed->arena);
}

static inline void open_campus(struct bed *bed, const char *more)
{
	bed_open(bed, arena_printf(&bed->arena, "%s%s", bed_conf, more));
}

static inline int setup(void **state)
{
	struct bed *bed = calloc(1, sizeof *bed);
	scratch_folder(bed->folder);
	open_campus(bed, "");
	*state = bed;
	return 0;
}

static inline int teardown(void **state)
{
	bed_close(*state);
	free(*state);
	return 0;
}

static inline int64_t add_person(struct bed *bed, const char *name, const char *addr, enum person_role role, int64_t paused_until, bool left)
{
	struct person p = {.name = name, .role = role, .paused_until = paused_until, .left = left};
	strs_add(&p.addresses, &bed->arena, addr);
	if (store_begin(bed->campus.store, &bed->err) < 0 || store_put_person(bed->campus.store, &p, &bed->err) < 0 || store_commit(bed->campus.store, &bed->err) < 0)
		fail_msg("%s", bed->err.text);
	return p.id;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
