/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "history/watch_in.h"

#define RESULT_LATE_MS 5000 /* the result of a test comes so long after its end at most */
#define NOTHING (-1)

/*
 * The words of ups.status that are events, in the order in which they are told; OB and OL
 * are told by watch_battery.c. A sentence is followed by the figures of its row.
 */
static const struct {
	const char *word;
	unsigned flag;
	int comes, goes; /* enum kind, or NOTHING */
	const char *come, *go;
	unsigned figures[2];
	unsigned nfigures;
} words[] = {
    {"LB", WATCH_LOW, KIND_LOWBATT, NOTHING, "The battery is low", NULL,
	{SERIES_CHARGE, SERIES_RUNTIME}, 2},
    {"FSD", WATCH_FSD, KIND_FSD, KIND_NOTFSD,
	"Forced shutdown: what hangs on it goes down", "The forced shutdown is over",
	{SERIES_CHARGE, SERIES_RUNTIME}, 2},
    {"OFF", WATCH_OFF, KIND_OFF, KIND_NOTOFF, "Its output is off",
	"Its output is on again", {0}, 0},
    {"OVER", WATCH_OVER, KIND_OVERLOAD, KIND_NOTOVERLOAD, "Overloaded",
	"Not overloaded any more", {SERIES_LOAD}, 1},
    {"RB", WATCH_REPLACE, KIND_REPLACE, NOTHING,
	"The UPS says that its battery is to be replaced", NULL, {0}, 0},
    {"BYPASS", WATCH_BYPASS, KIND_BYPASS, KIND_NOTBYPASS,
	"On bypass: the mains feeds the load, and nothing protects it",
	"Not on bypass any more", {0}, 0},
    {"BOOST", WATCH_BOOST, KIND_BOOST, NOTHING, "The UPS raises a mains that is low",
	NULL, {SERIES_INPUT_VOLTAGE, SERIES_OUTPUT_VOLTAGE}, 2},
    {"TRIM", WATCH_TRIM, KIND_TRIM, NOTHING, "The UPS lowers a mains that is high", NULL,
	{SERIES_INPUT_VOLTAGE, SERIES_OUTPUT_VOLTAGE}, 2},
    {"CAL", WATCH_CAL, KIND_CALIBRATION, NOTHING,
	"A calibration runs: it measures the battery by emptying it", NULL,
	{SERIES_CHARGE, SERIES_LOAD}, 2},
};
#define WORDS (sizeof(words) / sizeof(words[0]))

/* How the figures of a row are written. */
static const struct {
	unsigned series;
	const char *name, *unit;
} figures[] = {
    {SERIES_CHARGE, "charge", "%"},
    {SERIES_RUNTIME, "runtime", "s"},
    {SERIES_LOAD, "load", "%"},
    {SERIES_INPUT_VOLTAGE, "input", "V"},
    {SERIES_OUTPUT_VOLTAGE, "output", "V"},
};

const char *
watch_figures(
    const struct watch_ups *u, const unsigned *series, size_t n, char *out, size_t size)
{
	size_t len = 0;

	*out = '\0';
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof(figures) / sizeof(figures[0]); k++)
			if (figures[k].series == series[i] &&
			    !isnan(u->values[series[i]]) && len < size)
				len += (size_t)snprintf(&out[len], size - len,
				    "%s%s %.0f %s", len > 0 ? ", " : "", figures[k].name,
				    u->values[series[i]], figures[k].unit);
	return out;
}

/* Says what has come or gone, with the figures of its row where they are known. */
static void
look_word(struct watch *w, struct watch_ups *u, size_t i, bool on)
{
	const bool was = u->flags & words[i].flag;
	char text[96];

	if (on == was)
		return;
	watch_flag(w, u, words[i].flag, on);
	if (!on) {
		if (words[i].goes != NOTHING)
			watch_say(
			    w, u, (enum kind)words[i].goes, NULL, "%s.", words[i].go);
		return;
	}
	watch_figures(u, words[i].figures, words[i].nfigures, text, sizeof(text));
	watch_say(w, u, (enum kind)words[i].comes, NULL,
	    *text == '\0' ? "%s.%s" : "%s: %s.", words[i].come, text);
}

