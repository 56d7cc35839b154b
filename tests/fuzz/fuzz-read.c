#include <locale.h>
#include <stdlib.h>

#include "gateway/read/read.h"
#include "rules/shipped.h"

/* A whole mail: read, packed, unpacked and told, as it goes from the reader to the keeper. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct read_options options;
static struct command ready = {COMMAND_READY, 0, 0, ""};

static void set_up(void)
{
	static const char *mx = "mx.campus.example", *campus = "pln@campus.example";
	const struct shipped *rules = shipped_find(shipped_rules, "minutes.rules");
	setlocale(LC_CTYPE, "C.UTF-8");
	read_warm_up();
	options = (struct read_options){.authservs = {&mx, 1}, .campus = {&campus, 1}};
	options.rules = ruleset_parse(rules->name, (struct span){rules->text, rules->n}, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = {0};
	struct reading in, out;
	struct str packed = {.max = (size_t)64 << 20}, json = {.max = (size_t)64 << 20};
	if (options.rules == NULL)
		set_up();
	read_mail(&options, (struct span){(const char *)data, n}, &arena, &in);
	struct said said = in.said; /* its files as well, as if it said that they are wanted */
	in.said.commands = &ready;
	in.said.n_commands = 1;
	read_files((struct span){(const char *)data, n}, &arena, &in);
	in.said = said;
	wire_pack(&packed, &in);
	if (wire_unpack((struct span){packed.p, packed.n}, &arena, &out) < 0)
		abort(); /* the keeper would take the reader for broken */
	reading_json(&json, NULL, &out, NULL);
	if (!utf8_valid(json.p, json.n))
		abort();
	str_release(&json);
	str_release(&packed);
	arena_release(&arena);
	return 0;
}
