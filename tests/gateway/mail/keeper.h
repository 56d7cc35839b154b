#ifndef TESTS_GATEWAY_MAIL_KEEPER_H
#define TESTS_GATEWAY_MAIL_KEEPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "gateway/file.h"
#include "gateway/mail/mail.h"
#include "gateway/pack.h"
#include "gateway/worker.h"
#include "tests/scratch.h"

/* A campus folder for a test, and the keeper's side of a gate that runs as `--role gate` of the test itself. */

static scratch campus;

__attribute__((unused)) static const char *in_campus(const char *name)
{
	static char paths[8][300];
	static unsigned turn;
	turn = (turn + 1) % 8;
	snprintf(paths[turn], sizeof paths[turn], "%s/%s", campus, name);
	return paths[turn];
}

__attribute__((unused)) static void put_file(const char *name, const char *text)
{
	assert_int_equal(file_write(in_campus(name), span_of(text), 0600, NULL), 0);
}

/* mailbox: the lines of [mailbox "box"]; send: those of [send]. */
__attribute__((unused)) static void put_config(const char *mailbox, const char *send)
{
	struct str s = {0};
	str_printf(&s, "[campus]\nname = Test\naddress = pln@campus.example\nzone = UTC\n[mailbox \"box\"]\n%s\n[send]\n%s\n", mailbox, send);
	put_file("plnpost.conf", str_c(&s));
	str_release(&s);
}

__attribute__((unused)) static int count_files(const char *folder)
{
	int n = 0;
	DIR *dir = opendir(in_campus(folder));
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
		n += e->d_name[0] != '.';
	if (dir != NULL)
		closedir(dir);
	return n;
}

__attribute__((unused)) static void empty_campus(void)
{
	char command[100];
	snprintf(command, sizeof command, "rm -rf %s; mkdir %s", campus, campus);
	assert_int_equal(system(command), 0);
}

struct said {
	unsigned type;
	char ident[300], text[600];
	uint64_t number, size;
	struct str raw;
};

__attribute__((unused)) static void gate_say(struct worker *w, unsigned type, const char *ident)
{
	struct str s = {0};
	if (ident != NULL)
		pack_text(&s, ident);
	chan_send(&w->chan, type, (struct span){s.p, s.n});
	chan_flush_wait(&w->chan, 1000, NULL);
	str_release(&s);
}

__attribute__((unused)) static void gate_begin(struct worker *w, bool forever, uint64_t validity, uint64_t last, const char *unmarked)
{
	struct str s = {0};
	assert_int_equal(worker_start(w, "gate", campus, NULL), 0);
	pack_text(&s, "box");
	pack_u8(&s, forever);
	pack_u64(&s, validity);
	pack_u64(&s, last);
	pack_u32(&s, unmarked != NULL);
	if (unmarked != NULL)
		pack_text(&s, unmarked);
	chan_send(&w->chan, GATE_OPEN, (struct span){s.p, s.n});
	chan_flush_wait(&w->chan, 1000, NULL);
	str_release(&s);
}

static void copy_text(char *to, size_t room, struct unpack *u)
{
	struct arena arena = {0};
	const char *text = unpack_text(u, &arena);
	snprintf(to, room, "%s", text == NULL ? "" : text);
	arena_release(&arena);
}

/* The next frame; -1 type when there is none within ten seconds. */
__attribute__((unused)) static const struct said *gate_next(struct worker *w)
{
	static struct said said;
	struct frame frame;
	str_release(&said.raw);
	said = (struct said){.raw = {.max = CHAN_MAX}, .type = UINT32_MAX};
	if (chan_next_wait(&w->chan, &frame, 10000, NULL) != 1)
		return &said;
	struct unpack u = {(const unsigned char *)frame.payload.p, frame.payload.n, false};
	said.type = frame.type;
	if (frame.type == GATE_BOX) {
		said.number = unpack_u64(&u);
	} else if (frame.type == GATE_ALL) {
		said.number = unpack_u32(&u);
	} else if (frame.type == GATE_TROUBLE) {
		said.number = unpack_u8(&u);
		copy_text(said.text, sizeof said.text, &u);
	} else if (frame.type == GATE_MARKED) {
		copy_text(said.ident, sizeof said.ident, &u);
	} else if (frame.type == GATE_MAIL) {
		copy_text(said.ident, sizeof said.ident, &u);
		said.number = unpack_u64(&u);
		unpack_u64(&u);
		said.size = unpack_u64(&u);
		str_span(&said.raw, unpack_bytes(&u));
	}
	assert_true(unpack_done(&u));
	return &said;
}

__attribute__((unused)) static const struct said *gate_expect(struct worker *w, unsigned type)
{
	const struct said *said = gate_next(w);
	if (said->type != type)
		fail_msg("frame %u was wanted, %d came: %s%s", type, (int)said->type, said->ident, said->text);
	return said;
}

__attribute__((unused)) static int gate_end(struct worker *w)
{
	gate_say(w, GATE_STOP, NULL);
	return worker_stop(w, 5000);
}

/* The test's main: a worker of itself, or the tests in a fresh campus folder. */
static int test_main(int argc, char **argv, int (*run)(void))
{
	setlocale(LC_CTYPE, "C.UTF-8");
	if (argc == 7 && strcmp(argv[5], "--role") == 0)
		return strcmp(argv[6], "gate") == 0 ? gate_main(argv[4]) : postman_main(argv[4]);
	scratch_folder(campus);
	int result = run();
	char command[100];
	snprintf(command, sizeof command, "rm -rf %s", campus);
	return system(command) == 0 ? result : 1;
}

#endif
