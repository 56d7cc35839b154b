#include "gateway/read/parts.h"
#include "gateway/read/read.h"
#include "rules/files.h"

static bool says_ready(const struct reading *r)
{
	for (size_t i = 0; i < r->said.n_commands; i++)
		if (r->said.commands[i].verb == COMMAND_READY)
			return true;
	return false;
}

void read_files(struct span raw, struct arena *arena, struct reading *r)
{
	struct mail_parts parts;
	struct reading again = {0};
	size_t n = 0;
	if (r->n_attachments == 0 || !says_ready(r))
		return;
	mime_files(raw, arena, &parts, &again);
	if (again.n_attachments != r->n_attachments)
		return; /* two passes that do not agree: then nothing is handed on */
	struct file_fate *fates = files_fates(&again, arena, &n);
	for (size_t i = 0; i < n; i++)
		if (fates[i].why == NULL)
			r->attachments[fates[i].attachment] = again.attachments[fates[i].attachment];
}
