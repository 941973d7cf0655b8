/* SPDX-License-Identifier: ISC */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include <stddef.h>

#include "lib/conf_holdup.h"
#include "lib/conf_nut.h"
#include "lib/conf_ups.h"
#include "lib/conf_upsd.h"
#include "lib/conf_upsmon.h"
#include "lib/conf_upssched.h"
#include "lib/conf_users.h"

/*
 * What is wrong in a configuration, NUT's or ours, and what to do about it (docs/check.md).
 * Pure: texts in, findings out. A check is a file of its own and a row of checks[] in
 * check.c.
 */

enum check_weight {
	CHECK_NOTE,    /* to know; nothing is wrong */
	CHECK_WARNING, /* it works, but not as somebody expects, or not safely */
	CHECK_ERROR,   /* something that stands there has no effect, or fails */
};

/* The word of a weight: "note", "warning", "error". */
const char *check_word(enum check_weight weight);

struct check_finding {
	enum check_weight weight;
	char *file; /* its path as it was given */
	int line;   /* from 1; 0: the file as a whole */
	char *text; /* what was found, what comes of it, what to write */
};

struct check_list {
	struct check_finding *list;
	size_t count;
};

void check_add(struct check_list *out, enum check_weight weight, const char *file,
    int line, const char *format, ...) __attribute__((format(printf, 5, 6)));
void check_list_free(struct check_list *out);

/* The files of a configuration; check_names[] has their names. */
enum check_name {
	CHECK_NUT,
	CHECK_UPS,
	CHECK_UPSD,
	CHECK_USERS,
	CHECK_UPSMON,
	CHECK_UPSSCHED,
	CHECK_HOLDUP,
	CHECK_FILES
};
extern const char *const check_names[CHECK_FILES + 1]; /* the last one NULL */

struct check_file {
	char *path;
	char *text; /* NULL: it is not there, or `cause` says why it cannot be read */
	size_t len;
	char *cause;
	unsigned mode; /* the permission bits; 0: not known */
};

/* One folder. Who fills in the first half owns nothing more: check_free() releases all. */
struct check_conf {
	char *folder;
	struct check_file files[CHECK_FILES];
	char **others; /* names of what else is in the folder */
	size_t nothers;

	/* What check_read() has made of it. */
	enum nut_mode mode;
	struct ups_conf ups;
	struct upsd_conf upsd;
	struct users_conf users;
	struct upsmon_conf upsmon;
	struct upssched_conf upssched;
	struct holdup_conf own;
};

/* Reads the texts; what the readers complain of are errors. */
void check_read(struct check_conf *c, struct check_list *out);
void check_free(struct check_conf *c);

/* Goes through all checks for each folder, then through those that compare machines. The
 * findings stand by folders and files, by lines within. */
void check_all(struct check_conf *const *confs, size_t n, struct check_list *out);

/* True unless MODE says that only somebody else's UPSes are watched here, or nothing. */
bool check_serves(const struct check_conf *c);

/* True when upsd.conf lets others than this machine itself reach the server. */
bool check_open(const struct check_conf *c);

/* What is wrong with a login by this MONITOR line at the server `at`, told at the line of
 * `from`; nothing when it is right. Compares what can be compared: no hashes. */
void check_login(const struct check_conf *from, const struct conf_monitor *m,
    const struct check_conf *at, struct check_list *out);

/* The rows of checks[], by files. */
void check_accounts(const struct check_conf *c, struct check_list *out);
void check_listen(const struct check_conf *c, struct check_list *out);
void check_drivers(const struct check_conf *c, struct check_list *out);
void check_machines(const struct check_conf *c, struct check_list *out);
void check_misplaced(const struct check_conf *c, struct check_list *out);
void check_mode(const struct check_conf *c, struct check_list *out);
void check_monitors(const struct check_conf *c, struct check_list *out);
void check_notify(const struct check_conf *c, struct check_list *out);
void check_passwords(const struct check_conf *c, struct check_list *out);
void check_quotes(const struct check_conf *c, struct check_list *out);
void check_secrets(const struct check_conf *c, struct check_list *out);

/* One machine watches a UPS of another (check_sides.c). */
void check_sides(struct check_conf *const *confs, size_t n, struct check_list *out);

#endif
