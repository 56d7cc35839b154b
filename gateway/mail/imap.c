#include "gateway/mail/imap.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

/* The IMAP source (RFC 3501): the session from login to IDLE. */

#define SILENCE_MS 60000
#define COMMAND_MS 120000

static int64_t silence(const struct source *source)
{
	return source->wait_ms == 0 ? SILENCE_MS : source->wait_ms;
}

int64_t imap_scaled(const struct source *source, int64_t ms)
{
	return source->wait_ms == 0 ? ms : ms * source->wait_ms / SILENCE_MS;
}

/* ---- errors */

int imap_failed(struct source *source, const char *doing, int result, struct err *err)
{
	struct imap *m = source->state;
	const char *host = source->url.host;
	const char *said = m->session == NULL || m->session->imap_response == NULL ? "" : m->session->imap_response;
	if (!imap_alive(result) && m->stream.why.text[0] == '\0')
		m->stream.dead = true; /* nothing more is said on it */
	if (m->stream.dead && m->stream.why.text[0] != '\0')
		return err_later(err, "%s: %s (while %s)", host, m->stream.why.text, doing);
	if (result == MAILIMAP_ERROR_PARSE || (result == MAILIMAP_ERROR_PROTOCOL && said[0] == '\0'))
		return err_later(err, "%s: its answer is not IMAP as we know it (while %s)", host, doing);
	return err_later(err, "%s: %s failed: %.200s", host, doing, said[0] == '\0' ? "the connection broke" : said);
}

/* After these the parser has lost its place, or there is nobody to talk to. */
bool imap_alive(int result)
{
	return result != MAILIMAP_ERROR_STREAM && result != MAILIMAP_ERROR_PARSE && result != MAILIMAP_ERROR_PROTOCOL &&
	       result != MAILIMAP_ERROR_FATAL && result != MAILIMAP_ERROR_BAD_STATE && result != MAILIMAP_ERROR_MEMORY;
}

void imap_begin(struct source *source)
{
	struct imap *m = source->state;
	imap_stream_allow(&m->stream, imap_scaled(source, COMMAND_MS), IMAP_COMMAND_BYTES);
}

/* ---- opening */

/* libetpan 1.9.4 streams only where a progress function is set too. */
static void on_progress(size_t current, size_t most, void *ctx)
{
	(void)current, (void)most, (void)ctx;
}

static void imap_close(struct source *source)
{
	struct imap *m = source->state;
	if (m == NULL)
		return;
	if (m->session != NULL && !m->stream.dead) {
		imap_stream_allow(&m->stream, 2000, IMAP_COMMAND_BYTES);
		mailimap_logout(m->session);
	}
	m->stream.dead = true;
	if (m->session != NULL)
		mailimap_free(m->session);
	m->session = NULL;
	connection_close(m->stream.connection);
	m->stream.connection = NULL;
	free(m->uids);
	m->uids = NULL;
	m->n = m->at = 0;
}

static void imap_release(struct source *source)
{
	struct imap *m = source->state;
	imap_close(source);
	if (m != NULL)
		arena_release(&m->arena);
	free(m);
	source->state = NULL;
}

static bool may_flag(const struct mailimap_selection_info *info)
{
	if (info->sel_perm_flags == NULL)
		return true; /* RFC 3501, 6.3.1: without the answer all flags can be changed */
	for (clistiter *at = clist_begin(info->sel_perm_flags); at != NULL; at = clist_next(at)) {
		const struct mailimap_flag_perm *flag = clist_content(at);
		if (flag->fl_type == MAILIMAP_FLAG_PERM_ALL)
			return true;
		if (flag->fl_flag != NULL && flag->fl_flag->fl_type == MAILIMAP_FLAG_KEYWORD &&
		    strcasecmp(flag->fl_flag->fl_data.fl_keyword, "$PLNLogged") == 0)
			return true;
	}
	return false;
}

static int learn_capabilities(struct source *source, struct err *err)
{
	struct imap *m = source->state;
	struct mailimap_capability_data *data = NULL;
	imap_begin(source);
	int result = mailimap_capability(m->session, &data);
	if (result != MAILIMAP_NO_ERROR)
		return imap_failed(source, "asking what it can do", result, err);
	mailimap_capability_data_free(data);
	m->can_idle = source->box->idle && mailimap_has_idle(m->session);
	m->can_move = mailimap_has_extension(m->session, "MOVE");
	m->can_expunge = mailimap_has_uidplus(m->session);
	return 0;
}

