#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "gateway/read/split.h"
#include "rules/arena.h"

/* What each mail program puts around a forward, filled with the labels of many languages. */

#define NEWS "Three quick checks for understanding.\nSecond: with a colon, 3 May 2021.\n\nUntil next week."
#define OWN "Good for period 3.\n\nPlease log."

static struct arena arena;

static struct split *split_text(const char *subject, bool answers, const char *text)
{
	struct body body;
	struct part part = {.text = span_of(text)};
	struct split *split = arena_alloc(&arena, sizeof *split);
	text_read(&part, &arena, &body);
	body_split(&body, subject, answers, &arena, split);
	return split;
}

static void release(void)
{
	arena_release(&arena);
}

static const char *quoted(const char *text)
{
	struct str s = {.max = 1 << 16};
	struct span rest = span_of(text), line;
	while (span_line(&rest, &line))
		str_printf(&s, ">%s%.*s\n", line.n > 0 ? " " : "", SPAN_ARG(line));
	const char *out = arena_strdup(&arena, str_c(&s));
	str_release(&s);
	return out;
}

static void check(const char *name, const struct split *split, const char *own, const char *date)
{
	const struct forwarded *f = split->forwarded;
	if (f == NULL)
		fail_msg("%s: no forward", name);
	if (strcmp(split->own, own) != 0)
		fail_msg("%s: own \"%s\"", name, split->own);
	if (strcmp(f->body, NEWS) != 0)
		fail_msg("%s: body \"%s\"", name, f->body);
	if (f->subject == NULL || strcmp(f->subject, "Exit tickets") != 0)
		fail_msg("%s: subject %s", name, f->subject);
	if (strcmp(f->from.name, "Ana Press") != 0 || strcmp(f->from.addr, "ana@press.example") != 0)
		fail_msg("%s: from %s <%s>", name, f->from.name, f->from.addr);
	if (date != NULL && (f->date == NULL || strcmp(f->date, date) != 0))
		fail_msg("%s: date %s", name, f->date);
}

static void check_people(const char *name, const struct forwarded *f)
{
	if (f->to.n != 1 || strcmp(f->to.v[0].addr, "list@press.example") != 0 || strcmp(f->to.v[0].name, "") != 0)
		fail_msg("%s: to", name);
	if (f->cc.n != 2 || strcmp(f->cc.v[0].name, "Ben Kay") != 0 || strcmp(f->cc.v[1].addr, "cy@press.example") != 0)
		fail_msg("%s: cc", name);
}

