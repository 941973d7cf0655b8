/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/driver.h"
#include "hid/driver_in.h"
#include "lib/dline.h"
#include "lib/xmem.h"

/* An answer that failed sooner than this may have been a hiccup: it is asked once more. */
#define HICCUP_MS 1000

/* A device that is silent for so long hangs; the kernel gives a request up after 5 s. */
#define HANG_MS 4000

void
driver_announce(struct driver *d, const char *name, const char *text)
{
	state_set(d->vars, name, text);
	state_set(d->state, name, text);
	d->announce = true;
}

struct driver *
driver_new(const struct options *o, struct state *s)
{
	struct driver *d = xcalloc(1, sizeof(*d));

	d->options = o;
	d->vars = state_new();
	d->state = s;
	d->overlay = overlay_new(o);
	TAILQ_INIT(&d->jobs);
	TAILQ_INIT(&d->done);
	driver_announce(d, "driver.name", "usbhid-ups");
	driver_announce(d, "driver.version", HOLDUP_VERSION);
	driver_announce(d, "driver.version.internal", "holdup hid " HOLDUP_VERSION);
	driver_announce(d, "driver.state", "init.device");
	for (size_t i = 0; i < o->driver->nvars; i++) {
		driver_announce(d, o->driver->vars[i]->name, o->driver->vars[i]->text);
		state_flags(d->vars, o->driver->vars[i]->name, o->driver->vars[i]->flags);
		state_flags(
		    d->state, o->driver->vars[i]->name, o->driver->vars[i]->flags);
	}
	state_cmd_add(d->vars, "driver.killpower");
	state_cmd_add(d->state, "driver.killpower");
	return d;
}

void
driver_free(struct driver *d)
{
	struct driver_result left;

	driver_detach(d, d->last_good);
	while (driver_result(d, &left))
		;
	overlay_free(d->overlay);
	state_free(d->vars);
	free(d);
}

/* Clients see what the device said. */
static void
show(struct driver *d)
{
	dline_copy(d->state, d->vars);
	d->dirty = d->urgent = false;
	d->announce = true;
}

/* Something good came from the device. What hung and is not read anew yet is no better by
 * that; nor is what was read of one that is back. */
static void
heard(struct driver *d, uint64_t now)
{
	d->any = true;
	if (d->whole && !d->doubt)
		d->last_good = now;
}

void
driver_refresh(struct driver *d)
{
	hidups_vars(d->ups, d->vars);
	overlay_apply(d->overlay, d->vars);
	d->dirty = true;
}

void
driver_attach(struct driver *d, struct hid_desc *desc, const struct hidups_ident *ident,
    uint64_t now)
{
	driver_detach(d, now);
	d->desc = desc;
	d->ups = hidups_new(desc, ident);
	hidups_options(d->ups, &d->options->ups);
	/* As if a client had set them: they are the driver's own. */
	hidups_delays(d->ups, d->options->offdelay, d->options->ondelay);
	memset(d->health, 0, sizeof(d->health));
	d->next_poll = d->next_full = now;
	driver_announce(d, "driver.version.data", hidups_map_name(d->ups));
	driver_announce(d, "driver.state", "init.info");
}

void
driver_detach(struct driver *d, uint64_t now)
{
	if (d->ups == NULL)
		return;
	if (d->whole && d->dirty)
		show(d);
	link_lost(&d->link, now);
	driver_jobs_fail(d, ENODEV);
	hidups_free(d->ups);
	hid_desc_free(d->desc);
	d->ups = NULL;
	d->desc = NULL;
	d->work = IDLE;
	d->failed_polls = d->quiet_polls = 0;
	d->rests_until = 0;
	d->whole = d->hangs = d->doubt = d->gone = d->explored = d->strange = false;
	d->confirm = d->again = d->dirty = d->urgent = false;
	d->nids = d->at = d->nstrings = d->string_at = 0;
	driver_announce(d, "driver.state", "reconnect.trying");
}

void
driver_input(struct driver *d, const uint8_t *bytes, size_t len, uint64_t now)
{
	bool before = driver_on_battery(d->vars);
	const long most = d->options->interruptsize;

	if (d->ups == NULL || d->options->pollonly || hidups_polled(d->ups))
		return;
	if (most > 0 && len > (size_t)most)
		len = (size_t)most;
	heard(d, now);
	d->quiet_polls = 0;
	if (!hidups_report(d->ups, HID_INPUT, bytes, len))
		return;
	driver_refresh(d);
	d->confirm = false;
	d->urgent = true;
	if (driver_on_battery(d->vars) != before)
		d->next_poll = now;
}

