#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "gateway/pack.h"
#include "gateway/read/cage.h"
#include "gateway/read/client.h"
#include "gateway/read/links.h"
#include "gateway/read/parts.h"
#include "gateway/read/reader-wire.h"

struct reader_self {
	struct chan chan;
	struct arena arena; /* of the setup */
	struct read_options options;
	struct ruleset *rules;
	struct linkrules *links;
	int memory_mb, seconds;
};

static int set_up(struct reader_self *self, struct span payload, struct err *err)
{
	struct unpack u = {(const unsigned char *)payload.p, payload.n, false};
	struct read_options *o = &self->options;
	o->authservs = unpack_strs(&u, &self->arena);
	o->campus = unpack_strs(&u, &self->arena);
	o->sealers = unpack_strs(&u, &self->arena);
	const char *name = unpack_text(&u, &self->arena);
	struct span rules = unpack_bytes(&u), links = unpack_bytes(&u);
	self->memory_mb = (int)(unpack_u32(&u) & 0xffff);
	self->seconds = (int)(unpack_u32(&u) & 0xffff);
	if (!unpack_done(&u))
		return err_set(err, "the reader's setup cannot be read");
	if (rules.n > 0) {
		self->rules = ruleset_parse(name == NULL ? "rules" : name, rules, err);
		o->rules = self->rules;
		if (self->rules == NULL)
			return -1;
	}
	if (links.n > 0) {
		self->links = linkrules_parse("links.rules", links, err);
		o->links = self->links;
		if (self->links == NULL)
			return -1;
	}
	read_warm_up();
	return cage_close(self->memory_mb, err);
}

/* What libraries print on standard output must not be taken for our answer. */
static void silence(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0)
		return;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	close(null);
}

/* A reading that does not fit into a frame keeps its head and its kind. */
static void shorten(struct reading *r, struct arena *arena)
{
	r->text = r->plain = r->signature = r->after = NULL;
	r->own = r->quoted = "";
	r->forwarded = NULL;
	r->n_links = r->n_links < 1000 ? r->n_links : 1000;
	for (size_t i = 0; i < r->n_attachments; i++)
		r->attachments[i].content = (struct span){"", 0};
	reading_defect(r, arena, "what it says is too long to be kept: only the header was");
}

static void answer(struct reader_self *self, struct span payload)
{
	struct unpack u = {(const unsigned char *)payload.p, payload.n, false};
	struct arena arena = {0};
	struct str out = {.max = CHAN_MAX - 16};
	struct reading reading;
	uint64_t ticket = unpack_u64(&u), whole = unpack_u64(&u);
	struct span raw = unpack_bytes(&u);
	if (self->seconds > 0)
		cage_give_seconds(self->seconds);
	read_mail(&self->options, raw, &arena, &reading);
	if (whole <= raw.n)
		read_files(raw, &arena, &reading);
	else
		reading_defect(&reading, &arena, "%llu bytes: only the first %zu were read", (unsigned long long)whole, raw.n);
	pack_u64(&out, ticket);
	wire_pack(&out, &reading);
	if (out.cut) {
		shorten(&reading, &arena);
		str_clear(&out);
		pack_u64(&out, ticket);
		wire_pack(&out, &reading);
	}
	chan_send(&self->chan, READER_ANSWER, (struct span){str_c(&out), out.n});
	str_release(&out);
	arena_release(&arena);
}

static int serve(struct reader_self *self, struct err *err)
{
	struct frame frame;
	int got;
	while ((got = chan_next_wait(&self->chan, &frame, -1, err)) > 0) {
		if (frame.type != READER_MAIL)
			return err_set(err, "a frame that is no mail");
		answer(self, frame.payload);
		if (chan_flush_wait(&self->chan, -1, err) < 0)
			return -1;
	}
	return 0; /* our starter has closed the channel */
}

int reader_main(void)
{
	struct reader_self self = {0};
	struct frame frame;
	struct err err = {0};
	chan_init(&self.chan, WORKER_FD);
	silence();
	if (chan_next_wait(&self.chan, &frame, 30000, &err) <= 0 || frame.type != READER_SETUP)
		return 70;
	bool ready = set_up(&self, frame.payload, &err) == 0;
	chan_send(&self.chan, ready ? READER_READY : READER_TROUBLE, span_of(ready ? "" : err.text));
	int code = chan_flush_wait(&self.chan, -1, &err) < 0 || !ready || serve(&self, &err) < 0 ? 70 : 0;
	_exit(code); /* exit handlers may want what the cage forbids */
}
