#include "gateway/mail/smtp.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "gateway/mail/connect.h"

/* Letters by libcurl's SMTP (RFC 5321): one kept connection, one recipient a transaction. */

#define REPLY_S 300      /* RFC 5321, 4.5.3.2 asks for five minutes at most replies and ten after the final dot */
#define LETTER_S 900

struct smtp {
	struct arena arena;
	CURL *easy;
	struct connect_to to;
	char words[CURL_ERROR_SIZE];
	struct str reply;      /* the server's last line */
	struct span message;   /* what is left to send */
	bool (*stop)(void *ctx);
	void *ctx;
	bool asked, all;       /* the message was asked for; its end was handed over, so the final dot may be out */
};

static size_t on_line(char *p, size_t size, size_t n, void *ctx)
{
	struct smtp *s = ctx;
	struct span line = span_trim((struct span){p, size * n});
	if (span_starts(line, "221"))
		return size * n; /* libcurl says QUIT after a refusal: its answer tells nothing of that */
	str_clear(&s->reply);
	str_span(&s->reply, line.n > 500 ? (struct span){line.p, 500} : line);
	return size * n;
}

static size_t on_read(char *to, size_t size, size_t count, void *ctx)
{
	struct smtp *s = ctx;
	size_t n = size * count < s->message.n ? size * count : s->message.n;
	s->asked = true;
	if (n > 0)
		memcpy(to, s->message.p, n);
	s->message = span_skip(s->message, n);
	s->all = s->message.n == 0; /* libcurl knows the size and need not ask once more: from here on the dot may be out */
	return n;
}

