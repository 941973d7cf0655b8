/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "holdupd/folder.h"
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

static long
place_of(const struct holdup_conf *c, const char *name)
{
	for (size_t i = 0; i < c->nmachines; i++)
		if (strcmp(c->machines[i].name, name) == 0)
			return (long)i;
	return -1;
}

/* Where the machines of the old file stand in the new one. New ones at its end move nobody. */
static void
machines_follow(
    struct runner *runner, const struct holdup_conf *old, const struct holdup_conf *new)
{
	long *place = xcalloc(old->nmachines + 1, sizeof(*place));
	bool moved = false;

	for (size_t i = 0; i < old->nmachines; i++) {
		place[i] = place_of(new, old->machines[i].name);
		moved |= place[i] != (long)i;
	}
	if (moved)
		runner_moved(runner, place, old->nmachines);
	free(place);
}

int
reload(struct setup *setup, const struct reloaded *r, bool debug)
{
	struct setup old = *setup, new;
	struct sockets old_sockets = *r->sockets;
	size_t changed;
	bool *same;

	log_info("reload: reading the files again");
	setup_read(&new, setup->plan.call, &r->users->list[PLAN_USER_HOLDUP]);
	if (new.damaged || !setup_has_work(&new)) {
		log_warn("reload: %s: everything stays as it was",
		    new.damaged ? "a file cannot be read"
				: "the files leave nothing to do");
		setup_free(&new);
		return -1;
	}
	users_find_run(r->users, new.upsmon.run_as_user);
	if (new.plan.nforeigns > 0)
		users_find_driver(r->users, new.plan.driver_user);
	sockets_reopen(r->sockets, &new.plan, r->users->nut, &old_sockets, &old.plan);
	plan_resolved_before(&new.plan, &old.plan);
	folders_make(&new.plan, r->users);
	plan_children(&new.plan, r->sockets->driver_ok, debug);
	*setup = new;
	machines_follow(r->runner, &old.own, &new.own);
	listens_follow(r->listens);
	listens_follow(r->pages);
	changed = compare(&old, setup, &same);
	children_replace(r->children, &setup->plan, same);
	renew_tell(r->renew);
	hosts_follow(r->hosts);
	log_info("reload: %zu of %zu programs start afresh", changed, new.plan.nchildren);
	sockets_close(&old_sockets);
	setup_free(&old);
	free(same);
	return 0;
}
