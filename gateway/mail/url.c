#include "gateway/mail/url.h"

static const struct scheme {
	const char *prefix, *wire; /* wire: what libcurl calls it */
	enum mail_way way;
	unsigned port;
	bool clear;
} schemes[] = {
	[MAIL_IMAPS] = {"imaps://", "imaps", MAIL_IN, 993, false},
	[MAIL_IMAP_STARTTLS] = {"imap+starttls://", "imap", MAIL_IN, 143, false},
	[MAIL_IMAP] = {"imap://", "imap", MAIL_IN, 143, true},
	[MAIL_SMTPS] = {"smtps://", "smtps", MAIL_OUT, 465, false},
	[MAIL_SMTP_STARTTLS] = {"smtp+starttls://", "smtp", MAIL_OUT, 587, false},
	[MAIL_SMTP] = {"smtp://", "smtp", MAIL_OUT, 25, true},
};

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_plain_text(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			return false;
	return utf8_valid(s, n);
}

/* The text behind the percent signs; NULL when it is no clean UTF-8. */
static const char *percent_decoded(struct arena *arena, struct span in)
{
	char *out = arena_alloc(arena, in.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < in.n; i++) {
		int high = -1, low = -1;
		if (in.p[i] == '%' && i + 2 < in.n) {
			high = hex_value(in.p[i + 1]);
			low = hex_value(in.p[i + 2]);
		}
		if (in.p[i] == '%' && (high < 0 || low < 0))
			return NULL;
		out[n++] = in.p[i] == '%' ? (char)(high * 16 + low) : in.p[i];
		if (in.p[i] == '%')
			i += 2;
	}
	return is_plain_text(out, n) ? out : NULL;
}

static bool is_loopback(const char *host)
{
	return strncmp(host, "127.", 4) == 0 ? host[strspn(host, "0123456789.")] == '\0'
	                                     : strcmp(host, "::1") == 0 || strcmp(host, "localhost") == 0;
}

static int parse_port(struct span digits, unsigned *port, struct err *err)
{
	unsigned value = 0;
	if (digits.n == 0 || digits.n > 5)
		goto bad;
	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			goto bad;
		value = value * 10 + (unsigned)(digits.p[i] - '0');
	}
	if (value == 0 || value > 65535)
		goto bad;
	*port = value;
	return 0;
bad:
	return err_set(err, "\"%.*s\" is no port: say a number from 1 to 65535 behind the colon", SPAN_ARG(digits));
}

static bool host_chars(struct span host, const char *also)
{
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];
		bool alnum = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
		if (!alnum && (c == '\0' || strchr(also, c) == NULL))
			return false;
	}
	return host.n > 0 && host.n < 256;
}

static int parse_host(struct span in, struct arena *arena, struct mail_url *url, struct err *err)
{
	struct span host = in, port = {0};
	bool bracket = in.n > 0 && in.p[0] == '[';
	if (bracket) {
		const char *end = memchr(in.p, ']', in.n);
		if (end == NULL)
			return err_set(err, "the host lacks its closing ]");
		host = (struct span){in.p + 1, (size_t)(end - in.p) - 1};
		port = span_skip(in, (size_t)(end - in.p) + 1);
		if (port.n > 0 && port.p[0] != ':')
			return err_set(err, "only :port may follow the ] of the host");
	} else {
		const char *colon = memchr(in.p, ':', in.n);
		if (colon != NULL) {
			host.n = (size_t)(colon - in.p);
			port = span_skip(in, host.n);
		}
	}
	if (!host_chars(host, bracket ? ":." : ".-_"))
		return err_set(err, "\"%.*s\" is no host name: say it as in mail.school.example", (int)(host.n > 100 ? 100 : host.n), host.p);
	if (port.n > 0 && parse_port(span_skip(port, 1), &url->port, err) < 0)
		return -1;
	url->host = arena_strndup(arena, host.p, host.n);
	url->loopback = is_loopback(url->host);
	return 0;
}

static int parse_user(struct span in, struct arena *arena, struct mail_url *url, struct err *err)
{
	if (memchr(in.p, ':', in.n) != NULL)
		return err_set(err, "a password does not belong into the url: take it out and name its file (password_file)");
	url->user = percent_decoded(arena, in);
	if (url->user == NULL || url->user[0] == '\0')
		return err_set(err, "the user in the url is not readable: write what is special in it as %%XX of its UTF-8 bytes");
	return 0;
}

static int parse_folder(struct span in, struct arena *arena, struct mail_url *url, struct err *err)
{
	if (in.n > 0)
		in = span_skip(in, 1); /* the slash */
	if (schemes[url->scheme].way == MAIL_OUT)
		return in.n == 0 ? 0 : err_set(err, "nothing may follow the host of an SMTP url");
	url->folder = in.n == 0 ? "INBOX" : percent_decoded(arena, in);
	if (url->folder == NULL)
		return err_set(err, "the folder in the url is not readable: write what is special in it as %%XX of its UTF-8 bytes");
	return 0;
}

