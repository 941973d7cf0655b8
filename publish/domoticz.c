/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "publish/domonumbers.h"
#include "publish/domosetup.h"
#include "publish/publisher.h"

/*
 * Domoticz over HTTP. Values are rows of a schedule: without numbers in holdup.conf, those
 * of all sensors of all UPSes (domosetup.h finds or makes them); with numbers, the three of
 * conf_sensors[], for which nothing is to be found out, and no right but to change them is
 * needed.
 */

/* Between two values of a sensor that is not urgent: Domoticz writes each to its disk. */
#define PACE_MS 5000

/* What the log says of a value. */
enum refusal { REFUSED_NOT, REFUSED_ONCE, REFUSED_LOGGED };

/* What is known of a UPS besides the feed. */
struct seen {
	char *name; /* NULL: not even that */
	bool seen;  /* the feed has had it */
	bool energy;
	uint64_t wh;
	int battery; /* percent; -1: not known */
};

struct domoticz {
	const struct conf_domoticz *conf;
	struct domosetup *setup;                /* NULL: with numbers */
	struct seen upses[DOMOSETUP_UPSES_MAX]; /* by row of the setup */
	struct schedule schedule;
	enum refusal *refused; /* by slot, as the next */
	int *idx;              /* the sensor that was told last */
	bool changed;          /* the model has */
	bool missing;          /* that the UPS is not there has been logged */
	enum verdict server;   /* what the log says of the server */
	char said[512];        /* … and of the setup */
	struct http *http;
	struct http_reply reply;
};

/* Makes room for the values of one more UPS, or of the three numbers. */
static void
grow(struct domoticz *d, size_t slots)
{
	size_t had = d->schedule.count;

	if (slots <= had)
		return;
	schedule_grow(&d->schedule, slots);
	d->refused = xreallocarray(d->refused, slots, sizeof(*d->refused));
	d->idx = xreallocarray(d->idx, slots, sizeof(*d->idx));
	for (size_t i = had; i < slots; i++) {
		bool numbered = d->setup == NULL;
		bool urgent = !numbered && domosensors[i % DOMOSENSORS].urgent;

		d->refused[i] = REFUSED_NOT;
		d->idx[i] = 0;
		d->schedule.items[i].urgent = urgent;
		d->schedule.items[i].pace_ms = numbered || urgent ? 0 : PACE_MS;
	}
}

static void *
begin(const struct holdup_conf *c, const char *section, char *cause, size_t size)
{
	struct domoticz *d;

	if (!c->domoticz.wanted || c->domoticz.url == NULL) {
		snprintf(cause, size, "holdup.conf asks for no Domoticz by HTTP");
		return NULL;
	}
	d = xcalloc(1, sizeof(*d));
	d->conf = &c->domoticz;
	d->http = http_new();
	if (d->conf->numbered) {
		grow(d, CONF_SENSORS);
		memcpy(d->idx, d->conf->idx, sizeof(d->conf->idx));
	} else {
		d->setup = domosetup_new(d->conf);
	}
	return d;
}

static void
end(void *self)
{
	struct domoticz *d = self;

	if (d->setup != NULL)
		domosetup_free(d->setup);
	schedule_free(&d->schedule);
	buf_free(&d->reply.body);
	http_free(d->http);
	for (size_t i = 0; i < DOMOSETUP_UPSES_MAX; i++)
		free(d->upses[i].name);
	free(d->refused);
	free(d->idx);
	free(d);
}

static void
on_kept(void *self, const char *key, const char *value)
{
	struct domoticz *d = self;

	if (d->setup != NULL)
		domosetup_kept(d->setup, key, value);
}

static void
on_changed(void *self, const struct feed *f, const struct feed_change *c)
{
	struct domoticz *d = self;

	d->changed = true;
}

/* The row of a UPS that is to be told, or NULL. */
static struct seen *
row_of(struct domoticz *d, const char *ups)
{
	int row;

	if (d->setup == NULL ||
	    (d->conf->ups != NULL && strcasecmp(ups, d->conf->ups) != 0))
		return NULL;
	row = domosetup_ups(d->setup, ups);
	if (row < 0)
		return NULL;
	if (d->upses[row].name == NULL)
		d->upses[row].name = xstrdup(ups);
	return &d->upses[row];
}

