/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
#include "lib/xmem.h"

void
policy_init(struct policy *p, size_t nupses, uint64_t now_ms)
{
	*p = (struct policy){.nupses = nupses, .heartbeat_ms = now_ms};
	p->upses = xcalloc(nupses, sizeof(*p->upses));
}

void
policy_free(struct policy *p)
{
	free(p->upses);
	memset(p, 0, sizeof(*p));
}

static void
act(struct policy_actions *actions, struct policy_action action)
{
	actions->list[actions->count++] = action;
}

static void
view_change(
    struct policy *p, size_t row, enum feed_view view, struct policy_actions *actions)
{
	if (p->upses[row].view == view)
		return;
	p->upses[row].view = view;
	act(actions, (struct policy_action){POLICY_VIEW, .row = row, .view = view});
}

/* What an event means for the UPS that it names. */
static void
ups_event(
    struct policy *p, const struct policy_event *event, struct policy_actions *actions)
{
	struct policy_ups *u = &p->upses[event->row];

	switch (event->kind) {
	case POLICY_TIME:
		break;
	case POLICY_LOGIN:
		u->logins++;
		break;
	case POLICY_LOGOUT:
		if (u->logins > 0)
			u->logins--;
		break;
	case POLICY_FSD:
		/* Sticky until this process ends: there is no way back from a forced
		 * shutdown yet. The lease, which ends an FSD that its machine no longer
		 * renews, comes with the shutdown rules. */
		view_change(p, event->row, FEED_VIEW_FSD, actions);
		break;
	case POLICY_SILENT:
		act(actions, (struct policy_action){POLICY_RESTART, .row = event->row});
		break;
	}
}

/* The deadline stays 0, "restart me if I fall silent", until policy shuts down. */
static void
heartbeat(struct policy *p, uint64_t now_ms, struct policy_actions *actions)
{
	if (now_ms < p->heartbeat_ms)
		return;
	p->heartbeat_ms = now_ms + POLICY_HEARTBEAT_MS;
	act(actions, (struct policy_action){POLICY_HEARTBEAT, .seq = ++p->seq});
}

void
policy_step(struct policy *p, const struct policy_event *event, uint64_t now_ms,
    struct policy_actions *actions)
{
	actions->count = 0;
	if (event->kind != POLICY_TIME && event->row < p->nupses)
		ups_event(p, event, actions);
	heartbeat(p, now_ms, actions);
	actions->next_ms = p->heartbeat_ms;
}
