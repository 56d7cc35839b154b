#include "gateway/read/charset.h"
#include "gateway/read/mime.h"
#include "gateway/read/rtf.h"

/* winmail.dat (MS-OXTNEF): what Outlook puts round a mail that is not for Outlook. Read here rather than by libytnef, which
 * hands out lengths longer than its buffers, leaks and prints when the file is damaged. */

#define SIGNATURE 0x223e9f78u
#define FILES 1000
#define PROPERTIES 10000 /* of one block */

enum { /* attributes, without their type */
	ATT_BODY = 0x800c, ATT_DATA = 0x800f, ATT_TITLE = 0x8010, ATT_RENDDATA = 0x9002, ATT_PROPS = 0x9003, ATT_FILE_PROPS = 0x9005, ATT_CODEPAGE = 0x9007
};
enum { /* MAPI properties */
	PROP_BODY = 0x1000, PROP_RTF = 0x1009, PROP_HTML = 0x1013, PROP_DATA = 0x3701, PROP_NAME = 0x3704, PROP_LONG_NAME = 0x3707, PROP_TYPE = 0x370e
};
enum { TYPE_OBJECT = 0x0d, TYPE_STRING8 = 0x1e, TYPE_UNICODE = 0x1f, TYPE_BINARY = 0x102, TYPE_MANY = 0x1000 };

struct bytes {
	const unsigned char *p;
	size_t n;
	bool bad; /* something was promised that is not there */
};

struct reading_tnef {
	struct arena *arena;
	const char *charset;
	struct tnef *out;
	struct attachment *file; /* the one that the attributes are about, NULL before the first */
	bool long_name;
	struct span rtf;
};

static struct span take(struct bytes *b, size_t n)
{
	if (b->bad || n > b->n) {
		b->bad = true;
		return (struct span){"", 0};
	}
	struct span s = {(const char *)b->p, n};
	b->p += n;
	b->n -= n;
	return s;
}

static uint32_t take_int(struct bytes *b, size_t n)
{
	struct span s = take(b, n);
	uint32_t value = 0;
	for (size_t i = s.n; i > 0; i--)
		value = value << 8 | (unsigned char)s.p[i - 1];
	return value;
}

/* A value whose length stands before it, filled up to four bytes. */
static struct span take_counted(struct bytes *b)
{
	uint32_t n = take_int(b, 4);
	struct span value = take(b, n);
	if (n % 4 != 0 && b->n > 0)
		take(b, b->n < 4 - n % 4 ? b->n : 4 - n % 4);
	return value;
}

static const char *text_of(const struct reading_tnef *t, struct span bytes, unsigned type)
{
	enum charset_how how;
	if (type == TYPE_UNICODE)
		return charset_to_utf8(t->arena, "utf-16le", (struct span){bytes.p, bytes.n & ~(size_t)1}, &how).p;
	while (bytes.n > 0 && bytes.p[bytes.n - 1] == '\0')
		bytes.n--;
	return charset_to_utf8(t->arena, t->charset, bytes, &how).p;
}

static size_t fixed_size(unsigned type)
{
	static const struct {
		unsigned type;
		size_t n;
	} sizes[] = {{0x02, 4}, {0x03, 4}, {0x04, 4}, {0x0a, 4}, {0x0b, 4}, {0x05, 8}, {0x06, 8}, {0x07, 8}, {0x14, 8}, {0x40, 8}, {0x48, 16}};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (sizes[i].type == type)
			return sizes[i].n;
	return 0;
}

typedef void property_fn(struct reading_tnef *, unsigned id, unsigned type, struct span value);

static void skip_name(struct bytes *b)
{
	take(b, 16); /* whose names these are */
	if (take_int(b, 4) == 0)
		take(b, 4);
	else
		take_counted(b);
}

/* One property: fn gets each value of variable length. */
static void read_property(struct reading_tnef *t, struct bytes *b, property_fn *fn)
{
	unsigned type = take_int(b, 2), id = take_int(b, 2), one = type & ~(unsigned)TYPE_MANY;
	if (id >= 0x8000)
		skip_name(b);
	bool counted = one == TYPE_OBJECT || one == TYPE_STRING8 || one == TYPE_UNICODE || one == TYPE_BINARY;
	size_t fixed = fixed_size(one);
	if (!counted && fixed == 0) {
		b->bad = true;
		return;
	}
	uint32_t n = counted || type != one ? take_int(b, 4) : 1;
	for (uint32_t i = 0; i < n && !b->bad; i++) {
		struct span value = counted ? take_counted(b) : take(b, fixed);
		if (counted && i == 0 && !b->bad)
			fn(t, id, one, value);
	}
}