static const struct language {
	const char *name, *words, *from, *date, *when, *to, *cc, *subject, *prefix;
} languages[] = {
	{"en", "Forwarded message", "From", "Date", "Wednesday, 27 October 2021 at 09:31", "To", "Cc", "Subject", "Fwd"},
	{"de", "Weitergeleitete Nachricht", "Von", "Datum", "Mittwoch, 27. Oktober 2021 um 09:31", "An", "Cc", "Betreff", "WG"},
	{"fr", "Message transféré", "De ", "Date ", "mercredi 27 octobre 2021 à 09:31", "À ", "Cc ", "Objet ", "TR"},
	{"es", "Mensaje reenviado", "De", "Fecha", "miércoles, 27 de octubre de 2021, 9:31", "Para", "CC", "Asunto", "RV"},
	{"pt", "Mensagem reencaminhada", "De", "Data", "quarta-feira, 27 de outubro de 2021, 09:31", "Para", "Cc", "Assunto", "ENC"},
	{"it", "Messaggio inoltrato", "Da", "Data", "mercoledì 27 ottobre 2021 09:31", "A", "Cc", "Oggetto", "I"},
	{"nl", "Doorgestuurd bericht", "Van", "Datum", "woensdag 27 oktober 2021 om 09:31", "Aan", "Cc", "Onderwerp", "FW"},
	{"da", "Videresendt meddelelse", "Fra", "Dato", "onsdag den 27. oktober 2021 kl. 09.31", "Til", "Cc", "Emne", "VS"},
	{"no", "Videresendt melding", "Fra", "Dato", "onsdag 27. oktober 2021 kl. 09:31", "Til", "Kopi", "Emne", "VS"},
	{"sv", "Vidarebefordrat meddelande", "Från", "Datum", "onsdag 27 oktober 2021 09:31", "Till", "Kopia", "Ämne", "VB"},
	{"fi", "Välitetty viesti", "Lähettäjä", "Päivämäärä", "keskiviikko 27. lokakuuta 2021 klo 9.31", "Vastaanottaja", "Kopio", "Aihe", "VL"},
	{"is", "Framsend skilaboð", "Frá", "Sent", "miðvikudagur, 27. október 2021 09:31", "Til", "Afrit", "Efni", "FS"},
	{"et", "Edastatud kiri", "Saatja", "Saadetud", "kolmapäev, 27. oktoober 2021 09:31", "Adressaat", "Koopia", "Teema", "Edasi"},
	{"lv", "Pārsūtīts ziņojums", "No", "Nosūtīts", "trešdiena, 2021. gada 27. oktobris 09:31", "Kam", "Kopija", "Temats", "Pārs"},
	{"lt", "Persiųstas laiškas", "Nuo", "Išsiųsta", "2021 m. spalio 27 d., trečiadienis 09:31", "Kam", "Kopija", "Tema", "Pers"},
	{"pl", "Przekazana wiadomość", "Od", "Data", "środa, 27 października 2021 o 09:31", "Do", "DW", "Temat", "PD"},
	{"cs", "Přeposlaná zpráva", "Od", "Datum", "středa 27. října 2021 v 9:31", "Komu", "Kopie", "Předmět", "FW"},
	{"sk", "Preposlaná správa", "Od", "Dátum", "streda 27. októbra 2021 o 9:31", "Komu", "Kópia", "Predmet", "FW"},
	{"hu", "Továbbított üzenet", "Feladó", "Dátum", "2021. október 27., szerda 9:31", "Címzett", "Másolatot kap", "Tárgy", "Továbbítás"},
	{"ro", "Mesaj redirecționat", "De la", "Data", "miercuri, 27 octombrie 2021, 09:31", "Către", "Cc", "Subiect", "Redirecționat"},
	{"bg", "Препратено съобщение", "От", "Изпратено", "сряда, 27 октомври 2021 г. 09:31", "До", "Копие", "Относно", "Препр"},
	{"hr", "Proslijeđena poruka", "Šalje", "Datum", "srijeda, 27. listopada 2021. u 09:31", "Prima", "Kopija", "Predmet", "Proslijeđeno"},
	{"sr", "Прослеђена порука", "Од", "Датум", "среда, 27. октобар 2021. 09:31", "За", "Копија", "Наслов", "FW"},
	{"sl", "Posredovano sporočilo", "Od", "Poslano", "sreda, 27. oktober 2021 09:31", "Za", "Kp", "Zadeva", "Posr"},
	{"ru", "Пересылаемое сообщение", "От", "Дата", "среда, 27 октября 2021 г. в 09:31", "Кому", "Копия", "Тема", "FW"},
	{"uk", "Переслане повідомлення", "Від", "Дата", "середа, 27 жовтня 2021 р. о 09:31", "Кому", "Копія", "Тема", "Пер"},
	{"be", "Перасланае паведамленне", "Ад", "Дата", "серада, 27 кастрычніка 2021 г. 09:31", "Каму", "Копія", "Тэма", "FW"},
	{"el", "Προωθημένο μήνυμα", "Από", "Ημερομηνία", "Τετάρτη, 27 Οκτωβρίου 2021 09:31", "Προς", "Κοιν.", "Θέμα", "ΠΡΘ"},
	{"tr", "İletilmiş Mesaj", "Kimden", "Tarih", "27 Ekim 2021 Çarşamba 09:31", "Kime", "Bilgi", "Konu", "İLT"},
	{"he", "הודעה שהועברה", "מאת", "תאריך", "יום רביעי 27 אוקטובר 2021 09:31", "אל", "עותק", "נושא", "הועבר"},
	{"ar", "رسالة معاد توجيهها", "من", "التاريخ", "الأربعاء، ٢٧ أكتوبر ٢٠٢١ ٩:٣١ ص", "إلى", "نسخة", "الموضوع", "إعادة توجيه"},
	{"fa", "پیام هدایت شده", "از", "تاریخ", "چهارشنبه ۲۷ اکتبر ۲۰۲۱", "به", "رونوشت", "موضوع", "FW"},
	{"th", "ข้อความที่ส่งต่อ", "จาก", "วันที่", "27 ตุลาคม 2564 09:31", "ถึง", "สำเนา", "เรื่อง", "FW"},
	{"vi", "Thư được chuyển tiếp", "Từ", "Ngày", "Thứ Tư, 27 tháng 10, 2021 09:31", "Đến", "Cc", "Chủ đề", "Chuyển tiếp"},
	{"id", "Pesan terusan", "Dari", "Tanggal", "Rabu, 27 Oktober 2021 09.31", "Kepada", "Cc", "Subjek", "TRS"},
	{"ja", "転送されたメッセージ", "差出人", "送信日時", "2021年10月27日 9:31", "宛先", "CC", "件名", "転送"},
	{"zh", "转发的邮件", "发件人", "发送时间", "2021年10月27日 9:31", "收件人", "抄送", "主题", "转发"},
	{"zh-tw", "轉寄郵件", "寄件者", "日期", "2021年10月27日 上午9:31", "收件者", "副本", "主旨", "轉寄"},
	{"ko", "전달된 메시지", "보낸 사람", "보낸 날짜", "2021년 10월 27일 수요일 오전 9:31", "받는 사람", "참조", "제목", "전달"},
	{"ca", "Missatge reenviat", "De", "Data", "dimecres, 27 d’octubre de 2021 9:31", "Per a", "Cc", "Assumpte", "RV"},
	/* no table knows it: the shape has to do */
	{"unknown", "Xuvarno poslani glas", "Zurk", "Dnevat", "27 grok 2021 9:31", "Hoto", "Kopa", "Temko", "Fwd"},
};

#define CC_COMMA "Ben Kay <ben@press.example>, Cy <cy@press.example>"
#define CC_SEMICOLON "Ben Kay <ben@press.example>; Cy <cy@press.example>"
#define EACH(l) const struct language *l = languages; l < languages + sizeof languages / sizeof *languages; l++

