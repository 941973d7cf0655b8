/* SPDX-License-Identifier: ISC */
#ifndef LIB_ROLE_H
#define LIB_ROLE_H

/*
 * What holdupd is for on this machine (docs/serving.md, 11): everything, or what NUT's
 * upsd or upsmon would be, so that it can stand in the place of one of them beside the
 * other. Pure but for the environment.
 */
enum role {
	ROLE_ALL,
	ROLE_SERVER,  /* as upsd: core, net, out; the drivers are somebody else's */
	ROLE_MONITOR, /* as upsmon: core, remote, run; each MONITOR line is far */
};

/* The role of that name ("server", "monitor"), or -1. */
int role_find(const char *name);

/* What role_find() takes; NULL for ROLE_ALL. */
const char *role_word(enum role role);

/* What its sockets and its state in STATEPATH are called, before ".feed" and so on. */
const char *role_prefix(enum role role);

/* Whom scripts know this program as: "holdupd", "upsd", "upsmon". */
const char *role_name(enum role role);

/* The path of its pid file, which the caller frees: in STATEPATH, or where NUT_PIDPATH or
 * NUT_ALTPIDPATH say as to the program in whose place it is. */
char *role_pidfile(enum role role);

#endif
