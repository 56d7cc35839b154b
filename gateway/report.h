#ifndef GATEWAY_REPORT_H
#define GATEWAY_REPORT_H

#include "digest/records.h"
#include "gateway/campus.h"

/* The campus's report of days [from, to), small groups hidden. period: how it is called; year: a whole school year. */
int report_make(struct campus *, int32_t from, int32_t to, const char *period, bool year, struct arena *, struct campus_report *, struct err *);
struct frame_facts report_facts(struct campus *, int32_t today);

#endif
