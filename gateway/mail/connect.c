#include "gateway/mail/connect.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/file.h"

#define CONNECT_MS 60000 /* a login counts, and servers delay one that fails */

struct connection {
	CURL *easy;
	int fd;
	char words[CURL_ERROR_SIZE];
	struct str reply; /* the server's last line */
};

/* ---- secrets */

/* A name without a slash may be a systemd credential (systemd.exec(5)): those lie in a folder of their own, which only
 * the service can enter. */
static int read_secret(const struct connect_to *to, const char *name, struct arena *arena, const char **out, struct err *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	struct str secret = {.max = 65536};
	const char *credential = folder == NULL || strchr(name, '/') != NULL ? NULL : arena_printf(arena, "%s/%s", folder, name);
	int result;
	if (credential != NULL && file_exists(credential))
		result = file_read(credential, &secret, err);
	else
		result = file_read_secret(config_path(to->config, arena, name), &secret, err);
	struct span trimmed = span_trim((struct span){str_c(&secret), secret.n});
	if (result == 0 && (trimmed.n == 0 || memchr(trimmed.p, '\0', trimmed.n) != NULL))
		result = err_set(err, "%s: holds no secret", name);
	if (result == 0)
		*out = arena_strndup(arena, trimmed.p, trimmed.n);
	if (secret.p != NULL)
		explicit_bzero(secret.p, secret.cap);
	str_release(&secret);
	return result;
}

static bool is_set(const char *s)
{
	return s != NULL && s[0] != '\0';
}

static int login_options(CURL *easy, const struct connect_to *to, struct arena *arena, struct err *err)
{
	const char *secret = NULL;
	if (to->url->user == NULL)
		return 0;
	curl_easy_setopt(easy, CURLOPT_USERNAME, to->url->user);
	curl_easy_setopt(easy, CURLOPT_SASL_IR, 1L);
	if (!is_set(to->token_file) && !is_set(to->password_file))
		return err_set(err, "%s: no secret is named for %s: set password-file", to->url->host, to->url->user);
	if (read_secret(to, is_set(to->token_file) ? to->token_file : to->password_file, arena, &secret, err) < 0)
		return -1;
	curl_easy_setopt(easy, is_set(to->token_file) ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD, secret);
	return 0;
}

/* ---- options */

static int on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct connect_to *to = ctx;
	(void)a, (void)b, (void)c, (void)d;
	return to->stop(to->ctx);
}

static void transport_options(CURL *easy, const struct connect_to *to, struct arena *arena)
{
	static const enum mail_scheme clear[] = {MAIL_IMAP, MAIL_SMTP};
	bool is_clear = to->url->scheme == clear[0] || to->url->scheme == clear[1];
	curl_easy_setopt(easy, CURLOPT_URL, mail_url_base(to->url, arena));
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "imap,imaps,smtp,smtps");
	curl_easy_setopt(easy, CURLOPT_USE_SSL, is_clear ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(to->ms == 0 ? CONNECT_MS : to->ms));
}

int connect_start(struct err *err)
{
	static bool started;
	if (!started && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, "libcurl does not start");
	started = true;
	return 0;
}

