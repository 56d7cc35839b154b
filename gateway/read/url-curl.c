#include <curl/curl.h>

#include "gateway/read/url.h"

/* The owner of CURLU. */

static CURLU *handle(void)
{
	static CURLU *kept; /* one process, one thread: parsing 100,000 links should not make as many handles */
	return kept == NULL ? kept = curl_url() : kept;
}

static char *curl_host(struct span text, unsigned flags)
{
	char *host = NULL;
	struct str z = {.max = URL_MAX};
	str_span(&z, text);
	CURLU *u = handle();
	if (u != NULL && curl_url_set(u, CURLUPART_URL, NULL, 0) == CURLUE_OK &&
	    curl_url_set(u, CURLUPART_URL, str_c(&z), CURLU_PATH_AS_IS | CURLU_ALLOW_SPACE) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &host, flags) != CURLUE_OK) {
		if (curl_version_info(CURLVERSION_NOW)->version_num <= 0x075801)
			curl_free(host); /* 7.88 leaves its copy behind when a name is no IDN */
		host = NULL;
	}
	str_release(&z);
	return host;
}

int url_host_ascii(struct span host, struct str *out)
{
	struct str text = {.max = URL_MAX};
	str_puts(&text, "http://");
	str_span(&text, host);
	str_putc(&text, '/');
	char *got = memchr(host.p, '\0', host.n) != NULL ? NULL : curl_host((struct span){str_c(&text), text.n}, CURLU_PUNYCODE);
	str_release(&text);
	if (got == NULL)
		return -1;
	str_puts(out, got);
	curl_free(got);
	return 0;
}

bool url_agrees(struct span text, struct span hostname)
{
	char *got = curl_host(text, CURLU_PUNYCODE);
	if (got == NULL)
		return true; /* refused: it goes nowhere */
	struct str host = {.max = URL_MAX};
	bool same = url_host(span_of(got), &host) == 0 && host.n == hostname.n && memcmp(host.p, hostname.p, host.n) == 0;
	str_release(&host);
	curl_free(got);
	return same;
}
