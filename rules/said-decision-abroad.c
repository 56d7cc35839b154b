#include "rules/said-decision-parts.h"

/* "Va bene, grazie", "Хорошо, спасибо", "承認します": consents of other languages, when they and a thanks are the whole line. In
 * lower case; a new language is a line in each table. */

static const char *const consents[] = {
	"va bene", "d'accordo", "approvato", "approvati", "tutto ok", "tutto bene",                          /* Italian */
	"akkoord", "goedgekeurd", "prima", "is goed", "helemaal goed",                                       /* Dutch */
	"tudo bem", "aprovado", "aprovados", "aprovo", "de acordo", "tudo certo", "concordo",                /* Portuguese */
	"todo bien", "aprobados", "conforme", "está bien", "esta bien",                                      /* Spanish */
	"tout est bon", "c'est bon", "bon pour accord", "approuvés", "tout bon",                             /* French */
	"alles gut", "alles ok", "alles in ordnung", "in ordnung", "freigegeben", "bewilligt", "geht klar",  /* German */
	"godkänt", "godkänd", "godkända", "det är bra", "låter bra",                                         /* Swedish */
	"godkendt", "godkjent", "det er fint", "i orden",                                                    /* Danish, Norwegian */
	"hyväksytty", "hyväksyn", "sopii", "hyvä",                                                           /* Finnish */
	"zgoda", "zatwierdzam", "zatwierdzone", "w porządku", "akceptuję",                                   /* Polish */
	"souhlasím", "schváleno", "schvaluji", "v pořádku", "súhlasím", "schválené",                         /* Czech, Slovak */
	"rendben", "elfogadva", "jóváhagyva", "jóváhagyom",                                                  /* Hungarian */
	"aprobat", "de acord", "în regulă", "in regula",                                                     /* Romanian */
	"хорошо", "одобрено", "согласен", "согласна", "утверждаю", "принято", "погоджено", "згода", "добре", /* Russian, Ukrainian */
	"одобрявам", "съгласен", "съгласна", "u redu", "odobreno", "slažem se", "v redu",                    /* Bulgarian, Croatian, Slovene */
	"tamam", "onaylandı", "onaylıyorum", "uygundur",                                                     /* Turkish */
	"εγκρίνεται", "εντάξει", "συμφωνώ", "εγκρίνω",                                                       /* Greek */
	"מאושר", "בסדר", "מאשר", "מאשרת", "موافق", "موافقة", "تمت الموافقة", "حسنا",                          /* Hebrew, Arabic */
	"承認", "承認します", "了解", "了解です", "了解しました", "承認いたします", "問題ありません",          /* Japanese */
	"同意", "批准", "好的", "可以", "没问题", "沒問題", "通过", "通過", "核准", "전부 승인", "승인", "승인합니다", "좋습니다", "네", /* Chinese, Korean */
	"đồng ý", "duyệt", "setuju", "disetujui", "อนุมัติ", "ตกลง", "स्वीकृत", "ठीक है",                        /* Vietnamese, Indonesian, Thai, Hindi */
};

static const char *const polite[] = {
	"grazie mille", "grazie a tutti", "grazie", "dank je wel", "dank u wel", "dank je", "dank u", "bedankt", "muito obrigado", "muito obrigada",
	"obrigado", "obrigada", "muchas gracias", "gracias", "merci beaucoup", "merci", "vielen dank", "danke", "tack så mycket", "tack", "mange tak", "tak",
	"tusen takk", "takk", "kiitos", "dziękuję", "dzięki", "děkuji", "díky", "ďakujem", "köszönöm", "mulțumesc", "multumesc", "большое спасибо", "спасибо",
	"дякую", "благодаря", "hvala", "teşekkürler", "teşekkür ederim", "ευχαριστώ", "תודה", "شكرا", "ありがとうございます", "ありがとう", "よろしくお願いします",
	"谢谢", "謝謝", "감사합니다", "cảm ơn", "terima kasih", "ขอบคุณ", "धन्यवाद", "ok", "👍", "🙂", "😊", "🙏",
};

static struct span without_signs(struct span s)
{
	while (s.n > 0 && strchr(" \t.,!;:-\"'*", s.p[0]) != NULL)
		s = span_skip(s, 1);
	while (s.n > 0 && strchr(" \t.,!;:-\"'*", s.p[s.n - 1]) != NULL)
		s.n--;
	return s;
}

static bool is_one(struct span s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (word_same(s, list[i]))
			return true;
	return false;
}

/* Takes a thanks off either end; false when there is none. Signs or blanks, or a script without blanks, part it from the rest. */
static bool take_thanks(struct span *s)
{
	for (size_t i = 0; i < sizeof polite / sizeof *polite; i++) {
		size_t n = strlen(polite[i]);
		if (s->n <= n)
			continue;
		bool behind = memcmp(s->p + s->n - n, polite[i], n) == 0 && strchr(" .,!;-", s->p[s->n - n - 1]) != NULL;
		bool before = memcmp(s->p, polite[i], n) == 0 && strchr(" .,!;-", s->p[n]) != NULL;
		if (!behind && !before)
			continue;
		*s = without_signs(behind ? (struct span){s->p, s->n - n} : span_skip(*s, n));
		return true;
	}
	return false;
}

bool consents_abroad(struct span folded, struct arena *arena)
{
	struct span s = span_of(utf8_lower(arena, folded.p, folded.n));
	for (s = without_signs(s); !is_one(s, consents, sizeof consents / sizeof *consents);)
		if (!take_thanks(&s))
			return false;
	return true;
}