static bool
asks(struct driver *d, struct driver_ask *ask, enum work work, enum hidsock_op op,
    uint8_t id, uint64_t now)
{
	*ask = (struct driver_ask){.op = op, .id = id};
	d->work = work;
	d->id = id;
	d->asked = now;
	return true;
}

static bool
may_reread(const struct driver *d, uint8_t id)
{
	return !d->options->ups.interruptonly && hidups_may_ask(d->ups, id);
}

bool
driver_ask(struct driver *d, uint64_t now, struct driver_ask *ask)
{
	const struct job *j = TAILQ_FIRST(&d->jobs);
	const struct hidups_write *w;

	if (d->ups == NULL || d->work != IDLE || d->gone || now < d->rests_until)
		return false;
	if (d->confirm)
		return asks(d, ask, CONFIRM, HIDSOCK_GET, d->confirm_id, now);
	if (!driver_jobs_due(d, now))
		j = NULL;
	if (j != NULL && j->written < j->nwrites) {
		w = &j->writes[j->written];
		asks(d, ask, WRITE, HIDSOCK_SET, w->id, now);
		ask->data = w->bytes;
		ask->len = w->len;
		return true;
	}
	if (j != NULL && !may_reread(d, j->writes[j->reread].id)) {
		driver_jobs_reread(d, EPERM, now);
		return driver_ask(d, now, ask);
	}
	if (j != NULL)
		return asks(d, ask, REREAD, HIDSOCK_GET, j->writes[j->reread].id, now);
	if (driver_round_next(d, now))
		return asks(d, ask, POLL, HIDSOCK_GET, d->ids[d->at], now);
	if (d->confirm)
		return asks(d, ask, CONFIRM, HIDSOCK_GET, d->confirm_id, now);
	if (d->string_at < d->nstrings)
		return asks(
		    d, ask, STRING, HIDSOCK_STRING, d->strings[d->string_at], now);
	return false;
}

/* A report could not be read: it rests, each time longer. */
static void
failed_report(struct driver *d, uint64_t now)
{
	struct health *h = &d->health[d->id];
	uint64_t rest = DRIVER_SKIP_MS;

	for (unsigned i = 0; i < h->failures && rest < DRIVER_SKIP_MAX_MS; i++)
		rest *= 2;
	h->failures++;
	h->hung = d->hangs;
	h->rests_until = now + rest;
}

void
driver_take(
    struct driver *d, uint8_t id, const uint8_t *bytes, size_t len, bool confirmed)
{
	bool before = driver_on_battery(d->vars);

	if (hidups_report(d->ups, HID_FEATURE, bytes, len))
		driver_refresh(d);
	if (!confirmed && !before && driver_on_battery(d->vars)) {
		d->confirm = true;
		d->confirm_id = id;
	}
}

/* A report came by request. */
static void
took_report(
    struct driver *d, enum work work, const uint8_t *data, size_t len, uint64_t now)
{
	struct health *h = &d->health[d->id];

	h->failures = 0;
	h->rests_until = 0;
	h->unknown = h->hung = false;
	if (work == POLL && !driver_round_takes(d, data, len))
		return;
	heard(d, now);
	driver_take(d, d->id, data, len, work == CONFIRM);
}

/* True when a read failed so fast that it is asked once more. */
static bool
hiccup(struct driver *d, int error, uint64_t now)
{
	if (d->again || error == 0 || error == ENODEV || now - d->asked >= HICCUP_MS)
		return false;
	d->again = true;
	return true;
}

static void
took_string(struct driver *d, const char *text, size_t len, uint64_t now)
{
	char copy[128];

	snprintf(copy, sizeof(copy), "%.*s", (int)len, len > 0 ? text : "");
	driver_round_string(d, copy, now);
}

/* What an outcome says about the device as a whole. */
static void
judge(struct driver *d, int error, uint64_t now)
{
	if (error == ENODEV)
		d->gone = true;
	if (error == ETIMEDOUT && now - d->asked >= HANG_MS) {
		if (d->hangs)
			d->at = d->nids; /* so will the rest of the round */
		d->hangs = d->doubt = true;
		d->clean = false;
	}
	if (error != 0)
		return;
	link_read(&d->link, now, now - d->asked);
	d->any = true;
	if (!d->hangs)
		return;
	/* Awake again: what failed only because of the hang is asked anew at once. */
	d->hangs = false;
	d->next_poll = now;
	for (size_t i = 0; i < 256; i++) {
		if (d->health[i].hung)
			d->health[i].rests_until = now;
		d->health[i].hung = false;
	}
}

