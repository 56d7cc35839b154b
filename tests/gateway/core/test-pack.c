#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/chan.h"
#include "gateway/clock.h"
#include "gateway/hash.h"
#include "gateway/json.h"
#include "gateway/pack.h"

static struct unpack over(const struct str *s, size_t n)
{
	return (struct unpack){(const unsigned char *)str_c(s), n, false};
}

static void fill(struct str *s)
{
	pack_u8(s, 200);
	pack_u32(s, 4000000000U);
	pack_u64(s, UINT64_MAX - 1);
	pack_text(s, "Grüße");
	pack_text(s, NULL);
	pack_bytes(s, "\0\xff", 2);
}

static bool take(struct unpack *u, struct arena *arena)
{
	bool right = unpack_u8(u) == 200;
	right &= unpack_u32(u) == 4000000000U;
	right &= unpack_u64(u) == UINT64_MAX - 1;
	const char *text = unpack_text(u, arena);
	right &= text != NULL && strcmp(text, "Grüße") == 0;
	right &= unpack_text(u, arena) == NULL;
	struct span bytes = unpack_bytes(u);
	right &= bytes.n == 2 && memcmp(bytes.p, "\0\xff", 2) == 0;
	return right && unpack_done(u);
}

static void round_trip_and_every_cut(void **state)
{
	struct str s = {0};
	struct arena arena = {0};
	(void)state;
	fill(&s);
	struct unpack u = over(&s, s.n);
	assert_true(take(&u, &arena));
	for (size_t n = 0; n < s.n; n++) {
		u = over(&s, n);
		assert_false(take(&u, &arena));
	}
	pack_u8(&s, 0);
	u = over(&s, s.n);
	assert_false(take(&u, &arena)); /* something is left over */
	arena_release(&arena);
	str_release(&s);
}

static void refuses(void **state)
{
	struct str s = {0};
	struct arena arena = {0};
	(void)state;
	pack_bytes(&s, "a\0b", 3);
	struct unpack u = over(&s, s.n);
	assert_string_equal(unpack_text(&u, &arena), "");
	assert_true(u.bad);
	str_clear(&s);
	pack_bytes(&s, "\xc0\xaf", 2); /* an overlong slash */
	u = over(&s, s.n);
	unpack_text(&u, &arena);
	assert_true(u.bad);
	str_clear(&s);
	pack_u32(&s, 1000000);
	u = over(&s, s.n);
	assert_int_equal(unpack_count(&u, 4), 0);
	assert_true(u.bad);
	str_clear(&s);
	pack_u8(&s, 3);
	u = over(&s, s.n);
	assert_int_equal(unpack_enum(&u, 3), 0);
	assert_true(u.bad);
	assert_int_equal(unpack_u64(&u), 0); /* bad stays bad */
	arena_release(&arena);
	str_release(&s);
}

static void pair_of_channels(struct chan *a, struct chan *b)
{
	int fds[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	chan_init(a, fds[0]);
	chan_init(b, fds[1]);
}

static void frames_arrive_whole(void **state)
{
	struct chan a, b;
	struct frame f;
	struct err err;
	struct str big = {.max = 8 << 20};
	(void)state;
	for (int i = 0; i < 1000000; i++)
		pack_u32(&big, (uint32_t)i);
	pair_of_channels(&a, &b);
	assert_int_equal(chan_next(&b, &f, &err), 0);
	chan_send(&a, 7, SPAN("seven"));
	chan_send(&a, 8, SPAN(""));
	chan_send(&a, 9, (struct span){big.p, big.n});
	for (int seen = 7; seen < 10;) {
		chan_flush(&a, &err);
		int got = chan_next(&b, &f, &err);
		assert_int_not_equal(got, -1);
		if (got == 0)
			continue;
		assert_int_equal(f.type, seen++);
		if (f.type == 7)
			assert_true(span_eq(f.payload, "seven"));
		if (f.type == 9) {
			assert_int_equal(f.payload.n, big.n);
			assert_memory_equal(f.payload.p, big.p, big.n);
		}
	}
	assert_int_equal(chan_queued(&a), 0);
	chan_close(&a);
	assert_int_equal(chan_next(&b, &f, &err), -1);
	chan_close(&b);
	chan_close(&b);
	str_release(&big);
}

static void a_lying_length_is_refused(void **state)
{
	struct chan a, b;
	struct frame f;
	struct err err;
	(void)state;
	pair_of_channels(&a, &b);
	assert_int_equal(write(a.fd, "\xff\xff\xff\xff\x01", 5), 5);
	assert_int_equal(chan_next(&b, &f, &err), -1);
	chan_close(&a);
	chan_close(&b);
}

static void waiting_has_a_deadline(void **state)
{
	struct chan a, b;
	struct frame f;
	struct err err;
	(void)state;
	pair_of_channels(&a, &b);
	int64_t from = clock_ms();
	assert_int_equal(chan_next_wait(&b, &f, 30, &err), 0);
	assert_true(clock_ms() - from >= 30);
	chan_close(&a);
	chan_close(&b);
}

static void json_is_escaped(void **state)
{
	struct str s = {0};
	struct json j = {.out = &s};
	(void)state;
	json_open(&j, NULL, '{');
	json_text(&j, "a", "quote \" slash \\ line\n nul-free \x01 \xe2\x80\xa8 bad \xff ok ü");
	json_int(&j, "b", -5);
	json_open(&j, "c", '[');
	json_bool(&j, NULL, true);
	json_null(&j, NULL);
	json_open(&j, NULL, '{');
	json_close(&j, '}');
	json_close(&j, ']');
	json_close(&j, '}');
	assert_string_equal(str_c(&s), "{\"a\":\"quote \\\" slash \\\\ line\\u000a nul-free \\u0001 \\u2028 bad \xef\xbf\xbd ok ü\",\"b\":-5,\"c\":[true,null,{}]}");
	str_release(&s);
}

static void hashes(void **state)
{
	uint8_t a[HASH_BYTES], b[HASH_BYTES];
	char hex[2 * HASH_BYTES + 1], token[TOKEN_CHARS + 1], other[TOKEN_CHARS + 1];
	(void)state;
	hash_bytes(a, "abc", 3);
	hash_hex(hex, a);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); /* FIPS 180-4 */
	hash_body(a, "X: 1\n\nbody", 10);
	hash_body(b, "X: 2\r\n\r\nbody", 12);
	assert_memory_equal(a, b, HASH_BYTES); /* the header does not count */
	token_new(token);
	token_new(other);
	assert_int_equal(strlen(token), TOKEN_CHARS);
	assert_string_not_equal(token, other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip_and_every_cut), cmocka_unit_test(refuses), cmocka_unit_test(frames_arrive_whole),
		cmocka_unit_test(a_lying_length_is_refused), cmocka_unit_test(waiting_has_a_deadline), cmocka_unit_test(json_is_escaped), cmocka_unit_test(hashes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
