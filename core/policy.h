/* SPDX-License-Identifier: ISC */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "lib/feed.h"

/*
 * Interface 5 (docs/architecture.md, 3.5): what is decided, and nothing else. Pure: no
 * descriptor, no clock, no log. An event and a time go in, actions and the next time to
 * ask come out. A UPS is named by its row in ups.conf, counted from 0.
 */

#define POLICY_HEARTBEAT_MS 1000
#define POLICY_ACTIONS_MAX 4

enum policy_event_kind {
	POLICY_TIME,   /* nothing but time has passed */
	POLICY_LOGIN,  /* a client has logged in to the UPS */
	POLICY_LOGOUT, /* ... has left it */
	POLICY_FSD,    /* somebody entitled asks for a forced shutdown */
	POLICY_SILENT, /* the UPS's driver no longer answers PING */
};

struct policy_event {
	enum policy_event_kind kind;
	size_t row; /* unused for POLICY_TIME */
};

enum policy_action_kind {
	POLICY_HEARTBEAT, /* tell holdupd that core lives */
	POLICY_VIEW,      /* show the UPS so to every machine */
	POLICY_RESTART,   /* have the UPS's driver restarted */
};

struct policy_action {
	enum policy_action_kind kind;
	size_t row;
	enum feed_view view;
	uint64_t seq, deadline_ms; /* of POLICY_HEARTBEAT, see lib/ctl.h */
};

struct policy_actions {
	struct policy_action list[POLICY_ACTIONS_MAX];
	size_t count;
	uint64_t next_ms; /* call again with POLICY_TIME at this time */
};

/* All that policy remembers. */
struct policy_ups {
	size_t logins;
	enum feed_view view;
};

struct policy {
	struct policy_ups *upses;
	size_t nupses;
	uint64_t seq, heartbeat_ms; /* of the last one, of the next one */
};

/* Starts for `nupses` rows, first heartbeat at `now_ms` / releases what it holds. */
void policy_init(struct policy *p, size_t nupses, uint64_t now_ms);
void policy_free(struct policy *p);

/*
 * One step. Fills `actions`, to be carried out in order. Time never runs backwards. A row
 * that does not exist changes nothing, nor does a logout beyond the last login.
 */
void policy_step(struct policy *p, const struct policy_event *event, uint64_t now_ms,
    struct policy_actions *actions);

#endif