static void read_properties(struct reading_tnef *t, struct span data, property_fn *fn)
{
	struct bytes b = {(const unsigned char *)data.p, data.n, false};
	uint32_t n = take_int(&b, 4);
	for (uint32_t i = 0; i < n && i < PROPERTIES && !b.bad; i++)
		read_property(t, &b, fn);
}

static void message_property(struct reading_tnef *t, unsigned id, unsigned type, struct span value)
{
	if (id == PROP_HTML)
		t->out->html = text_of(t, value, type);
	else if (id == PROP_BODY)
		t->out->text = text_of(t, value, type);
	else if (id == PROP_RTF)
		t->rtf = value;
}

static void file_property(struct reading_tnef *t, unsigned id, unsigned type, struct span value)
{
	if (id == PROP_LONG_NAME || (id == PROP_NAME && !t->long_name)) {
		t->file->filename = text_of(t, value, type);
		t->long_name = id == PROP_LONG_NAME;
	} else if (id == PROP_DATA) {
		t->file->content = span_skip(value, type == TYPE_OBJECT && value.n >= 16 ? 16 : 0); /* an object says first what it is */
		t->file->bytes = t->file->content.n;
	} else if (id == PROP_TYPE) {
		const char *text = text_of(t, value, type);
		if (strchr(text, '/') != NULL)
			t->file->type = utf8_lower(t->arena, text, strlen(text));
	}
}

static void new_file(struct reading_tnef *t)
{
	if (t->out->n_files == FILES)
		return;
	t->file = ARENA_PUSH(t->arena, t->out->files, t->out->n_files);
	*t->file = (struct attachment){.filename = "", .type = "application/octet-stream"};
	t->long_name = false;
}

static void attribute(struct reading_tnef *t, unsigned id, struct span data)
{
	struct bytes b = {(const unsigned char *)data.p, data.n, false};
	if (id == ATT_CODEPAGE)
		t->charset = arena_printf(t->arena, "cp%u", (unsigned)take_int(&b, 4));
	else if (id == ATT_BODY)
		t->out->text = text_of(t, data, TYPE_STRING8);
	else if (id == ATT_PROPS)
		read_properties(t, data, message_property);
	else if (id == ATT_RENDDATA || (t->file == NULL && (id == ATT_TITLE || id == ATT_DATA || id == ATT_FILE_PROPS)))
		new_file(t);
	if (t->file == NULL)
		return;
	if (id == ATT_TITLE && t->file->filename[0] == '\0')
		t->file->filename = text_of(t, data, TYPE_STRING8);
	else if (id == ATT_DATA)
		t->file->bytes = (t->file->content = data).n;
	else if (id == ATT_FILE_PROPS)
		read_properties(t, data, file_property);
}

int tnef_read(struct span bytes, struct arena *arena, struct tnef *out)
{
	struct reading_tnef t = {.arena = arena, .charset = "windows-1252", .out = out, .rtf = {"", 0}};
	struct bytes b = {(const unsigned char *)bytes.p, bytes.n, false};
	*out = (struct tnef){0};
	if (take_int(&b, 4) != SIGNATURE)
		return -1;
	take(&b, 2); /* a key that nobody needs */
	while (b.n > 0 && !b.bad) {
		take(&b, 1); /* message or attachment: the identifier says so too */
		unsigned id = take_int(&b, 4) & 0xffff;
		struct span data = take(&b, take_int(&b, 4));
		if (!b.bad)
			attribute(&t, id, data);
		if (b.n > 0)
			take(&b, 2); /* the check sum: a damaged file is read as far as it goes */
	}
	if (out->text == NULL && out->html == NULL && t.rtf.n > 0)
		out->text = rtf_text(arena, rtf_unpack(arena, t.rtf));
	return b.bad ? -1 : 0;
}
