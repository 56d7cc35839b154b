#include "gateway/read/html-tame.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "rules/eight.h"

/* What mail programs call the parts of a page, in class, id or name; x_ and ecx (Outlook's renamings) come off first. */
#define WORD(s) (s), sizeof(s) - 1
static const struct word {
	const char *word;
	size_t n;
	bool whole; /* else anywhere inside */
	unsigned does;
} words[] = {
	{WORD("gmail_quote"), true, HTML_QUOTE},
	{WORD("gmail_attr"), true, HTML_INTRO},
	{WORD("yahoo_quoted"), false, HTML_QUOTE},
	{WORD("yahooquoted"), false, HTML_QUOTE},
	{WORD("moz-cite-prefix"), true, HTML_INTRO},
	{WORD("moz-forward-container"), true, HTML_QUOTE},
	{WORD("divrplyfwdmsg"), false, HTML_TAIL},
	{WORD("appendonsend"), true, HTML_TAIL},
	{WORD("outlookmessageheader"), true, HTML_TAIL},
	{WORD("olk_src_body_section"), true, HTML_QUOTE},
	{WORD("mail-editor-reference-message-container"), true, HTML_QUOTE},
	{WORD("ms-outlook-mobile-reference-message"), true, HTML_QUOTE},
	{WORD("protonmail_quote"), true, HTML_QUOTE},
	{WORD("zmail_extra"), false, HTML_QUOTE},
	{WORD("tutanota_quote"), true, HTML_QUOTE},
	{WORD("missive_quote"), true, HTML_QUOTE},
	{WORD("front-blockquote"), true, HTML_QUOTE},
	{WORD("nylas-quote"), true, HTML_QUOTE},
	{WORD("hs_reply"), true, HTML_QUOTE},
	{WORD("clean_bq"), true, HTML_QUOTE},
	{WORD("wm_quote"), true, HTML_QUOTE},
	{WORD("quoted-html"), true, HTML_QUOTE},
	{WORD("_originalcontent"), true, HTML_QUOTE},
	{WORD("messagereplysection"), true, HTML_QUOTE},
	{WORD("messageforwardsection"), true, HTML_QUOTE},
	{WORD("replybody"), true, HTML_QUOTE},
	{WORD("reply-intro"), false, HTML_INTRO},
	{WORD("airmail_on"), true, HTML_INTRO},
	{WORD("airmail_ext_on"), true, HTML_INTRO},
	{WORD("zwchr"), true, HTML_TAIL},
	{WORD("bloop_sign"), false, HTML_SIGNATURE},
	{WORD("_signatureplaceholder"), true, HTML_SIGNATURE},
	{WORD("signature"), false, HTML_SIGNATURE},
};

static unsigned word_does(struct span word)
{
	char low[64];
	while (span_starts_nocase(word, "x_") || span_starts_nocase(word, "ecx"))
		word = span_skip(word, word.p[1] == '_' ? 2 : 3);
	if (word.n < 4 || word.n >= sizeof low)
		return 0;
	for (size_t i = 0; i < word.n; i++)
		low[i] = (char)tolower((unsigned char)word.p[i]);
	low[word.n] = '\0';
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].n == word.n ? memcmp(low, words[i].word, word.n) == 0
		                         : !words[i].whole && words[i].n < word.n && strstr(low, words[i].word) != NULL)
			return words[i].does;
	return 0;
}

static unsigned words_do(const char *value)
{
	unsigned does = 0;
	const char *p = value;
	for (int i = 0; i < 16 && *p != '\0'; i++) {
		size_t n = strcspn(p, " \t\r\n");
		does |= word_does((struct span){p, n});
		p += n + strspn(p + n, " \t\r\n");
	}
	return does;
}

/* ---- style attributes: the bytes that matter, in lower case without blanks */
struct style {
	char text[768];
};

static void style_read(struct style *style, const char *value)
{
	size_t n = 0;
	style->text[n++] = ';';
	for (; *value != '\0' && n + 2 < sizeof style->text; value++)
		if ((unsigned char)*value > ' ')
			style->text[n++] = (char)tolower((unsigned char)*value);
	style->text[n] = '\0';
}

/* The value of a property, "" when it is not there. */
static const char *style_get(const struct style *style, const char *property)
{
	size_t n = strlen(property);
	for (const char *p = style->text; (p = strchr(p, ';')) != NULL;)
		if (strncmp(++p, property, n) == 0 && p[n] == ':')
			return p + n + 1;
	return "";
}

static bool style_is(const struct style *style, const char *property, const char *start)
{
	return strncmp(style_get(style, property), start, strlen(start)) == 0;
}

/* "0", "0px", "0%" but not "0.9em". */
static bool style_is_zero(const struct style *style, const char *property)
{
	const char *value = style_get(style, property);
	return value[0] == '0' && value[1] != '.' && !isdigit((unsigned char)value[1]);
}

static int pixels(const char *value)
{
	char *end;
	long n = strtol(value, &end, 10);
	return end == value || *end == '%' || n < 0 || n > 100000 ? -1 : (int)n;
}