static void
on_energy(void *self, const char *ups, uint64_t wh)
{
	struct domoticz *d = self;
	struct seen *row = row_of(d, ups);

	if (row == NULL)
		return;
	row->energy = true;
	row->wh = wh;
	d->changed = true;
}

static void
look_numbered(struct domoticz *d, const struct feed *f)
{
	for (size_t i = 0; i < CONF_SENSORS; i++) {
		char text[2 + DOMONUMBERS_TEXT_MAX + 1] = "0 ";

		if (!domonumbers_value(d->conf, f, i, text + 2))
			*text = '\0';
		schedule_set(&d->schedule, i, text);
	}
}

/* All sensors of one UPS. */
static void
look_ups(struct domoticz *d, size_t row, const struct feed_ups *ups)
{
	struct seen *seen = &d->upses[row];
	const struct domo_ups is = {.ups = ups, .energy = seen->energy, .wh = seen->wh};

	seen->battery = domosensor_battery(ups);
	grow(d, (row + 1) * DOMOSENSORS);
	for (size_t k = 0; k < DOMOSENSORS; k++) {
		const struct domosensor *sensor = &domosensors[k];
		struct domo_value value = {0};
		char text[SCHEDULE_TEXT_MAX + 1] = "";

		if (sensor->value(sensor, &is, &value)) {
			snprintf(text, sizeof(text), "%d %s", value.nvalue, value.svalue);
			domosetup_want(d->setup, row * DOMOSENSORS + k);
		}
		schedule_set(&d->schedule, row * DOMOSENSORS + k, text);
	}
}

/* Notes what all values are now. */
static void
look(struct domoticz *d, const struct feed *f)
{
	bool missing = domonumbers_missing(d->conf, f);

	d->changed = false;
	if (missing && !d->missing)
		log_warn("domoticz: no UPS is named %s: correct ups = in [domoticz] of "
			 "holdup.conf",
		    d->conf->ups);
	d->missing = missing;
	if (d->setup == NULL) {
		look_numbered(d, f);
		return;
	}
	for (size_t i = 0; i < f->nupses; i++) {
		struct seen *row = row_of(d, f->upses[i]->name);

		if (row != NULL)
			row->seen = true;
	}
	for (size_t i = 0; i < DOMOSETUP_UPSES_MAX; i++)
		if (d->upses[i].seen)
			look_ups(d, i, feed_find(f, d->upses[i].name));
}

/* One line when the server fares differently than before. */
static void
report(struct domoticz *d, enum verdict verdict, const char *cause)
{
	enum verdict server = verdict == VERDICT_REFUSED ? VERDICT_OK : verdict;

	if (server != d->server && server != VERDICT_OK)
		log_warn("domoticz: %s", cause);
	else if (server != d->server)
		log_info("domoticz: it %s",
		    d->server == VERDICT_NONE ? "answers" : "answers again");
	d->server = server;
}

/* Asks, and reads the answer; what it means for the whole server is logged. */
static void
ask(struct domoticz *d, struct http_request *request, struct domo_answer *a, char *cause,
    size_t size)
{
	request->user = d->conf->user;
	request->password = d->conf->password;
	http_ask(d->http, request, &d->reply);
	domoapi_read(a, d->conf, &d->reply, cause, size);
	log_debug("domoticz: %s: HTTP %ld, verdict %d", buf_str(&request->url),
	    d->reply.status, (int)a->verdict);
	http_request_free(request);
}

/* A sensor that was made anew, or is another one, knows nothing. */
static void
take_numbers(struct domoticz *d)
{
	for (size_t i = 0; i < d->schedule.count; i++) {
		int idx = domosetup_idx(d->setup, i);

		if (idx != d->idx[i] && idx != 0) {
			schedule_forget(&d->schedule, i);
			d->refused[i] = REFUSED_NOT;
		}
		d->idx[i] = idx;
	}
}

