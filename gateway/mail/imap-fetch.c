#include "gateway/mail/imap.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "rules/days.h"

/* What is new, and handing it over: one search from the cursor, then fetches of many mails at a time, of which never more
 * than one is in memory. A mail that cannot be had is named to the operator and passed over: it must not stop the line. */

#define MAIL_MS 600000       /* for one mail of a batch */
#define BATCH 100
#define ATTEMPTS 3           /* at a mail whose fetch breaks the connection */

/* ---- a mail arrives */

static uint64_t utc_of(const struct mailimap_date_time *t)
{
	int zone = (t->dt_zone / 100) * 60 + t->dt_zone % 100;
	int64_t day = day_from_civil((struct civil){t->dt_year, t->dt_month, t->dt_day});
	int64_t utc = day * 86400 + t->dt_hour * 3600 + t->dt_min * 60 + t->dt_sec - (int64_t)zone * 60;
	return utc < 0 ? 0 : (uint64_t)utc;
}

struct parts {
	uint32_t uid, size;
	uint64_t arrival;
	struct span raw;
	bool has_body, has_nil; /* nil: asked for, and not given */
};

static void take_part(struct parts *parts, const struct mailimap_msg_att_static *part)
{
	switch (part->att_type) {
	case MAILIMAP_MSG_ATT_UID:
		parts->uid = part->att_data.att_uid;
		break;
	case MAILIMAP_MSG_ATT_RFC822_SIZE:
		parts->size = part->att_data.att_rfc822_size;
		break;
	case MAILIMAP_MSG_ATT_INTERNALDATE:
		if (part->att_data.att_internal_date != NULL)
			parts->arrival = utc_of(part->att_data.att_internal_date);
		break;
	case MAILIMAP_MSG_ATT_BODY_SECTION:
		parts->has_nil = part->att_data.att_body_section == NULL || part->att_data.att_body_section->sec_body_part == NULL;
		parts->has_body = !parts->has_nil;
		if (parts->has_body)
			parts->raw = (struct span){part->att_data.att_body_section->sec_body_part, part->att_data.att_body_section->sec_length};
		break;
	}
}

/* The place of a uid in the batch, or batch_n: what was not asked for is not taken. */
static size_t place_of(const struct imap *m, uint32_t uid)
{
	size_t low = 0, high = m->batch_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (m->batch[middle] < uid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < m->batch_n && m->batch[low] == uid ? low : m->batch_n;
}

static void skip_with_trouble(struct source *source, uint32_t uid, const char *why)
{
	char text[400];
	snprintf(text, sizeof text, "%s: mail UID %u in %s cannot be fetched and is passed over: %.200s", source->url.host, uid, source->url.folder, why);
	source->calls->trouble(source->ctx, text);
}

/* A server may answer in any order, but the keeper's cursor must not pass over what has not come. */
static uint32_t handed_up_to(const struct source *source)
{
	const struct imap *m = source->state;
	size_t n = 0;
	while (n < m->batch_n && m->got[n])
		n++;
	return n == 0 ? (uint32_t)source->last : m->batch[n - 1];
}

static void on_message(struct mailimap_msg_att *attributes, void *ctx)
{
	struct source *source = ctx;
	struct imap *m = source->state;
	struct parts parts = {0};
	for (clistiter *at = clist_begin(attributes->att_list); at != NULL; at = clist_next(at)) {
		const struct mailimap_msg_att_item *item = clist_content(at);
		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC && item->att_data.att_static != NULL)
			take_part(&parts, item->att_data.att_static);
	}
	size_t place = place_of(m, parts.uid);
	if (!(parts.has_body || parts.has_nil) || place == m->batch_n || m->got[place] || m->refused)
		return;
	if (parts.has_nil && parts.size > 0) {
		skip_with_trouble(source, parts.uid, "the server gives no bytes of it");
		m->got[place] = true;
		return;
	}
	char ident[48];
	snprintf(ident, sizeof ident, "%llu.%u", (unsigned long long)source->validity, parts.uid);
	m->got[place] = true;
	struct mail_got got = {ident, handed_up_to(source), parts.arrival, parts.size < parts.raw.n ? parts.raw.n : parts.size, parts.raw};
	if (source->calls->mail(source->ctx, &got, &m->handing) < 0) {
		m->refused = true;
		m->got[place] = false;
		imap_stream_die(&m->stream, "the keeper takes no more");
		return;
	}
	m->stream.deadline = clock_ms() + imap_scaled(source, MAIL_MS); /* waiting for the keeper does not count */
}