static unsigned style_does(const struct style *style, struct html_element *element)
{
	unsigned does = 0;
	if (style_is(style, "display", "none") || style_is(style, "visibility", "hidden"))
		does |= HTML_HIDDEN;
	if (style_is_zero(style, "max-height") && style_is(style, "overflow", "hidden"))
		does |= HTML_HIDDEN;
	if (style_is(style, "white-space", "pre"))
		does |= HTML_PRE;
	if (style_is(style, "border", "none") && style_is(style, "border-top", "solid"))
		does |= HTML_TAIL; /* Outlook's line above the header of what it quotes */
	if ((element->does & HTML_BLOCKQUOTE) != 0 &&
	    (*style_get(style, "border-left") != '\0' || *style_get(style, "border-left-style") != '\0'))
		does |= HTML_QUOTE;
	if ((element->does & HTML_IMAGE) != 0) {
		int width = pixels(style_get(style, "width")), height = pixels(style_get(style, "height"));
		element->width = width >= 0 ? width : element->width;
		element->height = height >= 0 ? height : element->height;
	}
	return does;
}

enum attribute { AT_NONE, AT_ALT, AT_CITE, AT_CLASS, AT_HEIGHT, AT_HIDDEN, AT_HREF, AT_NAME, AT_SRC, AT_STYLE, AT_TYPE, AT_WIDTH };

static enum attribute attribute_named(const char *name)
{
	static const struct {
		const char *name;
		enum attribute is;
	} names[] = {
		{"alt", AT_ALT}, {"cite", AT_CITE}, {"class", AT_CLASS}, {"data-smartmail", AT_CLASS}, {"height", AT_HEIGHT},
		{"hidden", AT_HIDDEN}, {"href", AT_HREF}, {"id", AT_CLASS}, {"name", AT_NAME}, {"src", AT_SRC}, {"style", AT_STYLE},
		{"type", AT_TYPE}, {"width", AT_WIDTH},
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (*name == *names[i].name && strcmp(name, names[i].name) == 0)
			return names[i].is;
	return AT_NONE;
}

static void attribute_read(enum attribute attribute, const char *value, struct html_element *element)
{
	struct style style;
	bool quote = (element->does & HTML_BLOCKQUOTE) != 0;
	switch (attribute) {
	case AT_ALT: element->alt = value; break;
	case AT_CITE: element->does |= quote ? HTML_QUOTE : 0; break;
	case AT_CLASS: element->does |= words_do(value); break;
	case AT_HEIGHT: element->height = pixels(value); break;
	case AT_HIDDEN: element->does |= HTML_HIDDEN; break;
	case AT_HREF: element->href = value; break;
	case AT_NAME: /* GMX and web.de: <div name="quote">; Spark: messageReplySection */
		element->does |= strcasecmp(value, "quote") == 0 ? HTML_QUOTE : words_do(value);
		break;
	case AT_SRC: element->src = value; break;
	case AT_STYLE:
		style_read(&style, value);
		element->does |= style_does(&style, element);
		break;
	case AT_TYPE: element->does |= quote && strcasecmp(value, "cite") == 0 ? HTML_QUOTE : 0; break;
	case AT_WIDTH: element->width = pixels(value); break;
	case AT_NONE: break;
	}
}

void html_element_read(const char *name, const char *const *attributes, struct html_element *element)
{
	*element = (struct html_element){.does = html_element_named(span_of(name))->does, .width = -1, .height = -1};
	for (int i = 0; attributes != NULL && attributes[i] != NULL && i < 128; i += 2) {
		enum attribute attribute = attribute_named(attributes[i]);
		if (attribute == AT_HIDDEN || (attribute != AT_NONE && attributes[i + 1] != NULL))
			attribute_read(attribute, attributes[i + 1], element);
	}
	if ((element->does & HTML_LINK) != 0 || (element->does & HTML_IMAGE) != 0)
		element->does &= ~(unsigned)(HTML_QUOTE | HTML_TAIL | HTML_INTRO);
	/* Word gives each line its own paragraph without a margin. */
	if (strcmp(name, "p") == 0)
		for (int i = 0; attributes != NULL && attributes[i] != NULL && i < 128; i += 2)
			if (attributes[i + 1] != NULL && strcasestr(attributes[i + 1], "msonormal") != NULL)
				element->does &= ~(unsigned)HTML_PARAGRAPH;
}

/* ---- addresses */
static size_t without_controls(char *out, struct span s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n;) {
		uint64_t w = s.n - i < EIGHT ? 0 : eight_load(s.p + i);
		if ((eight_between(w, ' ', '~') | (w & EIGHT_ALL)) == EIGHT_ALL) {
			eight_store(out + n, w);
			n += EIGHT;
			i += EIGHT;
			continue;
		}
		if ((unsigned char)s.p[i] >= ' ' && s.p[i] != 0x7f)
			out[n++] = s.p[i];
		i++;
	}
	return n;
}

const char *html_url_seen(struct arena *arena, struct span written)
{
	while (written.n > 0 && (unsigned char)*written.p <= ' ')
		written = span_skip(written, 1);
	if (written.n == 0 || (*written.p | 0x20) != 'h')
		return NULL;
	char *seen = arena_bytes(arena, written.n + 1);
	size_t n = without_controls(seen, written);
	while (n > 0 && seen[n - 1] == ' ')
		n--;
	seen[n] = '\0';
	struct span s = {seen, n};
	return n > 7 && (span_starts_nocase(s, "http:") || span_starts_nocase(s, "https:")) ? seen : NULL;
}
