#include <stdlib.h>

#include "gateway/mail/imap.h"

/* Marking in batches of UIDs: a flag, or a move (RFC 6851; else COPY, \Deleted and UID EXPUNGE, RFC 4315). */

#define BATCH 200 /* keeps a command line short */

struct marks {
	uint32_t *uids;
	size_t n;
};

/* "UIDVALIDITY.UID" of this folder: the uid; 0 for anything else. */
static uint32_t uid_of(const struct source *source, const char *ident)
{
	char *dot, *end;
	unsigned long long validity = strtoull(ident, &dot, 10);
	unsigned long long uid = *dot == '.' ? strtoull(dot + 1, &end, 10) : 0;
	if (dot == ident || *dot != '.' || *end != '\0' || validity != source->validity || uid > UINT32_MAX)
		return 0;
	return (uint32_t)uid;
}

static int store_flag(struct source *source, struct mailimap_set *set, struct mailimap_flag *flag)
{
	struct imap *m = source->state;
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	if (flags == NULL || flag == NULL || mailimap_flag_list_add(flags, flag) != MAILIMAP_NO_ERROR)
		abort();
	struct mailimap_store_att_flags *att = mailimap_store_att_flags_new_add_flags_silent(flags);
	if (att == NULL)
		abort();
	imap_begin(source);
	int result = mailimap_uid_store(m->session, set, att);
	mailimap_store_att_flags_free(att);
	return result;
}

static struct mailimap_flag *logged_flag(void)
{
	char *word = strdup("$PLNLogged");
	if (word == NULL)
		abort();
	return mailimap_flag_new(MAILIMAP_FLAG_KEYWORD, word, NULL);
}

/* 0 done, or it can never be (said once, the mails stay as they are); -1. */
static int flag_batch(struct source *source, const struct marks *marks, struct err *err)
{
	struct imap *m = source->state;
	int result = MAILIMAP_ERROR_UID_STORE;
	if (m->can_flag) {
		struct mailimap_set *set = imap_set(marks->uids, marks->n);
		result = store_flag(source, set, logged_flag());
		mailimap_set_free(set);
	}
	if (result == MAILIMAP_NO_ERROR)
		return 0;
	if (!imap_alive(result))
		return imap_failed(source, "marking mails", result, err);
	if (!m->told_no_flag)
		source->calls->trouble(source->ctx, "the server keeps no flag $PLNLogged in this folder: mails stay unmarked (nothing is lost: the log knows "
		                                    "how far it has read); after = move, or after = leave, avoids this");
	m->told_no_flag = true;
	return 0;
}

static int copy_and_delete(struct source *source, struct mailimap_set *set, const char *folder)
{
	struct imap *m = source->state;
	imap_begin(source);
	int result = mailimap_uid_copy(m->session, set, folder);
	if (result != MAILIMAP_NO_ERROR)
		return result;
	result = store_flag(source, set, mailimap_flag_new_deleted());
	if (result != MAILIMAP_NO_ERROR)
		return result;
	if (m->can_expunge) {
		imap_begin(source);
		return mailimap_uid_expunge(m->session, set);
	}
	if (!m->told_no_expunge)
		source->calls->trouble(source->ctx, "the server can neither MOVE nor expunge single mails: moved mails stay in the folder, marked as deleted");
	m->told_no_expunge = true;
	return MAILIMAP_NO_ERROR;
}

static int move_set(struct source *source, struct mailimap_set *set, const char *folder)
{
	struct imap *m = source->state;
	if (!m->can_move)
		return copy_and_delete(source, set, folder);
	imap_begin(source);
	return mailimap_uid_move(m->session, set, folder);
}

static int move_batch(struct source *source, const struct marks *marks, struct err *err)
{
	struct imap *m = source->state;
	struct arena arena = {0};
	const char *folder = source->box->move_to == NULL ? NULL : mail_folder_name(&arena, source->box->move_to);
	struct mailimap_set *set = imap_set(marks->uids, marks->n);
	int result = MAILIMAP_ERROR_INVAL;
	if (folder != NULL && folder[0] != '\0')
		result = move_set(source, set, folder);
	if (result != MAILIMAP_NO_ERROR && imap_alive(result) && result != MAILIMAP_ERROR_INVAL) {
		/* Most likely the folder is missing; what CREATE answers does not matter, the second try tells. */
		imap_begin(source);
		if (imap_alive(mailimap_create(m->session, folder)))
			result = move_set(source, set, folder);
	}
	mailimap_set_free(set);
	arena_release(&arena);
	if (result == MAILIMAP_NO_ERROR)
		return 0;
	if (!imap_alive(result))
		return imap_failed(source, "moving mails", result, err);
	struct err why;
	imap_failed(source, "moving mails", result, &why);
	err_prefix(&why, "move-to %s: ", source->box->move_to == NULL ? "" : source->box->move_to);
	source->calls->trouble(source->ctx, why.text);
	return 1;
}

/* STATUS asks without leaving the folder in hand. */
static bool has_folder(struct source *source, const char *folder)
{
	struct imap *m = source->state;
	struct mailimap_status_att_list *what = mailimap_status_att_list_new_empty();
	struct mailimap_mailbox_data_status *status = NULL;
	if (what == NULL || mailimap_status_att_list_add(what, MAILIMAP_STATUS_ATT_MESSAGES) != MAILIMAP_NO_ERROR)
		abort();
	imap_begin(source);
	int result = mailimap_status(m->session, folder, what, &status);
	mailimap_status_att_list_free(what);
	if (status != NULL)
		mailimap_mailbox_data_status_free(status);
	return result == MAILIMAP_NO_ERROR;
}

int imap_check_move_to(struct source *source, struct err *err)
{
	struct imap *m = source->state;
	struct arena arena = {0};
	const char *folder = source->box->move_to == NULL ? NULL : mail_folder_name(&arena, source->box->move_to);
	int result = -1;
	if (folder == NULL || folder[0] == '\0') {
		err_set(err, "move-to names no folder");
	} else if (has_folder(source, folder)) {
		result = 0;
	} else {
		imap_begin(source);
		int made = mailimap_create(m->session, folder);
		result = made == MAILIMAP_NO_ERROR ? 0 : imap_failed(source, "making the folder in move-to", made, err);
	}
	arena_release(&arena);
	return result;
}

static int mark_batch(struct source *source, struct marks *marks, struct err *err)
{
	if (marks->n == 0)
		return 0;
	qsort(marks->uids, marks->n, sizeof *marks->uids, imap_uid_order);
	return source->box->marking == MARK_MOVE ? move_batch(source, marks, err) : flag_batch(source, marks, err);
}

/* An ident of another UIDVALIDITY names nothing any more: its mail comes again under a new one. */
int imap_mark(struct source *source, const struct strs *idents, struct err *err)
{
	uint32_t uids[BATCH];
	int result = 0;
	for (size_t from = 0; from < idents->n && result == 0; from += BATCH) {
		struct marks marks = {.uids = uids};
		size_t n = idents->n - from < BATCH ? idents->n - from : BATCH;
		for (size_t i = 0; i < n && source->box->marking != MARK_LEAVE; i++) {
			uint32_t uid = uid_of(source, idents->v[from + i]);
			if (uid != 0)
				uids[marks.n++] = uid;
		}
		result = mark_batch(source, &marks, err);
		for (size_t i = 0; i < n && result == 0; i++)
			source->calls->marked(source->ctx, idents->v[from + i]);
	}
	return result;
}