int connect_options(void *easy, const struct connect_to *to, struct arena *arena, struct err *err)
{
	transport_options(easy, to, arena);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (is_set(to->ca_file)) {
		const char *path = config_path(to->config, arena, to->ca_file);
		if (!file_exists(path))
			return err_set(err, "%s: there is no such file: mend ca-file", path);
		curl_easy_setopt(easy, CURLOPT_CAINFO, path);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	if (to->stop != NULL) {
		curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
		curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
		curl_easy_setopt(easy, CURLOPT_XFERINFODATA, to);
	}
	return login_options(easy, to, arena, err);
}

/* ---- what is wrong with a certificate: asked again without trusting, and without the login */

struct certificate {
	const char *subject, *issuer, *start, *expire; /* "" unknown; times as YYYY-MM-DD HH:MM:SS */
};

static const char *cert_field(const struct curl_slist *fields, const char *name, struct arena *arena)
{
	size_t n = strlen(name);
	for (; fields != NULL; fields = fields->next)
		if (strncasecmp(fields->data, name, n) == 0 && fields->data[n] == ':')
			return arena_strdup(arena, fields->data + n + 1);
	return "";
}

static struct certificate look_at_certificate(const struct connect_to *to, struct arena *arena)
{
	struct certificate cert = {"", "", "", ""};
	struct curl_certinfo *info = NULL;
	CURL *easy = curl_easy_init();
	if (easy == NULL)
		return cert;
	transport_options(easy, to, arena);
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 10000L);
	curl_easy_perform(easy);
	if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &info) == CURLE_OK && info != NULL && info->num_of_certs > 0) {
		const struct curl_slist *fields = info->certinfo[0];
		cert = (struct certificate){cert_field(fields, "Subject", arena), cert_field(fields, "Issuer", arena),
		                            cert_field(fields, "Start date", arena), cert_field(fields, "Expire date", arena)};
	}
	curl_easy_cleanup(easy);
	return cert;
}

static int explain_certificate(const struct connect_to *to, const char *words, struct err *err)
{
	struct arena arena = {0};
	const char *host = to->url->host;
	struct certificate cert = look_at_certificate(to, &arena);
	char now[40], day[16];
	int64_t utc = clock_now(), of_day = utc % 86400;
	snprintf(now, sizeof now, "%s %02d:%02d:%02d", day_iso(day, (int32_t)(utc / 86400)), (int)(of_day / 3600), (int)(of_day / 60 % 60),
	         (int)(of_day % 60));
	if (strstr(words, "does not match") != NULL)
		err_set(err, "the certificate of %s is for another host (%s): check the host name in the url", host, cert.subject);
	else if (cert.expire[0] != '\0' && strncmp(cert.expire, now, 19) < 0)
		err_set(err, "the certificate of %s has expired (%.19s): the server's operator must renew it", host, cert.expire);
	else if (cert.start[0] != '\0' && strncmp(cert.start, now, 19) > 0)
		err_set(err, "the certificate of %s is not valid yet (from %.19s): is this machine's clock right?", host, cert.start);
	else if (cert.subject[0] != '\0' && strcmp(cert.subject, cert.issuer) == 0)
		err_set(err, "the certificate of %s is self-signed: if it is yours, name it in ca-file", host);
	else if (cert.issuer[0] != '\0')
		err_set(err, "the certificate of %s is issued by %s, which is not trusted here: name that authority's certificate in ca-file", host,
		        cert.issuer);
	else
		err_set(err, "the certificate of %s is not trusted: %s", host, words);
	arena_release(&arena);
	return -1;
}

/* ---- what is wrong with the rest */

/* RFC 5530: such a refusal is the server's trouble, not the password's. */
static bool login_may_work_later(const char *reply)
{
	static const char *const words[] = {"[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]", " 454 ", " 421 "};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(reply, words[i]) != NULL)
			return true;
	return strncmp(reply, "454", 3) == 0 || strncmp(reply, "421", 3) == 0;
}

static int explain_login(const struct connect_to *to, const char *words, const char *reply, struct err *err)
{
	const char *said = reply[0] != '\0' ? reply : words;
	if (login_may_work_later(reply))
		return err_later(err, "%s takes no login now: %.200s", to->url->host, said);
	return err_set(err, "%s refused the login of %s (%.200s): check the user in the url and %s", to->url->host,
	               to->url->user == NULL ? "nobody" : to->url->user, said, is_set(to->token_file) ? "token-file" : "password-file");
}

static int explain_handshake(const struct connect_to *to, const char *words, struct err *err)
{
	return err_later(err, "%s port %u: no TLS came about (%s): does this port speak TLS at once? If not, use +starttls://", to->url->host,
	                 to->url->port, words);
}

