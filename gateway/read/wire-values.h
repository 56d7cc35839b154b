#ifndef GATEWAY_READ_WIRE_VALUES_H
#define GATEWAY_READ_WIRE_VALUES_H

#include "gateway/pack.h"
#include "rules/reading.h"

/* What a packed reading is made of (wire.c, wire-said.c). A wire_get_ that cannot believe what it finds sets u->bad. */

#define WIRE_LIST_MOST 20000 /* strings, addresses, parts: as many as the reader itself takes (mime.h) */

void wire_put_bool(struct str *, bool);
bool wire_get_bool(struct unpack *);
void wire_put_int(struct str *, int64_t);
int64_t wire_get_int(struct unpack *, int64_t least, int64_t most);
/* Of things that take at least `least` packed bytes each; a small packed thing becomes a larger one in memory: so there is a bound
 * beside the bytes that are there. */
size_t wire_get_count(struct unpack *, size_t least, size_t most);

void wire_put_known(struct str *, const char *text); /* NULL stays NULL, to be got by unpack_text; what is not UTF-8 is mended */
void wire_put_text(struct str *, const char *text);  /* NULL as "" */
const char *wire_get_text(struct unpack *, struct arena *); /* never NULL */
void wire_put_strs(struct str *, const struct strs *);
struct strs wire_get_strs(struct unpack *, struct arena *);
void wire_put_address(struct str *, const struct mailaddr *);
struct mailaddr wire_get_address(struct unpack *, struct arena *);
void wire_put_addresses(struct str *, const struct mailaddrs *);
struct mailaddrs wire_get_addresses(struct unpack *, struct arena *);

/* What the mail's words say to the program (wire-said.c). */
void wire_put_said(struct str *, const struct said *);
void wire_get_said(struct unpack *, struct arena *, struct said *);

#endif
