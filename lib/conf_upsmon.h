/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_UPSMON_H
#define LIB_CONF_UPSMON_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf.h"

/* upsmon.conf (NUT: upsmon.conf(5)). */

struct conf_monitor {
	char *system;            /* as the line has it: "qnapups@localhost" */
	char *ups, *host, *port; /* "qnapups", "localhost", "3493" */
	int power;               /* power value */
	char *user, *password;
	bool primary;
	int line;
};

/* What can be told to people and to NOTIFYCMD; NUT's names and numbers do not travel. */
enum notify_type {
	NOTIFY_ONLINE,
	NOTIFY_ONBATT,
	NOTIFY_LOWBATT,
	NOTIFY_FSD,
	NOTIFY_COMMOK,
	NOTIFY_COMMBAD,
	NOTIFY_SHUTDOWN,
	NOTIFY_REPLBATT,
	NOTIFY_NOCOMM,
	NOTIFY_NOPARENT,
	NOTIFY_CAL,
	NOTIFY_NOTCAL,
	NOTIFY_OFF,
	NOTIFY_NOTOFF,
	NOTIFY_BYPASS,
	NOTIFY_NOTBYPASS,
	NOTIFY_ECO,
	NOTIFY_NOTECO,
	NOTIFY_ALARM,
	NOTIFY_NOTALARM,
	NOTIFY_OVER,
	NOTIFY_NOTOVER,
	NOTIFY_TRIM,
	NOTIFY_NOTTRIM,
	NOTIFY_BOOST,
	NOTIFY_NOTBOOST,
	NOTIFY_OTHER,
	NOTIFY_NOTOTHER,
	NOTIFY_SHUTDOWN_HOSTSYNC,
	NOTIFY_SUSPEND_STARTING,
	NOTIFY_SUSPEND_FINISHED,
	NOTIFY_TYPES, /* their number */
};

/* CERTHOST: what counts for this server instead of CERTVERIFY and FORCESSL. */
struct conf_certhost {
	char *host, *name; /* of the certificate; "": as the host */
	bool verify, force;
};

enum notify_flag { NOTIFY_SYSLOG = 1 << 0, NOTIFY_WALL = 1 << 1, NOTIFY_EXEC = 1 << 2 };

struct upsmon_conf {
	struct conf_monitor *monitors;
	size_t nmonitors;
	int minsupplies;   /* 1 */
	char *shutdowncmd; /* for sh(1); NULL: the default of this installation */
	char *notifycmd;   /* for sh(1); NULL: none */
	char *notifymsg[NOTIFY_TYPES];      /* %s: see lib/notify.h; NULL: the default */
	unsigned notifyflags[NOTIFY_TYPES]; /* default SYSLOG | WALL */
	char *powerdownflag;                /* NULL: the default */
	char *run_as_user;                  /* NULL: the default */
	int pollfreq, pollfreqalert;        /* seconds: 5, 5 */
	int deadtime, hostsync, finaldelay; /* seconds: 15, 15, 5 */
	int rbwarntime, nocommwarntime;     /* seconds: 43200, 300 */
	int oblbduration;                   /* seconds for which OB LB must last: 0 */
	int offduration;  /* ... OFF, to mean no supply: 30; negative: it never does */
	int overduration; /* ... OVER, then silence, to mean none: -1; negative: never */
	bool alarmcritical; /* ALARM, then silence, means none: true */
	int shutdownexit;   /* seconds from SHUTDOWNCMD to LOGOUT: 0; negative: never */
	/* polls that fail alike before it is logged again: -1; 0: once; negative: each */
	int pollfail_log_throttle_max;
	char *certpath; /* authorities of servers; NULL: none */
	char *certident,
	    *certpass; /* our own certificate, its key's passphrase; or NULL */
	bool certverify, forcessl;
	struct conf_certhost *certhosts;
	size_t ncerthosts;
};

/* Reads text; never fails as a whole: a fault keeps the default. */
void upsmon_conf_read(struct upsmon_conf *c, const char *file, const char *text,
    size_t len, struct problems *p);
void upsmon_conf_free(struct upsmon_conf *c);

#endif
