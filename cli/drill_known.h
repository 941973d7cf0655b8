/* SPDX-License-Identifier: ISC */
#ifndef CLI_DRILL_KNOWN_H
#define CLI_DRILL_KNOWN_H

#include "cli/drill.h"
#include "lib/conf_users.h"

/*
 * What a drill starts from: the configuration in NUT_CONFPATH, and what the running server
 * tells of the UPSes and of who is there.
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
	bool served;              /* a server answers, here or of a far UPS */
	struct problems problems; /* faults of the files */
};

/* Reads all that. Returns 0, or -1 with a sentence when a file cannot be read; files that
 * are not there are empty. */
int drill_known_read(struct drill_known *k, char *cause, size_t size);
void drill_known_free(struct drill_known *k);

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

/* Looks at what can be tried without harm: is each machine there, may its login log in, can
 * its hook and SHUTDOWNCMD be run, does its address answer, does the UPS take a delay. One
 * that is on and that nobody could tell is cut alive: so the story says from then on. */
void drill_check(
    const struct drill_known *k, struct drill_story *story, struct drill_faults *faults);
void drill_faults_free(struct drill_faults *faults);

/* The report: for people, or as JSON. `really`: rows of machines told for real, and how long
 * each took until it was off (NAN: it was not); NULL: none. */
struct drill_real {
	int plan;
	double took;
	char stand[16]; /* at last */
};
void drill_print(const struct drill_known *k, const struct drill_story *story,
    const struct drill_faults *faults);
void drill_print_json(const struct drill_known *k, const struct drill_story *story,
    const struct drill_faults *faults, const struct drill_real *real, size_t nreal);

/* Tells these machines for real, one after the other, and watches until each is off, or for
 * its time and a minute. Returns 0, or -1 with a sentence. */
int drill_really(const struct drill_known *k, struct drill_real *real, size_t nreal,
    bool quiet, char *cause, size_t size);

#endif
