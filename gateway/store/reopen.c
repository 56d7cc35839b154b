#include "gateway/store/store-sql.h"

int store_reopened(struct store *store, int32_t year, int32_t *until, struct err *err)
{
	int64_t day = 0;
	int got = sql_int(store, "SELECT until FROM reopened WHERE year = ?", BIND(v_int(year)), &day, err);
	if (got == 1)
		*until = (int32_t)day;
	return got;
}

/* Once more for a year that is open again: the later word counts, also to close it sooner. */
int store_reopen(struct store *store, struct ledger_line *line, struct err *err)
{
	if (line->verb != LEDGER_REOPEN || line->entry != 0)
		return err_set(err, "a year is reopened by a line that says so");
	if (line->about < line->day)
		return err_set(err, "a year cannot be open until a day before it began");
	if (store_add_ledger(store, line, err) < 0)
		return -1;
	return sql_run(store, "INSERT INTO reopened(year, until, line) VALUES(?1, ?2, ?3) ON CONFLICT(year) DO UPDATE SET until = ?2, line = ?3",
	               BIND(v_int(line->day), v_int(line->about), v_int(line->id)), err);
}
