#include <ctype.h>
#include <stdio.h>

#include "gateway/clock.h"
#include "gateway/desk.h"
#include "gateway/log.h"
#include "gateway/mail/mail.h"

#define TOKEN_DAYS 400  /* a digest may be answered for a school year */
#define REFERENCES_MAX 12
#define LETTER_MAX ((size_t)24 << 20) /* with files: what mail servers still take */
#define HOURS_OF_A_DAY 4 /* a day's answers to one address, in hours' full ones */

static struct span local_part(const char *address)
{
	return (struct span){address, (size_t)(strrchr(address, '@') - address)};
}

static const char *plus_address(struct desk *desk, const char *prefix, const char *token)
{
	const char *address = desk->campus->config.address;
	struct span local = local_part(address);
	return arena_printf(desk->arena, "%.*s+%s%s%s", SPAN_ARG(local), prefix, token, address + local.n);
}

void post_address(struct desk *desk, struct post *post, struct frame_facts *facts)
{
	token_new(post->token);
	*facts = (struct frame_facts){
		.campus = desk->campus->config.name,
		.address = desk->campus->config.address,
		.reply_to = plus_address(desk, "", post->token),
		.person = post->person == NULL ? "" : post->person->name,
		.today = campus_today(desk->campus, post->person, desk->now),
	};
}

/* What a mail from outside can cause is limited, what falls due is not: a machine that answers without saying so must not be
 * answered for ever, nor a stranger fill the operator's mailbox. */
static bool is_limited(const struct post *post)
{
	switch (post->purpose) {
	case LETTER_RECEIPT:
	case LETTER_ANSWER:
	case LETTER_QUESTION:
	case LETTER_TROUBLE:
		return true;
	case LETTER_OUTCOME:
	case LETTER_PLAN: /* to an approver it falls due: a whole campus may plan in one hour */
	case LETTER_INTERVIEW:
		return post->answers != NULL;
	case LETTER_DIGEST:
	case LETTER_APPROVAL:
	case LETTER_REMINDER:
	case LETTER_REPORT:
	case LETTER_PURPOSE_COUNT:
		break;
	}
	return false;
}

/* 1 may be written, 0 too many lately, -1. */
static int within_rate(struct desk *desk, const struct post *post, const char *to, struct err *err)
{
	int hour = 0, day = 0;
	if (!is_limited(post))
		return 1;
	if (store_letters_since(desk->store, to, desk->now - 3600, &hour, err) < 0 || store_letters_since(desk->store, to, desk->now - 86400, &day, err) < 0)
		return -1;
	if (hour < desk->campus->config.answers_per_hour && day < HOURS_OF_A_DAY * desk->campus->config.answers_per_hour)
		return 1;
	log_begin(LOG_LINE_WARNING, "letter-limit");
	log_text("to", to);
	log_text("key", post->key);
	log_end();
	return 0;
}

static void thread(struct desk *desk, const struct reading *r, struct mail_out *out)
{
	if (r == NULL || r->message_id == NULL)
		return;
	size_t skip = r->references.n > REFERENCES_MAX ? r->references.n - REFERENCES_MAX : 0;
	for (size_t i = skip; i < r->references.n; i++)
		strs_add(&out->references, desk->arena, r->references.v[i]);
	strs_add(&out->references, desk->arena, r->message_id);
	out->in_reply_to = r->message_id;
}

static int32_t zone_offset(struct desk *desk, const struct person *p)
{
	int32_t day;
	int minute;
	clock_local(campus_zone(desk->campus, p), desk->now, &day, &minute);
	return (int32_t)(((int64_t)day * 1440 + minute) - desk->now / 60);
}

static int write_bytes(struct desk *desk, const struct post *post, const struct letter *letter, const char *to, const char *message_id,
                       struct str *bytes, struct err *err)
{
	const struct config *c = &desk->campus->config;
	const char *reply_to = plus_address(desk, "", post->token);
	const char *domain = strrchr(c->address, '@') + 1;
	bool routine = post->answers == NULL;
	struct mail_out out = {
		.from_name = c->name, .from_addr = c->address, .to_addr = to, .reply_to = reply_to,
		.to_name = post->person == NULL ? "" : post->person->name,
		.subject = letter->subject, .text = letter->text, .html = letter->html,
		.message_id = message_id,
		.list_id = arena_printf(desk->arena, "%s <%.*s.%s>", c->name, SPAN_ARG(local_part(c->address)), domain),
		.list_unsubscribe = arena_printf(desk->arena, "mailto:%s?subject=pause", reply_to),
		.auto_submitted = routine ? "auto-generated" : "auto-replied",
		.date = desk->now, .zone_minutes = zone_offset(desk, post->person),
		.parts = post->parts, .n_parts = post->n_parts,
	};
	thread(desk, post->answers, &out);
	if (post->follows != NULL) {
		strs_add(&out.references, desk->arena, post->follows);
		out.in_reply_to = post->follows;
	}
	return mail_write(bytes, &out, err);
}

