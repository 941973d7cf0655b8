/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "core/policy_in.h"

bool
policy_watched(const struct policy *p, size_t row)
{
	for (size_t i = 0; i < p->conf->nmonitors; i++)
		if (p->conf->monitors[i].row == (long)row)
			return true;
	return false;
}

static void
notify_line(
    struct policy *p, size_t monitor, size_t row, enum notify_type type, const char *text)
{
	struct policy_action *a = policy_act(p, POLICY_NOTIFY, row);

	a->notify = notify_row_number(monitor, type);
	a->id = ++p->run_id;
	snprintf(a->text, sizeof(a->text), "%s", text);
	p->dirty = true;
}

/* With what the UPS says. */
static void
notify_text(struct policy *p, size_t row, enum notify_type type, const char *text)
{
	if (p->elsewhere)
		return;
	for (size_t i = 0; i < p->conf->nmonitors; i++)
		if (p->conf->monitors[i].row == (long)row)
			notify_line(p, i, row, type, text);
}

/* The other upsmon reads the same file and tells people by itself. */
void
policy_notify(struct policy *p, size_t row, enum notify_type type)
{
	if (!notify_whole(type))
		notify_text(p, row, type, "");
	else if (p->conf->nmonitors > 0 && (!p->elsewhere || type == NOTIFY_SHUTDOWN))
		notify_line(p, 0, row, type, "");
}

void
policy_view(struct policy *p, size_t row, enum feed_view view)
{
	struct policy_ups *u = &p->upses[row];

	if (u->view == view)
		return;
	u->view = u->shown = view;
	p->dirty = true;
	policy_act_view(p, row, POLICY_EVERYBODY, view);
	if (view == FEED_VIEW_FSD && !(u->words & WORD_FSD))
		policy_notify(p, row, NOTIFY_FSD);
}

/* What an alarm says may come a moment after the word: so upsmon, which looks at both at
 * once, has it. */
static void
tell_alarm(struct policy *p, size_t row)
{
	struct policy_said *s = &p->upses[row].said;
	const bool first = s->alarm_ms != 0, worded = *s->alarm != '\0';

	if (!(p->upses[row].words & WORD_ALARM) ||
	    (first && !worded && !policy_due(p, s->alarm_ms + p->conf->pollfreq_ms)) ||
	    (!first && (!worded || strcmp(s->alarm, s->alarm_known) == 0)))
		return;
	s->alarm_ms = 0;
	memcpy(s->alarm_known, s->alarm, sizeof(s->alarm_known));
	notify_text(p, row, NOTIFY_ALARM, s->alarm);
}

/* Tells what began and what is over. What a core before this one has told is not told
 * again; of that it has kept no texts. */
static void
tell_words(struct policy *p, size_t row, unsigned before, unsigned now)
{
	struct policy_said *s = &p->upses[row].said;
	enum notify_type types[POLICY_EDGES_MAX];
	size_t n = policy_words_edges(before, now, types);
	const bool carried = s->carried;

	s->carried = false;
	for (size_t i = 0; i < n; i++)
		if (types[i] != NOTIFY_NOTALARM || s->alarm_ms == 0)
			policy_notify(p, row, types[i]);
	if (!policy_words_same(s->others, s->told_others)) {
		memcpy(s->others, s->told_others, sizeof(s->others));
		if ((now & WORD_OTHER) && !(carried && (before & WORD_OTHER)))
			notify_text(p, row, NOTIFY_OTHER, s->others);
	}
	if (!(now & WORD_ALARM))
		s->alarm_ms = 0;
	else if (!(before & WORD_ALARM))
		s->alarm_ms = p->now_ms;
	else if (carried)
		memcpy(s->alarm_known, s->alarm, sizeof(s->alarm_known));
}

