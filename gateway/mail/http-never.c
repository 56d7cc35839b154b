#include <ctype.h>
#include <strings.h>

#include "gateway/mail/http.h"

/* Links that must not be opened by a machine: opening them unsubscribes, confirms or logs in, or they carry a key that
 * works once. Words are looked for in short parts only ("/reset-password", "?action=confirm"): a long part is the title of an
 * article that may well be about resetting a classroom. */

#define PART_WORDS 3   /* a part of more words is prose */
#define OPAQUE_LEAST 20
#define OPAQUE_RUN 32  /* so many letters and digits in one piece are no word of any language */

static const char *const acting[] = {
	"unsubscribe", "unsub", "unsubscription", "optout", "opt", "subscribe", "resubscribe", "subscription", "subscriptions", "abmelden", "abbestellen", "desabonner",
	"desinscription", "desuscribir", "preferences", "confirm", "confirmation", "verify", "verification", "validate", "activate", "activation", "deactivate",
	"login", "logon", "logout", "signin", "signout", "signup", "register", "sso", "saml", "oauth", "oauth2", "openid", "auth", "authorize", "callback",
	"reset", "recover", "password", "passwd", "magic", "onetime", "invite", "invitation", "invitations", "redeem", "claim", "rsvp", "accept", "decline",
	"approve", "reject", "cancel", "delete", "remove", "checkout", "pay", "payment", "vote", "token", "tokens", "otp",
};

/* As the name of a parameter these hold a key. */
static const char *const keys[] = {
	"token", "auth", "key", "apikey", "sig", "signature", "otp", "jwt", "sid", "session", "sessionid", "ticket", "nonce", "secret", "password",
	"passwd", "pwd", "hash", "hmac", "code", "invite", "invitation", "confirm", "verify", "activate", "unsubscribe", "login", "email", "credential",
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* The word, or it with the one before ("sign-in", "logIn"). */
static bool is_one_of(struct span before, struct span word, const char *const *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq_nocase(word, table[i]) ||
		    (strlen(table[i]) > before.n && strncasecmp(table[i], before.p, before.n) == 0 && span_eq_nocase(word, table[i] + before.n)))
			return true;
	return false;
}

/* The next run of letters and digits; camelCase is taken apart. False at the end. */
static bool next_word(struct span *rest, struct span *word)
{
	while (rest->n > 0 && !isalnum((unsigned char)rest->p[0]))
		*rest = span_skip(*rest, 1);
	size_t n = 0;
	while (n < rest->n && isalnum((unsigned char)rest->p[n]) &&
	       !(n > 0 && islower((unsigned char)rest->p[n - 1]) && isupper((unsigned char)rest->p[n])))
		n++;
	*word = (struct span){rest->p, n};
	*rest = span_skip(*rest, n);
	return n > 0;
}

static bool says(struct span part, const char *const *table, size_t n)
{
	struct span rest = part, before = {"", 0}, word;
	size_t words = 0;
	bool found = false;
	for (; words <= PART_WORDS && next_word(&rest, &word); words++, before = word)
		found = found || is_one_of(before, word, table, n);
	return found && words <= PART_WORDS;
}

/* Made by chance, not by a person: letters and digits (and less so, capitals) take turns too often, or a piece is too long. */
static bool is_opaque(struct span part)
{
	size_t turns = 0, run = 0, n = 0;
	for (size_t i = 0; i < part.n; i++) {
		unsigned char c = (unsigned char)part.p[i], before = i == 0 ? '-' : (unsigned char)part.p[i - 1];
		run = isalnum(c) ? run + 1 : 0;
		n += isalnum(c) != 0;
		if (run >= OPAQUE_RUN)
			return true;
		turns += (isdigit(c) && isalpha(before)) || (isalpha(c) && isdigit(before)) ? 2 : isupper(c) && islower(before);
	}
	return n >= OPAQUE_LEAST && turns * 3 >= n;
}

static const char *judge_part(struct span part)
{
	return says(part, acting, COUNT(acting)) ? "a link that acts" : is_opaque(part) ? "a link with a key in it" : NULL;
}

static const char *judge_query(struct span query)
{
	struct span pair;
	while (span_until(&query, '&', &pair)) {
		struct span name = {"", 0}, value = pair;
		span_until(&value, '=', &name);
		if (says(name, keys, COUNT(keys)) && value.n > 0)
			return "a link with a key in it";
		const char *why = judge_part(value.n > 0 ? value : name);
		if (why != NULL)
			return why;
	}
	return NULL;
}

const char *http_never(struct span path_and_query)
{
	struct span query = path_and_query, path = {"", 0}, part;
	span_until(&query, '?', &path);
	while (span_until(&path, '/', &part)) {
		const char *why = judge_part(part);
		if (why != NULL)
			return why;
	}
	return judge_query(query);
}