int connect_explain(const struct connect_to *to, int code, const char *words, const char *reply, struct err *err)
{
	const char *host = to->url->host;
	unsigned port = to->url->port;
	words = words[0] == '\0' ? curl_easy_strerror((CURLcode)code) : words;
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return err_later(err, "%s: this name is not found: check the host in the url, and the network", host);
	case CURLE_COULDNT_CONNECT:
		return err_later(err, "%s port %u does not answer (%s): is the server up, the port right, the firewall open?", host, port, words);
	case CURLE_OPERATION_TIMEDOUT:
		return strstr(words, "SSL") != NULL ? explain_handshake(to, words, err)
		                                    : err_later(err, "%s port %u was too slow: %s", host, port, words);
	case CURLE_LOGIN_DENIED:
		return explain_login(to, words, reply, err);
	case CURLE_USE_SSL_FAILED:
		return err_set(err, "%s port %u offers no STARTTLS: try %s://, or another port", host, port,
		               to->url->scheme == MAIL_IMAP_STARTTLS ? "imaps" : "smtps");
	case CURLE_PEER_FAILED_VERIFICATION:
		return explain_certificate(to, words, err);
	case CURLE_SSL_CACERT_BADFILE:
		return err_set(err, "ca-file %s holds no certificate that can be read", to->ca_file == NULL ? "" : to->ca_file);
	case CURLE_SSL_CONNECT_ERROR:
		return explain_handshake(to, words, err);
	case CURLE_ABORTED_BY_CALLBACK:
		return err_later(err, "%s: stopped while connecting", host);
	default:
		return err_later(err, "%s port %u: %s%s%.200s", host, port, words, reply[0] == '\0' ? "" : ": ", reply);
	}
}

/* ---- a connection for IMAP */

static size_t on_line(char *p, size_t size, size_t n, void *ctx)
{
	struct connection *c = ctx;
	struct span line = span_trim((struct span){p, size * n});
	str_clear(&c->reply);
	str_span(&c->reply, line.n > 500 ? (struct span){line.p, 500} : line);
	return size * n;
}

struct connection *connection_open(const struct connect_to *to, struct err *err)
{
	struct arena arena = {0};
	struct connection *c = calloc(1, sizeof *c);
	curl_socket_t fd = CURL_SOCKET_BAD;
	if (c == NULL)
		abort();
	c->reply.max = 1000;
	if (connect_start(err) < 0 || (c->easy = curl_easy_init()) == NULL || connect_options(c->easy, to, &arena, err) < 0)
		goto fail;
	curl_easy_setopt(c->easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(c->easy, CURLOPT_TIMEOUT_MS, (long)(to->ms == 0 ? CONNECT_MS : to->ms));
	curl_easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->words);
	curl_easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(c->easy, CURLOPT_HEADERDATA, c);
	CURLcode code = curl_easy_perform(c->easy);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(c->easy, CURLINFO_ACTIVESOCKET, &fd);
	if (code != CURLE_OK || fd == CURL_SOCKET_BAD) {
		connect_explain(to, (int)code, c->words, str_c(&c->reply), err);
		goto fail;
	}
	c->fd = fd;
	arena_release(&arena);
	return c;
fail:
	arena_release(&arena);
	connection_close(c);
	return NULL;
}

void connection_close(struct connection *c)
{
	if (c == NULL)
		return;
	curl_easy_cleanup(c->easy);
	str_release(&c->reply);
	free(c);
}

int connection_fd(const struct connection *c)
{
	return c->fd;
}

ssize_t connection_read(struct connection *c, void *p, size_t n)
{
	size_t got = 0;
	CURLcode code = curl_easy_recv(c->easy, p, n, &got);
	if (code == CURLE_AGAIN)
		return 0;
	return code != CURLE_OK || got == 0 ? -1 : (ssize_t)got;
}

ssize_t connection_write(struct connection *c, const void *p, size_t n)
{
	size_t gone = 0;
	CURLcode code = curl_easy_send(c->easy, p, n, &gone);
	if (code == CURLE_AGAIN)
		return 0;
	return code != CURLE_OK ? -1 : (ssize_t)gone;
}
