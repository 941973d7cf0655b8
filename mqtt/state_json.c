/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <time.h>

#include "lib/jout.h"
#include "lib/phrase.h"
#include "mqtt/condition.h"
#include "mqtt/state_json.h"
#include "mqtt/topics.h"

char *
state_json_time(char out[STATE_TIME_MAX], int64_t ms)
{
	/* Floors, for times before 1970, too. */
	const int64_t rest = (ms % 1000 + 1000) % 1000;
	const time_t seconds = (time_t)((ms - rest) / 1000);
	struct tm tm = {0};
	char day[STATE_TIME_MAX - 8];

	if (gmtime_r(&seconds, &tm) == NULL ||
	    strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		snprintf(day, sizeof(day), "1970-01-01T00:00:00");
	snprintf(out, STATE_TIME_MAX, "%s.%03dZ", day, (int)rest);
	return out;
}

/* What the words of its status mean, each by itself; what is not known is left out. */
static void
write_conditions(struct jout *j, const char *status)
{
	jout_text(j, "condition", condition_word(status));
	for (const struct condition_row *row = condition_rows; row->name != NULL; row++) {
		int is = condition_is(row, status);

		if (is >= 0)
			jout_bool(j, row->name, is);
	}
}

void
state_json_write(struct buf *out, const struct state_json *s)
{
	const struct state *state = s->ups->state;
	char words[CONDITION_STATUS_MAX], text[CONDITION_STATUS_MAX];
	const char *status = condition_status(s->ups, words);
	struct jout j = {.out = out};
	char at[STATE_TIME_MAX];

	jout_open(&j, NULL, '{');
	jout_text(&j, "site", s->site);
	jout_text(&j, "ups", s->ups->name);
	if (s->at_ms != STATE_JSON_NEVER)
		jout_text(&j, "at", state_json_time(at, s->at_ms));
	jout_text(&j, "link", s->ups->source == FEED_OK ? "online" : "offline");
	jout_text(&j, "status", status);
	jout_text(
	    &j, "text", phrase_status(text, sizeof(text), status == NULL ? "" : status));
	write_conditions(&j, status);
	if (s->energetic)
		jout_number(&j, "energy", (double)s->wh / 1000);
	jout_open(&j, "vars", '{');
	for (size_t i = 0; i < state->nvars; i++)
		if (topics_tells(state->vars[i]->name))
			jout_text(&j, state->vars[i]->name, state->vars[i]->text);
	jout_close(&j, '}');
	jout_close(&j, '}');
}
