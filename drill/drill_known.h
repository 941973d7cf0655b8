/* SPDX-License-Identifier: ISC */
#ifndef DRILL_DRILL_KNOWN_H
#define DRILL_DRILL_KNOWN_H

#include <stddef.h>

#include "drill/drill.h"
#include "lib/conf_users.h"
#include "lib/state.h"

/*
 * What a drill starts from: the configuration, and what is known of the UPSes and of who is
 * there. The caller fills the latter in: `holdup drill` asks a server, web has the feed.
 * Pure.
 */
struct drill_known {
	struct upsmon_conf upsmon;
	struct ups_conf ups;
	struct users_conf users;
	struct holdup_conf holdup;
	struct policy_conf policy;
	struct drill_ups *upses;      /* by row of ups.conf */
	struct drill_client *clients; /* strings are its own */
	size_t nclients;
	char **texts; /* the strings of clients */
	size_t ntexts;
	bool served;              /* somebody tells of the UPSes */
	struct problems problems; /* faults of the files */
};

/* The texts of the files; one that is not there is empty. */
struct drill_files {
	struct drill_text {
		const char *text;
		size_t len;
	} ups, upsmon, users, holdup;
};

/* Reads the files; nothing is known of the UPSes yet, and nobody is there. */
void drill_known_read(struct drill_known *k, const struct drill_files *files);
void drill_known_free(struct drill_known *k);

/* Forgets what was told of UPSes and clients. */
void drill_known_forget(struct drill_known *k);

/* A UPS tells a variable / it takes this command / a variable of it can be set / up to so
 * much. */
void drill_known_var(
    struct drill_known *k, size_t row, const char *name, const char *value);
void drill_known_cmd(struct drill_known *k, size_t row, const char *name);
void drill_known_rw(struct drill_known *k, size_t row, const char *name);
void drill_known_range(struct drill_known *k, size_t row, const char *name, double max);

/* Somebody is there; strings are copied. drill_known_has(): is he (account NULL: any)? */
void drill_known_client(struct drill_known *k, size_t row, const char *address,
    const char *account, enum policy_machine_kind kind);
bool drill_known_has(
    const struct drill_known *k, size_t row, const char *address, const char *account);

/* Somebody reads without a login: `kind` is the server's word for him (net/readers.h). */
void drill_known_reader(
    struct drill_known *k, size_t row, const char *address, const char *kind);

/* A number that a gauge tells; NAN: it is none. */
double drill_known_number(const char *text);

/* All of it as drill_run() wants it. */
struct drill_setting drill_known_setting(const struct drill_known *k);

/* Something that would go wrong, or that a drill cannot know. */
struct drill_fault {
	int plan;   /* row of the machine; -1: of the house */
	bool grave; /* a machine would not go down, or go down late */
	char *text;
};

struct drill_faults {
	struct drill_fault *list;
	size_t count;
};

/* What can be tried outside, without harm. */
struct drill_tries {
	/* Why this program cannot be run; NULL: it can. */
	const char *(*program)(const char *path);
	/* The machine answers at its address. */
	bool (*answers)(const struct conf_machine *m);
};

/* Looks at what would go wrong: is each machine there, may its login log in, does the UPS
 * take a delay, and, where `tries` is not NULL, can its hook and SHUTDOWNCMD be run, does its
 * address answer. One that is on and that nobody could tell is cut alive: so the story says
 * from then on. */
void drill_check(const struct drill_known *k, const struct drill_tries *tries,
    struct drill_story *story, struct drill_faults *faults);
void drill_faults_free(struct drill_faults *faults);

#endif
