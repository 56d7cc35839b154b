#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "gateway/pack.h"
#include "gateway/read/cage.h"
#include "gateway/read/client.h"
#include "gateway/read/read.h"
#include "gateway/read/reader-wire.h"
#include "tests/scratch.h"

/* ---- a reader that does as its mails say, so that every way to die can be had; PLN_TEST_READER chooses it */

static void mock_answer(struct chan *chan, const char *once, struct span payload)
{
	struct unpack u = {(const unsigned char *)payload.p, payload.n, false};
	struct arena arena = {0};
	uint64_t ticket = unpack_u64(&u);
	unpack_u64(&u);
	struct span raw = unpack_bytes(&u);
	struct reading r = {.subject = arena_strndup(&arena, raw.p, raw.n), .own = "", .quoted = ""};
	struct str out = {.max = CHAN_MAX};
	if (strstr(r.subject, "die") != NULL || (strstr(r.subject, "once") != NULL && access(once, F_OK) != 0)) {
		close(open(once, O_CREAT | O_WRONLY, 0600));
		raise(SIGKILL);
	}
	if (strstr(r.subject, "stall") != NULL)
		poll(NULL, 0, 60000);
	pack_u64(&out, strstr(r.subject, "confuse") != NULL ? ticket + 1 : ticket);
	if (strstr(r.subject, "garbage") == NULL)
		wire_pack(&out, &r);
	chan_send(chan, READER_ANSWER, (struct span){out.p, out.n});
	chan_flush_wait(chan, -1, NULL);
	str_release(&out);
	arena_release(&arena);
}

static int mock_main(void)
{
	struct chan chan;
	struct frame frame;
	char once[256] = "";
	chan_init(&chan, WORKER_FD);
	while (chan_next_wait(&chan, &frame, -1, NULL) > 0) {
		if (frame.type == READER_MAIL) {
			mock_answer(&chan, once, frame.payload);
			continue;
		}
		struct unpack u = {(const unsigned char *)frame.payload.p, frame.payload.n, false};
		struct arena arena = {0};
		for (int i = 0; i < 3; i++)
			unpack_u32(&u); /* three empty lists */
		snprintf(once, sizeof once, "%s", unpack_text(&u, &arena)); /* the name of the rules says where to remember */
		arena_release(&arena);
		bool trouble = strcmp(once, "trouble") == 0;
		if (strcmp(once, "no start") == 0)
			_exit(3);
		chan_send(&chan, trouble ? READER_TROUBLE : READER_READY, span_of(trouble ? "rules:1: wrong" : ""));
		chan_flush_wait(&chan, -1, NULL);
	}
	_exit(0);
}

/* ---- tables of mails and what must come back */

#define MAILS 8

struct want {
	const char *name;
	const char *mails[MAILS]; /* in order */
	const char *killed;       /* a word: mails with it are answered as killed, all others are read */
	int renew_after;
};

static const struct want wants[] = {
	{"plain", {"a", "b", "c"}, "nothing", 0},
	{"one dies", {"a", "die", "b", "c"}, "die", 0},
	{"first and last die", {"die", "a", "die"}, "die", 0},
	{"only deaths", {"die", "die", "die"}, "die", 0},
	{"dies once", {"a", "once", "b"}, "nothing", 0},
	{"answers garbage", {"a", "garbage", "b"}, "garbage", 0},
	{"answers for another", {"confuse", "a"}, "confuse", 0},
	{"stalls", {"a", "stall", "b"}, "stall", 0},
	{"renewed after each", {"a", "b", "c", "d"}, "nothing", 1},
	{"renewed and killed", {"a", "b", "die", "c", "d"}, "die", 2},
};

static void test_none_lost_none_twice(void **state)
{
	(void)state;
	scratch once;
	setenv("PLN_TEST_READER", "mock", 1);
	scratch_file(once);
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		const struct want *w = &wants[i];
		struct err err = {0};
		struct read_setup setup = {.rules_name = once, .seconds = 1, .renew_after = w->renew_after};
		unlink(once);
		struct reader *r = reader_open(&setup, &err);
		assert_non_null(r);
		uint64_t n = 0;
		for (; n < MAILS && w->mails[n] != NULL; n++)
			reader_send(r, n + 100, span_of(w->mails[n]));
		for (uint64_t k = 0; k < n; k++) {
			struct arena arena = {0};
			struct read_answer answer;
			int got = reader_next(r, -1, &arena, &answer, &err);
			if (got != 1 || answer.ticket != k + 100)
				fail_msg("%s: mail %u: %d, %s", w->name, (unsigned)k, got, err.text);
			assert_int_equal(answer.killed, strcmp(w->mails[k], w->killed) == 0);
			assert_memory_equal(answer.raw.p, w->mails[k], answer.raw.n);
			if (answer.killed)
				assert_non_null(strstr(answer.why, "twice"));
			else
				assert_string_equal(answer.reading.subject, w->mails[k]);
			arena_release(&arena);
		}
		struct arena arena = {0};
		struct read_answer answer;
		assert_int_equal(reader_next(r, 0, &arena, &answer, &err), 0);
		assert_int_equal(reader_load(r), 0);
		reader_close(r);
	}
	unlink(once);
	unsetenv("PLN_TEST_READER");
}