static const char *subject_of(const struct language *l)
{
	return arena_printf(&arena, "%s: Exit tickets", l->prefix);
}

static void dashed_in_all_languages(void **state)
{
	(void)state;
	for (EACH(l)) {
		struct split *split = split_text(subject_of(l), false, arena_printf(&arena,
			OWN "\n\n---------- %s ---------\n%s: Ana Press <ana@press.example>\n%s: %s\n%s: Exit tickets\n%s: <list@press.example>\n%s: " CC_COMMA "\n\n\n" NEWS "\n",
			l->words, l->from, l->date, l->when, l->subject, l->to, l->cc));
		check(l->name, split, OWN, l->when);
		check_people(l->name, split->forwarded);
		release();
	}
}

static void apple_in_all_languages(void **state)
{
	(void)state;
	for (EACH(l)) {
		const char *mail = arena_printf(&arena,
			"%s:\n\n%s: Ana Press <ana@press.example>\n%s: Exit tickets\n%s: %s\n%s: list@press.example\n%s: " CC_COMMA "\n\n" NEWS "\n",
			l->words, l->from, l->subject, l->date, l->when, l->to, l->cc);
		struct split *split = split_text(subject_of(l), false, arena_printf(&arena, OWN "\n\n%s\nAnd what do you think?\n", quoted(mail)));
		check(l->name, split, OWN, l->when);
		check_people(l->name, split->forwarded);
		assert_string_equal(split->after, "And what do you think?");
		release();
	}
}

static void outlook_in_all_languages(void **state)
{
	(void)state;
	for (EACH(l)) {
		const char *header = arena_printf(&arena,
			"%s: Ana Press <ana@press.example>\n%s: %s\n%s: list@press.example <list@press.example>\n%s: " CC_SEMICOLON "\n%s: Exit tickets\n",
			l->from, l->date, l->when, l->to, l->cc, l->subject);
		struct split *split = split_text(subject_of(l), false, arena_printf(&arena, OWN "\n\n________________________________\n%s\n" NEWS "\n", header));
		check(l->name, split, OWN, l->when);
		check_people(l->name, split->forwarded);
		/* no line above the header */
		check(l->name, split_text(subject_of(l), false, arena_printf(&arena, OWN "\n\n%s\n" NEWS "\n", header)), OWN, l->when);
		/* the same below "Re:" is a reply */
		split = split_text("Re: Exit tickets", true, arena_printf(&arena, OWN "\n\n%s\n" NEWS "\n", header));
		assert_null(split->forwarded);
		assert_true(split->reply);
		assert_string_equal(split->own, OWN);
		release();
	}
}

static void without_an_empty_line(void **state)
{
	(void)state;
	for (EACH(l)) {
		if (strcmp(l->name, "unknown") == 0)
			continue; /* "Second: with a colon" could be part of such a header */
		struct split *split = split_text(subject_of(l), false, arena_printf(&arena,
			"%s: Ana Press <ana@press.example>\n%s: %s\n%s: list@press.example\n%s: " CC_COMMA "\n%s: Exit tickets\n" NEWS "\n",
			l->from, l->date, l->when, l->to, l->cc, l->subject));
		check(l->name, split, "", l->when);
		release();
	}
}

static void in_one_line(void **state)
{
	(void)state;
	for (EACH(l)) {
		if (strcmp(l->name, "unknown") == 0)
			continue;
		struct split *split = split_text(subject_of(l), false, arena_printf(&arena,
			OWN "\n\n   ----- %s ----- %s: Ana Press <ana@press.example>%s: \"list@press.example\" <list@press.example>%s: " CC_SEMICOLON
			"%s: %s%s: Exit tickets\n " NEWS "\n",
			l->words, l->from, l->to, l->cc, l->date, l->when, l->subject));
		check(l->name, split, OWN, l->when);
		check_people(l->name, split->forwarded);
		release();
	}
}

