/* A campus with a few people, for the tests of this folder. */
#ifndef TESTS_DIGEST_SAMPLE_H
#define TESTS_DIGEST_SAMPLE_H

#include "digest/letters.h"

#define COUNT(v) (sizeof(v) / sizeof *(v))
#define DAY(y, m, d) day_from_civil((struct civil){y, m, d})
#define STRS(...) {(const char *[]){__VA_ARGS__}, COUNT(((const char *[]){__VA_ARGS__}))}

/* Wednesday, 4 March 2026 */
#define SAMPLE_TODAY DAY(2026, 3, 4)

static inline struct frame_facts sample_facts(void)
{
	return (struct frame_facts){"Lincoln High PLN", "pln@lincoln.example", "pln+9f3c2a7d@lincoln.example", "Ana Rivera", SAMPLE_TODAY};
}

static inline struct entry sample_link(int64_t id, const char *title, const char *url, const char *note)
{
	static struct entry_link links[64];
	static size_t used;
	struct entry_link *link = &links[used++ % COUNT(links)];
	*link = (struct entry_link){url, title};
	return (struct entry){.id = id, .day = SAMPLE_TODAY - 1, .kind = KIND_READ, .title = title, .note = note, .source = "Edutopia Weekly",
	                      .links = link, .n_links = 1, .minutes = MINUTES_NONE, .claim = CLAIM_WAITING, .actual = 1, .credited = 1,
	                      .reason = "1: unstarred", .flag = ""};
}

/* The entry of the mission's first sample mail. */
static inline struct entry sample_exit_tickets(void)
{
	struct entry e = sample_link(1042, "Exit tickets", "https://www.edutopia.org/article/exit-tickets-that-work", "Exit tickets idea for period 3");
	e.day = SAMPLE_TODAY;
	return e;
}

/* And of its third. */
static inline struct entry sample_talk(void)
{
	static const char *with[] = {"Rivera"};
	return (struct entry){.id = 1043, .day = DAY(2026, 3, 3), .kind = KIND_TALK, .title = "Lab notebooks", .note = "Lab notebooks", .source = "",
	                      .with = {with, 1}, .minutes = 20, .claim = CLAIM_WAITING, .actual = 20, .credited = 15,
	                      .reason = "15 of 20: talk rule", .flag = ""};
}

static inline struct entry sample_webinar(void)
{
	struct entry e = sample_link(1047, "Retrieval practice in mixed-ability classes", "https://webinars.ascd.example/2026/retrieval", "Two ideas for Year 9: brain dumps at the start, and the five-minute quiz nobody marks.");
	e.kind = KIND_WEBINAR;
	e.minutes = e.actual = e.credited = 60;
	e.starred = true;
	e.reason = "60: webinar as stated";
	return e;
}

static inline struct credit_status sample_status(void)
{
	return (struct credit_status){.year = "2025/26", .approved = 130, .waiting = 40, .cap = 360, .requirement = 1080, .gave = 6, .took = 9,
	                              .entries = 15, .credit = true};
}

#endif
