#include "gateway/pack.h"
#include "gateway/read/wire-values.h"

#define MINUTES_MOST 100000
#define NUMBER_MOST INT32_MAX

static void put_tagging(struct str *s, const struct tagging *t)
{
	wire_put_bool(s, t->pln);
	wire_put_strs(s, &t->tags);
	pack_u8(s, t->kind);
	wire_put_strs(s, &t->topics);
	wire_put_strs(s, &t->with);
	wire_put_int(s, t->minutes);
	wire_put_int(s, t->day);
	wire_put_bool(s, t->starred);
	wire_put_bool(s, t->is_private);
	wire_put_bool(s, t->nocredit);
	wire_put_bool(s, t->unstar);
	wire_put_bool(s, t->share);
	wire_put_text(s, t->note);
}

static void get_tagging(struct unpack *u, struct arena *arena, struct tagging *t)
{
	t->pln = wire_get_bool(u);
	t->tags = wire_get_strs(u, arena);
	t->kind = (enum entry_kind)unpack_enum(u, KIND_COUNT);
	t->topics = wire_get_strs(u, arena);
	t->with = wire_get_strs(u, arena);
	t->minutes = (int)wire_get_int(u, MINUTES_NONE, MINUTES_MOST);
	t->day = (int32_t)wire_get_int(u, INT32_MIN, INT32_MAX);
	t->starred = wire_get_bool(u);
	t->is_private = wire_get_bool(u);
	t->nocredit = wire_get_bool(u);
	t->unstar = wire_get_bool(u);
	t->share = wire_get_bool(u);
	t->note = wire_get_text(u, arena);
}

static void put_commands(struct str *s, const struct said *said)
{
	pack_u32(s, (uint32_t)said->n_commands);
	for (size_t i = 0; i < said->n_commands; i++) {
		pack_u8(s, said->commands[i].verb);
		wire_put_int(s, said->commands[i].number);
		wire_put_int(s, said->commands[i].day);
		wire_put_text(s, said->commands[i].rest);
	}
}

static void get_commands(struct unpack *u, struct arena *arena, struct said *said)
{
	said->n_commands = wire_get_count(u, 21, WIRE_LIST_MOST);
	said->commands = arena_alloc(arena, said->n_commands * sizeof *said->commands);
	for (size_t i = 0; i < said->n_commands; i++) {
		said->commands[i].verb = (enum command_verb)unpack_enum(u, COMMAND_COUNT);
		said->commands[i].number = (int)wire_get_int(u, 0, NUMBER_MOST);
		said->commands[i].day = (int32_t)wire_get_int(u, INT32_MIN, INT32_MAX);
		said->commands[i].rest = wire_get_text(u, arena);
	}
}

static void put_decisions(struct str *s, const struct said *said)
{
	pack_u32(s, (uint32_t)said->n_decisions);
	for (size_t i = 0; i < said->n_decisions; i++) {
		const struct decision *d = &said->decisions[i];
		pack_u8(s, d->verb);
		wire_put_bool(s, d->all);
		pack_u32(s, (uint32_t)d->n_ranges);
		for (size_t k = 0; k < d->n_ranges; k++) {
			wire_put_int(s, d->ranges[k].from);
			wire_put_int(s, d->ranges[k].to);
		}
		wire_put_int(s, d->minutes);
		wire_put_int(s, d->same_as);
		wire_put_text(s, d->words);
		wire_put_text(s, d->line);
	}
}

static void get_decision(struct unpack *u, struct arena *arena, struct decision *d)
{
	d->verb = (enum decision_verb)unpack_enum(u, DECISION_COUNT);
	d->all = wire_get_bool(u);
	d->n_ranges = wire_get_count(u, 16, WIRE_LIST_MOST);
	d->ranges = arena_alloc(arena, d->n_ranges * sizeof *d->ranges);
	for (size_t k = 0; k < d->n_ranges; k++) {
		d->ranges[k].from = (int)wire_get_int(u, 0, NUMBER_MOST);
		d->ranges[k].to = (int)wire_get_int(u, d->ranges[k].from, NUMBER_MOST);
	}
	d->minutes = (int)wire_get_int(u, MINUTES_NONE, MINUTES_MOST);
	d->same_as = (int)wire_get_int(u, 0, NUMBER_MOST);
	d->words = wire_get_text(u, arena);
	d->line = wire_get_text(u, arena);
}

void wire_put_said(struct str *s, const struct said *said)
{
	put_tagging(s, &said->tagging);
	put_commands(s, said);
	put_decisions(s, said);
	wire_put_strs(s, &said->unclear);
	wire_put_bool(s, said->prose);
}

void wire_get_said(struct unpack *u, struct arena *arena, struct said *said)
{
	get_tagging(u, arena, &said->tagging);
	get_commands(u, arena, said);
	said->n_decisions = wire_get_count(u, 30, WIRE_LIST_MOST);
	said->decisions = arena_alloc(arena, said->n_decisions * sizeof *said->decisions);
	for (size_t i = 0; i < said->n_decisions; i++)
		get_decision(u, arena, &said->decisions[i]);
	said->unclear = wire_get_strs(u, arena);
	said->prose = wire_get_bool(u);
}