/* ---- programs with ways of their own */
static const struct {
	const char *name, *subject, *text;
} programs[] = {
	{"Zoho", "Fwd: Exit tickets",
	 OWN "\n\n============ Forwarded message ============\nFrom: Ana Press <ana@press.example>\nTo: <list@press.example>\nDate: Wed, 27 Oct 2021 09:31:00 +0100\n"
	     "Subject: Exit tickets\n============ Forwarded message ============\n\n" NEWS},
	{"Mail.ru", "Fwd: Exit tickets",
	 OWN "\n\n-------- Пересылаемое сообщение --------\nОт кого: Ana Press <ana@press.example>\nКому: list@press.example\nДата: среда, 27 октября 2021, 9:31 +03:00\nТема: Exit tickets\n \n" NEWS},
	{"Yandex", "Fwd: Exit tickets",
	 OWN "\n\n-------- Пересылаемое сообщение --------\n27.10.2021, 09:31, \"Ana Press\" <ana@press.example>:\n\n" NEWS "\n-------- Конец пересылаемого сообщения --------\n"},
	{"Samsung", "Fwd: Exit tickets",
	 OWN "\n\nVon meinem Galaxy gesendet\n\n-------- Ursprüngliche Nachricht --------\nVon: Ana Press <ana@press.example>\nDatum: 27.10.21  09:31  (GMT+01:00)\nAn: list@press.example\nBetreff: Exit tickets\n\n" NEWS},
	{"BlackBerry", "Fw: Exit tickets",
	 OWN "\nSent from my BlackBerry® smartphone\n\n-----Original Message-----\nFrom: Ana Press <ana@press.example>\nDate: Wed, 27 Oct 2021 09:31:30 \nTo: <list@press.example>\nSubject: Exit tickets\n\n" NEWS},
	{"Lotus Notes", "Fw: Exit tickets",
	 OWN "\n\n----- Forwarded by Mary Lee/SCHOOL on 10/27/2021 09:31 AM -----\n\nFrom:\tAna Press <ana@press.example>\nTo:\tlist@press.example\nDate:\t10/27/2021 09:30 AM\nSubject:\tExit tickets\n\n\n" NEWS},
	{"mutt", "Fwd: Exit tickets",
	 OWN "\n\n----- Forwarded message from Ana Press <ana@press.example> -----\n\nDate: Wed, 27 Oct 2021 09:31:30 +0100\nFrom: Ana Press <ana@press.example>\nSubject: Exit tickets\n\n" NEWS "\n\n----- End forwarded message -----\n"},
	{"QQ", "转发：Exit tickets",
	 OWN "\n\n------------------ 原始邮件 ------------------\n发件人: \"Ana Press\" <ana@press.example>;\n发送时间: 2021年10月27日(星期三) 上午9:31\n收件人: \"list\"<list@press.example>;\n主题: Exit tickets\n\n" NEWS},
	{"bold labels", "FW: Exit tickets",
	 OWN "\n\n*From:* Ana Press [mailto:\nana@press.example]\n*Sent:* Wednesday, October 27, 2021 9:31 AM\n*To:* list@press.example\n*Subject:* Exit tickets\n\n" NEWS},
	{"on behalf of", "FW: Exit tickets",
	 OWN "\n\nFrom: Ana Press<mailto:ana@press.example> <ana@press.example<mailto:ana@press.example>> on behalf of desk@press.example\nSent: Wednesday, October 27, 2021 9:31 AM\nTo: list@press.example\nSubject: Exit tickets\n\n" NEWS},
	{"Outlook for Mac", "FW: Exit tickets #pln", OWN "\n\n\ufeffOn 27/10/2021, 09:31, \"Ana Press\" <ana@press.example> wrote:\n\n" NEWS},
	{"Outlook for Mac, Finnish", "VL: Exit tickets", OWN "\n\n\ufeffAna Press <ana@press.example> kirjoitti 27.10.2021 kello 9.31:\n\n" NEWS},
	{"Outlook for Mac, Czech", "FW: Exit tickets", OWN "\n\nDne 27.10.21 9:31 napsal uživatel „Ana Press“ <ana@press.example>:\n\n" NEWS},
	{"The Bat", "Fwd: Exit tickets",
	 OWN "\n\nThis is a forwarded message\nFrom: Ana Press <ana@press.example>\nTo: list@press.example\nDate: Wednesday, October 27, 2021, 9:31:00 AM\nSubject: Exit tickets\n\n" NEWS},
	{"no colons", "Fwd: Exit tickets",
	 OWN "\n\n------ Forwarded Message ------\nFrom \"Ana Press\" <ana@press.example>\nTo \"list\" <list@press.example>\nDate 27/10/2021 09:31:00\nSubject Exit tickets\n\n" NEWS},
	{"Orange", "Fwd: Exit tickets",
	 OWN "\n\n> Message du 27/10/21 09:31\n> De : \"Ana Press\" <ana@press.example>\n> A : list@press.example\n> Copie à : \n> Objet : Exit tickets\n>\n"
	     "> Three quick checks for understanding.\n> Second: with a colon, 3 May 2021.\n>\n> Until next week."},
	{"a name in corner brackets", "轉寄：Exit tickets", OWN "\n\n於 2021/10/27 12:46，「Ana Press」<ana@press.example> 撰寫：\n\n" NEWS},
	{"Danish, either prefix", "VS: Exit tickets", OWN "\n\nDen 27.10.2021 12.46 skrev \"Ana Press\" <ana@press.example>:\n\n" NEWS},
	{"NetEase, the text of a table", "转发：Exit tickets",
	 OWN "\n\n---- 转发的邮件 ----\n| 发件人 | Ana Press<ana@press.example> |\n| 日期 | 2021年10月27日 09:31 |\n| 收件人 | <list@press.example> |\n| 抄送至 |  |\n| 主题 | Exit tickets |\n" NEWS},
	{"NetEase, the cells of a table", "Fw:Exit tickets",
	 OWN "\n\n---- Forwarded Message ----\nFrom\tAna Press<ana@press.example>\nDate\t10/27/2021 09:31\nTo\t<list@press.example>\nSubject\tExit tickets\n" NEWS},
	{"Alibaba", "Fwd: Exit tickets",
	 OWN "\n\n------------------------------------------------------------------\nSender:Ana Press <ana@press.example>\nSent At:2021 Oct. 27 (Wed.) 09:31\nRecipient:list <list@press.example>\nSubject:Exit tickets\n\n" NEWS},
	{"a list's sender beside the writer", "Fwd: Exit tickets",
	 OWN "\n\n------- Forwarded Message\n\nFrom: Ana Press <ana@press.example>\nSender: list-owner@press.example\nTo: list@press.example\nSubject: Exit tickets\n\n" NEWS},
	{"SquirrelMail", "[Fwd: Exit tickets]",
	 OWN "\n\n---------------------------- Original Message ----------------------------\nSubject: Exit tickets\nFrom:    \"Ana Press\" <ana@press.example>\n"
	     "Date:    Wed, October 27, 2021 9:31 am\nTo:      list@press.example\n--------------------------------------------------------------------------\n\n" NEWS},
	{"The Bat, with scissors", "Fwd: Exit tickets",
	 OWN "\n\nDies ist eine weitergeleitete Nachricht\nVon: Ana Press <ana@press.example>\nAn: list@press.example\nDatum: Mittwoch, 27. Oktober 2021, 09:31:00\nBetreff: Exit tickets\n\n"
	     "===8<==============Original Nachrichtentext===============\n" NEWS "\n\n===8<===========Ende des Original Nachrichtentextes===========\n"},
	{"Becky", "Fw: Exit tickets",
	 OWN "\n\nForwarded by Mary Lee <mary@school.example>\n----------------------- Original Message -----------------------\n From:    Ana Press <ana@press.example>\n"
	     " To:      list@press.example\n Date:    Wed, 27 Oct 2021 09:31:00 +0900\n Subject: Exit tickets\n----\n\n" NEWS "\n\n--------------------- Original Message Ends --------------------\n"},
	{"Horde, a long address between dashes", "Fwd: Exit tickets",
	 OWN "\n\n----- Weitergeleitete Nachricht von Ana-Maria Press-Lindqvist <ana-maria.press-lindqvist@press.example> ---------\n   Datum: Wed, 27 Oct 2021 09:31:00 +0200\n     Von: Ana Press <ana@press.example>\n"
	     " Betreff: Exit tickets\n      An: list@press.example\n\n" NEWS "\n\n----- Ende der weitergeleiteten Nachricht -----\n"},
	{"NetEase, a cell of many lines", "Fw:Exit tickets",
	 OWN "\n\n---- Forwarded Message ----\n| From | Ana Press<ana@press.example> |\n| Date | 10/27/2021 09:31 |\n| To | list<list@press.example> ,\nBen Kay<ben@press.example> |\n| Subject | Exit tickets |\n" NEWS},
	{"values below their labels", "Fwd: Exit tickets",
	 OWN "\n\nFrom:\nAna Press <ana@press.example>\nDate:\n27 October 2021 09:31\nTo:\nlist@press.example\nSubject:\nExit tickets\n\n" NEWS},
	{"Thunderbird, Slovak and English at once", "Fwd: Exit tickets",
	 OWN "\n\n-------- Preposlaná správa --- Forwarded Message --------\nPredmet: Exit tickets\nDátum: 27. 10. 2021 9:31\nOd: Ana Press <ana@press.example>\nKomu: list@press.example\n\n" NEWS},
	{"Missive", "Fwd: Exit tickets",
	 OWN "\n\n---------- Forwarded message ----------\nFrom: Ana Press <ana@press.example>\nDate: October 27, 2021 at 9:31 AM\nSubject: Exit tickets\n\n" NEWS},
};