/* What the driver told is true now. */
static void
take_words(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	unsigned before = u->words, now = u->told | (u->said.eco ? WORD_ECO : 0);
	enum policy_line line = u->line;

	if (now & WORD_OL)
		line = LINE_MAINS;
	else if (now & WORD_OB)
		line = LINE_BATTERY;
	if (line == LINE_BATTERY && u->line != LINE_BATTERY)
		policy_notify(p, row, NOTIFY_ONBATT);
	else if (line == LINE_MAINS && u->line == LINE_BATTERY)
		policy_notify(p, row, NOTIFY_ONLINE);
	tell_words(p, row, before, now);
	if ((now & WORD_FSD) && !(before & WORD_FSD) && u->view != FEED_VIEW_FSD)
		policy_notify(p, row, NOTIFY_FSD);
	if (now != before || line != u->line)
		p->dirty = true;
	u->words = now;
	u->line = line;
}

/* Without a status there is nothing that could be fresh. */
static void
take_fresh(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	const bool fresh = u->served && u->worded;

	if (fresh == u->fresh)
		return;
	p->dirty = true;
	u->fresh = fresh;
	u->lost_ms = fresh ? 0 : p->now_ms;
	if (fresh && u->commbad)
		policy_notify(p, row, NOTIFY_COMMOK);
	if (fresh)
		u->commbad = false;
}

void
policy_ups_event(struct policy *p, const struct policy_event *event)
{
	struct policy_ups *u = &p->upses[event->row];
	const char *text = event->status == NULL ? "" : event->status;

	if (event->kind == POLICY_STATUS) {
		u->told = policy_words_read(text, u->said.told_others);
		u->worded = *text != '\0';
	} else if (event->kind == POLICY_ALARM)
		snprintf(u->said.alarm, sizeof(u->said.alarm), "%s", text);
	else if (event->kind == POLICY_MODE)
		u->said.eco = policy_words_eco(text);
	else if (event->kind == POLICY_SOURCE)
		u->served = event->source == FEED_OK;
	else
		u->unread = false;
	take_fresh(p, event->row);
	if (u->fresh && !u->unread)
		take_words(p, event->row);
}

/* Whatever we know is from before we slept. */
void
policy_ups_slept(struct policy *p)
{
	p->hold_ms = p->now_ms + POLICY_READ_MS;
	p->dirty = true;
	for (size_t row = 0; row < p->conf->nupses; row++) {
		struct policy_ups *u = &p->upses[row];

		u->unread = true;
		u->low_ms = 0;
		if (!u->fresh)
			u->lost_ms = p->now_ms;
		policy_act(p, POLICY_REFRESH, row);
	}
	policy_notify(p, 0, NOTIFY_SUSPEND_FINISHED);
	policy_say(p, false,
	    "the machine slept: all values are read anew before anything is decided");
}

/* What upsmon would not see between two looks is not told: a driver may restart. */
static void
tell_silence(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	uint64_t last = u->nocomm_ms > u->lost_ms ? u->nocomm_ms : u->lost_ms;
	uint64_t said = u->silence_ms > u->lost_ms ? u->silence_ms : u->lost_ms;

	if (!u->commbad && policy_due(p, u->lost_ms + p->conf->pollfreq_ms)) {
		u->commbad = true;
		policy_notify(p, row, NOTIFY_COMMBAD);
	}
	if (u->commbad && policy_due(p, last + p->conf->nocommwarn_ms)) {
		u->nocomm_ms = p->now_ms;
		policy_notify(p, row, NOTIFY_NOCOMM);
	}
	if (u->commbad && p->conf->pollfail_ms > 0 &&
	    policy_due(p, said + p->conf->pollfail_ms)) {
		u->silence_ms = p->now_ms;
		policy_say(p, true, "ups %s: no answer for %llu s", p->conf->names[row],
		    (unsigned long long)(p->now_ms - u->lost_ms) / 1000);
	}
}

void
policy_ups_tell(struct policy *p)
{
	for (size_t row = 0; row < p->conf->nupses; row++) {
		struct policy_ups *u = &p->upses[row];

		if (!policy_watched(p, row))
			continue;
		if (!u->fresh) {
			tell_silence(p, row);
			continue;
		}
		if (!u->unread)
			tell_alarm(p, row);
		if ((u->words & WORD_RB) &&
		    (u->replace_ms == 0 ||
			policy_due(p, u->replace_ms + p->conf->rbwarn_ms))) {
			u->replace_ms = p->now_ms;
			policy_notify(p, row, NOTIFY_REPLBATT);
		}
	}
}
