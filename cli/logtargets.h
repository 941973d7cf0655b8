/* SPDX-License-Identifier: ISC */
#ifndef CLI_LOGTARGETS_H
#define CLI_LOGTARGETS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What upslog logs and where to: UPSes of any number of servers, into any number of files.
 * A server has one connection, a file is opened once, however many UPSes they have.
 */
struct logtargets {
	struct logserver *servers;
	struct logfile *files;
	struct logtarget *list;
	size_t nservers, nfiles, count;
};

/* Adds a UPS as upslog's -s and -m name it, "UPS[@HOST[:PORT]]", where `*` is all that the
 * server has now; "-" as a file is standard output. Returns 0, or an exit status after a
 * message. */
int logtargets_add(struct logtargets *t, const char *ups, const char *file);

/* Opens the files, or opens them again: 0, or an exit status after a message. */
int logtargets_open(struct logtargets *t);

/* True when something goes to standard output. */
bool logtargets_to_stdout(const struct logtargets *t);

/* Says on standard error what is logged where, every so many seconds. */
void logtargets_say(const struct logtargets *t, int interval);

/* Writes a line for each UPS. A server that does not answer is asked anew each time; what
 * it has not told is NA. */
void logtargets_write(struct logtargets *t, const char *format);

void logtargets_free(struct logtargets *t);

#endif
