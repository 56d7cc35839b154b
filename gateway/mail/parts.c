#include "gateway/mail/parts.h"

#include <stdio.h>

#include "gateway/hash.h"
#include "gateway/mail/encode.h"
#include "rules/files.h"

#define BODY_MAX ((size_t)32 << 20)
#define SEGMENT 50         /* columns of a piece of one (RFC 2231 section 3) */

struct part {
	const char *type, *encoding;
	struct str bytes;
};

static void type_field(struct str *out, const char *type)
{
	struct field f;
	struct span rest = span_of(type), word;
	field_begin(&f, out, "Content-Type");
	while (span_until(&rest, ' ', &word))
		if (word.n > 0)
			field_word(&f, word);
	field_end(&f);
}

static void part_header(struct str *out, const struct part *part)
{
	type_field(out, part->type);
	str_printf(out, "Content-Transfer-Encoding: %s\r\n\r\n", part->encoding);
}

/* The same letter always has the same boundary; "=_" cannot stand in quoted-printable or base64, and plain text is looked through. */
static void choose_boundary(char out[40], const char *message_id, const char *of, const struct part *parts, size_t n)
{
	for (int round = 0;; round++) {
		struct str seed = {0};
		uint8_t hash[HASH_BYTES];
		char digits[2 * HASH_BYTES + 1];
		str_printf(&seed, "%d %s%s", round, of, message_id);
		hash_bytes(hash, seed.p, seed.n);
		hash_hex(digits, hash);
		str_release(&seed);
		snprintf(out, 40, "=_%.32s", digits);
		bool found = false;
		for (size_t i = 0; i < n; i++)
			found = found || strstr(str_c(&parts[i].bytes), out) != NULL;
		if (!found)
			return;
	}
}

static void alternatives(struct str *out, const char *message_id, const struct part *parts, size_t n)
{
	char boundary[40];
	choose_boundary(boundary, message_id, "", parts, n);
	str_printf(out, "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n", boundary);
	for (size_t i = 0; i < n; i++) {
		str_printf(out, "--%s\r\n", boundary);
		part_header(out, &parts[i]);
		str_add(out, parts[i].bytes.p, parts[i].bytes.n);
	}
	str_printf(out, "--%s--\r\n", boundary);
}

static bool is_invitation(const struct mail_part *p)
{
	return span_starts_nocase(span_of(p->type), "text/calendar") && strcasestr(p->type, "method=REQUEST") != NULL;
}

/* What they hold; the text alone needs no alternatives. */
static size_t texts(struct part parts[3], const struct mail_out *m)
{
	size_t n = 0;
	parts[n] = (struct part){.type = "text/plain; charset=utf-8", .bytes.max = BODY_MAX};
	parts[n].encoding = body_encode(&parts[n].bytes, m->text == NULL ? "" : m->text);
	n++;
	if (m->html != NULL) {
		parts[n] = (struct part){.type = "text/html; charset=utf-8", .bytes.max = BODY_MAX};
		parts[n].encoding = body_encode(&parts[n].bytes, m->html);
		n++;
	}
	for (size_t i = 0; i < m->n_parts && m->html != NULL; i++) {
		if (!is_invitation(&m->parts[i]))
			continue;
		parts[n] = (struct part){.type = m->parts[i].type, .encoding = "base64", .bytes.max = BODY_MAX};
		body_base64(&parts[n].bytes, m->parts[i].bytes);
		return n + 1;
	}
	return n;
}

/* ---- a file's name */

/* Old readers know no RFC 2231: for them what is not ASCII is an underscore. */
static const char *plain_name(struct str *out, const struct str *name)
{
	for (const char *p = name->p, *end = p + name->n; p < end && out->n < SEGMENT;) {
		uint32_t c = utf8_next(&p, end);
		str_putc(out, c < 0x7f ? (char)c : '_');
	}
	return str_c(out);
}

static bool needs_no_code(const struct str *name)
{
	for (size_t i = 0; i < name->n; i++)
		if ((unsigned char)name->p[i] >= 0x7f)
			return false;
	return name->n <= SEGMENT;
}

static void coded_name(struct str *out, const struct str *name)
{
	size_t at = 0;
	for (int piece = 0; at < name->n; piece++) {
		struct str line = {0};
		str_printf(&line, " filename*%d*=%s", piece, piece == 0 ? "utf-8''" : "");
		for (; at < name->n && line.n < SEGMENT + 16; at++) {
			unsigned char c = (unsigned char)name->p[at];
			bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
			str_printf(&line, plain ? "%c" : "%%%02X", c);
		}
		str_printf(out, ";\r\n%s", str_c(&line));
		str_release(&line);
	}
}

static void file_part(struct str *out, const struct mail_part *p)
{
	struct str name = {0}, plain = {0};
	files_tame_name(&name, p->name);
	type_field(out, p->type);
	str_printf(out, "Content-Disposition: attachment;\r\n filename=\"%s\"", plain_name(&plain, &name));
	if (!needs_no_code(&name))
		coded_name(out, &name);
	str_puts(out, "\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	body_base64(out, p->bytes);
	str_release(&name);
	str_release(&plain);
}

static void letter(struct str *out, const struct mail_out *m, const struct part *parts, size_t n)
{
	if (n > 1) {
		alternatives(out, m->message_id, parts, n);
		return;
	}
	part_header(out, &parts[0]);
	str_add(out, parts[0].bytes.p, parts[0].bytes.n);
}

int parts_write_body(struct str *out, const struct mail_out *m)
{
	struct part parts[3] = {0};
	size_t n = texts(parts, m);
	char boundary[40];
	bool cut = false;
	choose_boundary(boundary, m->message_id, "mixed ", parts, n);
	if (m->n_parts > 0)
		str_printf(out, "Content-Type: multipart/mixed;\r\n boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary);
	letter(out, m, parts, n);
	for (size_t i = 0; i < m->n_parts; i++) {
		str_printf(out, "--%s\r\n", boundary);
		file_part(out, &m->parts[i]);
	}
	if (m->n_parts > 0)
		str_printf(out, "--%s--\r\n", boundary);
	for (size_t i = 0; i < n; i++) {
		cut = cut || parts[i].bytes.cut;
		str_release(&parts[i].bytes);
	}
	return cut ? -1 : 0;
}
