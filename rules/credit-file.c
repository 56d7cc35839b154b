#include <strings.h>

#include "rules/ruleset.h"

#define LOGO_MAX 20000 /* bytes: a photograph of a certificate is larger, the logo in a signature is not */

static const char *const no_proof[] = {
	"application/pgp-signature", "application/pgp-keys", "application/pkcs7-signature", "application/x-pkcs7-signature",
	"text/calendar", "text/vcard", "text/x-vcard", "text/directory", "application/ms-tnef", "text/rfc822-headers",
};

bool attachment_proves(const struct attachment *a)
{
	const char *type = a->type == NULL ? "" : a->type;
	for (size_t i = 0; i < sizeof no_proof / sizeof *no_proof; i++)
		if (strcasecmp(type, no_proof[i]) == 0)
			return false;
	return strncasecmp(type, "image/", 6) != 0 || a->bytes > LOGO_MAX;
}

bool reading_brings_file(const struct reading *r)
{
	for (size_t i = 0; i < r->n_attachments; i++)
		if (attachment_proves(&r->attachments[i]))
			return true;
	return false;
}
