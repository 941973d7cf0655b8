/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>

#include "hid/mains.h"
#include "lib/xmem.h"

struct mains {
	struct hidups *ups;
	struct state *vars;
	uint8_t ids[256];
	size_t nids, at;
	bool again; /* the request in flight is the second of its kind */
	bool heard;
};

struct mains *
mains_new(const struct hid_desc *desc, const struct hidups_ident *ident)
{
	struct mains *m = xcalloc(1, sizeof(*m));

	m->ups = hidups_new(desc, ident);
	m->vars = state_new();
	m->nids = hidups_polls(m->ups, false, m->ids);
	return m;
}

void
mains_free(struct mains *m)
{
	if (m == NULL)
		return;
	hidups_free(m->ups);
	state_free(m->vars);
	free(m);
}

bool
mains_ask(struct mains *m, struct driver_ask *ask)
{
	if (m->at == m->nids)
		return false;
	*ask = (struct driver_ask){.op = HIDSOCK_GET, .id = m->ids[m->at]};
	return true;
}

void
mains_answer(struct mains *m, int error, const uint8_t *data, size_t len)
{
	if (error != 0 && error != ENODEV && error != ETIMEDOUT && !m->again) {
		m->again = true;
		return;
	}
	m->again = false;
	m->at++;
	if (error != 0)
		return;
	hidups_report(m->ups, HID_FEATURE, data, len);
	hidups_vars(m->ups, m->vars);
	m->heard = true;
}

enum mains_is
mains_is(const struct mains *m)
{
	const char *status = state_get(m->vars, "ups.status");

	if (!m->heard || status == NULL)
		return MAINS_UNKNOWN;
	if (state_status_has(status, "OB"))
		return MAINS_AWAY;
	return state_status_has(status, "OL") ? MAINS_THERE : MAINS_UNKNOWN;
}
