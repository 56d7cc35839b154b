#include <stdio.h>
#include <strings.h>

#include "gateway/read/auth-stamp.h"
#include "gateway/read/machine.h"
#include "gateway/read/mime.h"
#include "gateway/read/url.h"

/* Authentication-Results (RFC 8601). The header is believed only where its authserv-id is one of ours, and for the verdict only
 * in the topmost run: those above the next Received line, which the hop before ours wrote. A header that cannot be parsed
 * to its end is not believed at all: a sender may have put words into it. */

static const char *prop_of(const struct auth_result *result, const char *name)
{
	for (size_t i = 0; i < result->n_props; i++)
		if (strcmp(result->props[i].name, name) == 0)
			return result->props[i].value;
	return NULL;
}

static const char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');
	return at == NULL ? address : at + 1;
}

/* RFC 8616: a domain may be written in its own letters on one side and in A-labels on the other. "" when it is no host name. */
static const char *a_labels(const char *domain, struct str *room)
{
	const char *p = domain;
	while (*p != '\0' && (unsigned char)*p < 0x80)
		p++;
	return *p == '\0' ? domain : url_host_ascii(span_of(domain), room) == 0 ? str_c(room) : "";
}

/* Relaxed alignment (RFC 7489 3.1): the same domain, or one inside the other; a name without a dot is nobody's. */
static bool ends_alike(const char *signer, const char *from)
{
	size_t ns = strlen(signer), nf = strlen(from);
	const char *inner = ns > nf ? signer : from, *outer = ns > nf ? from : signer;
	size_t ni = strlen(inner), no = strlen(outer);
	if (no == 0 || strchr(outer, '.') == NULL || outer[0] == '.' || strcasecmp(inner + (ni - no), outer) != 0)
		return false;
	return ni == no || inner[ni - no - 1] == '.';
}

static bool is_aligned(const char *signer, const char *from)
{
	struct str a = {.max = 1024}, b = {.max = 1024};
	bool aligned = ends_alike(a_labels(signer, &a), a_labels(from, &b));
	str_release(&a);
	str_release(&b);
	return aligned;
}

static bool result_aligned(const struct auth_result *r, const char *from)
{
	const char *d = prop_of(r, "header.d"), *i = prop_of(r, "header.i");
	const char *signer = d != NULL ? d : i != NULL ? domain_of(i) : NULL;
	return signer != NULL && is_aligned(signer, from);
}

/* DMARC pass for this very From, or a DKIM signature aligned with it; a DMARC failure beside it wins. */
static bool results_pass(const struct auth_result *v, size_t n, const char *from)
{
	bool dmarc = false, dkim = false, failed = false;
	for (size_t i = 0; i < n; i++) {
		bool pass = strcmp(v[i].result, "pass") == 0;
		if (strcmp(v[i].method, "dmarc") == 0) {
			const char *about = prop_of(&v[i], "header.from");
			dmarc = dmarc || (pass && (about == NULL || is_aligned(domain_of(about), from)));
			failed = failed || strcmp(v[i].result, "fail") == 0;
		} else if (strcmp(v[i].method, "dkim") == 0) {
			dkim = dkim || (pass && result_aligned(&v[i], from));
		}
	}
	return (dmarc || dkim) && !failed;
}

static bool arc_passed(const struct auth_result *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].method, "arc") == 0 && strcmp(v[i].result, "pass") == 0)
			return true;
	return false;
}

/* A tag of "i=1; a=rsa-sha256; d=example.org; …" */
static struct span tag_of(const char *value, const char *name)
{
	struct span rest = span_of(value), piece, key;
	while (span_until(&rest, ';', &piece)) {
		struct span tag = piece;
		if (span_until(&tag, '=', &key) && span_eq_nocase(span_trim(key), name))
			return span_trim(tag);
	}
	return (struct span){"", 0};
}

static const struct header *instance(const struct headers *headers, const char *name, int number)
{
	char wanted[16];
	snprintf(wanted, sizeof wanted, "%d", number);
	for (const struct header *h = headers_find(headers, name, NULL); h != NULL; h = headers_find(headers, name, h)) {
		struct span i = tag_of(h->raw, "i");
		if (span_eq(i, wanted))
			return h;
	}
	return NULL;
}

/* What a trusted sealer saw, from the last sealer back as long as they are trusted (RFC 8617). The chain itself was checked by our server. */
static bool sealed_pass(const struct strs *sealers, const struct headers *headers, const char *from, struct arena *arena)
{
	int last = 0;
	while (last < 50 && instance(headers, "ARC-Seal", last + 1) != NULL)
		last++;
	for (int i = last; i > 0; i--) {
		const struct header *seal = instance(headers, "ARC-Seal", i), *saw = instance(headers, "ARC-Authentication-Results", i);
		struct span sealer = seal == NULL ? (struct span){0} : tag_of(seal->raw, "d");
		struct stamp stamp;
		if (sealer.n == 0 || !strs_has_nocase(sealers, arena_strndup(arena, sealer.p, sealer.n)) || saw == NULL)
			return false;
		const char *behind = strchr(saw->raw, ';'); /* behind "i=1;" */
		if (behind != NULL && stamp_parse(arena, behind + 1, &stamp) && results_pass(stamp.results, stamp.n, from))
			return true;
	}
	return false;
}