int post_letter(struct desk *desk, struct post *post, const struct letter *letter, struct err *err)
{
	const char *to = post->to_addr != NULL ? post->to_addr : post->person->addresses.v[0];
	int may = within_rate(desk, post, to, err);
	if (may <= 0)
		return may;
	char id[TOKEN_CHARS + 1];
	token_new(id);
	/* unguessable, for an answer may come back by it; the time in front keeps the log's index of them in order */
	const char *message_id = arena_printf(desk->arena, "%llx.%s@%s", (unsigned long long)desk->now, id, strrchr(desk->campus->config.address, '@') + 1);
	struct str bytes = {.max = post->n_parts > 0 ? LETTER_MAX : 4 << 20};
	struct err why;
	int result = write_bytes(desk, post, letter, to, message_id, &bytes, &why);
	if (result < 0) { /* an address that no letter can be written to must not cost the mail that caused it */
		log_begin(LOG_LINE_WARNING, "letter-unwritten");
		log_text("key", post->key);
		log_text("why", why.text);
		log_end();
		result = 0;
	} else {
		struct stored_letter stored = {
			.key = post->key, .purpose = post->purpose, .message_id = message_id, .recipient = to,
			.envelope_from = plus_address(desk, "b-", post->token), .subject = letter->subject,
			.person = post->person == NULL ? 0 : post->person->id,
			.entry = post->entry, .approval = post->approval, .held_message = post->held_message, .plan = post->plan, .interview = post->interview,
			.numbered = post->numbered,
			.token = post->token, .token_expires = desk->now + TOKEN_DAYS * 86400LL,
			.created_at = desk->now, .next_at = desk->now, .state = LETTER_QUEUED,
			.bytes = {str_c(&bytes), bytes.n}, .own_text = letter->text,
		};
		result = store_queue_letter(desk->store, &stored, err);
	}
	str_release(&bytes);
	return result;
}

int post_find_token(const struct campus *c, const struct strs *recipients, char token[TOKEN_CHARS + 1], bool *bounce)
{
	const char *address = c->config.address;
	struct span local = local_part(address);
	for (size_t i = 0; i < recipients->n; i++) {
		const char *r = recipients->v[i];
		size_t n = strlen(r);
		if (n < local.n + 1 + TOKEN_CHARS || strncasecmp(r, address, local.n) != 0 || r[local.n] != '+')
			continue;
		const char *p = r + local.n + 1;
		bool is_bounce = strncasecmp(p, "b-", 2) == 0;
		p += is_bounce ? 2 : 0;
		size_t digits = 0;
		while (digits < TOKEN_CHARS && isxdigit((unsigned char)p[digits]))
			digits++;
		if (digits != TOKEN_CHARS || strcasecmp(p + digits, address + local.n) != 0)
			continue;
		for (size_t d = 0; d < TOKEN_CHARS; d++)
			token[d] = (char)tolower((unsigned char)p[d]);
		token[TOKEN_CHARS] = '\0';
		*bounce = is_bounce;
		return 1;
	}
	return 0;
}

int post_sentences(struct desk *desk, struct post *post, const struct answer *answer, struct err *err)
{
	struct frame_facts facts;
	struct letter letter;
	post_address(desk, post, &facts);
	if (letter_answer(&letter, &desk->campus->templates, &facts, answer, desk->arena, err) < 0)
		return -1;
	return post_letter(desk, post, &letter, err) < 0 ? -1 : 0;
}

int post_answer(struct desk *desk, struct matter *m, const char *what, const struct answer *answer, struct err *err)
{
	struct post post = {.purpose = LETTER_ANSWER, .person = m->person, .answers = m->reading,
	                    .key = arena_printf(desk->arena, "%s:%lld", what, (long long)m->message)};
	return post_sentences(desk, &post, answer, err);
}

int post_trouble(struct desk *desk, const char *key, const char *title, const struct strs *lines, struct err *err)
{
	struct frame_facts facts;
	struct letter letter;
	struct post post = {.purpose = LETTER_TROUBLE, .key = key, .to_addr = desk->campus->config.operator_address};
	if (post.to_addr[0] == '\0')
		return 0;
	post_address(desk, &post, &facts);
	struct trouble trouble = {.title = title, .lines = *lines};
	if (letter_trouble(&letter, &desk->campus->templates, &facts, &trouble, desk->arena, err) < 0)
		return -1;
	return post_letter(desk, &post, &letter, err) < 0 ? -1 : 0;
}
