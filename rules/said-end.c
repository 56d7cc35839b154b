#include "rules/said-parts.h"

/* Where a person's words end. The reader has taken signatures away that it knew; what it left must not act either. */

/* Lines that begin so are written by the phone or the program. */
static const char *const programs[] = {
	"sent from my ", "sent from mail for", "sent from outlook", "sent from yahoo", "sent from proton", "sent from samsung", "sent on the go",
	"get outlook for", "von meinem iphone", "von meinem ipad", "von meinem handy", "von meinem smartphone", "von meinem samsung",
	"von meinem android", "von meinem mobil", "gesendet von mein", "gesendet von mail", "gesendet von outlook", "gesendet mit ",
	"diese nachricht wurde von mein", "envoyé de mon", "envoyé à partir de", "envoyé depuis mon", "enviado desde mi", "enviado do meu",
	"inviato da iphone", "inviato dal mio", "verzonden vanaf mijn", "verstuurd vanaf mijn", "sendt fra min", "skickat från min",
	"lähetetty iphone", "lähetetty laitteesta", "wysłane z ", "odesláno z", "отправлено с ", "iphone から送信", "iphoneから送信",
};

/* A whole line of these closes a letter. */
static const char *const closings[] = {
	"best", "best regards", "best wishes", "kind regards", "kindest regards", "warm regards", "warmly", "regards", "with regards",
	"sincerely", "yours sincerely", "yours",
	"yours truly", "cheers", "all the best", "take care", "respectfully", "cordially", "mit freundlichen grüßen", "freundliche grüße",
	"viele grüße", "liebe grüße",
	"beste grüße", "schöne grüße", "mfg", "lg", "vg", "cordialement", "bien à vous", "bien cordialement", "amicalement", "bonne journée",
	"saludos", "un saludo",
	"saludos cordiales", "atentamente", "un abrazo", "cordiali saluti", "met vriendelijke groet", "groeten",
};

/* These close one only if nothing but a name follows. */
static const char *const thanks[] = {
	"thanks", "thank you", "many thanks", "thanks so much", "thanks again", "thx", "danke", "vielen dank", "merci", "gracias",
	"muchas gracias"
};

#define AFTER_THANKS 3

/* Cheap, since most do not: the first bytes are the same letter, in whatever case. */
static bool begins_alike(struct span s, const char *with)
{
	return s.n > 0 && ((*s.p ^ *with) & ~0x20) == 0;
}

static bool in_list(struct span s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (begins_alike(s, list[i]) && span_eq_nocase(s, list[i]))
			return true;
	return false;
}

static bool only_of(struct span s, const char *signs)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr(signs, s.p[i]) == NULL)
			return false;
	return s.n > 0;
}

/* A few short lines without numbers or hashtags: a name, a place. */
static bool is_name_block(struct span rest)
{
	struct span line;
	size_t n = 0;
	while (span_line(&rest, &line)) {
		line = span_trim(line);
		if (line.n == 0)
			continue;
		if (++n > AFTER_THANKS || line.n > 60 || memchr(line.p, '#', line.n) != NULL || (line.p[0] >= '0' && line.p[0] <= '9'))
			return false;
		struct said scratch = {0};
		struct arena arena = {0};
		struct command command;
		bool acts = command_read(line, DAY_NONE, &arena, &command) || decision_read(line, line, &scratch, &arena) != DECISION_NOT;
		arena_release(&arena);
		if (acts)
			return false;
	}
	return true;
}

bool is_sign_off(struct span line, struct span rest)
{
	if (line.n >= 2 && only_of(line, "-_=*"))
		return line.n >= 2;
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
		if (begins_alike(line, programs[i]) && span_starts_nocase(line, programs[i]))
			return true;
	while (line.n > 0 && strchr(",.!-", line.p[line.n - 1]) != NULL)
		line.n--;
	line = span_trim(line);
	if (in_list(line, closings, sizeof closings / sizeof *closings))
		return true;
	return in_list(line, thanks, sizeof thanks / sizeof *thanks) && is_name_block(rest);
}