static void programs_with_ways_of_their_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		check(programs[i].name, split_text(programs[i].subject, false, programs[i].text), OWN, NULL);
		release();
	}
}

/* Below the line that ends the forward its sender goes on. */
static void words_below_the_end(void **state)
{
	(void)state;
	static const char header[] = "Date: Wed, 27 Oct 2021 09:31:30 +0100\nFrom: Ana Press <ana@press.example>\nSubject: Exit tickets\n\n" NEWS "\n\n";
	static const char *const frames[][2] = {
		{"----- Forwarded message from Ana Press <ana@press.example> -----", "----- End forwarded message -----"},
		{"----- Weitergeleitete Nachricht von ana@press.example -----", "----- Ende der weitergeleiteten Nachricht -----"},
	};
	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		const char *mail = arena_printf(&arena, OWN "\n\n%s\n\n%s%s\n\nAnd what do you think?\n\n-- \nLee\n", frames[i][0], header, frames[i][1]);
		struct split *split = split_text("[ana@press.example: Exit tickets]", false, mail);
		check(frames[i][0], split, OWN, NULL);
		assert_string_equal(split->after, "And what do you think?");
		assert_string_equal(split->signature, "-- \nLee");
		release();
	}
}

/* Labels of no known language: among known ones, and where a value that is whole stands above them. */
static void strange_labels(void **state)
{
	(void)state;
	static const char *const headers[] = {
		"From: Ana Press <ana@press.example>\nDate: 27 Oct 2021 09:31\nSubject: Exit tickets\nTo: list@press.example\nKopa: " CC_COMMA,
		"From: Ana Press <ana@press.example>\nDate: 27 Oct 2021 09:31\nSubject: Exit tickets\nHoto: list@press.example\nKopa: " CC_COMMA,
		"Subject: Exit tickets\nDate: 27 Oct 2021 09:31\nZurk: Ana Press <ana@press.example>\nHoto: list@press.example\nCc: " CC_COMMA,
		"Zurk: Ana Press <ana@press.example>\nTo: list@press.example\nCc: " CC_COMMA "\nTemko: Exit tickets\nDate: 27 Oct 2021 09:31",
		"From: Ana Press <ana@press.example>\nTo: list@press.example\nCc: " CC_COMMA "\nDnevat: 27 Oct 2021 09:31\nSubject: Exit tickets",
		"From: Ana Press <ana@press.example>\nVratiti: desk@press.example\nTo: list@press.example\nCc: " CC_COMMA "\nSubject: Exit tickets\nDnevat: 27 Oct 2021 09:31",
	};
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		struct split *split = split_text("Fwd: Exit tickets", false, arena_printf(&arena, OWN "\n\n-------- Xuvarno --------\n%s\n\n" NEWS "\n", headers[i]));
		check(headers[i], split, OWN, "27 Oct 2021 09:31");
		check_people(headers[i], split->forwarded);
		release();
	}
	/* the words below an empty line are the mail's */
	struct split *split = split_text("Fwd: x", false, "Od: A <a@x.example>\nKomut: B <b@x.example>\nPredmat: 2021-22 calendar\nDatut: 3 May 2021 9:31\n\nDate: Friday 5 November\nPlace: hall\n");
	assert_string_equal(split->forwarded->subject, "2021-22 calendar");
	assert_string_equal(split->forwarded->date, "3 May 2021 9:31");
	assert_string_equal(split->forwarded->body, "Date: Friday 5 November\nPlace: hall");
	release();
	/* a subject in a script of many bytes is not as long as it looks */
	split = split_text("Fwd: x", false, "จาก: A <a@x.example>\nวันที่: 3 May 2021\nถึง: B <b@x.example>\nเรื่อง: กำหนดการเยี่ยมชมพิพิธภัณฑ์\nSee you.\n");
	assert_string_equal(split->forwarded->body, "See you.");
	release();
}

