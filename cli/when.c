/* SPDX-License-Identifier: ISC */
#include "cli/when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* "90m", "12h", "7d". */
static int
read_ago(const char *text, int64_t now, int64_t *at)
{
	static const char units[] = "mhd";
	static const int64_t lengths[] = {60000, 3600000, 86400000};
	const char *unit;
	unsigned count;
	char letter, rest;

	if (text[0] < '0' || text[0] > '9' ||
	    sscanf(text, "%5u%c%c", &count, &letter, &rest) != 2 ||
	    (unit = strchr(units, letter)) == NULL || letter == '\0')
		return -1;
	*at = now - (int64_t)count * lengths[unit - units];
	return 0;
}

int
when_read(const char *text, int64_t now, int64_t *at)
{
	static const char *const forms[] = {"%Y-%m-%d", "%Y-%m-%d %H:%M",
	    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%H:%M",
	    "%H:%M:%S"};
	time_t seconds = (time_t)(now / 1000);

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm;
		const char *end;

		localtime_r(&seconds, &tm);
		tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		tm.tm_isdst = -1;
		end = strptime(text, forms[i], &tm);
		if (end != NULL && *end == '\0') {
			*at = (int64_t)mktime(&tm) * 1000;
			return 0;
		}
	}
	return read_ago(text, now, at);
}

static struct tm
local(int64_t at)
{
	time_t seconds = (time_t)(at / 1000);
	struct tm tm;

	localtime_r(&seconds, &tm);
	return tm;
}

char *
when_text(char *out, size_t size, int64_t at)
{
	const struct tm tm = local(at);

	if (strftime(out, size, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		out[0] = '\0';
	return out;
}

char *
when_clock(char *out, size_t size, int64_t at)
{
	const struct tm tm = local(at);

	if (strftime(out, size, "%H:%M:%S", &tm) == 0)
		out[0] = '\0';
	return out;
}

char *
when_utc(char *out, size_t size, int64_t at)
{
	time_t seconds = (time_t)(at / 1000);
	struct tm tm;
	char text[32];

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out, size, "%s.%03dZ", text, (int)(at % 1000));
	return out;
}
