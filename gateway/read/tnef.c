#include <stdio.h>
#include <stdlib.h>
#include <ytnef.h>

#include "gateway/read/charset.h"
#include "gateway/read/mime.h"
#include "gateway/read/rtf.h"

#define FILES 1000
#define RTF_MAX (4u << 20)
#define RTF_HEAD 16 /* sizes and magic in front of compressed RTF (MS-OXRTFCP) */

static struct span bytes_of(const variableLength *v)
{
	if (v == NULL || v == MAPI_UNDEFINED || v->data == NULL || v->size <= 0)
		return (struct span){"", 0};
	return (struct span){(const char *)v->data, (size_t)v->size};
}

/* A MAPI property in whatever string or binary type it is stored. */
static variableLength *property(MAPIProps *props, unsigned id)
{
	static const unsigned types[] = {PT_STRING8, PT_UNICODE, PT_BINARY, PT_OBJECT};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		variableLength *v = MAPIFindProperty(props, PROP_TAG(types[i], id));
		if (bytes_of(v).n > 0)
			return v;
	}
	return NULL;
}

/* libytnef makes UTF-8 of Unicode properties; eight-bit ones are in the sender's code page. */
static const char *text_of(struct arena *arena, struct span bytes)
{
	enum charset_how how;
	while (bytes.n > 0 && bytes.p[bytes.n - 1] == '\0')
		bytes.n--;
	return charset_to_utf8(arena, "", bytes, &how).p;
}

static const char *file_name(Attachment *a, struct arena *arena)
{
	static const unsigned names[] = {PR_ATTACH_LONG_FILENAME, PR_ATTACH_FILENAME};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct span name = bytes_of(property(&a->MAPI, names[i]));
		if (name.n > 0)
			return text_of(arena, name);
	}
	return text_of(arena, bytes_of(&a->Title));
}

static const char *file_type(Attachment *a, struct arena *arena)
{
	struct span type = bytes_of(property(&a->MAPI, PR_ATTACH_MIME_TAG));
	const char *text = text_of(arena, type);
	return strchr(text, '/') == NULL ? "application/octet-stream" : utf8_lower(arena, text, strlen(text));
}

static uint64_t file_bytes(Attachment *a)
{
	struct span object = bytes_of(property(&a->MAPI, PR_ATTACH_DATA_OBJ));
	return object.n > 0 ? object.n : bytes_of(&a->FileData).n;
}

static uint32_t le32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The size that the header promises is checked here: the library allocates it unseen. */
static const char *rtf_body(variableLength *compressed, struct arena *arena)
{
	int size = 0;
	if (bytes_of(compressed).n < RTF_HEAD || le32(compressed->data + 4) > RTF_MAX || le32(compressed->data) > RTF_MAX)
		return NULL;
	unsigned char *rtf = DecompressRTF(compressed, &size);
	if (rtf == NULL)
		return NULL;
	const char *text = size <= 0 ? NULL : rtf_text(arena, (struct span){(const char *)rtf, (size_t)size});
	free(rtf);
	return text;
}

static void read_bodies(TNEFStruct *from, struct arena *arena, struct tnef *out)
{
	struct span html = bytes_of(property(&from->MapiProperties, PR_BODY_HTML));
	struct span text = bytes_of(property(&from->MapiProperties, PR_BODY));
	if (text.n == 0)
		text = bytes_of(&from->body);
	if (html.n > 0)
		out->html = text_of(arena, html);
	if (text.n > 0)
		out->text = text_of(arena, text);
	else if (out->html == NULL)
		out->text = rtf_body(property(&from->MapiProperties, PR_RTF_COMPRESSED), arena);
}

int tnef_read(struct span bytes, struct arena *arena, struct tnef *out)
{
	TNEFStruct from = {0}; /* TNEFInitialize leaves Debug as it is */
	*out = (struct tnef){0};
	if (bytes.n < 16 || bytes.n > INT32_MAX)
		return -1;
	unsigned char *copy = arena_alloc(arena, bytes.n); /* the library may write into it */
	memcpy(copy, bytes.p, bytes.n);
	TNEFInitialize(&from);
	int result = TNEFParseMemory(copy, (long)bytes.n, &from) < 0 ? -1 : 0;
	for (Attachment *a = from.starting_attach.next; a != NULL && out->n_files < FILES; a = a->next)
		*ARENA_PUSH(arena, out->files, out->n_files) = (struct attachment){file_name(a, arena), file_type(a, arena), file_bytes(a)};
	read_bodies(&from, arena, out);
	TNEFFree(&from);
	return result;
}
