#include "rules/files.h"

#include <stdio.h>
#include <strings.h>

#include "rules/arena.h"
#include "rules/ruleset.h"

#define NAME_BYTES 200
#define ENDING 8 /* bytes of the longest ending of a name, with its dot */

/* Taken by the end of its name, because that is what opens it. What may hold macros or scripts is not here: old Office files,
 * SVG, web pages, archives. */
static const struct {
	const char *ending, *type;
} kinds[] = {
	{".pdf", "application/pdf"},
	{".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	{".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
	{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{".odt", "application/vnd.oasis.opendocument.text"},
	{".odp", "application/vnd.oasis.opendocument.presentation"},
	{".ods", "application/vnd.oasis.opendocument.spreadsheet"},
	{".rtf", "application/rtf"},
	{".txt", "text/plain"},
	{".md", "text/plain"},
	{".jpg", "image/jpeg"},
	{".jpeg", "image/jpeg"},
	{".png", "image/png"},
	{".gif", "image/gif"},
	{".webp", "image/webp"},
	{".heic", "image/heic"},
	{".mp3", "audio/mpeg"},
	{".m4a", "audio/mp4"},
	{".mp4", "video/mp4"},
};

/* In a type that was declared: it would run, whatever it is called. */
static const char *const running[] = {"html", "script", "svg", "msdownload", "msdos", "dosexec", "executable", "macro", "java", "x-sh", "hta", "x-ms"};

static bool is_dangerous(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} ranges[] = {{0, 0x1f}, {0x7f, 0x9f}, {0x061c, 0x061c}, {0x200b, 0x200b}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff},
	              {0xe0000, 0xe007f}};
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return c < 0x7f && strchr("\\:*?\"<>|", (int)c) != NULL;
}

/* With its dot; empty when there is none, or one too long to be an ending. */
static struct span ending_of(const char *name, size_t n)
{
	size_t at = n;
	while (at > 0 && n - at < ENDING && name[at - 1] != '.')
		at--;
	bool has = at > 1 && name[at - 1] == '.';
	return has ? (struct span){name + at - 1, n - at + 1} : (struct span){name + n, 0};
}

static void add_tame(struct str *out, const char *p, const char *end)
{
	char bytes[4];
	while (p < end) {
		uint32_t c = utf8_next(&p, end);
		str_add(out, bytes, utf8_put(bytes, is_dangerous(c) ? '_' : c));
	}
}

void files_tame_name(struct str *out, const char *name)
{
	const char *slash = strrchr(name == NULL ? "" : name, '/');
	struct span s = span_of(slash != NULL ? slash + 1 : name);
	while (s.n > 0 && strchr(" .\t", s.p[s.n - 1]) != NULL) /* a disk may take them off, and another ending be left */
		s.n--;
	while (s.n > 0 && strchr(" .\t", s.p[0]) != NULL)
		s = span_skip(s, 1);
	struct span ending = ending_of(s.p, s.n);
	size_t stem = s.n - ending.n;
	add_tame(out, s.p, s.p + (stem <= NAME_BYTES - ENDING ? stem : utf8_prefix(s.p, stem, NAME_BYTES - ENDING)));
	add_tame(out, ending.p, ending.p + ending.n);
	if (out->n == 0)
		str_puts(out, "file");
}

const char *files_size_text(struct arena *arena, uint64_t bytes)
{
	unsigned long long tenths = (unsigned long long)(bytes >> 20) * 10 + (((bytes & 0xfffff) * 10 + 0x80000) >> 20);
	if (bytes >> 20 > 0)
		return tenths % 10 == 0 ? arena_printf(arena, "%llu MB", tenths / 10) : arena_printf(arena, "%llu.%llu MB", tenths / 10, tenths % 10);
	return arena_printf(arena, "%llu kB", (unsigned long long)(bytes + 1023) / 1024);
}

/* Phones send a scan without an ending: its type gives it one. */
static const char *name_of(const struct attachment *a, struct arena *arena)
{
	struct str tame = {0};
	files_tame_name(&tame, a->filename);
	const char *name = arena_strndup(arena, str_c(&tame), tame.n);
	for (size_t i = 0; ending_of(str_c(&tame), tame.n).n == 0 && i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].type, a->type) == 0) {
			name = arena_printf(arena, "%s%s", name, kinds[i].ending);
			break;
		}
	str_release(&tame);
	return name;
}

static const char *type_of(const char *name)
{
	struct span ending = ending_of(name, strlen(name));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (span_eq_nocase(ending, kinds[i].ending))
			return kinds[i].type;
	return NULL;
}

static bool runs(const char *type)
{
	for (size_t i = 0; i < sizeof running / sizeof *running; i++)
		if (strcasestr(type, running[i]) != NULL)
			return true;
	return false;
}

struct judging {
	struct arena *arena;
	struct file_fate *v;
	size_t n, taken;
	uint64_t left;
};

static const char *why_not(const struct judging *j, const struct attachment *a, const char *type)
{
	if (type == NULL)
		return "of its kind none is: send a PDF, a Word (.docx) or OpenDocument file, text, a picture, sound or film";
	if (runs(a->type))
		return "its type says that it runs when it is opened";
	if (a->bytes == 0)
		return "it is empty";
	if (j->taken == FILES_MOST)
		return arena_printf(j->arena, "%d files are the most", FILES_MOST);
	if (a->bytes > j->left)
		return arena_printf(j->arena, "it has %s, and %s together are the most", files_size_text(j->arena, a->bytes), files_size_text(j->arena, FILES_BYTES));
	return NULL;
}

static struct file_fate *add(struct judging *j, size_t attachment, const char *name, const char *why)
{
	struct file_fate *f = ARENA_PUSH(j->arena, j->v, j->n);
	*f = (struct file_fate){.attachment = attachment, .name = name, .why = why};
	return f;
}

static void judge(struct judging *j, const struct attachment *a, size_t index)
{
	const char *name = name_of(a, j->arena), *type = type_of(name), *why = why_not(j, a, type);
	add(j, index, name, why)->type = type;
	if (why != NULL)
		return;
	j->taken++;
	j->left -= a->bytes;
}

/* Its files stand behind it, by their own names; only when it is large, and none does, something of it was not read. */
static bool is_wrapping(const struct reading *r, size_t i)
{
	return strcasecmp(r->attachments[i].filename, "winmail.dat") == 0 && (i + 1 < r->n_attachments || !attachment_proves(&r->attachments[i]));
}

struct file_fate *files_fates(const struct reading *r, struct arena *arena, size_t *n)
{
	struct judging j = {.arena = arena, .left = FILES_BYTES};
	size_t unnamed = 0;
	for (size_t i = 0; i < r->n_attachments; i++) {
		if (!attachment_proves(&r->attachments[i]) || is_wrapping(r, i))
			continue;
		if (j.n < FILES_NAMED)
			judge(&j, &r->attachments[i], i);
		else
			unnamed++;
	}
	if (r->n_attached > 0)
		add(&j, r->n_attachments, r->n_attached == 1 ? "the mail within your mail" : "the mails within your mail", "none is: put its words under *ready*");
	if (unnamed > 0)
		add(&j, r->n_attachments, arena_printf(arena, "%zu more", unnamed), arena_printf(arena, "%d files are the most", FILES_MOST));
	*n = j.n;
	return j.v;
}
