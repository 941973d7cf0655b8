/* SPDX-License-Identifier: ISC */
#include "publish/hours.h"

#include <time.h>

/* The moment of this minute on the day of `at`, so many days later. */
static int64_t
moment(int minute, int64_t at, int days)
{
	const time_t s = (time_t)(at / 1000);
	struct tm tm;

	localtime_r(&s, &tm);
	tm.tm_mday += days;
	tm.tm_hour = minute / 60;
	tm.tm_min = minute % 60;
	tm.tm_sec = 0;
	tm.tm_isdst = -1;
	return (int64_t)mktime(&tm) * 1000;
}

bool
hours_quiet(int from, int to, int64_t at)
{
	const time_t s = (time_t)(at / 1000);
	struct tm tm;
	int minute;

	if (from == to)
		return false;
	localtime_r(&s, &tm);
	minute = tm.tm_hour * 60 + tm.tm_min;
	if (from < to)
		return minute >= from && minute < to;
	return minute >= from || minute < to;
}

int64_t
hours_ended(int from, int to, int64_t at)
{
	const int64_t today = from == to ? 0 : moment(to, at, 0);

	return today <= at ? today : moment(to, at, -1);
}

int64_t
hours_end(int from, int to, int64_t at)
{
	const int64_t today = from == to ? 0 : moment(to, at, 0);

	return today > at || today == 0 ? today : moment(to, at, 1);
}
