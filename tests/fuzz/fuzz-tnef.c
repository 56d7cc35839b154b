#include <stdlib.h>

#include "gateway/pack.h"
#include "gateway/read/mime.h"
#include "gateway/read/rtf.h"

/* A winmail.dat: attributes with their right check sums around what the fuzzer says, or else its bytes as they are; and
 * the same bytes as RTF. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct {
	unsigned level;
	uint32_t id;
} attributes[] = {{1, 0x00089006}, {1, 0x0002800c}, {2, 0x00069002}, {2, 0x00018010}, {2, 0x0006800f}, {1, 0x00069003}, {2, 0x00069005},
	{1, 0x00018004}, {1, 0x00069007}, {1, 0x00008000}, {1, 0x00038005}, {1, 0x00078008}, {1, 0x00018009}, {1, 0x00048 << 12 | 0x00d},
	{2, 0x00069001}, {2, 0x00068011}, {2, 0x00038012}, {1, 0x00069004}, {1, 0x00060000}, {1, 0x00078006}};

static void put(struct str *s, unsigned which, const uint8_t *data, size_t n)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += data[i];
	which %= sizeof attributes / sizeof *attributes;
	pack_u8(s, attributes[which].level);
	pack_u32(s, attributes[which].id);
	pack_u32(s, (uint32_t)n);
	str_add(s, data, n);
	pack_u8(s, sum & 0xff);
	pack_u8(s, sum >> 8 & 0xff);
}

static void build(struct str *s, const uint8_t *data, size_t n)
{
	str_add(s, "\x78\x9f\x3e\x22\x01\x00", 6);
	while (n > 2) {
		size_t length = data[1] < n - 2 ? data[1] : n - 2;
		put(s, data[0], data + 2, length);
		data += 2 + length;
		n -= 2 + length;
	}
}

static void check(struct span bytes, struct arena *arena)
{
	struct tnef tnef;
	tnef_read(bytes, arena, &tnef);
	for (size_t i = 0; i < tnef.n_files; i++)
		if (!utf8_valid(tnef.files[i].filename, strlen(tnef.files[i].filename)) || !utf8_valid(tnef.files[i].type, strlen(tnef.files[i].type)))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = {0};
	struct str built = {0};
	struct span bytes = {(const char *)data, n};
	build(&built, data, n);
	check((struct span){built.p, built.n}, &arena);
	check(bytes, &arena);
	const char *text = rtf_text(&arena, bytes);
	if (!utf8_valid(text, strlen(text)))
		abort();
	str_release(&built);
	arena_release(&arena);
	return 0;
}