/* RFC 5321's EHLO argument; libcurl takes it from the URL's path and else sends this machine's name. */
static const char *url_with_helo(struct smtp *s)
{
	const char *helo = s->to.config->send_helo, *base = mail_url_base(s->to.url, &s->arena);
	bool plain = helo != NULL && helo[0] != '\0' &&
	             helo[strspn(helo, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")] == '\0';
	return plain ? arena_printf(&s->arena, "%s/%s", base, helo) : arena_printf(&s->arena, "%s/", base);
}

/* The secret is read anew for each connection that has to be made, so that a changed one is taken up. */
static int prepare(struct smtp *s, struct err *err)
{
	if (connect_options(s->easy, &s->to, &s->arena, err) < 0)
		return -1;
	curl_easy_setopt(s->easy, CURLOPT_URL, url_with_helo(s));
	curl_easy_setopt(s->easy, CURLOPT_ERRORBUFFER, s->words);
	curl_easy_setopt(s->easy, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(s->easy, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(s->easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(s->easy, CURLOPT_READDATA, s);
	return 0;
}

struct smtp *smtp_open(const struct config *config, const struct mail_url *url, const struct smtp_limits *limits, struct err *err)
{
	struct smtp *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	s->reply.max = 1000;
	s->to = (struct connect_to){.config = config, .url = url, .password_file = config->send_password_file, .ca_file = config->send_ca_file,
	                            .ms = limits == NULL ? 0 : limits->connect_ms};
	if (connect_start(err) < 0 || (s->easy = curl_easy_init()) == NULL) {
		smtp_close(s);
		return NULL;
	}
	curl_easy_setopt(s->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(limits == NULL || limits->reply_s == 0 ? REPLY_S : limits->reply_s));
	curl_easy_setopt(s->easy, CURLOPT_TIMEOUT, (long)(limits == NULL || limits->letter_s == 0 ? LETTER_S : limits->letter_s));
	return s;
}

static bool may_stop(void *ctx)
{
	const struct smtp *s = ctx;
	return !s->asked && s->stop(s->ctx);
}

void smtp_give_up_when(struct smtp *s, bool (*stop)(void *ctx), void *ctx)
{
	s->stop = stop;
	s->ctx = ctx;
	s->to.stop = may_stop;
	s->to.ctx = s;
}

void smtp_close(struct smtp *s)
{
	if (s == NULL)
		return;
	curl_easy_cleanup(s->easy);
	str_release(&s->reply);
	arena_release(&s->arena);
	free(s);
}

/* ---- the outcome */

/* A 5xx to MAIL, RCPT, DATA or the final dot is about this letter, unless it asks for a login or TLS that the config
 * should have given. libcurl says CURLE_SEND_ERROR for the former, and for the dot CURLE_WEIRD_SERVER_REPLY. */
static bool is_about_letter(const struct smtp *s, CURLcode result, long code)
{
	static const long not_the_letter[] = {530, 534, 535, 538};
	for (size_t i = 0; i < sizeof not_the_letter / sizeof *not_the_letter; i++)
		if (code == not_the_letter[i])
			return false;
	return code >= 500 && code <= 599 && (result == CURLE_SEND_ERROR || (s->all && result == CURLE_WEIRD_SERVER_REPLY));
}

static enum sent outcome(const struct smtp *s, CURLcode result, long code)
{
	if (result == CURLE_OK)
		return SENT_OK;
	if (is_about_letter(s, result, code))
		return SENT_REFUSED;
	/* The dot may be out and no answer to it came: the last code is still that of DATA. */
	if (s->all && (code < 400 || code > 599))
		return SENT_MAYBE;
	return SENT_LATER;
}

static bool is_address(const char *s)
{
	for (const char *p = s; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '<' || *p == '>')
			return false;
	return strlen(s) <= 320 && utf8_valid(s, strlen(s));
}

static CURLcode perform(struct smtp *s, struct span message)
{
	s->message = message;
	s->asked = s->all = false;
	s->words[0] = '\0';
	str_clear(&s->reply);
	return curl_easy_perform(s->easy);
}

/* A kept connection that the server has closed meanwhile shows only when it is used: once more, over a new one. */
static bool was_stale(const struct smtp *s, CURLcode result, long code)
{
	long dialled = 0;
	curl_easy_getinfo(s->easy, CURLINFO_NUM_CONNECTS, &dialled);
	return result != CURLE_OK && dialled == 0 && !s->asked && (code == 421 || code == 0 || code < 400);
}

static void set_letter(struct smtp *s, const char *sender, const char *recipient, struct span message, struct curl_slist **list)
{
	*list = curl_slist_append(NULL, arena_printf(&s->arena, "<%s>", recipient));
	curl_easy_setopt(s->easy, CURLOPT_MAIL_FROM, arena_printf(&s->arena, "<%s>", sender));
	curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, *list);
	curl_easy_setopt(s->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(s->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)message.n);
}

enum sent smtp_send(struct smtp *s, const char *sender, const char *recipient, struct span message, unsigned *code, struct str *detail)
{
	struct err err = {0};
	struct curl_slist *list = NULL;
	long reply = 0;
	*code = 0;
	if (!is_address(sender) || !is_address(recipient) || recipient[0] == '\0') {
		str_puts(detail, "the envelope holds what is no address");
		return SENT_REFUSED;
	}
	arena_release(&s->arena);
	if (prepare(s, &err) < 0) {
		str_puts(detail, err.text);
		return SENT_LATER;
	}
	set_letter(s, sender, recipient, message, &list);
	CURLcode result = perform(s, message);
	curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &reply);
	if (was_stale(s, result, reply)) {
		curl_easy_setopt(s->easy, CURLOPT_FRESH_CONNECT, 1L);
		result = perform(s, message);
		curl_easy_setopt(s->easy, CURLOPT_FRESH_CONNECT, 0L);
		curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &reply);
	}
	enum sent sent = outcome(s, result, reply);
	if ((sent == SENT_LATER && reply < 400) || (result != CURLE_OK && s->reply.n == 0))
		reply = 0; /* an answer to something before, or on another connection */
	*code = reply < 0 || reply > 999 ? 0 : (unsigned)reply;
	if (sent == SENT_OK || (sent != SENT_MAYBE && *code >= 400 && result != CURLE_LOGIN_DENIED)) {
		str_puts(detail, str_c(&s->reply));
	} else {
		connect_explain(&s->to, (int)result, s->words, str_c(&s->reply), &err);
		str_printf(detail, "%s%s", sent == SENT_MAYBE ? "no answer to the end of the letter: " : "", err.text);
	}
	curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(list);
	return sent;
}

int smtp_try(struct smtp *s, struct err *err)
{
	arena_release(&s->arena);
	if (prepare(s, err) < 0)
		return -1;
	curl_easy_setopt(s->easy, CURLOPT_UPLOAD, 0L);
	curl_easy_setopt(s->easy, CURLOPT_MAIL_FROM, NULL);
	curl_easy_setopt(s->easy, CURLOPT_CUSTOMREQUEST, "NOOP");
	curl_easy_setopt(s->easy, CURLOPT_NOBODY, 1L);
	CURLcode result = perform(s, (struct span){"", 0});
	curl_easy_setopt(s->easy, CURLOPT_CUSTOMREQUEST, NULL);
	curl_easy_setopt(s->easy, CURLOPT_NOBODY, 0L);
	return result == CURLE_OK ? 0 : connect_explain(&s->to, (int)result, s->words, str_c(&s->reply), err);
}