/* True for the report that was asked for. */
static bool
is_answer(const struct driver *d, const uint8_t *data, size_t len)
{
	return len > 0 && (!d->desc->report_ids || data[0] == d->id);
}

void
driver_answer(struct driver *d, int error, const uint8_t *data, size_t len, uint64_t now)
{
	enum work work = d->work;

	if (work == IDLE)
		return;
	d->work = IDLE;
	d->rests_until = now + hidups_gap_ms(d->ups);
	d->strange =
	    error == 0 && work != WRITE && work != STRING && !is_answer(d, data, len);
	if (d->strange)
		error = EPROTO;
	judge(d, error, now);
	if (work == POLL && hiccup(d, error, now))
		return;
	d->again = false;
	if (work == POLL && d->at < d->nids)
		d->at++;
	if (work == CONFIRM)
		d->confirm = false;
	if (work == POLL || work == CONFIRM || work == REREAD) {
		if (error == 0)
			took_report(d, work, data, len, now);
		else if (work != REREAD)
			failed_report(d, now);
	}
	if (work == WRITE) {
		driver_jobs_wrote(d, error);
		if (driver_jobs_goes_on(d) && d->rests_until < now + HIDUPS_GAP_MS)
			d->rests_until = now + HIDUPS_GAP_MS;
	} else if (work == REREAD)
		driver_jobs_reread(d, error, now);
	else if (work == STRING)
		took_string(d, (const char *)data, error == 0 ? len : 0, now);
}

/* True when input reports have not come for longer than ups.conf bears. */
static bool
is_quiet(const struct driver *d)
{
	const long most = d->options->quiet_polls;

	return most >= 0 && d->quiet_polls > (unsigned long)most;
}

const char *
driver_fault(const struct driver *d)
{
	if (d->failed_polls < DRIVER_FAILED_POLLS)
		return "sends no input reports";
	return d->rubbish ? "answers rubbish" : "answers nothing";
}

enum driver_need
driver_check(const struct driver *d, uint64_t now)
{
	if (d->ups == NULL)
		return DRIVER_NOTHING;
	if (d->gone)
		return DRIVER_GONE;
	if (d->failed_polls >= DRIVER_FAILED_POLLS || is_quiet(d))
		return DRIVER_REOPEN;
	if (d->work != IDLE && now >= d->asked + DRIVER_STUCK_MS)
		return DRIVER_REASK;
	return DRIVER_NOTHING;
}

/* When there is something to ask. */
static uint64_t
ask_at(const struct driver *d)
{
	const struct job *j = TAILQ_FIRST(&d->jobs);
	uint64_t next = d->next_poll;

	if (d->confirm || d->nids > 0 || d->nstrings > 0)
		next = 0;
	if (j != NULL && j->look < next)
		next = j->look;
	return next > d->rests_until ? next : d->rests_until;
}

uint64_t
driver_deadline(const struct driver *d, uint64_t now)
{
	const uint64_t told = driver_link_deadline(d, now);
	uint64_t next;

	if (d->ups == NULL)
		return told;
	next = d->work != IDLE ? d->asked + DRIVER_STUCK_MS : ask_at(d);
	return told < next ? told : next;
}

bool
driver_publish(struct driver *d, uint64_t now)
{
	bool publish;

	if (d->whole && d->dirty && !d->confirm && (d->urgent || d->nids == 0))
		show(d);
	driver_link_step(d, now);
	publish = d->announce;
	d->announce = false;
	return publish;
}

bool
driver_remark(struct driver *d, char *out, size_t size)
{
	return d->ups != NULL && d->whole && hidups_remark(d->ups, out, size);
}

void
driver_explore(struct driver *d, void (*say)(void *arg, const char *line), void *arg)
{
	char line[1200];

	if (!d->options->explore || !d->whole || d->explored)
		return;
	d->explored = true;
	for (size_t i = 0; i < d->desc->nfields; i++)
		say(arg, hidups_field_text(d->ups, i, line, sizeof(line)));
}
