#include "gateway/keeper-parts.h"

#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/pack.h"
#include "gateway/titles.h"

int keeper_begin(struct keeper *k, struct err *err)
{
	if (k->in_transaction)
		return 0;
	if (store_begin(k->campus->store, err) < 0)
		return -1;
	k->in_transaction = true;
	k->batch_since = clock_ms();
	k->in_batch = 0;
	return 0;
}

static void tell_gates(struct keeper *k)
{
	struct str payload = {0};
	for (size_t i = 0; i < k->n_marks; i++) {
		str_clear(&payload);
		pack_text(&payload, k->marks[i].ident);
		if (k->gates[k->marks[i].gate].helper.worker.pid != 0)
			chan_send(&k->gates[k->marks[i].gate].helper.worker.chan, GATE_MARK, (struct span){payload.p, payload.n});
		free(k->marks[i].ident);
	}
	k->n_marks = 0;
	str_release(&payload);
}

int keeper_commit(struct keeper *k, struct err *err)
{
	if (!k->in_transaction)
		return 0;
	for (size_t i = 0; i < k->n_gates; i++)
		if (k->gates[i].cursor_moved) {
			if (store_set_cursor(k->campus->store, &k->gates[i].cursor, err) < 0)
				return -1;
			k->gates[i].cursor_moved = false;
		}
	if (store_commit(k->campus->store, err) < 0)
		return -1;
	k->in_transaction = false;
	k->letters_wanted = k->released_wanted = true;
	titles_look(k->titles);
	tell_gates(k);
	return 0;
}
