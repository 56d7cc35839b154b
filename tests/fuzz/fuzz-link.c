#include <locale.h>
#include <stdlib.h>

#include "gateway/read/links.h"

/* A link and, behind a line end, what it is relative to: parsed, opened, cleaned, made canonical. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_base(struct span link, struct span base)
{
	struct str base_buf = {.max = URL_MAX * 4}, buf = {.max = URL_MAX * 4};
	struct url on, url;
	const char *why;
	bool has_base = url_parse(base, NULL, URL_BROWSER, &base_buf, &on, &why) == 0;
	if (url_parse(link, has_base ? &on : NULL, URL_BROWSER, &buf, &url, &why) == 0 && url.hostname.n == 0)
		abort();
	str_release(&base_buf);
	str_release(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static bool ready;
	struct arena arena = {0};
	struct link_step steps[LINK_DEPTH];
	struct str out = {.max = URL_MAX * 4}, again = {.max = URL_MAX * 4};
	if (!ready)
		ready = setlocale(LC_CTYPE, "C.UTF-8") != NULL;
	struct span base = {(const char *)data, n}, link = {"", 0};
	span_until(&base, '\n', &link);
	check_base(link, base);
	if (link_unwrap(linkrules_shipped(), link, &arena, steps) > LINK_DEPTH)
		abort();
	link_clean(linkrules_shipped(), link, NULL, &out);
	if (link_canonical(linkrules_shipped(), link, &out) == 0 && link_canonical(linkrules_shipped(), (struct span){out.p, out.n}, &again) == 0 &&
	    strcmp(out.p, again.p) != 0)
		abort(); /* one page, one form */
	str_release(&out);
	str_release(&again);
	arena_release(&arena);
	return 0;
}
