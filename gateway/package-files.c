#include "gateway/interview.h"

#include <string.h>

/* Without a charset readers take a text for ASCII (RFC 2046 section 4.1.2); of the older ones nobody can tell which it is. */
static const char *type_of(const char *type, struct span content)
{
	return strcmp(type, "text/plain") == 0 && utf8_valid(content.p, content.n) ? "text/plain; charset=utf-8" : type;
}

/* NULL: it goes with the letter; else why not. The reader's limits are looked at again, for it may have been taken over by what it read. */
static const char *take(struct package *p, const struct attachment *a, const struct file_fate *fate, size_t *room)
{
	if (a->content.n == 0 || a->content.n != a->bytes)
		return "it could not be read whole";
	if (a->content.n > *room)
		return "with it the letters would be too large";
	*room -= a->content.n;
	p->files[p->n_files++] = (struct mail_part){fate->name, type_of(fate->type, a->content), a->content};
	return NULL;
}

void package_files(struct desk *desk, const struct reading *r, size_t room, struct package *p)
{
	size_t n;
	const struct file_fate *fates = files_fates(r, desk->arena, &n);
	for (size_t i = 0; i < n; i++) {
		const struct file_fate *f = &fates[i];
		const char *why = f->why == NULL ? take(p, &r->attachments[f->attachment], f, &room) : f->why;
		if (why == NULL)
			strs_add(&p->pack.files, desk->arena, arena_printf(desk->arena, "%s, %s", f->name, files_size_text(desk->arena, r->attachments[f->attachment].bytes)));
		else
			strs_add(&p->pack.refused, desk->arena, arena_printf(desk->arena, "%s: %s", f->name, why));
	}
}