static int select_folder(struct source *source, struct err *err)
{
	struct imap *m = source->state;
	imap_begin(source);
	int result = mailimap_select(m->session, m->folder);
	if (result == MAILIMAP_ERROR_SELECT)
		return err_set(err, "%s does not open the folder %s (%.200s): check the folder in the url", source->url.host, source->url.folder,
		               m->session->imap_response == NULL ? "" : m->session->imap_response);
	if (result != MAILIMAP_NO_ERROR || m->session->imap_selection_info == NULL)
		return imap_failed(source, "opening the folder", result, err);
	const struct mailimap_selection_info *info = m->session->imap_selection_info;
	if (info->sel_uidvalidity == 0)
		return err_set(err, "%s: the folder %s keeps no lasting message numbers (no UIDVALIDITY): it cannot be read safely", source->url.host,
		               source->url.folder);
	m->can_flag = may_flag(info);
	m->exists = info->sel_exists;
	if (info->sel_uidvalidity != source->validity) {
		source->validity = info->sel_uidvalidity;
		source->last = 0;
		m->suspect = 0;
	}
	return 0;
}

static int connect_session(struct source *source, struct err *err)
{
	struct imap *m = source->state;
	struct connect_to to = {
		.config = source->config, .url = &source->url,
		.password_file = source->box->password_file, .token_file = source->box->token_file, .ca_file = source->box->ca_file,
		.ms = source->wait_ms, .stop = source->calls->listen, .ctx = source->ctx,
	};
	m->stream = (struct imap_stream){.source = source, .silence_ms = silence(source), .literal_most = (uint64_t)source->box->max_mail + IMAP_SLACK};
	m->stream.connection = connection_open(&to, err);
	if (m->stream.connection == NULL) {
		m->stream.dead = true;
		return -1;
	}
	m->session = mailimap_new(0, NULL);
	if (m->session == NULL)
		abort();
	mailimap_set_progress_callback(m->session, on_progress, on_progress, source);
	imap_begin(source);
	int result = mailimap_connect(m->session, imap_stream_open(&m->stream));
	if (result != MAILIMAP_NO_ERROR_AUTHENTICATED)
		return imap_failed(source, "beginning", result, err);
	return 0;
}

static int imap_open(struct source *source, struct err *err)
{
	struct imap *m = source->state;
	if (m == NULL) {
		m = source->state = calloc(1, sizeof *m);
		if (m == NULL)
			abort();
		m->stream.dead = true;
		m->folder = mail_folder_name(&m->arena, source->url.folder);
	}
	imap_close(source);
	if (m->folder == NULL)
		return err_set(err, "the folder in the url has a name that no server takes");
	if (connect_session(source, err) < 0 || learn_capabilities(source, err) < 0)
		return -1;
	return select_folder(source, err);
}

/* ---- waiting */

static int wait_channel(struct source *source, int64_t ms)
{
	struct pollfd p = {source->calls->channel(source->ctx), POLLIN, 0};
	poll(&p, 1, ms > 1000000 ? 1000000 : (int)ms);
	return 0;
}

/* NOOP keeps the connection, and lets the server tell of new mail where it does not know IDLE. */
static int wait_polling(struct source *source, int64_t ms, struct err *err)
{
	struct imap *m = source->state;
	wait_channel(source, ms);
	imap_begin(source);
	int result = mailimap_noop(m->session);
	return result == MAILIMAP_NO_ERROR ? 0 : imap_failed(source, "keeping the connection", result, err);
}

static int wait_idling(struct source *source, int64_t ms, struct err *err)
{
	struct imap *m = source->state;
	imap_begin(source);
	int result = mailimap_idle(m->session);
	if (result != MAILIMAP_NO_ERROR)
		return imap_failed(source, "waiting for mail (IDLE)", result, err);
	bool told = m->session->imap_selection_info->sel_exists != m->exists || m->session->imap_stream->read_buffer_len > 0;
	int came = told ? 1 : source->calls->has_work(source->ctx) ? 0 : imap_stream_await(&m->stream, ms);
	imap_begin(source);
	result = came < 0 ? MAILIMAP_ERROR_STREAM : mailimap_idle_done(m->session);
	if (result != MAILIMAP_NO_ERROR)
		return imap_failed(source, "waiting for mail (IDLE)", result, err);
	return came;
}

static int imap_wait(struct source *source, int64_t ms, struct err *err)
{
	const struct imap *m = source->state;
	if (m->session->imap_selection_info->sel_exists != m->exists)
		return 1;
	return m->can_idle ? wait_idling(source, ms, err) : wait_polling(source, ms, err);
}

static const char *imap_describe(struct source *source, struct arena *arena, struct err *err)
{
	const struct imap *m = source->state;
	if (source->box->marking == MARK_MOVE && imap_check_move_to(source, err) < 0)
		return NULL;
	return arena_printf(arena, "IMAP, %s, %s%s%u mails%s", m->can_idle ? "IDLE" : source->box->idle ? "no IDLE: polled" : "polled",
	                    m->can_move ? "MOVE, " : "", m->can_expunge ? "UIDPLUS, " : "", m->session->imap_selection_info->sel_exists,
	                    source->box->marking == MARK_FLAG && !m->can_flag ? "; keeps no flag $PLNLogged" : "");
}

const struct source_ops imap_source = {
	imap_open, imap_list, imap_fetch, imap_mark, imap_wait, imap_describe, imap_close, imap_release,
};
