/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/client.h"
#include "cli/drill_ask.h"
#include "cli/lookout_in.h"
#include "cli/machines.h"
#include "history/read.h"
#include "lib/monitors.h"
#include "lib/paths.h"

#define OUTAGES 30
#define DAYS_MS (INT64_C(30) * 86400 * 1000)

/* The rehearsal of this machine's house; NULL where its files are not for us. */
static json_t *
rehearse(void)
{
	char cause[CLIENT_CAUSE_MAX];
	struct drill_setting setting;
	struct drill_faults faults = {0};
	struct drill_known k;
	struct drill_story story;
	json_t *report;

	if (drill_ask(&k, cause, sizeof(cause)) < 0)
		return NULL;
	setting = drill_known_setting(&k);
	drill_run(&setting, &story);
	drill_check(&k, NULL, &story, &faults);
	report = drill_json(&k, &story, &faults, NULL, 0);
	drill_faults_free(&faults);
	drill_free(&story);
	drill_known_free(&k);
	return report;
}

/* How the machines of the server's file stand. */
static json_t *
ask_stands(const struct target *t)
{
	char cause[CLIENT_CAUSE_MAX];
	struct client *c = client_open(t->host, t->port, cause, sizeof(cause));
	struct machines m = {0};
	json_t *stands;

	if (c != NULL)
		machines_ask(c, &m, cause, sizeof(cause));
	stands = machines_json(&m);
	machines_free(&m);
	client_close(c);
	return stands;
}

static json_t *
number(double n)
{
	return isfinite(n) ? json_real(n) : json_null();
}

static void
take_outage(void *arg, const struct history_outage *o)
{
	json_array_append_new(arg,
	    json_pack("{s:s, s:s, s:I, s:f, s:o, s:b}", "ups", o->ups, "kind", o->kind,
		"began", (json_int_t)(o->began / 1000), "seconds", (double)o->ms / 1000,
		"charge_low", number(o->charge_low), "lasts", o->ended == 0));
}

/* The last minutes of a UPS, a list per line. */
static json_t *
look_past(struct history *h, const char *ups)
{
	const int64_t now = (int64_t)time(NULL) * 1000;
	const int64_t from = now - (int64_t)TREND_POINTS * TREND_STEP_S * 1000;
	char cause[HISTORY_CAUSE];
	struct history_series s;
	json_t *past = json_array();

	if (history_series(h, ups, trend_names, TREND_LINES, from, now, TREND_POINTS, &s,
		cause) != 0)
		return past;
	for (size_t line = 0; line < TREND_LINES; line++) {
		json_t *values = json_array();

		for (size_t i = 0; i < s.points; i++)
			json_array_append_new(values, number(s.vars[line].mean[i]));
		json_array_append_new(past, values);
	}
	history_series_free(&s);
	return past;
}

/* What the mains of a UPS was like, and what went through it; NULL: nobody knows. */
static json_t *
look_power(struct history *h, const char *ups)
{
	const int64_t now = (int64_t)time(NULL) * 1000;
	char cause[HISTORY_CAUSE];
	struct history_quality q;
	struct history_energy e;

	if (history_quality(h, ups, now - DAYS_MS, now, &q, cause) != 0 ||
	    history_energy(h, ups, now, &e, cause) != 0)
		return NULL;
	return json_pack("{s:s, s:i, s:f, s:i, s:i, s:i, s:i, s:o, s:o}", "ups", ups,
	    "outages", (int)q.outages, "seconds", q.outage_s, "sags", (int)q.sags,
	    "swells", (int)q.swells, "boosts", (int)q.boosts, "trims", (int)q.trims,
	    "today", number(e.today), "month", number(e.month));
}

static void
look_history(json_t *root, const struct model *m)
{
	const struct history_which which = {.limit = OUTAGES};
	char cause[HISTORY_CAUSE], *folder = paths_memory("history");
	json_t *outages = json_array(), *pasts = json_object();
	json_t *powers = json_array();
	struct history *h = NULL;

	if (history_open(&h, folder, cause) == 0 && h != NULL) {
		history_outages(h, &which, take_outage, outages, cause);
		for (size_t i = 0; i < m->nupses; i++) {
			const char *ups = m->upses[i]->name;

			json_object_set_new(pasts, ups, look_past(h, ups));
			json_array_append_new(powers, look_power(h, ups));
		}
		history_close(h);
	}
	json_object_set_new(root, "outages", outages);
	json_object_set_new(root, "powers", powers);
	json_object_set_new(root, "pasts", pasts);
	free(folder);
}

char *
lookout_look(const struct target *t, const struct model *m)
{
	json_t *root = json_object(), *drill = NULL;
	char *text;

	if (monitors_host_is_local(t->host)) {
		drill = rehearse();
		look_history(root, m);
	}
	if (drill != NULL)
		json_object_set_new(root, "drill", drill);
	json_object_set_new(root, "stands", ask_stands(t));
	text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return text;
}