/* "On … wrote" as the header of a forward: where the date ends and the name begins. */
static void names_behind_dates(void **state)
{
	(void)state;
	static const struct {
		const char *line, *name, *date;
	} rows[] = {
		{"On 27/10/2021, 09:31, \"Watson, Dan\" <a@x.example> wrote:", "Watson, Dan", "27/10/2021, 09:31"},
		{"On Wed, Oct 27, 2021 at 9:31 AM Watson, Dan <a@x.example> wrote:", "Watson, Dan", "Wed, Oct 27, 2021 at 9:31 AM"},
		{"On 27 Oct 2021 at 09:31 CEST, J. R. \"Bob\" Dobbs <a@x.example> wrote:", "J. R. \"Bob\" Dobbs", "27 Oct 2021 at 09:31 CEST"},
		{"On 27 Oct 2021 at 09:31, Class 4b Parents <a@x.example> wrote:", "Class 4b Parents", "27 Oct 2021 at 09:31"},
		{"On 27 Oct 2021 at 09:31, ana press <a@x.example> wrote:", "ana press", "27 Oct 2021 at 09:31"},
		{"Em qua., 27 de out. de 2021 às 09:31, Ana Press <a@x.example> escreveu:", "Ana Press", "qua., 27 de out. de 2021 às 09:31"},
		{"در ۵ آبان ۱۴۰۰، ساعت ۹:۳۱، Ana Press <a@x.example> نوشت:", "Ana Press", "۵ آبان ۱۴۰۰، ساعت ۹:۳۱"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct forwarded *f = split_text("Fwd: x", false, arena_printf(&arena, "%s\n\n" NEWS, rows[i].line))->forwarded;
		if (f == NULL || strcmp(f->from.name, rows[i].name) != 0 || f->date == NULL || strcmp(f->date, rows[i].date) != 0)
			fail_msg("%s: %s | %s", rows[i].line, f == NULL ? "" : f->from.name, f == NULL || f->date == NULL ? "" : f->date);
		release();
	}
}

/* "VS:" with the answered mail named: what stands below it tells a Dane's forward from a Finn's reply. */
static void either_prefix(void **state)
{
	(void)state;
	static const char header[] = OWN "\n\n%s: Ana Press <ana@press.example>\n%s: 27.10.2021 9.31\n%s: list@press.example\n%s: Exit tickets\n\n" NEWS "\n";
	check("da", split_text("VS: Exit tickets", true, arena_printf(&arena, header, "Fra", "Sendt", "Til", "Emne")), OWN, "27.10.2021 9.31");
	struct split *split = split_text("VS: Exit tickets", false, arena_printf(&arena, header, "Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"));
	assert_null(split->forwarded);
	assert_true(split->reply);
	release();
}

static void deeper_forwards_stay_inside(void **state)
{
	(void)state;
	struct split *split = split_text("Fwd: x", false,
		"see below\n\n---------- Forwarded message ---------\nFrom: A <a@x.example>\nDate: 3 May 2021\nSubject: outer\n\nfyi\n\n"
		"---------- Forwarded message ---------\nFrom: B <b@x.example>\nDate: 2 May 2021\nSubject: inner\n\ndeep\n");
	assert_string_equal(split->forwarded->subject, "outer");
	assert_string_equal(split->own, "see below");
	assert_non_null(strstr(split->forwarded->body, "Subject: inner"));
	release();
	/* and so does the line that ends one of them */
	split = split_text("Fwd: x", false,
		"see below\n\nFrom: A <a@x.example>\nSent: 3 May 2021\nTo: B <b@x.example>\nSubject: outer\n\n"
		"-------- Пересылаемое сообщение --------\n02.05.2021, 10:00, \"B\" <b@x.example>:\n\ndeep\n\n-------- Конец пересылаемого сообщения --------\n");
	assert_non_null(strstr(split->forwarded->body, "Конец"));
	release();
	/* no empty line between two headers: the rule is the inner one's */
	split = split_text("Fwd: x", false,
		"-------- Original Message --------\nFrom: A <a@x.example>\nDate: 3 May 2021\nSubject: outer\n________________________________\n"
		"From: B <b@x.example>\nSent: 2 May 2021\nSubject: inner\n\ndeep\n");
	assert_non_null(strstr(split->forwarded->body, "____\nFrom: B"));
	release();
}

static void wrapped_fields_are_joined(void **state)
{
	(void)state;
	struct split *split = split_text("Fwd: x", false,
		"---------- Forwarded message ---------\nFrom: A <a@x.example>\nDate: 3 May 2021\nSubject: a subject that\ngoes on\nTo: B <b@x.example>,\n C <c@x.example>,\n"
		"D <d@x.example\n>\nCc: E\n<e@x.example>\n\ntext\n");
	const struct forwarded *f = split->forwarded;
	assert_string_equal(f->subject, "a subject that goes on");
	assert_int_equal(f->to.n, 3);
	assert_string_equal(f->to.v[2].addr, "d@x.example");
	assert_string_equal(f->cc.v[0].addr, "e@x.example");
	assert_string_equal(f->body, "text");
	release();
	split = split_text("Fwd: x", false,
		"From: A <a@x.example>\nSent: 3 May 2021\nTo: B <b@x.example>\nSubject: a last subject that is so long that the mail program broke its line\nnear the end\n\ntext\n");
	assert_non_null(strstr(split->forwarded->subject, "line near the end"));
	assert_string_equal(split->forwarded->body, "text");
	release();
	/* a list of people that was broken between two words of a name */
	split = split_text("Fwd: x", false,
		"-----Original Message-----\nFrom: A <a@x.example>\nSent: 3 May 2021\nTo: Mary Anne Watson-Lee <mary.anne@x.example>; Bob\nKay-Smith <bob@x.example>; Cyril\n"
		"Dobbs <cy@x.example>; Dora\nLi <dora@x.example>\nSubject: y\n\ntext\n");
	assert_int_equal(split->forwarded->to.n, 4);
	assert_string_equal(split->forwarded->to.v[2].name, "Cyril Dobbs");
	assert_string_equal(split->forwarded->subject, "y");
	assert_string_equal(split->forwarded->body, "text");
	release();
	split = split_text("Fwd: x", false,
		"---------- Forwarded message ---------\nFrom: A <a@x.example>\nDate: 3 May 2021\nSubject: y\nTo: Mary Anne Watson-Lee <mary.anne@x.example>, Bob\nKay-Smith <bob@x.example>, Cyril\n"
		"Dobbs <cy@x.example>\n\ntext\n");
	assert_int_equal(split->forwarded->to.n, 3);
	assert_string_equal(split->forwarded->body, "text");
	release();
}

/* ---- people */
static void mailboxes(void **state)
{
	(void)state;
	static const char *const rows[][3] = {
		{"Ana Press <ana@PRESS.example>", "Ana Press", "ana@press.example"},
		{"<ana@press.example>", "", "ana@press.example"},
		{"ana@press.example", "", "ana@press.example"},
		{"ana@press.example <ana@press.example>", "", "ana@press.example"},
		{"\"Press, Ana\" <ana@press.example>", "Press, Ana", "ana@press.example"},
		{"'Ana' <ana@press.example>", "Ana", "ana@press.example"},
		{"Ana Press [mailto:ana@press.example]", "Ana Press", "ana@press.example"},
		{"Ana Press<mailto:ana@press.example>", "Ana Press", "ana@press.example"},
		{"Ana <ana@press.example<mailto:ana@press.example>>", "Ana", "ana@press.example"},
		{"Ana Press (ana@press.example)", "Ana Press", "ana@press.example"},
		{"ana@press.example (Ana Press)", "Ana Press", "ana@press.example"},
		{"« Ana Press » <ana@press.example>", "Ana Press", "ana@press.example"},
		{"„Ana Press” <ana@press.example>", "Ana Press", "ana@press.example"},
		{"*Ana Press* <ana@press.example>", "Ana Press", "ana@press.example"},
		{"\"A \\\"B\\\" C\" <a@x.example>", "A \"B\" C", "a@x.example"},
		{"'ana@press.example' <ana@press.example>", "", "ana@press.example"},
		{"'Ana Press' via Lists <ana@press.example>", "'Ana Press' via Lists", "ana@press.example"},
		{"ana@press.example<mailto:ana@press.example>", "", "ana@press.example"},
		{"Seán O'Brien <ana@press.example>", "Seán O'Brien", "ana@press.example"},
		{"School Office (Admin) <ana@press.example>", "School Office (Admin)", "ana@press.example"},
		{"Müller, Anna [Extern] <ana@press.example>", "Müller, Anna [Extern]", "ana@press.example"},
		{"Ana (Press) [mailto:ana@press.example]", "Ana (Press)", "ana@press.example"},
		{"Ana Press (<ana@press.example>)", "Ana Press", "ana@press.example"},
		{"ana@press.example (<ana@press.example>)", "", "ana@press.example"},
		{"\u202aAna Press\u202c\u200f <\u202aana@press.example\u202c\u200f>", "Ana Press", "ana@press.example"},
		{"Ana Press", "Ana Press", ""},
		{"\"office@school.example\" <ana@press.example>", "office@school.example", "ana@press.example"},
		{"\xc2\xa0" "Ana\xc2\xa0Press\xc2\xa0<\xc2\xa0" "ana@press.example>", "Ana Press", "ana@press.example"},
		{"\"Ana Press\" </O=PRESS/OU=FIRST (ABC)/CN=RECIPIENTS/CN=ANA>", "Ana Press", ""},
		{"", "", ""},
		{"@", "@", ""},
		{"<>", "<>", ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mailaddr person;
		person_read(span_of(rows[i][0]), &arena, &person);
		if (strcmp(person.addr, rows[i][2]) != 0 || (*rows[i][0] != '<' && strcmp(person.name, rows[i][1]) != 0))
			fail_msg("%s: %s | %s", rows[i][0], person.name, person.addr);
		release();
	}
}

static void lists_of_people(void **state)
{
	(void)state;
	static const struct {
		const char *written;
		size_t n;
		const char *last;
	} rows[] = {
		{"a@x.example, b@x.example", 2, "b@x.example"},
		{"A <a@x.example>; B <b@x.example>;", 2, "b@x.example"},
		{"\"Watson, Dan\" <d@x.example>, E <e@x.example>", 2, "e@x.example"},
		{"Watson, Dan <d@x.example>; E <e@x.example>", 2, "e@x.example"},
		{"Watson, Dan <d@x.example>", 1, "d@x.example"},
		{"Watson, Dan", 1, ""},
		{"A <a@x.example<mailto:a@x.example>>, <b@x.example<mailto:b@x.example>>", 2, "b@x.example"},
		{"\"never closed, <a@x.example>, b@x.example", 2, "b@x.example"},
		{"甲<a@x.example>、乙<b@x.example>；<c@x.example>", 3, "c@x.example"},
		{"", 0, NULL}, {" ; , ; ", 0, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mailaddrs list;
		people_read(span_of(rows[i].written), &arena, &list);
		if (list.n != rows[i].n || (list.n > 0 && strcmp(list.v[list.n - 1].addr, rows[i].last) != 0))
			fail_msg("%s: %zu", rows[i].written, list.n);
		release();
	}
}

static void notes_are_no_forwards(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"From: 3 March\nTo: 5 March\nWhere: gym\n",
		"From: Leeds\nTo: York\nDate: 3 November 2021\nSubject: Art\n\n20m\n",
		"Von: 8:15\nAn: 9:00\nDatum: 3. November 2021\nBetreff: Ausflug\n",
		"New pupil\nFrom: Leeds school, office@leeds.example\nTo: class 4b\nDate: 3 November 2021\n",
		"Contact: ana@press.example\nName: Ana Press\nTime: 14:00\nRoom: 12\nDate: 3 November 2021\n",
		"Met Ana Press <ana@press.example>, 27/10/2021 14:05:\n- kiln\n- glaze\n",
		"Date: Wednesday 3, October 2011\nTime: 7:00am\nAddress: 130 Fox St\n",
		"Subject: Maths\nMinutes: 20\nKind: talk\n",
		"I forwarded a message to Lee:\nit said hello\n",
		"Forwarded message\n\nis what I wanted to write about\n",
		"----\n1. Better\n2. Faster\n----\nThe dashes are mine.\n",
		"a: b\nc: d\ne: f\n",
		"", "\n\n\n", ":", "From:", "From:\n", "---------- ----------",
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct split *split = split_text("For the log", false, rows[i]);
		if (split->forwarded != NULL || *split->quoted != '\0')
			fail_msg("%s", rows[i]);
		release();
	}
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dashed_in_all_languages),
		cmocka_unit_test(apple_in_all_languages),
		cmocka_unit_test(outlook_in_all_languages),
		cmocka_unit_test(without_an_empty_line),
		cmocka_unit_test(in_one_line),
		cmocka_unit_test(words_below_the_end), cmocka_unit_test(programs_with_ways_of_their_own),
		cmocka_unit_test(strange_labels),
		cmocka_unit_test(names_behind_dates),
		cmocka_unit_test(either_prefix),
		cmocka_unit_test(deeper_forwards_stay_inside),
		cmocka_unit_test(wrapped_fields_are_joined),
		cmocka_unit_test(mailboxes),
		cmocka_unit_test(lists_of_people),
		cmocka_unit_test(notes_are_no_forwards),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
