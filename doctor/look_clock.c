/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <time.h>

#include "doctor/look.h"
#include "doctor/procs.h"
#include "history/read.h"
#include "lib/paths.h"

#define WEEK_MS (7 * INT64_C(86400000))
#define EVENTS_MAX 5000

/* By how much the clock was set since holdupd wrote its pid file: so old is the file by the
 * clock on the wall, and so old is the process by the one that is never set. */
static double
stepped(const struct doctor *d)
{
	struct timespec now;
	struct stat st;

	if (d->pid == 0 || d->pidfile == NULL || stat(d->pidfile, &st) != 0)
		return NAN;
	clock_gettime(CLOCK_REALTIME, &now);
	return (double)(now.tv_sec - st.st_mtim.tv_sec) +
	       (double)(now.tv_nsec - st.st_mtim.tv_nsec) / 1e9 - d->since;
}

struct steps {
	unsigned count;
	char last[256];
};

/* The newest comes first. */
static void
take_event(void *arg, const struct history_event *e)
{
	struct steps *s = arg;

	if (strcmp(e->kind, "clock") == 0 && s->count++ == 0)
		snprintf(s->last, sizeof(s->last), "%s", e->text);
}

static void
read_history(struct steps *s)
{
	const struct history_which which = {
	    .from = (int64_t)time(NULL) * 1000 - WEEK_MS, .limit = EVENTS_MAX};
	char *folder = paths_memory("history"), cause[HISTORY_CAUSE];
	struct history *h;

	if (history_open(&h, folder, cause) == 0 && h != NULL) {
		history_events(h, &which, take_event, s, cause);
		history_close(h);
	}
	free(folder);
}

void
look_clock(struct doctor *d, struct doctor_report *r)
{
	static const char *const keepers[] = {"chronyd", "ntpd", "ntpsec", "openntpd",
	    "systemd-timesyn", "ptp4l", "phc2sys", NULL};
	struct timex t = {0};
	struct facts_process keeper = {0};
	struct steps steps = {0};
	const int state = adjtimex(&t);
	struct facts_clock f = {
	    .now = time(NULL),
	    .known = state != -1,
	    .synchronized = state != -1 && (t.status & STA_UNSYNC) == 0,
	    .stepped = stepped(d),
	};

	if (procs_named("/proc", keepers, &keeper, 1) > 0)
		f.keeper = keeper.name;
	read_history(&steps);
	f.steps = steps.count;
	f.last = steps.last;
	judge_clock(&f, r);
}
