/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/world.h"

void
tell(const struct world *w, const char *format, ...)
{
	va_list args;

	if (!w->trace)
		return;
	printf("%7.1f  ", (double)w->now_ms / 1000);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

void
must(const struct world *w, bool good, const char *what)
{
	if (good)
		return;
	printf("outage %d %u%s: after %.1f s: %s\n", w->kind, w->seed,
	    w->kills ? "" : " (without kills)", (double)w->now_ms / 1000, what);
	exit(1);
}

/* Everybody who was waited for has left, or had his time. */
void
check_final(const struct world *w)
{
	const struct machine *m = &w->machines[PRIMARY];
	bool waited = w->now_ms >= m->fsd_ms + m->conf->hostsync_ms;
	bool gone = w->read_ms == 0 || w->now_ms - w->read_ms >= READER_SILENCE_MS;

	for (size_t i = 0; i < CLIENTS; i++)
		gone &= !w->clients[i].counted;
	must(w, waited || gone, "the primary did not wait");
}

/* A decision needs a reason that this machine was told. */
void
check_decision(const struct world *w, unsigned who)
{
	const struct machine *m = &w->machines[who];
	bool battery = strstr(m->status, "OB") != NULL;
	bool low = battery && strstr(m->status, "LB") != NULL;
	bool fsd = who == PRIMARY ? w->fsd_called : strstr(m->status, "FSD") != NULL;
	bool lost = w->now_ms - m->fresh_ms + TICK_MS >= m->conf->deadtime_ms;
	bool patient =
	    who == PRIMARY || w->now_ms - m->low_ms + TICK_MS >= m->conf->hostsync_ms;

	must(w, fsd || (low && patient) || (battery && lost),
	    "a shutdown without a reason");
	must(w, w->kind != KIND_MAINS || w->fsd_called, "a shutdown on mains");
	must(w,
	    m->woke_ms == 0 || w->now_ms - m->woke_ms + TICK_MS >= POLICY_READ_MS ||
		(who == PRIMARY && w->fsd_called),
	    "a decision before anything was read after a sleep");
}

void
check_shutdown(const struct world *w, unsigned who, const struct policy_action *a)
{
	const struct machine *m = &w->machines[who];

	must(w, a->cut == (who == PRIMARY), "the cut belongs to the primary alone");
	must(w, m->final_ms != 0 && w->now_ms >= m->final_ms + m->conf->finaldelay_ms,
	    "a shutdown before FINALDELAY");
	must(w, who != PRIMARY || m->fsd_ms != 0, "the cut without FSD");
}
