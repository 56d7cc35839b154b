#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "gateway/read/links.h"

static const struct {
	const char *around, *text, *link; /* link NULL: one that says nothing */
	enum link_role role;
} roles[] = {
	/* words */
	{"", "Unsubscribe", NULL, ROLE_UNSUBSCRIBE},
	{"", "unsubscribe from this list", NULL, ROLE_UNSUBSCRIBE},
	{"", "Newsletter abbestellen", NULL, ROLE_UNSUBSCRIBE},
	{"", "Se désabonner", NULL, ROLE_UNSUBSCRIBE},
	{"", "Darme de baja", NULL, ROLE_UNSUBSCRIBE},
	{"", "Annulla l\xe2\x80\x99iscrizione", NULL, ROLE_UNSUBSCRIBE},
	{"", "Cancelar inscrição", NULL, ROLE_UNSUBSCRIBE},
	{"", "Uitschrijven", NULL, ROLE_UNSUBSCRIBE},
	{"", "Avprenumerera", NULL, ROLE_UNSUBSCRIBE},
	{"", "Afmeld", NULL, ROLE_UNSUBSCRIBE},
	{"", "Peruuta tilaus", NULL, ROLE_UNSUBSCRIBE},
	{"", "WYPISZ SIĘ", NULL, ROLE_UNSUBSCRIBE},
	{"", "Odhlásit odběr", NULL, ROLE_UNSUBSCRIBE},
	{"", "Leiratkozás", NULL, ROLE_UNSUBSCRIBE},
	{"", "Dezabonare", NULL, ROLE_UNSUBSCRIBE},
	{"", "Διαγραφή", NULL, ROLE_UNSUBSCRIBE},
	{"", "Abonelikten çık", NULL, ROLE_UNSUBSCRIBE},
	{"", "ОТПИСАТЬСЯ", NULL, ROLE_UNSUBSCRIBE},
	{"", "Відписатися", NULL, ROLE_UNSUBSCRIBE},
	{"", "إلغاء الاشتراك", NULL, ROLE_UNSUBSCRIBE},
	{"", "配信停止はこちら", NULL, ROLE_UNSUBSCRIBE},
	{"", "取消订阅", NULL, ROLE_UNSUBSCRIBE},
	{"", "수신거부", NULL, ROLE_UNSUBSCRIBE},
	{"", "Hủy đăng ký", NULL, ROLE_UNSUBSCRIBE},
	{"", "Si no deseas recibir más correos", NULL, ROLE_UNSUBSCRIBE},
	{"", "Avsluta prenumerationen", NULL, ROLE_UNSUBSCRIBE},
	{"", "Rezygnacja z newslettera", NULL, ROLE_UNSUBSCRIBE},
	{"", "Listeden ayrıl", NULL, ROLE_UNSUBSCRIBE},
	{"", "ביטול מנוי", NULL, ROLE_UNSUBSCRIBE},
	{"", "メール配信の停止", NULL, ROLE_UNSUBSCRIBE},
	{"", "Batalkan langganan", NULL, ROLE_UNSUBSCRIBE},
	{"", "გამოწერის გაუქმება", NULL, ROLE_UNSUBSCRIBE},
	{"", "Wird dieser Newsletter nicht richtig dargestellt?", NULL, ROLE_VIEW_ONLINE},
	{"", "Abrir no navegador", NULL, ROLE_VIEW_ONLINE},
	{"", "ดูในเบราว์เซอร์ →", NULL, ROLE_VIEW_ONLINE},
	{"", "Προβολή στον περιηγητή", NULL, ROLE_VIEW_ONLINE},
	{"", "Ikusi nabigatzailean", NULL, ROLE_VIEW_ONLINE},
	{"", "Profil bearbeiten", NULL, ROLE_PREFERENCES},
	{"", "Gestiona les preferències", NULL, ROLE_PREFERENCES},
	{"", "Spravovat předvolby", NULL, ROLE_PREFERENCES},
	{"", "Настройки подписки", NULL, ROLE_PREFERENCES},
	{"", "알림 설정", NULL, ROLE_PREFERENCES},
	{"", "Profil der Schule", NULL, ROLE_CONTENT},
	{"", "Jetzt anmelden", NULL, ROLE_CONTENT},
	{"", "Browser games for maths", NULL, ROLE_CONTENT},
	{"", "S'inscrire au webinaire", NULL, ROLE_CONTENT},
	{"", "Our new report on preferences of pupils", NULL, ROLE_CONTENT},
	{"", "View this email in your browser", NULL, ROLE_VIEW_ONLINE},
	{"", "view the message online", NULL, ROLE_VIEW_ONLINE},
	{"", "Newsletter im Browser ansehen", NULL, ROLE_VIEW_ONLINE},
	{"", "Voir la version en ligne", NULL, ROLE_VIEW_ONLINE},
	{"", "Ver en el navegador", NULL, ROLE_VIEW_ONLINE},
	{"", "Zobacz w przeglądarce", NULL, ROLE_VIEW_ONLINE},
	{"", "Открыть письмо в браузере", NULL, ROLE_VIEW_ONLINE},
	{"", "ブラウザで見る", NULL, ROLE_VIEW_ONLINE},
	{"", "在浏览器中查看", NULL, ROLE_VIEW_ONLINE},
	{"", "Update your preferences", NULL, ROLE_PREFERENCES},
	{"", "manage your email preferences", NULL, ROLE_PREFERENCES},
	{"", "Gérer mes préférences", NULL, ROLE_PREFERENCES},
	{"", "Einstellungen ändern", NULL, ROLE_PREFERENCES},
	{"", "Share", NULL, ROLE_SHARE},
	{"", "Forward to a friend", NULL, ROLE_SHARE},
	{"", "Preposlať priateľovi", NULL, ROLE_SHARE},
	{"", "Kirim ke teman", NULL, ROLE_SHARE},
	{"", "ส่งต่อให้เพื่อน", NULL, ROLE_SHARE},
	{"", "Podijelite", NULL, ROLE_SHARE},
	{"", "Podijelite sreću: sedam igara za nastavu", NULL, ROLE_CONTENT},
	{"", "Muuda eelistusi", NULL, ROLE_PREFERENCES},
	{"", "تغییر تنظیمات", NULL, ROLE_PREFERENCES},
	{"", "Vaata veebibrauseris", NULL, ROLE_VIEW_ONLINE},
	{"", "Teilen", NULL, ROLE_SHARE},
	{"", "Download on the App Store", NULL, ROLE_APP},
	{"", "Follow us on Twitter", NULL, ROLE_SOCIAL},
	{"", "facebook icon", NULL, ROLE_SOCIAL},
	{"", "Share on\n\t Twitter", NULL, ROLE_SHARE},
	/* a word inside a sentence, or of another kind */
	{"", "How to share your classroom with another school", NULL, ROLE_CONTENT},
	{"", "Ten ways to follow a discussion", NULL, ROLE_CONTENT},
	{"", "Our online conference", NULL, ROLE_CONTENT},
	{"", "How students read the news online", NULL, ROLE_CONTENT},
	{"", "Why parents opt out of testing", NULL, ROLE_CONTENT},
	{"", "Teaching with images", NULL, ROLE_CONTENT},
	{"", "\xc2\xbb Opt out", NULL, ROLE_UNSUBSCRIBE},
	{"", "[View online] \xe2\x86\x92", NULL, ROLE_VIEW_ONLINE},
	{"", "Preferences of young readers: a study", NULL, ROLE_CONTENT},
	{"", "Read more", NULL, ROLE_CONTENT},
	{"", "Teaching pupils when to unsubscribe: what three schools in Ohio learnt about newsletters, feeds and the noise of a week", NULL,
	 ROLE_CONTENT},
	/* the words before it, when its own say nothing */
	{"If you no longer wish to receive these emails,", "click here", NULL, ROLE_UNSUBSCRIBE},
	{"Having trouble viewing this email?", "Click here", NULL, ROLE_VIEW_ONLINE},
	{"Wird diese Nachricht nicht richtig angezeigt, klicken Sie bitte", "hier", NULL, ROLE_VIEW_ONLINE},
	{"Unsubscribe |", "Privacy policy", NULL, ROLE_CONTENT},
	{"To read the study", "click here", NULL, ROLE_CONTENT},
	/* its address */
	{"", "", "https://news.school.example/unsubscribe.php?x=1", ROLE_UNSUBSCRIBE},
	{"", "Manage preferences", "https://school.example/hs/manage-preferences/unsubscribe?d=1", ROLE_UNSUBSCRIBE},
	{"", "View online", "https://school.example/view?unsubscribe=https://x", ROLE_VIEW_ONLINE},
	{"", "", "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fschool.example", ROLE_SHARE},
	{"", "", "https://www.facebook.com/school", ROLE_SOCIAL},
	{"", "Facebook", "https://www.facebook.com/school", ROLE_SOCIAL},
	{"", "What our pupils wrote about the election, on Facebook", "https://www.facebook.com/school", ROLE_CONTENT},
	{"", "", "https://www.youtube.com/watch?v=abc", ROLE_CONTENT},
	{"", "", "https://apps.apple.com/us/app/school/id1", ROLE_APP},
	{"", "Exit tickets", "https://school.example/unsubtle", ROLE_CONTENT},
};

