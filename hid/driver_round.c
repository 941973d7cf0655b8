/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hid/driver_in.h"

#define BLANKS_MIN 3 /* so many blanks and nothing else are rubbish */

/* Milliseconds to the next round; soon, while the output is about to be cut. */
static uint64_t
interval(const struct driver *d)
{
	const char *timer = state_get(d->vars, "ups.timer.shutdown");

	return timer != NULL && timer[0] != '-' &&
		       d->options->interval_ms > DRIVER_COUNT_MS
		   ? DRIVER_COUNT_MS
		   : d->options->interval_ms;
}

/* Every feature report that the device has and bears: for `explore`. */
static size_t
all_reports(const struct driver *d, uint8_t ids[static 256])
{
	size_t n = 0;

	for (unsigned id = 0; id < 256; id++)
		if (hid_desc_report_len(d->desc, HID_FEATURE, (uint8_t)id) > 0 &&
		    hidups_may_ask(d->ups, (uint8_t)id))
			ids[n++] = (uint8_t)id;
	return n;
}

/* Begins a round of reading: what moves, or everything. */
static void
begin(struct driver *d, uint64_t now)
{
	d->full = !d->whole || d->doubt || now >= d->next_full;
	if (d->options->ups.interruptonly)
		d->nids = 0;
	else if (d->options->explore && d->full)
		d->nids = all_reports(d, d->ids);
	else
		d->nids = hidups_polls(d->ups, d->full, d->ids);
	d->at = 0;
	d->any = d->nids == 0;
	d->clean = true;
	d->solids = d->blanks = d->wiped = 0;
	if (d->whole)
		d->quiet_polls++;
	d->next_poll = now + interval(d);
	if (d->full)
		d->next_full = now + d->options->full_ms;
}

/* True for a report of nothing but zeros, or nothing but ones. */
static bool
is_blank(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != bytes[0])
			return false;
	return len > 0 && (bytes[0] == 0 || bytes[0] == 0xff);
}

bool
driver_round_takes(struct driver *d, const uint8_t *bytes, size_t len)
{
	const size_t lead = d->desc->report_ids ? 1 : 0;
	struct health *h = &d->health[d->id];

	if (len <= lead || !is_blank(bytes + lead, len - lead)) {
		h->solid = true;
		d->solids++;
		return true;
	}
	h->blank = true;
	h->fill = bytes[lead];
	h->len = len - lead;
	d->blanks++;
	d->wiped += h->solid;
	return false;
}

/* A device that crashed answers everything, with zeros or ones. Two reports at least were
 * more than that before, or this is the first reading of all. */
static bool
is_rubbish(const struct driver *d)
{
	return d->solids == 0 && d->blanks >= BLANKS_MIN && (d->wiped > 1 || !d->whole);
}

/* Takes the blanks of the round, or leaves them. */
static void
take_blanks(struct driver *d, bool take)
{
	uint8_t bytes[1 + HID_REPORT_BITS_MAX / 8];
	const size_t lead = d->desc->report_ids ? 1 : 0;

	for (unsigned id = 0; id < 256; id++) {
		struct health *h = &d->health[id];

		if (!h->blank)
			continue;
		h->blank = false;
		if (!take)
			continue;
		h->solid = false;
		bytes[0] = (uint8_t)id;
		memset(bytes + lead, h->fill, h->len);
		driver_take(d, (uint8_t)id, bytes, lead + h->len, false);
	}
}

/* Everything has been read: the values can be shown. */
static void
read_wholly(struct driver *d, uint64_t now)
{
	d->whole = d->shown = true;
	d->last_good = now;
	link_well(&d->link, now);
	driver_refresh(d);
	overlay_latch(d->overlay, d->vars);
	driver_announce(d, "driver.state", "quiet");
}

/* What failed twice is unknown, but only once something else was read: a device that
 * hangs keeps its values, and one bad answer takes nothing away. */
static void
forget_failed(struct driver *d)
{
	for (unsigned id = 0; id < 256; id++) {
		if (d->health[id].failures > 1 && !d->health[id].unknown) {
			d->health[id].unknown = true;
			hidups_report_failed(d->ups, (uint8_t)id);
			driver_refresh(d);
		}
	}
}

static void
end(struct driver *d, uint64_t now)
{
	const bool rubbish = is_rubbish(d);

	d->nids = d->at = 0;
	take_blanks(d, !rubbish);
	if (!d->any || rubbish) {
		d->rubbish = rubbish || d->strange;
		d->failed_polls++;
		return;
	}
	d->failed_polls = 0;
	forget_failed(d);
	if (hidups_clock(d->ups, now))
		driver_refresh(d);
	if (d->full && d->clean)
		d->doubt = false;
	if (d->whole && !d->doubt)
		d->last_good = now;
	if (d->whole || !d->full)
		return;
	d->string_at = 0;
	d->nstrings = hidups_strings(d->ups, d->strings);
	if (d->nstrings == 0)
		read_wholly(d, now);
}

bool
driver_round_next(struct driver *d, uint64_t now)
{
	if (d->nids == 0) {
		if (d->nstrings > 0 || now < d->next_poll)
			return false;
		begin(d, now);
	}
	while (d->at < d->nids && d->health[d->ids[d->at]].rests_until > now)
		d->at++;
	if (d->at < d->nids)
		return true;
	end(d, now);
	return false;
}

void
driver_round_string(struct driver *d, const char *text, uint64_t now)
{
	hidups_string(d->ups, d->id, text);
	if (++d->string_at < d->nstrings)
		return;
	d->nstrings = d->string_at = 0;
	read_wholly(d, now);
}
