/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_PLAN_H
#define HOLDUPD_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf_holdup.h"
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
	PLAN_FD_CERTIFICATE,       /* what CERTFILE names */
	PLAN_FD_AUTHORITIES,       /* what CERTPATH names */
	PLAN_FD_FAR_CERTIFICATE,   /* what CERTIDENT of upsmon.conf names */
	PLAN_FD_FAR_AUTHORITIES,   /* what CERTPATH of upsmon.conf names */
	PLAN_FD_PAGE_CERTIFICATE,  /* what [web] names, with the key */
	PLAN_FD_MQTT_CERTIFICATE,  /* what [mqtt] names, with the key */
	PLAN_FD_MQTT_AUTHORITIES,  /* what ca of [mqtt] names */
	PLAN_TEXTS,                /* number of the texts */
	PLAN_FD_FEED = PLAN_TEXTS, /* listening, STATEPATH/holdup.feed (lib/role.h) */
	PLAN_FD_REQUESTS,
	PLAN_FD_JUDGE,  /* listening, STATEPATH/holdup.judge */
	PLAN_FD_STATE,  /* STATEPATH/holdup.state */
	PLAN_FD_MEMORY, /* lib/paths.h: paths_memory() */
	PLAN_FD_CTL,    /* core's end of interface 4 */
	PLAN_FD_RUN,    /* run's end of the socket by which it is told what to run */
	PLAN_FD_RENEW,  /* net's end of lib/netctl.h */
	PLAN_FD_DRIVER, /* listening; index of plan.drivers */
	PLAN_FD_TCP,    /* listening; index of plan.listens */
	PLAN_FD_PAGE,   /* listening; index of plan.pages */
};

struct plan_fd {
	enum plan_fd_kind kind;
	size_t index;
};

/* In the child, descriptor i of `fds` has the number PLAN_FIRST_FD + i. */
#define PLAN_FIRST_FD 3
#define PLAN_FDS_MAX 1024 /* of `dummy`, which has one per UPS */
#define PLAN_ARGS_MAX 24

/* Who a child is (docs/outage.md, 5); holdupd/users.h finds them. */
enum plan_user {
	PLAN_USER_HOLDUP, /* core, hid, remote, dummy */
	PLAN_USER_NET,    /* net, judge */
	PLAN_USER_OUT,    /* out, history */
	PLAN_USER_WEB,
	PLAN_USER_RUN,    /* RUN_AS_USER */
	PLAN_USER_DRIVER, /* of NUT's drivers: `user` of ups.conf */
	PLAN_USERS,       /* their number */
};

struct plan_child {
	char *name;                    /* for the log: "core", "hid qnapups" */
	char *argv[PLAN_ARGS_MAX + 1]; /* NULL-terminated; argv[0] is the program */
	struct plan_fd *fds;
	size_t nfds;
	enum plan_user user;
	long row;   /* of ups.conf whose one driver it is, else -1 */
	char *told; /* all that ups.conf says to a driver; NULL: it is none */
	/* What is new is told to it while it runs: it need not start afresh for it. */
	bool renewable;
	bool idle;          /* it has nothing to do for now, and is not started */
	bool foreign;       /* a driver of NUT; what follows is of those */
	char *folder;       /* driverpath, or NULL */
	char *socket;       /* its name in STATEPATH: who answers there already is used */
	char *elsewhere;    /* its path in another folder, likewise; or NULL */
	unsigned silence_s; /* after which core says that it does not answer */
	unsigned patience_s; /* before one that does not answer is killed */
};

/* A driver socket of ours. */
struct plan_driver {
	char *socket; /* its name in STATEPATH: "usbhid-ups-qnapups" */
	char *ups;
	long row;
	const char *program; /* "hid", "remote", "dummy" */
	bool tls;            /* its section wants that of a far server */
	char *told;
};

/* A driver of NUT, which makes its socket itself. */
struct plan_foreign {
	char *driver, *ups;
	long row;
	char *told;
	unsigned patience_s;
};

struct plan_listen {
	char *address, *port; /* a literal address; decimal */
	char *path;           /* of a Unix socket, then those are NULL */
};

/* Who has listeners that are opened again and again. */
enum plan_server { PLAN_NET, PLAN_WEB };

/* LISTEN with a name: at first nobody knows what it means. */
struct plan_name {
	char *host, *port;
	char **addresses; /* literal ones, as of plan_resolved() */
	size_t naddresses;
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
	struct plan_foreign *foreigns;
	size_t nforeigns;
	char *driver_folder, *driver_user; /* driverpath and user of ups.conf, or NULL */
	char
	    *driver_state; /* where drivers of others have their sockets; NULL: where ours
	                     * are; by the caller */
	unsigned maxage_s; /* MAXAGE of upsd.conf; 0: there is none; by the caller */
	bool harmless;     /* a shutdown would only be logged: core is told */
	bool serves, debug;
	struct plan_listen *listens; /* those written as addresses, then those of names */
	size_t nlistens, nwritten;
	struct plan_name *names;
	size_t nnames;
	bool tls, certificate, authorities; /* net-tls; texts for it: by the caller */
	bool far_tls, far_certificate, far_authorities; /* remote-tls; likewise */
	/* Wanted, by the caller: what upsmon.conf, holdup.conf and upsd.users say. */
	bool run, out, judge;
	bool web, history, page_certificate; /* likewise */
	bool mqtt_certificate, mqtt_authorities;
	struct plan_listen *pages; /* of web */
	size_t npages;
	struct plan_child *children; /* core first: who connects to it finds it there */
	size_t nchildren;
};

/*
 * What the files ask for: drivers and listeners. What cannot be done becomes a problem of
 * `ups_file` or `upsd_file` that names the remedy. Without any LISTEN: both loopback
 * addresses, port 3493. With upsd == NULL nothing is served, so there are no listeners
 * and no net.
 */
void plan_sockets(struct plan *plan, const struct ups_conf *ups, const char *ups_file,
    const struct upsd_conf *upsd, const char *upsd_file, struct problems *problems);

/* What a name has been found to mean: the listeners of names are made anew from it. */
void plan_resolved(
    struct plan *plan, size_t name, const char *const *addresses, size_t count);

/* Names that an older plan has too mean what they meant there, until they are found out
 * again: a reload closes nothing for a moment. */
void plan_resolved_before(struct plan *plan, const struct plan *old);

/*
 * The children, with `debug` told to log more; driver_ok[i] says whether the socket of
 * plan->drivers[i] could be opened. net is without listeners.
 */
void plan_children(struct plan *plan, const bool *driver_ok, bool debug);

/* What [web] of holdup.conf asks for: the listeners of `web`. Without any: both loopback
 * addresses. */
void plan_pages(struct plan *plan, const struct conf_web *web);

/* The listeners of net or web. */
const struct plan_listen *plan_listens(
    const struct plan *plan, enum plan_server server, size_t *count);
bool plan_same_listen(const struct plan_listen *a, const struct plan_listen *b);

/* Gives net, if there is one, the listeners that could be opened: listen_ok[i] says so of
 * plan->listens[i]. */
void plan_net(struct plan *plan, const bool *listen_ok);

/* The same for web and plan->pages; without any it is idle. */
void plan_web(struct plan *plan, const bool *listen_ok);

/* True when the child drives the UPS of that row of ups.conf. */
bool plan_drives(const struct plan *plan, const struct plan_child *c, long row);

void plan_free(struct plan *plan);

#endif