/* The text that differs from what was known, kept; false: it does not. */
static bool
differs(char *kept, size_t size, const char *text)
{
	if (strncmp(kept, text, size - 1) == 0)
		return false;
	snprintf(kept, size, "%s", text);
	return true;
}

static void
look_alarm(struct watch *w, struct watch_ups *u, const char *status, const char *alarm)
{
	const bool on = alarm != NULL || state_status_has(status, "ALARM");
	const bool was = u->flags & WATCH_ALARM;
	const bool first = was && *u->alarm == '\0'; /* it was told before a restart */
	const bool other =
	    differs(u->alarm, sizeof(u->alarm), alarm == NULL ? "" : alarm);

	watch_flag(w, u, WATCH_ALARM, on);
	if (on && (!was || (other && !first && alarm != NULL)))
		watch_say(w, u, KIND_ALARM, NULL,
		    *u->alarm == '\0' ? "The UPS has an alarm.%s" : "Alarm: %s",
		    u->alarm);
	else if (was && !on)
		watch_say(w, u, KIND_NOALARM, NULL, "The alarm is over.");
}

static void
say_tested(struct watch *w, struct watch_ups *u)
{
	u->tested_ms = 0;
	if (*u->result == '\0')
		watch_say(w, u, KIND_TESTED, NULL, "The battery test is over.");
	else
		watch_say(w, u, KIND_TESTED, NULL, "Battery test: %s", u->result);
}

/* A test has begun, or is over; its result comes with that, or soon. */
static void
look_test(struct watch *w, struct watch_ups *u, const char *status, const char *result)
{
	const bool was = u->flags & WATCH_TEST;
	bool on, other, known = u->result_known;

	u->progress = result != NULL && strcasestr(result, "progress") != NULL;
	on = u->progress || state_status_has(status, "TEST");
	other = !u->progress && result != NULL &&
		differs(u->result, sizeof(u->result), result);
	u->result_known = known || result != NULL;
	watch_flag(w, u, WATCH_TEST, on);
	if (on && !was) {
		watch_battery_test(w, u);
		u->tested_ms = 0;
		watch_say(w, u, KIND_TEST, NULL, "A battery test has begun.");
	} else if (was && !on) {
		u->over_ms = w->now.boot_ms;
		u->tested_ms = w->now.boot_ms + RESULT_LATE_MS;
	}
	if (on)
		return;
	if ((other && known) || (u->tested_ms != 0 && (other || result == NULL)))
		say_tested(w, u);
}

void
watch_words_time(struct watch *w, struct watch_ups *u)
{
	if (u->tested_ms != 0 && w->now.boot_ms >= u->tested_ms)
		say_tested(w, u);
}

/* On mains, on battery, or neither is said: then it is what it was. */
static void
look_line(struct watch *w, struct watch_ups *u, const char *status)
{
	if (state_status_has(status, "OB")) {
		u->mains_ms = 0;
		watch_battery_on(w, u);
	} else if (state_status_has(status, "OL")) {
		if (u->mains_ms == 0)
			u->mains_ms = w->now.boot_ms;
		watch_battery_off(w, u);
	}
}

void
watch_words(struct watch *w, struct watch_ups *u, const struct feed_ups *f)
{
	char status[STATE_VALUE_MAX + 8];
	const enum feed_view view = f->view == FEED_VIEW_HOLD ? FEED_VIEW_NONE : f->view;
	const bool avr = u->flags & (WATCH_BOOST | WATCH_TRIM);

	if (feed_status(f, view, status, sizeof(status)) == NULL)
		return;
	look_test(w, u, status, state_get(f->state, "ups.test.result"));
	/* Why it is on battery is told with that. */
	u->calibrates = state_status_has(status, "CAL");
	look_line(w, u, status);
	for (size_t i = 0; i < WORDS; i++)
		look_word(w, u, i, state_status_has(status, words[i].word));
	look_alarm(w, u, status, state_get(f->state, "ups.alarm"));
	if (avr && !(u->flags & (WATCH_BOOST | WATCH_TRIM)))
		watch_say(
		    w, u, KIND_STRAIGHT, NULL, "The mains needs no correction any more.");
	watch_flag(w, u, WATCH_KNOWN, true);
}