/* ---- the From line */

/* At most 100 bytes of s, for a message; not in the middle of a letter. */
static int shown(const char *s)
{
	return (int)utf8_prefix(s, strlen(s), 100);
}

/* Addresses in all From fields; "Lee, Ann <ann@school.example>" without quotation marks is one. */
static size_t count_from(const struct headers *headers)
{
	size_t n = 0, fields = 0;
	for (const struct header *h = NULL; (h = headers_find(headers, "From", h)) != NULL;)
		fields++;
	for (size_t i = 0; i < headers->from.n; i++)
		n += strchr(headers->from.v[i].addr, '@') != NULL;
	return fields > 1 && n < fields ? fields : n;
}

static void check_sender(const struct headers *headers, size_t from_count, struct arena *arena, struct reading *r)
{
	if (from_count > 1)
		reading_defect(r, arena, "several From addresses: the first is shown, none is believed");
	if (headers_find(headers, "Sender", NULL) != NULL && r->sender.addr != NULL && r->sender.addr[0] != '\0' &&
	    strcasecmp(r->sender.addr, r->from.addr) != 0)
		reading_defect(r, arena, "sent by %.*s on behalf of %.*s", shown(r->sender.addr), r->sender.addr, shown(r->from.addr),
		               r->from.addr);
}

struct run { /* the results that count for the verdict */
	struct auth_result *v;
	size_t n;
	bool stamped;
};

static void take_stamp(const struct stamp *stamp, bool counts, struct arena *arena, struct run *run, struct reading *r)
{
	for (size_t i = 0; i < stamp->n && r->n_auth_results < STAMP_RESULTS; i++) {
		*ARENA_PUSH(arena, r->auth_results, r->n_auth_results) = stamp->results[i];
		if (counts)
			*ARENA_PUSH(arena, run->v, run->n) = stamp->results[i];
	}
}

/* Of all such headers, from the top: more than any hop writes. Each of their words takes a multiple of its bytes. */
#define STAMPS_BYTES ((size_t)1 << 18)

static bool may_parse(const char *value, size_t *left, struct arena *arena, struct reading *r)
{
	size_t n = strlen(value);
	bool fits = n <= *left;
	if (!fits)
		reading_defect(r, arena, "more than %zu bytes of Authentication-Results: the rest is not read", STAMPS_BYTES);
	*left = fits ? *left - n : 0;
	return fits;
}

/* All headers of the pinned ids; those of the topmost run into *run as well. */
static void read_stamps(const struct read_options *options, const struct headers *headers, struct arena *arena, struct run *run,
                        struct reading *r)
{
	bool over = false;
	size_t left = STAMPS_BYTES;
	for (size_t i = 0; i < headers->n && left > 0; i++) {
		struct stamp stamp;
		if (strcasecmp(headers->v[i].name, "Received") == 0)
			over = run->stamped;
		if (strcasecmp(headers->v[i].name, "Authentication-Results") != 0 || !may_parse(headers->v[i].raw, &left, arena, r))
			continue;
		bool whole = stamp_parse(arena, headers->v[i].raw, &stamp);
		if (stamp.authserv == NULL || !strs_has_nocase(&options->authservs, stamp.authserv))
			continue;
		if (r->authserv == NULL)
			r->authserv = stamp.authserv;
		run->stamped = true;
		if (!whole)
			reading_defect(r, arena, "an Authentication-Results header of %.*s cannot be read: not believed", shown(stamp.authserv),
			               stamp.authserv);
		else
			take_stamp(&stamp, !over, arena, run, r);
		if (over)
			reading_defect(r, arena, "an Authentication-Results header of %.*s below another hop: not believed", shown(stamp.authserv),
			               stamp.authserv);
	}
}

void auth_read(const struct read_options *options, const struct headers *headers, struct arena *arena, struct reading *r)
{
	struct run run = {0};
	size_t from_count = count_from(headers);
	const char *from = domain_of(r->from.addr);
	read_stamps(options, headers, arena, &run, r);
	check_sender(headers, from_count, arena, r);
	lookalike_read(&options->campus, arena, r);
	if (!run.stamped) {
		r->auth = AUTH_NONE;
		return;
	}
	bool pass = results_pass(run.v, run.n, from) ||
	            (options->sealers.n > 0 && arc_passed(run.v, run.n) && sealed_pass(&options->sealers, headers, from, arena));
	r->auth = pass && from_count == 1 && strchr(r->from.addr, '@') != NULL ? AUTH_PASS : AUTH_FAIL;
}