/* A question of the setup; what the answer says to people is said once. */
static void
set_up(struct domoticz *d, struct http_request *request)
{
	struct domo_note note = {0};
	struct domo_answer answer;
	enum verdict verdict;
	uint64_t now;

	ask(d, request, &answer, note.text, sizeof(note.text));
	now = boottime_ms();
	verdict = domosetup_answer(d->setup, &answer, now, &note);
	domoapi_free(&answer);
	if (verdict != VERDICT_NONE) {
		report(d, verdict, note.text);
		schedule_asked(&d->schedule, verdict, now);
	}
	take_numbers(d);
	if (verdict > VERDICT_REFUSED || *note.text == '\0')
		return;
	if (!note.warn)
		log_info("domoticz: %s", note.text);
	else if (strcmp(note.text, d->said) != 0)
		log_warn("domoticz: %s", note.text);
	memcpy(d->said, note.text, sizeof(d->said));
}

/* A value that Domoticz does not take. Without numbers, its sensor may be gone: that is
 * looked up first. */
static bool
refuse(struct domoticz *d, size_t i)
{
	enum refusal was = d->refused[i];

	if (d->setup != NULL && was == REFUSED_NOT) {
		d->refused[i] = REFUSED_ONCE;
		domosetup_doubt(d->setup);
		return false;
	}
	d->refused[i] = REFUSED_LOGGED;
	if (was == REFUSED_LOGGED)
		return true;
	if (d->setup == NULL)
		log_warn("domoticz: %s = %d is refused by %s: has Domoticz a device with "
			 "this Idx (Setup, Devices), and may the user change it?",
		    conf_sensors[i].word, d->idx[i], d->conf->url);
	else
		log_warn("domoticz: the sensor %s %s (%d) is refused by %s: may the user "
			 "change it (rights \"User\", and a device that he sees: Setup, "
			 "Users)?",
		    d->upses[i / DOMOSENSORS].name, domosensors[i % DOMOSENSORS].label,
		    d->idx[i], d->conf->url);
	return true;
}

/* Tells a value: "0 34.0" of the schedule. */
static void
tell(struct domoticz *d, size_t i)
{
	const char *text = d->schedule.items[i].text;
	struct http_request request = {0};
	struct domo_value value;
	struct domo_answer answer;
	char cause[512];
	int battery = -1;

	value.nvalue = (int)strtol(text, NULL, 10);
	snprintf(value.svalue, sizeof(value.svalue), "%s", strchr(text, ' ') + 1);
	if (d->setup != NULL)
		battery = d->upses[i / DOMOSENSORS].battery;
	domoapi_update(&request.url, d->conf, d->idx[i], &value, battery);
	ask(d, &request, &answer, cause, sizeof(cause));
	report(d, answer.verdict, cause);
	if (answer.verdict > VERDICT_REFUSED && d->setup != NULL)
		domosetup_lost(d->setup);
	if (answer.verdict == VERDICT_OK)
		d->refused[i] = REFUSED_NOT;
	if (answer.verdict != VERDICT_REFUSED || refuse(d, i))
		schedule_done(&d->schedule, i, answer.verdict, boottime_ms());
	domoapi_free(&answer);
}

/* What is to be kept over restarts. */
static void
keep(struct domoticz *d, struct link *l)
{
	struct buf key = {0}, value = {0};

	while (domosetup_keep(d->setup, &key, &value))
		link_keep(l, buf_str(&key), buf_str(&value));
	buf_free(&key);
	buf_free(&value);
}

static uint64_t
work(void *self, struct link *l, uint64_t now)
{
	struct domoticz *d = self;
	struct http_request request = {0};
	uint64_t pause, wait;
	size_t i;

	if (d->changed && !link_feed(l)->inside)
		look(d, link_feed(l));
	if (d->setup != NULL)
		keep(d, l);
	wait = schedule_wait(&d->schedule, now, &i);
	pause = schedule_pause(&d->schedule, now);
	if (pause > 0 || d->schedule.count == 0)
		return pause > 0 ? pause : wait;
	if (d->setup != NULL && domosetup_asks(d->setup, wait == 0, now, &request)) {
		set_up(d, &request);
		return 0;
	}
	if (wait > 0)
		return wait;
	if (d->idx[i] == 0)
		schedule_done(&d->schedule, i, VERDICT_REFUSED, now);
	else
		tell(d, i);
	return 0;
}

const struct publisher publisher_domoticz = {
    .name = "domoticz",
    .begin = begin,
    .heard =
	{
	    .kept = on_kept,
	    .changed = on_changed,
	    .energy = on_energy,
	},
    .work = work,
    .end = end,
};