static int parse_server(struct span in, bool cleartext, struct arena *arena, struct mail_url *url, struct err *err)
{
	const char *slash = memchr(in.p, '/', in.n);
	size_t authority = slash == NULL ? in.n : (size_t)(slash - in.p);
	struct span host = {in.p, authority};
	const char *at = memrchr(in.p, '@', authority);
	if (at != NULL) {
		if (parse_user((struct span){in.p, (size_t)(at - in.p)}, arena, url, err) < 0)
			return -1;
		host = span_skip(host, (size_t)(at - in.p) + 1);
	}
	url->port = schemes[url->scheme].port;
	if (parse_host(host, arena, url, err) < 0 || parse_folder(span_skip(in, authority), arena, url, err) < 0)
		return -1;
	if (schemes[url->scheme].way == MAIL_IN && url->user == NULL)
		return err_set(err, "the url names no user: %suser@%s", schemes[url->scheme].prefix, url->host);
	if (schemes[url->scheme].clear && !url->loopback && !cleartext)
		return err_set(err, "%s to %s would send mail and password in the clear: use %ss:// or %s+starttls://",
		               schemes[url->scheme].prefix, url->host, schemes[url->scheme].wire, schemes[url->scheme].wire);
	return 0;
}

int mail_url_parse(const char *text, enum mail_way way, bool cleartext, struct arena *arena, struct mail_url *out, struct err *err)
{
	struct span in = span_of(text);
	struct mail_url url = {.scheme = MAIL_MAILDIR};
	if (span_starts(in, "maildir:")) {
		in = span_skip(in, strlen("maildir:"));
		if (in.n == 0 || !is_plain_text(in.p, in.n))
			return err_set(err, "maildir: needs a path behind it, as in maildir:mail");
		url.path = arena_strndup(arena, in.p, in.n);
		*out = url;
		return 0;
	}
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		if (schemes[i].way != way || !span_starts_nocase(in, schemes[i].prefix))
			continue;
		url.scheme = (enum mail_scheme)i;
		if (parse_server(span_skip(in, strlen(schemes[i].prefix)), cleartext, arena, &url, err) < 0)
			return -1;
		*out = url;
		return 0;
	}
	return err_set(err, way == MAIL_IN ? "this url is not understood: say imaps://user@host/INBOX, imap+starttls://user@host/INBOX or maildir:path"
	                                   : "this url is not understood: say smtps://user@host, smtp+starttls://user@host or maildir:path");
}

const char *mail_url_base(const struct mail_url *url, struct arena *arena)
{
	const char *wire = schemes[url->scheme].wire;
	if (strchr(url->host, ':') != NULL)
		return arena_printf(arena, "%s://[%s]:%u", wire, url->host, url->port);
	return arena_printf(arena, "%s://%s:%u", wire, url->host, url->port);
}

/* ---- modified UTF-7 */

static void put_base64(struct str *out, uint32_t bits, int n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
	str_putc(out, digits[bits << (6 - n) & 63]);
}

struct utf7 {
	struct str *out;
	uint32_t bits; /* not yet written */
	int n;         /* how many */
	bool open;     /* within &…- */
};

static void put_unit(struct utf7 *u, uint32_t unit)
{
	if (!u->open)
		str_putc(u->out, '&');
	u->open = true;
	u->bits = u->bits << 16 | unit;
	for (u->n += 16; u->n >= 6; u->n -= 6)
		put_base64(u->out, u->bits >> (u->n - 6), 6);
	u->bits &= 63;
}

static void close_utf7(struct utf7 *u)
{
	if (!u->open)
		return;
	if (u->n > 0)
		put_base64(u->out, u->bits & ((1u << u->n) - 1), u->n);
	str_putc(u->out, '-');
	*u = (struct utf7){.out = u->out};
}

const char *mail_folder_name(struct arena *arena, const char *utf8)
{
	struct str out = {.max = 4096};
	struct utf7 u = {.out = &out};
	const char *p = utf8, *end = utf8 + strlen(utf8);
	if (!is_plain_text(utf8, strlen(utf8)))
		return NULL;
	while (p < end) {
		uint32_t code = utf8_next(&p, end);
		if (code < 0x80) {
			close_utf7(&u);
			str_putc(&out, (char)code);
			if (code == '&')
				str_putc(&out, '-');
		} else if (code < 0x10000) {
			put_unit(&u, code);
		} else {
			put_unit(&u, 0xd800 + ((code - 0x10000) >> 10));
			put_unit(&u, 0xdc00 + ((code - 0x10000) & 0x3ff));
		}
	}
	close_utf7(&u);
	const char *name = out.cut ? NULL : arena_strndup(arena, str_c(&out), out.n);
	str_release(&out);
	return name;
}
