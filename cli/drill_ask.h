/* SPDX-License-Identifier: ISC */
#ifndef CLI_DRILL_ASK_H
#define CLI_DRILL_ASK_H

#include "drill/drill_json.h"
#include "drill/drill_known.h"

/* What `holdup drill` does outside: it reads files, asks servers, and tries. */

/* Reads the configuration in NUT_CONFPATH, and asks the running server of the UPSes and of
 * who is there. Returns 0, or -1 with a sentence when a file cannot be read; files that are
 * not there are empty. To be released with drill_known_free() when it was 0. */
int drill_ask(struct drill_known *k, char *cause, size_t size);

/* How drill_check() tries. */
extern const struct drill_tries drill_tries;

/* The report for people. */
void drill_print(const struct drill_known *k, const struct drill_story *story,
    const struct drill_faults *faults);

/* Tells these machines for real, one after the other, and watches until each is off, or for
 * its time and a minute. Returns 0, or -1 with a sentence. */
int drill_really(const struct drill_known *k, struct drill_real *real, size_t nreal,
    bool quiet, char *cause, size_t size);

#endif
