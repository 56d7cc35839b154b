#ifndef GATEWAY_FETCHER_CAGE_H
#define GATEWAY_FETCHER_CAGE_H

/* Shuts this process out of the files: it may read what names, certificates and charsets need, and write nothing. What the kernel
 * does not offer (Landlock, from Linux 5.13 on) is left out: 1 shut out, 0 only that no file can be written to. */
int fetcher_cage(void);

#endif
