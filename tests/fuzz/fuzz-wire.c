#include <stdlib.h>

#include "gateway/read/read.h"

/* What a reader that has been taken over might say to the keeper: refused, or fit to be used. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = {0};
	struct reading r, again;
	struct str packed = {.max = (size_t)64 << 20}, json = {.max = (size_t)64 << 20};
	if (wire_unpack((struct span){(const char *)data, n}, &arena, &r) == 0) {
		wire_pack(&packed, &r);
		reading_json(&json, NULL, &r, NULL);
		if (wire_unpack((struct span){packed.p, packed.n}, &arena, &again) < 0)
			abort();
	}
	str_release(&packed);
	str_release(&json);
	arena_release(&arena);
	return 0;
}
