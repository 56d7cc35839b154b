#ifndef GATEWAY_READ_LINKRULES_H
#define GATEWAY_READ_LINKRULES_H

#include "gateway/read/links.h"
#include "gateway/read/phrase-signs.h"

/* The rules as unwrap.c, clean.c and roles.c use them. */

enum link_op {
	/* where the target is: the first step */
	TAKE_QUERY,    /* query NAME: that parameter, decoded once */
	TAKE_REST,     /* rest NAME: everything behind NAME=, to the end of the link */
	TAKE_SEARCH,   /* search: the whole query */
	TAKE_SEGMENT,  /* segment N: of the path, from 1; from its end: -1; decoded once */
	TAKE_PATH,     /* path N: the path from segment N on, with query and fragment */
	TAKE_AFTER,    /* after TEXT: everything behind it */
	TAKE_LINK,     /* link: all of it */
	/* what is done to it */
	TAKE_PERCENT,  /* decoded once more */
	TAKE_BASE64,   /* either alphabet, with or without padding */
	TAKE_HEX,
	TAKE_INFLATE,  /* zlib */
	TAKE_JSON,     /* json KEY: the string of that name, at any depth */
	TAKE_PARAM,    /* param NAME: as of a query string */
	TAKE_PART,     /* part N: of what dots separate */
	TAKE_UNTIL,    /* until TEXT: what stands before its first, or, with a leading "last ", its last appearance */
	TAKE_BEHIND,   /* behind TEXT */
	TAKE_FIND,     /* find: the first http(s) link in it */
	TAKE_RECORD,   /* record: tag and length bytes, then the link */
	TAKE_PROOFPOINT2,
	TAKE_PROOFPOINT3,
	TAKE_SCHEME,   /* scheme https: put in front when there is none */
	TAKE_ON,       /* on here: relative to the link itself */
	TAKE_COUNT
};

struct link_take {
	enum link_op op;
	const char *text;
	int number;
};

struct link_takes { /* one pipeline */
	struct link_take *v;
	size_t n;
};

enum link_section { SECTION_LEAVE, SECTION_UNWRAP, SECTION_REDIRECTOR, SECTION_CLEAN, SECTION_SAME, SECTION_ROLE, SECTION_COUNT };

struct link_rule {
	enum link_section section;
	const char *name;
	bool own;               /* of the campus's file */
	struct strs host, path; /* host empty: any */
	struct link_takes *takes;
	size_t n_takes;
	struct strs host_word, path_word, param, json_key, never_word, never_param; /* redirector */
	struct strs drop, keep, fragment, cut;                            /* clean; whole names of drop are in the index instead */
	uint32_t drop_first;                                              /* a bit for what the patterns of drop begin with */
	const char *becomes;                                              /* same */
	enum link_role role;                                              /* role */
	struct strs query;                                                /* role: parameter names or name=value */
	struct strs phrase;
};

struct host_slot {
	bool below;        /* "*.": and all below it */
	size_t rule;
	size_t next;       /* of the same host, index + 1; 0 = none */
};

struct link_host {
	const char *name;  /* without "*." */
	size_t n;
	unsigned sections; /* a bit for each section that has a rule for it */
	size_t first;      /* its slots, in the order of the file */
	size_t next;       /* of the same hash, index + 1; 0 = none */
};

struct phrase_slot {
	const char *text; /* lower case, up to its "*" */
	size_t n;
	const char *tail; /* what stands behind the "*", a few words on; "" */
	size_t tail_n;
	enum link_role role;
	bool whole;       /* must be the whole anchor text */
};

enum { PATH_RULES = 1, PATH_SIGN = 2 };

struct path_slot { /* a path pattern of a rule without a host, found by a piece of it that must be in the path */
	const char *pattern, *piece;
	size_t piece_n;
	size_t rule;
	enum link_section section;
};

struct name_slot { /* a parameter that a rule drops, its whole name */
	const char *name;
	const struct link_rule *rule;
	size_t next;
};

#define LINK_BUCKETS 4096
typedef uint16_t link_index; /* + 1, 0 = none; small, so that what is asked at each byte stays in the cache */

