#include "gateway/mail/http.h"

#include <curl/curl.h>
#include <unistd.h>

#include "gateway/mail/connect.h"

struct request {
	const struct http_get *get;
	CURL *easy;
	struct str body;
	bool refused, enough; /* an address was not dialled; the rest is not needed */
	char words[CURL_ERROR_SIZE];
};

/* libcurl has resolved the name and is about to dial: this is the address, whatever the name said before. */
static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct request *r = ctx;
	if (purpose == CURLSOCKTYPE_IPCXN && to->socktype == SOCK_STREAM && http_may_dial(&to->addr, to->addrlen, r->get->allow_loopback))
		return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	r->refused = true;
	return CURL_SOCKET_BAD;
}

static long status_of(CURL *easy)
{
	long status = 0;
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static bool is_wanted(const struct request *r)
{
	const char *said = NULL;
	if (r->get->type == NULL)
		return true;
	curl_easy_getinfo(r->easy, CURLINFO_CONTENT_TYPE, &said);
	struct span type = span_of(said);
	size_t n = strlen(r->get->type);
	return span_starts_nocase(type, r->get->type) && (type.n == n || strchr("; \t", type.p[n]) != NULL);
}

static size_t on_body(char *p, size_t size, size_t count, void *ctx)
{
	struct request *r = ctx;
	size_t n = size * count, from = r->body.n;
	r->enough = status_of(r->easy) != 200 || !is_wanted(r);
	if (r->enough)
		return 0;
	str_add(&r->body, p, n);
	r->enough = r->body.n >= r->get->max || (r->get->enough != NULL && r->get->enough((struct span){str_c(&r->body), r->body.n}, from));
	return r->enough ? 0 : n;
}

static void set_options(struct request *r)
{
	CURL *easy = r->easy;
	curl_easy_setopt(easy, CURLOPT_URL, r->get->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, r);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, r->words);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, HTTP_AGENT "/" PLN_VERSION " (a school's mail gateway; asks once for a page's title)");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)r->get->ms);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(r->get->ms / 2 + 1));
}

static int take_answer(struct request *r, CURLcode code, struct arena *arena, struct http_page *page, struct err *err)
{
	const char *type = NULL, *location = NULL;
	if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && r->enough)) {
		if (r->refused)
			return err_set(err, "its address is none of the public network");
		return err_later(err, "%s", r->words[0] == '\0' ? curl_easy_strerror(code) : r->words);
	}
	curl_easy_getinfo(r->easy, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(r->easy, CURLINFO_REDIRECT_URL, &location);
	*page = (struct http_page){.status = status_of(r->easy), .type = type == NULL ? "" : arena_strdup(arena, type),
	                           .location = arena_strdup(arena, location),
	                           .body = {arena_strndup(arena, str_c(&r->body), r->body.n), r->body.n}};
	return 0;
}

int http_get(const struct http_get *get, struct arena *arena, struct http_page *page, struct err *err)
{
	struct request r = {.get = get, .body = {.max = get->max}};
	if (connect_start(err) < 0)
		return -1;
	r.easy = curl_easy_init();
	if (r.easy == NULL)
		return err_later(err, "libcurl gives no handle");
	set_options(&r);
	int result = take_answer(&r, curl_easy_perform(r.easy), arena, page, err);
	curl_easy_cleanup(r.easy);
	str_release(&r.body);
	return result;
}
