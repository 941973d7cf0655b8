/* SPDX-License-Identifier: ISC */
#include "history/calendar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "history/watch.h"

#define DAY 86400
#define DAY_MS (DAY * UINT64_C(1000))
#define HOUR_MS UINT64_C(3600000)
#define LATE (7 * DAY)
#define CLOCK_MIN 1577836800 /* 2020-01-01: a clock that says less was never set */
#define FULL 100.0           /* percent */
#define NEARLY 90.0          /* percent: full, where the gauge never tells more */
#define LOAD_MAX 80.0        /* percent */

/* What a test is not begun for, each with its words: in the order in which they are told. */
static const struct {
	unsigned flag;
	const char *why;
} hindrances[] = {
    {WATCH_FSD, "a forced shutdown is under way"},
    {WATCH_OFF, "its output is off"},
    {WATCH_REPLACE, "its battery is to be replaced"},
    {WATCH_OVER, "it is overloaded"},
    {WATCH_BYPASS, "it is on bypass"},
    {WATCH_TEST, "a test is running"},
    {WATCH_CAL, "a calibration is running"},
    {WATCH_ALARM, "it has an alarm"},
};

/* A time that is still to come was written by a wrong clock. */
static void
mend(int64_t *last, int64_t now)
{
	if (*last > now)
		*last = now;
}

static int64_t
due(unsigned days, int64_t last)
{
	return days == 0 ? INT64_MAX : last + (int64_t)days * DAY;
}

int64_t
calendar_next(const struct calendar_conf *conf, const struct calendar_ups *u)
{
	const int64_t quick = u->quick ? due(conf->quick_days, u->last_quick) : INT64_MAX;
	const int64_t deep = u->deep ? due(conf->deep_days, u->last_deep) : INT64_MAX;
	const int64_t next = quick < deep ? quick : deep;

	return next == INT64_MAX ? 0 : next;
}

static bool
in_hours(const struct calendar_conf *conf, int64_t now)
{
	const time_t t = (time_t)now;
	struct tm tm;
	unsigned hour;

	if (conf->from == conf->to)
		return true;
	if (localtime_r(&t, &tm) == NULL)
		return false;
	hour = (unsigned)tm.tm_hour;
	return conf->from < conf->to ? hour >= conf->from && hour < conf->to
				     : hour >= conf->from || hour < conf->to;
}

/* Less than a day has passed since, by whichever clock knows. */
static bool
lately(const struct calendar_house *h, int64_t at, uint64_t boot_ms)
{
	return (boot_ms != 0 && h->boot_ms - boot_ms < DAY_MS) ||
	       (at != 0 && at <= h->now && h->now - at < DAY);
}

/* Why the battery is not asked now; NULL: it may be. */
static const char *
hindrance_of_ups(const struct calendar_house *h, const struct calendar_ups *u)
{
	if (!u->heard)
		return "it is not heard";
	for (size_t i = 0; i < sizeof(hindrances) / sizeof(hindrances[0]); i++)
		if (u->flags & hindrances[i].flag)
			return hindrances[i].why;
	if (u->mains_ms == 0)
		return "it is not on mains";
	if (h->boot_ms - u->mains_ms < DAY_MS)
		return "it has not been on mains for a day";
	if (lately(h, u->outage, 0))
		return "there was an outage in the last 24 h";
	if (isnan(u->charge))
		return "it tells no charge";
	if (u->charge < FULL && !(u->charge >= NEARLY && u->charge >= u->charge_high))
		return "its battery is not full";
	if (isnan(u->load))
		return "it tells no load";
	if (u->load >= LOAD_MAX)
		return "its load is 80 % or more";
	return NULL;
}

static const char *
hindrance(const struct calendar_conf *conf, const struct calendar_house *h,
    const struct calendar_ups *u)
{
	const char *why = hindrance_of_ups(h, u);

	if (why != NULL)
		return why;
	if (h->told)
		return "a machine is going down, or is not back yet";
	if (h->stepped_ms != 0 && h->boot_ms - h->stepped_ms < HOUR_MS)
		return "the clock was set less than an hour ago";
	if (lately(h, h->started, h->started_ms))
		return "a battery was tested in the last 24 h";
	if (!in_hours(conf, h->now))
		return "it is not the hour for tests";
	return NULL;
}

/* The test whose days are over, and since when; CALENDAR_NOTHING: none. A deep one is worth
 * more, and makes the other needless. */
static enum calendar_verdict
wanted(const struct calendar_conf *conf, const struct calendar_house *h,
    const struct calendar_ups *u, int64_t *since)
{
	if (u->deep && h->now >= (*since = due(conf->deep_days, u->last_deep)))
		return CALENDAR_DEEP;
	if (u->quick && h->now >= (*since = due(conf->quick_days, u->last_quick)))
		return CALENDAR_QUICK;
	return CALENDAR_NOTHING;
}

enum calendar_verdict
calendar_judge(const struct calendar_conf *conf, const struct calendar_house *house,
    struct calendar_ups *u, char why[CALENDAR_WHY])
{
	enum calendar_verdict test;
	int64_t since = 0;
	const char *reason;

	*why = '\0';
	if (house->now < CLOCK_MIN)
		return CALENDAR_NOTHING;
	mend(&u->last_quick, house->now);
	mend(&u->last_deep, house->now);
	mend(&u->said, house->now);
	test = wanted(conf, house, u, &since);
	if (test == CALENDAR_NOTHING || (reason = hindrance(conf, house, u)) == NULL)
		return test;
	snprintf(why, CALENDAR_WHY, "%s", reason);
	if (house->now - since < LATE || (u->said != 0 && house->now - u->said < LATE))
		return CALENDAR_NOTHING;
	u->said = house->now;
	return CALENDAR_LATE;
}