static void test_trouble_at_the_start_is_told(void **state)
{
	(void)state;
	static const struct {
		const char *name, *says;
	} cases[] = {{"trouble", "rules:1: wrong"}, {"no start", "exit 3"}};
	setenv("PLN_TEST_READER", "mock", 1);
	for (size_t i = 0; i < 2; i++) {
		struct err err = {0};
		struct arena arena = {0};
		struct read_answer answer;
		struct reader *r = reader_open(&(struct read_setup){.rules_name = cases[i].name}, &err);
		assert_non_null(r);
		reader_send(r, 1, SPAN("a"));
		assert_int_equal(reader_next(r, -1, &arena, &answer, &err), -1);
		assert_non_null(strstr(err.text, cases[i].says));
		reader_close(r);
	}
	unsetenv("PLN_TEST_READER");
}

/* ---- the real reader */

static void test_reads_mail_in_its_cage(void **state)
{
	(void)state;
	struct err err = {0};
	struct arena arena = {0};
	struct read_answer answer;
	struct read_setup setup = {.max_mail = 200};
	bool want_write;
	int64_t deadline;
	char big[1000] = "Subject: big\n\n";
	memset(big + strlen(big), 'x', sizeof big - strlen(big));
	struct reader *r = reader_open(&setup, &err);
	assert_non_null(r);
	assert_true(reader_fd(r, &want_write, &deadline) >= 0);
	reader_send(r, 7, SPAN("From: a@b.example\nSubject: Exit\nContent-Type: text/html; charset=iso-2022-jp\n\n<p>x</p>\n"));
	reader_send(r, 8, (struct span){big, sizeof big});
	assert_true(reader_load(r) > 0);
	assert_int_equal(reader_next(r, -1, &arena, &answer, &err), 1);
	assert_int_equal(answer.ticket, 7);
	assert_false(answer.killed);
	assert_string_equal(answer.reading.subject, "Exit");
	assert_int_equal(reader_next(r, -1, &arena, &answer, &err), 1);
	assert_string_equal(answer.reading.subject, "big");
	assert_non_null(strstr(answer.reading.defects.v[answer.reading.defects.n - 1], "only the first 200"));
	arena_release(&arena);
	reader_close(r);
	reader_close(NULL);
}

static void test_wrong_rules_are_told(void **state)
{
	(void)state;
	struct err err = {0};
	struct arena arena = {0};
	struct read_answer answer;
	struct read_setup setup = {.rules_name = "my.rules", .rules = SPAN("[nonsense\n")};
	struct reader *r = reader_open(&setup, &err);
	assert_non_null(r);
	reader_send(r, 1, SPAN("Subject: x\n\nx\n"));
	assert_int_equal(reader_next(r, -1, &arena, &answer, &err), -1);
	assert_non_null(strstr(err.text, "my.rules:1"));
	reader_close(r);
}

/* ---- the cage: what a caged child may not do */

static int try_open(void)
{
	return open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES ? 0 : 1;
}

static int try_create(void)
{
	return open("/tmp/plnpost-cage", O_CREAT | O_WRONLY, 0600) < 0 ? 0 : 1;
}

static int try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 1 : 2;
}

static int try_fork(void)
{
	return fork() < 0 ? 1 : 2;
}

static int try_exec(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return 1;
}

static int try_kill(void)
{
	return kill(getppid(), 0) < 0 ? 1 : 2;
}

static int try_unlink(void)
{
	return unlink("/tmp/plnpost-cage") < 0 ? 1 : 2;
}

static int try_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 1 : 2;
}

static int try_to_compute(void)
{
	char *p = malloc(1 << 20);
	memset(p, 1, 1 << 20);
	int sum = p[77] + (int)(clock_ms() > 0);
	free(p);
	return sum == 2 ? 0 : 1;
}

static const struct {
	const char *name;
	int (*try_it)(void); /* 0: it went as it should */
	bool killed;
	bool with_asan;      /* AddressSanitizer needs what this forbids */
} tries[] = {
	{"compute", try_to_compute, false, true}, {"open", try_open, false, true},  {"create", try_create, false, true},
	{"socket", try_socket, true, true},       {"fork", try_fork, true, true},   {"exec", try_exec, true, true},
	{"kill", try_kill, true, true},           {"unlink", try_unlink, true, true}, {"code", try_code, true, false},
};

static void test_cage(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
#ifdef __SANITIZE_ADDRESS__
		if (!tries[i].with_asan)
			continue;
#endif
		int status = 0;
		pid_t pid = fork();
		if (pid == 0)
			_exit(cage_close(256, NULL) < 0 ? 99 : tries[i].try_it());
		assert_int_equal(waitpid(pid, &status, 0), pid);
		bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
		if (killed != tries[i].killed || (!killed && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)))
			fail_msg("%s: status %x", tries[i].name, (unsigned)status);
	}
}

static void test_cpu_is_limited(void **state)
{
	(void)state;
	int status = 0;
	pid_t pid = fork();
	if (pid == 0) {
		if (cage_close(256, NULL) < 0)
			_exit(99);
		cage_give_seconds(-1); /* and the two of grace */
		for (volatile unsigned i = 0;; i++)
			;
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--role") == 0)
			return getenv("PLN_TEST_READER") != NULL ? mock_main() : reader_main();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none_lost_none_twice),  cmocka_unit_test(test_trouble_at_the_start_is_told),
		cmocka_unit_test(test_reads_mail_in_its_cage), cmocka_unit_test(test_wrong_rules_are_told),
		cmocka_unit_test(test_cage),                   cmocka_unit_test(test_cpu_is_limited),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
