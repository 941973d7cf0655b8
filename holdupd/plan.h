/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_PLAN_H
#define HOLDUPD_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf_ups.h"
#include "lib/conf_upsd.h"
#include "lib/role.h"

/*
 * Configuration → which sockets to listen on, which children to start, and with which
 * descriptors (docs/architecture.md, 2). Pure.
 */

enum plan_fd_kind {
	PLAN_FD_UPS_CONF, /* the text of ups.conf, with the sections of far UPSes */
	PLAN_FD_UPSD_CONF,
	PLAN_FD_UPSD_USERS,
	PLAN_FD_UPSMON_CONF,
	PLAN_FD_HOLDUP_CONF,
	PLAN_TEXTS,                /* number of the texts */
	PLAN_FD_FEED = PLAN_TEXTS, /* listening, STATEPATH/holdup.feed (lib/role.h) */
	PLAN_FD_REQUESTS,
	PLAN_FD_STATE,  /* STATEPATH/holdup.state */
	PLAN_FD_CTL,    /* core's end of interface 4 */
	PLAN_FD_RUN,    /* run's end of the socket by which it is told what to run */
	PLAN_FD_DRIVER, /* listening; index of plan.drivers */
	PLAN_FD_TCP,    /* listening; index of plan.listens */
};

struct plan_fd {
	enum plan_fd_kind kind;
	size_t index;
};

/* In the child, descriptor i of `fds` has the number PLAN_FIRST_FD + i. */
#define PLAN_FIRST_FD 3
#define PLAN_FDS_MAX 64
#define PLAN_ARGS_MAX 16

/* Who a child is (docs/outage.md, 5); holdupd/users.h finds them. */
enum plan_user {
	PLAN_USER_HOLDUP, /* core, hid, remote */
	PLAN_USER_NET,
	PLAN_USER_OUT,
	PLAN_USER_RUN, /* RUN_AS_USER */
	PLAN_USERS,    /* their number */
};

struct plan_child {
	char *name;                    /* for the log: "core", "hid qnapups" */
	char *argv[PLAN_ARGS_MAX + 1]; /* NULL-terminated; argv[0] is the program */
	struct plan_fd fds[PLAN_FDS_MAX];
	size_t nfds;
	enum plan_user user;
	long row; /* of ups.conf whose driver it is; -1: no driver */
};

/* A driver socket of ours. */
struct plan_driver {
	char *socket; /* its name in STATEPATH: "usbhid-ups-qnapups" */
	char *ups;
	long row;
	const char *program; /* "hid", "remote" */
};

struct plan_listen {
	char *address, *port; /* a literal address; decimal */
};

/* What holdupd was called for; no reload changes it. */
struct plan_call {
	enum role role;
	char family; /* '4', '6': of the listeners; 0: both */
};

struct plan {
	struct plan_call call;
	struct plan_driver *drivers;
	size_t ndrivers;
	bool harmless; /* a shutdown would only be logged: core is told */
	struct plan_listen *listens;
	size_t nlistens;
	bool run, out; /* wanted: what upsmon.conf and holdup.conf say, by the caller */
	struct plan_child *children; /* core first: who connects to it finds it there */
	size_t nchildren;
};

/*
 * What the files ask for: drivers and listeners. What cannot be done becomes a problem of
 * `ups_file` or `upsd_file` that names the remedy; drivers of NUT are not started, for
 * their own scripts do that. Without any LISTEN: both loopback addresses, port 3493.
 * With upsd == NULL nothing is served, so there are no listeners.
 */
void plan_sockets(struct plan *plan, const struct ups_conf *ups, const char *ups_file,
    const struct upsd_conf *upsd, const char *upsd_file, struct problems *problems);

/*
 * The children for the sockets that could be opened: `driver_ok[i]`, `listen_ok[i]` say
 * so of plan->drivers[i] and plan->listens[i]. Without any listener there is no net.
 * With `debug` each child is told to log more.
 */
void plan_children(
    struct plan *plan, const bool *driver_ok, const bool *listen_ok, bool debug);

/* True when both name one address and port. */
bool plan_same_listen(const struct plan_listen *a, const struct plan_listen *b);

void plan_free(struct plan *plan);

#endif