/* ---- looking */

int imap_uid_order(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* "last+1:*" names the newest mail even when nothing is new, so what is not beyond last goes. */
static void take_uids(struct imap *m, clist *found, uint64_t last)
{
	free(m->uids);
	m->n = m->at = 0;
	m->uids = calloc((size_t)clist_count(found) + 1, sizeof *m->uids);
	if (m->uids == NULL)
		abort();
	for (clistiter *at = clist_begin(found); at != NULL; at = clist_next(at)) {
		uint32_t uid = *(uint32_t *)clist_content(at);
		if (uid > last)
			m->uids[m->n++] = uid;
	}
	qsort(m->uids, m->n, sizeof *m->uids, imap_uid_order);
	size_t distinct = 0;
	for (size_t i = 0; i < m->n; i++)
		if (i == 0 || m->uids[i] != m->uids[i - 1])
			m->uids[distinct++] = m->uids[i];
	m->n = distinct;
}

static int search(struct source *source, struct mailimap_set *set, clist **found)
{
	struct imap *m = source->state;
	struct mailimap_search_key *key = mailimap_search_key_new_uid(set);
	if (key == NULL)
		abort();
	*found = NULL;
	imap_begin(source);
	int result = mailimap_uid_search(m->session, NULL, key, found);
	mailimap_search_key_free(key);
	return result;
}

int64_t imap_list(struct source *source, struct err *err)
{
	struct imap *m = source->state;
	clist *found;
	if (source->last >= UINT32_MAX)
		return 0;
	m->exists = m->session->imap_selection_info->sel_exists;
	int result = search(source, mailimap_set_new_interval((uint32_t)source->last + 1, 0), &found);
	if (result == MAILIMAP_NO_ERROR)
		take_uids(m, found, source->last);
	if (found != NULL)
		mailimap_search_result_free(found); /* after a NO as well */
	return result == MAILIMAP_NO_ERROR ? (int64_t)m->n : imap_failed(source, "searching for new mail", result, err);
}

/* ---- fetching */

struct mailimap_set *imap_set(const uint32_t *uids, size_t n)
{
	struct mailimap_set *set = mailimap_set_new_empty();
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && uids[to] <= uids[to - 1] + 1; to++)
			;
		if (set == NULL || mailimap_set_add_interval(set, uids[from], uids[to - 1]) != MAILIMAP_NO_ERROR)
			abort();
	}
	return set;
}

static struct mailimap_fetch_type *what_to_fetch(uint32_t most)
{
	struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();
	struct mailimap_section *whole = mailimap_section_new(NULL);
	if (type == NULL || whole == NULL)
		abort();
	mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_uid());
	mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_rfc822_size());
	mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_internaldate());
	mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_body_peek_section_partial(whole, 0, most));
	return type;
}

/* One command. got[] says which came; the result is libetpan's. */
static int fetch_set(struct source *source, const uint32_t *uids, size_t n, bool *got)
{
	struct imap *m = source->state;
	struct mailimap_set *set = imap_set(uids, n);
	struct mailimap_fetch_type *type = what_to_fetch((uint32_t)source->box->max_mail);
	clist *rest = NULL;
	m->batch = uids;
	m->batch_n = n;
	m->got = got;
	imap_stream_allow(&m->stream, imap_scaled(source, MAIL_MS), IMAP_COMMAND_BYTES + n * ((uint64_t)source->box->max_mail + IMAP_SLACK));
	mailimap_set_msg_att_handler(m->session, on_message, source);
	int result = mailimap_uid_fetch(m->session, set, type, &rest);
	mailimap_set_msg_att_handler(m->session, NULL, NULL);
	if (result == MAILIMAP_NO_ERROR && rest != NULL)
		mailimap_fetch_list_free(rest); /* after a NO it is freed already, and rest points nowhere */
	mailimap_fetch_type_free(type);
	mailimap_set_free(set);
	m->batch = NULL;
	m->batch_n = 0;
	return result;
}

