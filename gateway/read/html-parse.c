#include "gateway/read/html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

/* libxml2's HTML tokenizer, and what it must be kept from. */

/* Steps that the tokenizer may waste on errors: an end tag that closes nothing looks through all open elements. */
static const size_t wasted_max = 50000000, error_cost = 16;

struct parse {
	const struct html_events *events;
	void *ctx;
	struct arena *arena;
	htmlParserCtxtPtr parser; /* while it runs */
	size_t wasted, elements;
	xmlDictPtr *names; /* the parser's former ones */
	size_t n_names;
};

/* libxml2 keeps each name of an element, attribute or reference in a table that grows up to some size only: half a million
 * different ones took seconds. It gets a fresh one in time; names of open elements lie in the former ones. */
static void names_renew(struct parse *parse)
{
	enum { NAMES_MAX = 8192 };
	if (xmlDictSize(parse->parser->dict) < NAMES_MAX)
		return;
	xmlDictPtr fresh = xmlDictCreate();
	if (fresh == NULL)
		return;
	*ARENA_PUSH(parse->arena, parse->names, parse->n_names) = parse->parser->dict;
	parse->parser->dict = fresh;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
	struct parse *parse = ctx;
	parse->events->start(parse->ctx, (const char *)name, (const char *const *)attributes);
	if (++parse->elements % 64 == 0)
		names_renew(parse);
}

static void on_end(void *ctx, const xmlChar *name)
{
	struct parse *parse = ctx;
	(void)name;
	parse->events->end(parse->ctx);
}

static void on_text(void *ctx, const xmlChar *chars, int n)
{
	struct parse *parse = ctx;
	if (n == 1 && *chars == '&') /* a name follows that is no character's */
		names_renew(parse);
	if (n > 0)
		parse->events->text(parse->ctx, (struct span){(const char *)chars, (size_t)n});
}

/* Only counted, so that a page of nothing but errors ends. */
static void on_error(void *ctx, xmlErrorPtr error)
{
	struct parse *parse = ctx;
	if (parse->parser == NULL)
		return;
	parse->wasted += error_cost + (error->code == XML_ERR_TAG_NAME_MISMATCH ? (size_t)parse->parser->nameNr : 0);
	if (parse->wasted > wasted_max)
		xmlStopParser(parse->parser);
	names_renew(parse);
}

static void on_instruction(void *ctx, const xmlChar *name, const xmlChar *text)
{
	(void)name;
	(void)text;
	names_renew(ctx);
}

/* The pull parser: the push parser of libxml2 2.9 stops behind </html>, and at an end tag in front. */
void html_parse(struct span html, struct arena *arena, const struct html_events *events, void *ctx)
{
	if (html.n == 0 || html.n >= (size_t)1 << 30)
		return;
	struct parse parse = {.events = events, .ctx = ctx, .arena = arena};
	htmlParserCtxtPtr parser = htmlCreateMemoryParserCtxt(html.p, (int)html.n);
	if (parser == NULL)
		return;
	htmlCtxtUseOptions(parser, HTML_PARSE_IGNORE_ENC | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
	parser->options |= XML_PARSE_HUGE; /* this project has its own limits */
	xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
	*parser->sax = (htmlSAXHandler){
		.startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.processingInstruction = on_instruction,
		.serror = on_error,
		.initialized = XML_SAX2_MAGIC,
	};
	parser->userData = &parse;
	parse.parser = parser;
	htmlParseDocument(parser);
	parse.parser = NULL;
	htmlFreeParserCtxt(parser);
	for (size_t i = 0; i < parse.n_names; i++)
		xmlDictFree(parse.names[i]);
}
