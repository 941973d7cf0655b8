/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include "check/check.h"
#include "lib/monitors.h"

/* Supplies that can never be had are an outage for ever. */
static void
check_supplies(const struct check_conf *c, struct check_list *out)
{
	const char *file = c->files[CHECK_UPSMON].path;
	int sum = 0;

	for (size_t i = 0; i < c->upsmon.nmonitors; i++)
		sum += c->upsmon.monitors[i].power;
	if (c->upsmon.nmonitors > 0 && sum < c->upsmon.minsupplies && sum > 0)
		check_add(out, CHECK_ERROR, file, 0,
		    "MINSUPPLIES is %d, and all MONITOR lines together have power values "
		    "of "
		    "%d: it could never be enough. Write MINSUPPLIES %d",
		    c->upsmon.minsupplies, sum, sum);
	if (c->upsmon.nmonitors > 0 && sum == 0 && c->upsmon.minsupplies > 0 &&
	    c->own.nmachines == 0)
		check_add(out, CHECK_NOTE, file, c->upsmon.monitors[0].line,
		    "all MONITOR lines have the power value 0: they are watched, and "
		    "this "
		    "machine never goes down for them. Write 1 for the UPS that feeds "
		    "it, or "
		    "MINSUPPLIES 0, without which NUT's upsmon does not start");
}

/* Whoever is asked more rarely than that is gone before the next answer. */
static void
check_deadtime(const struct check_conf *c, struct check_list *out)
{
	const struct upsmon_conf *u = &c->upsmon;
	const bool alert = u->pollfreqalert > u->pollfreq;
	const int freq = alert ? u->pollfreqalert : u->pollfreq;

	if (u->deadtime >= freq)
		return;
	check_add(out, CHECK_WARNING, c->files[CHECK_UPSMON].path, 0,
	    "DEADTIME is %d s, and %s %d s: a UPS counts as dead between two answers. "
	    "Write "
	    "DEADTIME %lld, time for three of them",
	    u->deadtime, alert ? "POLLFREQALERT" : "POLLFREQ", freq, 3LL * freq);
}

/* Two lines of one UPS count its supply twice. */
static void
check_twice(const struct check_conf *c, size_t i, struct check_list *out)
{
	const struct conf_monitor *m = &c->upsmon.monitors[i];

	for (size_t k = 0; k < i; k++)
		if (strcasecmp(c->upsmon.monitors[k].system, m->system) == 0) {
			check_add(out, CHECK_WARNING, c->files[CHECK_UPSMON].path,
			    m->line,
			    "MONITOR %s stands in line %d already: its power value "
			    "counts "
			    "twice. Take one of them away",
			    m->system, c->upsmon.monitors[k].line);
			return;
		}
}

/* A machine that has the UPS on its own cable decides for all; the others follow. */
static void
check_part(
    const struct check_conf *c, const struct conf_monitor *m, struct check_list *out)
{
	const char *file = c->files[CHECK_UPSMON].path;
	const bool here = monitors_host_is_local(m->host);

	if (!here && m->primary)
		check_add(out, CHECK_WARNING, file, m->line,
		    "MONITOR %s ... primary: of a UPS on another machine, that machine "
		    "is the "
		    "primary. Write secondary, unless nobody else watches this UPS there",
		    m->system);
	else if (here && !m->primary && ups_conf_find(&c->ups, m->ups) != NULL)
		check_add(out, CHECK_WARNING, file, m->line,
		    "MONITOR %s ... secondary: the UPS is on this machine, and nobody is "
		    "its "
		    "primary, so that nobody tells the others to go down. Write primary",
		    m->system);
}

void
check_monitors(const struct check_conf *c, struct check_list *out)
{
	if (c->mode == NUT_MODE_NONE)
		return;
	check_supplies(c, out);
	check_deadtime(c, out);
	for (size_t i = 0; i < c->upsmon.nmonitors; i++) {
		check_twice(c, i, out);
		check_part(c, &c->upsmon.monitors[i], out);
	}
	if (check_serves(c) && c->mode != NUT_MODE_UNSET && c->mode != NUT_MODE_MANUAL &&
	    c->ups.nupses > 0 && c->upsmon.nmonitors == 0 && c->own.nmachines == 0)
		check_add(out, CHECK_WARNING, c->files[CHECK_UPSMON].path, 0,
		    "it has no MONITOR line: this machine does not go down when the "
		    "battery is "
		    "low. Write for example: MONITOR %s@localhost 1 NAME PASSWORD "
		    "primary",
		    c->ups.upses[0].name);
}
