#include <stdio.h>

#include "gateway/mail/encode.h"
#include "gateway/mail/mail.h"
#include "gateway/mail/parts.h"
#include "rules/days.h"

#define ADDRESS_MAX 254 /* RFC 5321 4.5.3.1.3 */
#define ID_MAX 900      /* below the 998 of RFC 5322 2.1.1: an id cannot be folded */
#define REFERENCES_MAX 20
#define TYPE_MAX 200

static bool only(const char *s, const char *but_not)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= 0x20 || (unsigned char)*s >= 0x7f || strchr(but_not, *s) != NULL)
			return false;
	return true;
}

/* dot-atom @ domain. Quoted local parts, comments and groups are where header injection hides, and no roster needs them. */
static bool is_address(const char *addr)
{
	const char *at = strchr(addr, '@');
	return at != NULL && at > addr && at[1] != '\0' && strchr(at + 1, '@') == NULL && strlen(addr) <= ADDRESS_MAX &&
	       only(addr, "<>()[]\\,;:\"");
}

static bool is_id(const char *id)
{
	return id[0] != '\0' && strlen(id) <= ID_MAX && only(id, "<>");
}

static int check_address(const char *what, const char *addr, struct err *err)
{
	if (addr == NULL || !is_address(addr))
		return err_set(err, "%s is not an address that a letter can carry: %.100s", what, addr == NULL ? "(none)" : addr);
	return 0;
}

static int check(const struct mail_out *m, struct err *err)
{
	if (check_address("From", m->from_addr, err) < 0 || check_address("To", m->to_addr, err) < 0 ||
	    (m->reply_to != NULL && check_address("Reply-To", m->reply_to, err) < 0))
		return -1;
	if (m->message_id == NULL || !is_id(m->message_id))
		return err_set(err, "this is no Message-ID: %.100s", m->message_id == NULL ? "(none)" : m->message_id);
	if (m->list_unsubscribe != NULL && (!only(m->list_unsubscribe, "<>\"") || strlen(m->list_unsubscribe) > ID_MAX))
		return err_set(err, "List-Unsubscribe is no URL: %.100s", m->list_unsubscribe);
	if (m->auto_submitted != NULL && !only(m->auto_submitted, "()<>@,;:\\\"/[]?="))
		return err_set(err, "Auto-Submitted is no keyword: %.100s", m->auto_submitted);
	return 0;
}

static void in_angles(struct field *f, const char *s)
{
	struct str word = {0};
	str_printf(&word, "<%s>", s);
	field_word(f, (struct span){word.p, word.n});
	str_release(&word);
}

static void address_field(struct str *out, const char *field, const char *name, const char *addr)
{
	struct field f;
	field_begin(&f, out, field);
	field_phrase(&f, name);
	if (name == NULL || name[0] == '\0')
		field_word(&f, span_of(addr));
	else
		in_angles(&f, addr);
	field_end(&f);
}

static void text_field(struct str *out, const char *field, const char *text)
{
	struct field f;
	field_begin(&f, out, field);
	field_text(&f, text);
	field_end(&f);
}

static void id_field(struct str *out, const char *field, const char *id)
{
	struct field f;
	if (id == NULL || !is_id(id))
		return;
	field_begin(&f, out, field);
	in_angles(&f, id);
	field_end(&f);
}

/* The root and the latest ones of a long thread (RFC 5322 3.6.4 lets the middle go). What is no id is left out. */
static void references_field(struct str *out, const struct strs *ids)
{
	struct field f;
	size_t tail = ids->n > REFERENCES_MAX ? ids->n - REFERENCES_MAX + 1 : 1;
	bool begun = false;
	for (size_t i = 0; i < ids->n; i = i == 0 ? tail : i + 1) {
		if (!is_id(ids->v[i]))
			continue;
		if (!begun)
			field_begin(&f, out, "References");
		begun = true;
		in_angles(&f, ids->v[i]);
	}
	if (begun)
		field_end(&f);
}

/* "Lincoln High PLN <pln.lincoln.example>" or the bare id (RFC 2919). */
static void list_id_field(struct str *out, const char *list_id)
{
	struct field f;
	struct str name = {0}, id = {0};
	const char *open = strrchr(list_id, '<');
	str_add(&name, list_id, open == NULL ? 0 : (size_t)(open - list_id));
	for (const char *p = open == NULL ? list_id : open + 1; *p != '\0' && *p != '>'; p++)
		if ((unsigned char)*p > 0x20 && (unsigned char)*p < 0x7f)
			str_putc(&id, *p);
	if (is_id(str_c(&id))) {
		field_begin(&f, out, "List-Id");
		field_phrase(&f, str_c(&name));
		in_angles(&f, str_c(&id));
		field_end(&f);
	}
	str_release(&name);
	str_release(&id);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static void date_field(struct str *out, int64_t utc, int32_t zone)
{
	static const char weekdays[] = "MonTueWedThuFriSatSun", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t local = utc + (int64_t)zone * 60;
	int32_t day = (int32_t)floor_div(local, 86400), away = zone < 0 ? -zone : zone;
	int second = (int)(local - (int64_t)day * 86400);
	struct civil c = day_civil(day);
	str_printf(out, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d %c%02d%02d\r\n", weekdays + 3 * (day_weekday(day) - 1), c.day,
	           months + 3 * (c.month - 1), c.year, second / 3600, second / 60 % 60, second % 60, zone < 0 ? '-' : '+', away / 60, away % 60);
}

static void header(struct str *out, const struct mail_out *m)
{
	date_field(out, m->date, m->zone_minutes);
	address_field(out, "From", m->from_name, m->from_addr);
	address_field(out, "To", m->to_name, m->to_addr);
	if (m->reply_to != NULL)
		address_field(out, "Reply-To", NULL, m->reply_to);
	text_field(out, "Subject", m->subject);
	id_field(out, "Message-ID", m->message_id);
	id_field(out, "In-Reply-To", m->in_reply_to);
	references_field(out, &m->references);
	if (m->auto_submitted != NULL)
		text_field(out, "Auto-Submitted", m->auto_submitted);
	str_puts(out, "X-Auto-Response-Suppress: OOF, AutoReply\r\n"); /* Exchange heeds this, not RFC 3834 */
	if (m->list_id != NULL)
		list_id_field(out, m->list_id);
	if (m->list_unsubscribe != NULL) {
		struct field f;
		field_begin(&f, out, "List-Unsubscribe");
		in_angles(&f, m->list_unsubscribe);
		field_end(&f);
	}
	str_puts(out, "MIME-Version: 1.0\r\n");
}

static int check_parts(const struct mail_out *m, struct err *err)
{
	for (size_t i = 0; i < m->n_parts; i++) {
		const char *type = m->parts[i].type, *slash = strchr(type, '/');
		if (slash == NULL || slash == type || strlen(type) > TYPE_MAX)
			return err_set(err, "this is no type of a file: %.100s", type);
		for (const char *p = type; *p != '\0'; p++)
			if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7e)
				return err_set(err, "this is no type of a file: %.100s", type);
	}
	return 0;
}

int mail_write(struct str *out, const struct mail_out *m, struct err *err)
{
	size_t before = out->n;
	if (check(m, err) < 0 || check_parts(m, err) < 0)
		return -1;
	header(out, m);
	if (parts_write_body(out, m) == 0 && !out->cut)
		return 0;
	out->n = before;
	if (out->p != NULL)
		out->p[before] = '\0';
	return err_set(err, "the letter is too large to be written");
}
