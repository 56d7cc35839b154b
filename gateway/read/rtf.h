#ifndef GATEWAY_READ_RTF_H
#define GATEWAY_READ_RTF_H

#include "rules/arena.h"
#include "rules/str.h"

/* The words of an RTF text (Outlook's winmail.dat has bodies in it), paragraphs as lines; marks and pictures left out. */
const char *rtf_text(struct arena *, struct span rtf);
/* Out of the compressed form that winmail.dat holds (MS-OXRTFCP); at most 4 MiB, as much as can be read of a damaged one. */
struct span rtf_unpack(struct arena *, struct span packed);

#endif
