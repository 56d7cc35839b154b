#include <stdlib.h>
#include <unistd.h>

#include "gateway/mail/mail.h"
#include "gateway/mail/maildir.h"
#include "gateway/mail/smtp.h"
#include "gateway/mail/source.h"

/* `plnpost check`: the same steps as in earnest, up to where something would change. */

static int no_mail(void *ctx, const struct mail_got *mail, struct err *err)
{
	(void)ctx, (void)mail, (void)err;
	return -1;
}

static void no_word(void *ctx, const char *text)
{
	(void)ctx, (void)text;
}

static int no_channel(void *ctx)
{
	(void)ctx;
	return -1;
}

static bool never_stop(void *ctx)
{
	(void)ctx;
	return false;
}

static const struct source_calls silent = {no_mail, no_word, no_word, no_channel, never_stop, never_stop};

int mail_check_mailbox(const struct config *config, const struct mailbox_config *box, struct arena *arena, const char **detail, struct err *err)
{
	struct source source = {.config = config, .box = box, .calls = &silent};
	if (mail_url_parse(box->url, MAIL_IN, false, arena, &source.url, err) < 0)
		return err_prefix(err, "url: ");
	source.ops = source.url.scheme == MAIL_MAILDIR ? &maildir_source : &imap_source;
	int result = source.ops->open(&source, err);
	const char *found = result < 0 ? NULL : source.ops->describe(&source, arena, err);
	source.ops->close(&source);
	source.ops->release(&source);
	if (found == NULL)
		return -1;
	*detail = found;
	return 0;
}

static int check_outbox(const char *path, struct arena *arena, const char **detail, struct err *err)
{
	if (maildir_make(path, err) < 0)
		return -1;
	if (access(arena_printf(arena, "%s/new", path), W_OK) < 0)
		return err_set(err, "%s/new: letters cannot be written there: check its owner and mode", path);
	*detail = arena_printf(arena, "letters lie in %s", path);
	return 0;
}

int mail_check_send(const struct config *config, struct arena *arena, const char **detail, struct err *err)
{
	struct mail_url url;
	if (mail_url_parse(config->send_url, MAIL_OUT, config->send_cleartext, arena, &url, err) < 0)
		return err_prefix(err, "url: ");
	if (url.scheme == MAIL_MAILDIR)
		return check_outbox(config_path(config, arena, url.path), arena, detail, err);
	struct smtp *smtp = smtp_open(config, &url, NULL, err);
	int result = smtp == NULL ? -1 : smtp_try(smtp, err);
	smtp_close(smtp);
	if (result == 0)
		*detail = arena_printf(arena, "%s, %s, %s", mail_url_base(&url, arena), url.scheme == MAIL_SMTP ? "no TLS" : "TLS",
		                       url.user == NULL ? "no login" : "logged in");
	return result;
}
