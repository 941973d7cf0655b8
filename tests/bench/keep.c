/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "history/rollup.h"
#include "history/series.h"
#include "history/store.h"
#include "lib/log.h"
#include "lib/xmem.h"

/*
 * What the history of one UPS costs: days of it in no time. The UPS is asked every 2 s, as
 * usbhid-ups asks, and tells other voltages, another load and another runtime each time or
 * now and then. Prints "values a second, values a day, MB a day that are written, MB of the
 * file after so many days" on a line.
 */

#define DAYS 40
#define FIRST (INT64_C(491000) * ROLLUP_HOUR)

static const struct {
	unsigned series;
	int every; /* s between two changes */
	double value, spread;
} tells[] = {
    {SERIES_INPUT_VOLTAGE, 2, 230, 3},
    {SERIES_OUTPUT_VOLTAGE, 2, 230, 3},
    {SERIES_LOAD, 4, 23, 2},
    {SERIES_WATTS, 4, 180, 15},
    {SERIES_RUNTIME, 20, 2400, 60},
    {SERIES_BATTERY_VOLTAGE, 60, 13.6, 0.1},
    {SERIES_BATTERY_TEMPERATURE, 600, 25, 1},
    {SERIES_CHARGE, 86400, 100, 0},
};

/* Bytes that this process has written so far. */
static double
bytes_written(void)
{
	FILE *f = fopen("/proc/self/io", "r");
	char line[64];
	double bytes = 0;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "wchar: ", 7) == 0)
			bytes = strtod(line + 7, NULL);
	if (f != NULL)
		fclose(f);
	return bytes;
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A day of values; how many they were. */
static long
live(struct store *s, struct watch_now *now)
{
	long count = 0;

	for (int second = 0; second < 86400; second++) {
		for (size_t i = 0; i < sizeof(tells) / sizeof(tells[0]); i++)
			if (second % tells[i].every == 0) {
				double off = (double)(random() % 20 - 10) / 10;

				store_sample(s, "ups", tells[i].series, *now,
				    round((tells[i].value + off * tells[i].spread) * 10) /
					10);
				count++;
			}
		now->wall_ms += 1000;
		now->boot_ms += 1000;
		if (now->boot_ms >= store_due(s))
			store_time(s, *now);
	}
	return count;
}

int
main(int argc, char **argv)
{
	struct watch_now now = {FIRST, 5000000};
	struct store *s;
	struct stat st;
	double began, wrote;
	long count = 0;
	char *path;

	if (argc != 2) {
		fprintf(stderr, "usage: keep FOLDER\n");
		return 1;
	}
	log_init("keep", 0);
	s = store_new(argv[1], "boot", now, NULL, NULL);
	began = seconds();
	wrote = bytes_written();
	for (int day = 0; day < DAYS; day++)
		count += live(s, &now);
	wrote = bytes_written() - wrote;
	began = seconds() - began;
	store_free(s);
	path = xasprintf("%s/history.db", argv[1]);
	if (stat(path, &st) != 0) {
		perror(path);
		return 1;
	}
	printf("%.0f %ld %.1f %.1f %d\n", (double)count / began, count / DAYS,
	    wrote / DAYS / 1e6, (double)st.st_size / 1e6, DAYS);
	free(path);
	return 0;
}
