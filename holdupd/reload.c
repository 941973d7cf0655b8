/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "holdupd/reload.h"
#include "lib/log.h"
#include "lib/xmem.h"

/* Which children of the new setup are what they were in the old one, in *same, which the
 * caller frees. Returns how many are not. */
static size_t
compare(const struct setup *old, const struct setup *new, bool **same)
{
	size_t changed = 0;

	*same = xcalloc(new->plan.nchildren, sizeof(**same));
	for (size_t i = 0; i < new->plan.nchildren; i++) {
		for (size_t k = 0; k < old->plan.nchildren && !(*same)[i]; k++)
			(*same)[i] = setup_same_child(
			    old, &old->plan.children[k], new, &new->plan.children[i]);
		changed += !(*same)[i];
	}
	return changed;
}

int
reload(struct setup *setup, struct sockets *sockets, struct users *users,
    struct children *children, bool debug)
{
	struct setup old = *setup, new;
	struct sockets old_sockets = *sockets;
	size_t changed;
	bool *same;

	log_info("reload: reading the files again");
	setup_read(&new, setup->plan.call, &users->list[PLAN_USER_HOLDUP]);
	if (new.damaged || !setup_has_work(&new)) {
		log_warn("reload: %s: everything stays as it was",
		    new.damaged ? "a file cannot be read"
				: "the files leave nothing to do");
		setup_free(&new);
		return -1;
	}
	users_find_run(users, new.upsmon.run_as_user);
	sockets_reopen(sockets, &new.plan, users->nut, &old_sockets, &old.plan);
	plan_children(&new.plan, sockets->driver_ok, sockets->tcp_ok, debug);
	changed = compare(&old, &new, &same);
	*setup = new;
	children_replace(children, &setup->plan, same);
	log_info("reload: %zu of %zu programs start afresh", changed, new.plan.nchildren);
	sockets_close(&old_sockets);
	setup_free(&old);
	free(same);
	return 0;
}