/* The connection broke within a batch. The first mail that did not come is under suspicion: it is fetched alone the next
 * times, and passed over when it alone breaks the connection again and again. Answers -1. */
static int broke(struct source *source, const uint32_t *uids, const bool *got, size_t n, int result, struct err *err)
{
	struct imap *m = source->state;
	size_t first = 0;
	imap_failed(source, "fetching", result, err);
	if (m->refused) {
		if (err != NULL && m->handing.text[0] != '\0')
			*err = m->handing;
		m->refused = false;
		return -1;
	}
	while (first < n && got[first])
		source->last = uids[first++];
	if (first == n)
		return -1;
	m->attempts = m->suspect == uids[first] ? m->attempts + 1 : 1;
	m->suspect = uids[first];
	if (m->attempts >= ATTEMPTS && n == 1) {
		skip_with_trouble(source, m->suspect, err == NULL ? "" : err->text);
		source->last = m->suspect;
		m->suspect = 0;
	}
	return -1;
}

/* Of what did not come, that which was expunged meanwhile is as good as got. */
static int forget_expunged(struct source *source, const uint32_t *uids, bool *got, size_t n)
{
	uint32_t missing[BATCH];
	size_t n_missing = 0;
	clist *found;
	for (size_t i = 0; i < n; i++)
		if (!got[i])
			missing[n_missing++] = uids[i];
	if (n_missing == 0)
		return MAILIMAP_NO_ERROR;
	int result = search(source, imap_set(missing, n_missing), &found);
	for (size_t i = 0; result == MAILIMAP_NO_ERROR && i < n; i++) {
		bool there = false;
		for (clistiter *at = clist_begin(found); at != NULL && !there; at = clist_next(at))
			there = *(uint32_t *)clist_content(at) == uids[i];
		got[i] |= !there;
	}
	if (found != NULL)
		mailimap_search_result_free(found);
	return result;
}

/* What the server left out of its answer, and still has, is asked for one by one. */
static int fetch_missing(struct source *source, const uint32_t *uids, bool *got, size_t n, struct err *err)
{
	struct imap *m = source->state;
	int asked = forget_expunged(source, uids, got, n);
	if (asked != MAILIMAP_NO_ERROR && !imap_alive(asked))
		return imap_failed(source, "looking for what did not come", asked, err);
	for (size_t i = 0; i < n; i++) {
		bool came = false;
		if (got[i])
			continue;
		int result = fetch_set(source, &uids[i], 1, &came);
		if (result != MAILIMAP_NO_ERROR && !imap_alive(result))
			return broke(source, &uids[i], &came, 1, result, err);
		if (!came)
			skip_with_trouble(source, uids[i], m->session->imap_response == NULL ? "" : m->session->imap_response);
		source->last = uids[i];
	}
	return 0;
}

int imap_fetch(struct source *source, struct err *err)
{
	struct imap *m = source->state;
	bool got[BATCH] = {false};
	const uint32_t *uids = m->uids + m->at;
	size_t left = m->n - m->at, n = left < BATCH ? left : BATCH;
	if (n == 0)
		return 0;
	/* Up to a suspect as usual, the suspect alone. */
	if (m->suspect == uids[0])
		n = 1;
	else
		for (size_t i = 1; i < n; i++)
			if (uids[i] == m->suspect)
				n = i;
	int result = fetch_set(source, uids, n, got);
	if (result != MAILIMAP_NO_ERROR && !imap_alive(result))
		return broke(source, uids, got, n, result, err);
	if (fetch_missing(source, uids, got, n, err) < 0)
		return -1;
	source->last = uids[n - 1];
	m->at += n;
	return m->at < m->n;
}