static void test_roles(void **state)
{
	(void)state;
	struct str buf = {0};
	size_t wrong = 0;
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		const char *link = roles[i].link == NULL ? "https://click.school.example/0a1b2c" : roles[i].link;
		struct url u;
		assert_int_equal(url_parse(span_of(link), NULL, URL_KEEP, &buf, &u, NULL), 0);
		struct link_clues clues = {.text = roles[i].text, .around = roles[i].around, .seen = span_of(link), .url = &u, .target = &u};
		enum link_role role = link_role_of(linkrules_shipped(), &clues, NULL);
		if (role == roles[i].role)
			continue;
		wrong++;
		print_error("%s [%s] %s: %s, not %s\n", roles[i].around, roles[i].text, link, link_role_name(role), link_role_name(roles[i].role));
	}
	str_release(&buf);
	assert_int_equal(wrong, 0);
}

static void test_listed(void **state)
{
	(void)state;
	struct link_clues clues = {.text = "Click here", .around = "", .seen = SPAN("https://a.example/1"), .listed = true};
	assert_int_equal(link_role_of(linkrules_shipped(), &clues, NULL), ROLE_UNSUBSCRIBE);
}

static const struct {
	int width, height;
	const char *link;
	bool pixel;
} images[] = {
	{1, 1, "https://school.example/a.gif", true},
	{0, 0, "https://school.example/a.gif", true},
	{2, 2, "https://school.example/a.gif", true},
	{-1, 1, "https://school.example/a.gif", true},
	{1, -1, "https://school.example/a.gif", true},
	{1, 24, "https://school.example/spacer.gif", false},
	{600, 1, "https://school.example/line.gif", false},
	{600, 300, "https://school.example/track/open.php?u=1", false},
	{-1, -1, "https://school.example/photo.jpg", false},
	{-1, -1, "https://school.example/track/open.php?u=1", true},
	{-1, -1, "https://school.example/wf/open?upn=abc", true},
	{1, 1, NULL, true},
	{-1, -1, NULL, false},
};

static void test_pixels(void **state)
{
	(void)state;
	struct str buf = {0};
	for (size_t i = 0; i < sizeof images / sizeof *images; i++) {
		struct url u;
		if (images[i].link != NULL)
			assert_int_equal(url_parse(span_of(images[i].link), NULL, URL_KEEP, &buf, &u, NULL), 0);
		if (link_is_pixel(linkrules_shipped(), images[i].width, images[i].height, images[i].link == NULL ? NULL : &u) != images[i].pixel)
			fail_msg("%d x %d %s", images[i].width, images[i].height, images[i].link);
	}
	str_release(&buf);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_listed),
		cmocka_unit_test(test_pixels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
