#ifndef GATEWAY_FETCHER_H
#define GATEWAY_FETCHER_H

/* The fetcher: `plnpost --role fetcher`, started only where [links] titles = on. It has the network by HTTP and nothing else:
 * no log, no secret, no mail (fetcher-cage.c). It asks politely (robots.txt, one request to a host every two seconds, one at a time), and
 * answers each URL in its own time. PLNPOST_TEST_LOOPBACK=1 in its environment lets it dial loopback, for tests. */
enum fetcher_frame {
	FETCHER_URL,  /* keeper → fetcher: u64 ticket, text url */
	FETCHER_TITLE /* fetcher → keeper: u64 ticket, text title ("" = none), text why there is none (NULL) */
};
#define FETCHER_QUEUE 200 /* URLs in its hands at most: one more gets no title */

int fetcher_main(void);

#endif