struct linkrules {
	struct arena arena;
	struct link_rule *v;
	size_t n;
	size_t *any[SECTION_COUNT]; /* rules with neither host nor path, by section */
	size_t n_any[SECTION_COUNT];
	struct link_host *hosts;
	struct host_slot *slots;
	size_t n_hosts, n_slots;
	link_index host_bucket[LINK_BUCKETS];
	struct path_slot *paths;
	struct phrase_sign *path_signs; /* one for each; in lower case */
	size_t n_paths, n_path_signs;
	bool has_paths[SECTION_COUNT];
	link_index path_bucket[LINK_BUCKETS];
	unsigned char path_flags[LINK_BUCKETS]; /* PATH_RULES: the bucket is not empty */
	struct name_slot *names;
	size_t n_names;
	link_index name_bucket[LINK_BUCKETS];
	struct phrase_slot *phrases;
	struct phrase_sign *phrase_signs; /* one for each */
	size_t n_phrases, n_phrase_signs;
	link_index phrase_bucket[LINK_BUCKETS];
	struct link_example *examples;
	size_t n_examples;
};

/* ---- link-match.c */
int linkrules_index(struct linkrules *, struct err *); /* once all rules are read: 0, or -1 when they are too many */

#define HOST_ENDS 12 /* labels that a host's end may begin with */
#define PATH_HITS 32 /* rules of a section that are found by a path */

/* A link and what the rules have for it: looked up once, then asked for each section. */
struct link_found {
	const struct linkrules *rules;
	struct url url;
	struct {
		const struct link_host *host;
		bool exact; /* the whole host, not an end of it */
	} hosts[2 * HOST_ENDS];
	size_t n_hosts;
	struct span target; /* path and query: what the rules' path patterns are about */
	bool paths_known;   /* looked for when a section first asks; then: */
	bool signs;         /* there may be a link inside */
	struct {
		size_t v[PATH_HITS], n; /* rules in the order of the file */
	} paths[SECTION_COUNT];
};
void linkrules_find(const struct linkrules *, const struct url *, struct link_found *); /* the URL's buffer must stay */

/* Calls fn for each rule of the section that fits host and path (those with a host first) until it answers true. */
typedef bool link_rule_fn(void *ctx, const struct link_rule *);
bool linkrules_each(struct link_found *, enum link_section, link_rule_fn *fn, void *ctx);
static inline unsigned char link_fold(char c) /* ASCII */
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}
bool glob_match(const char *pattern, struct span text); /* '*' = anything; any case */
bool glob_any(const struct strs *patterns, struct span text);

/* What links.c asks of a link that is looked up already. */
struct link_inside {
	struct link_found found;
	struct str room; /* the text of its URL, with a limit; the caller releases it */
};
/* As link_unwrap; inside is filled when there is something. (unwrap.c) */
size_t link_unwrap_found(struct link_found *, struct arena *, struct link_step steps[LINK_DEPTH], struct link_inside *inside);
struct link_rooms {
	struct str clean, buf;
};
int link_canonical_found(struct link_found *, struct link_rooms *, struct str *out); /* 0, or -1 (clean.c) */
/* As link_role_of; link and target (NULL: none) instead of the clues' URLs. (roles.c) */
enum link_role link_role_found(const struct linkrules *, const struct link_clues *, struct link_found *link, struct link_found *target,
                               bool *by_words);

/* ---- link-paths.c */
#define PATH_SLOTS 4096 /* patterns */
void linkrules_index_paths(struct linkrules *, size_t rule);
int linkrules_check_paths(struct linkrules *, struct err *);
void linkrules_find_paths(struct link_found *); /* later calls cost nothing */
bool linkrules_may_carry(struct link_found *);  /* false: no link can be inside */

/* ---- link-words.c */
void linkrules_index_words(struct linkrules *, struct link_rule *);
/* Some rule of v drops the parameter. */
bool linkrules_drops(const struct linkrules *, const struct link_rule *const *v, size_t n, struct span name);
/* The phrase of text (lower case) that decides its role; false when none is in it. */
bool linkrules_phrase(const struct linkrules *, struct span lower, enum link_role *role);

/* ---- link-decode.c: one step of a pipeline; in and out are different buffers, out is cleared. 0, or -1 when it cannot be. */
int link_decode(const struct link_take *, struct span in, const struct url *link, struct str *out);

int link_json(struct span, const char *key, struct str *out); /* the first string of that name, at any depth: 0, or -1 */

/* A query's parameters, one by one: "name=value" pieces between '&'. */
struct param {
	struct span all, name, value; /* not decoded; a leading "amp;" is not part of the name */
};
bool param_next(struct span *rest, struct param *);

#endif
