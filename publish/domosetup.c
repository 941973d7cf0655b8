/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "publish/domosetup_in.h"

struct domosetup *
domosetup_new(const struct conf_domoticz *d)
{
	struct domosetup *s = xcalloc(1, sizeof(*s));

	s->conf = d;
	return s;
}

void
domosetup_free(struct domosetup *s)
{
	for (size_t i = 0; i < s->nhouses; i++)
		free(s->houses[i].ups);
	free(s->houses);
	free(s->slots);
	free(s);
}

int
domosetup_ups(struct domosetup *s, const char *name)
{
	struct domo_slot *slots;

	for (size_t i = 0; i < s->nhouses; i++)
		if (strcmp(s->houses[i].ups, name) == 0)
			return (int)i;
	if (s->nhouses >= DOMOSETUP_UPSES_MAX)
		return -1;
	s->houses = xreallocarray(s->houses, s->nhouses + 1, sizeof(*s->houses));
	s->houses[s->nhouses] = (struct domo_house){.ups = xstrdup(name)};
	slots =
	    xreallocarray(s->slots, (s->nhouses + 1) * DOMOSENSORS, sizeof(*s->slots));
	memset(&slots[s->nhouses * DOMOSENSORS], 0, DOMOSENSORS * sizeof(*slots));
	s->slots = slots;
	return (int)s->nhouses++;
}

/* A sensor that is new is looked for with the next question. */
void
domosetup_want(struct domosetup *s, size_t slot)
{
	if (!s->slots[slot].wanted)
		s->looked = false;
	s->slots[slot].wanted = true;
}

int
domosetup_idx(const struct domosetup *s, size_t slot)
{
	return s->slots[slot].idx;
}

void
domosetup_lost(struct domosetup *s)
{
	s->step = STEP_VERSION;
	s->looked = false;
	s->sure = false;
	s->added = 0;
	s->adds = 0;
}

void
domosetup_doubt(struct domosetup *s)
{
	s->looked = false;
}

/* The next sensor that is to be made and may be tried now; false: there is none. */
static bool
missing(const struct domosetup *s, uint64_t now, size_t *slot)
{
	for (size_t i = 0; i < s->nhouses * DOMOSENSORS; i++)
		if (s->slots[i].wanted && s->slots[i].idx == 0 &&
		    s->slots[i].not_before_ms <= now) {
			*slot = i;
			return true;
		}
	return false;
}

/* What cannot be made is not tried for a while. */
static void
put_off(struct domosetup *s, uint64_t now)
{
	for (size_t i = 0; i < s->nhouses * DOMOSENSORS; i++)
		if (s->slots[i].wanted && s->slots[i].idx == 0)
			s->slots[i].not_before_ms = now + DOMOSETUP_RETRY_MS;
}

/* From "ready" back to work, when there is some. */
static void
resume(struct domosetup *s, bool tell, uint64_t now)
{
	size_t slot;

	if (s->step != STEP_READY)
		return;
	s->sure = false;
	if (missing(s, now, &slot))
		s->step = STEP_HARDWARE;
	else if (!s->looked || (tell && now - s->looked_ms >= DOMOSETUP_TRUST_MS))
		s->step = s->hardware > 0 ? STEP_DEVICES : STEP_HARDWARE;
}

bool
domosetup_asks(struct domosetup *s, bool tell, uint64_t now, struct http_request *q)
{
	char name[DOMOAPI_NAME_MAX + 1];

	resume(s, tell, now);
	switch (s->step) {
	case STEP_VERSION:
		domoapi_version(&q->url, s->conf);
		break;
	case STEP_HARDWARE:
		domoapi_hardware(&q->url, s->conf);
		q->answer_max = DOMOAPI_LIST_MAX;
		break;
	case STEP_ADD_HARDWARE:
		domoapi_add_hardware(&q->url, s->conf, domofind_hardware_name(s));
		q->once = true;
		break;
	case STEP_DEVICES:
		domoapi_devices(&q->url, s->conf, s->all ? 0 : s->hardware);
		q->answer_max = DOMOAPI_LIST_MAX;
		break;
	case STEP_CREATE:
		domofind_name(s, s->making, name, sizeof(name));
		domoapi_create(&q->url, s->conf, s->hardware, name,
		    &domosensors[s->making % DOMOSENSORS]);
		q->once = true;
		break;
	case STEP_READY:
		return false;
	}
	return true;
}

static void __attribute__((format(printf, 3, 4)))
say(struct domo_note *note, bool warn, const char *format, ...)
{
	va_list args;

	note->warn = warn;
	va_start(args, format);
	vsnprintf(note->text, sizeof(note->text), format, args);
	va_end(args);
}

/* Nothing can be made: what is there already is used. */
static void
not_allowed(struct domosetup *s, const char *what, uint64_t now, struct domo_note *note)
{
	const char *user = s->conf->user;

	say(note, true,
	    "%s does not let %.40s make %s: that takes the rights of an administrator, "
	    "once. Let user = and password = in [domoticz] be an administrator's until "
	    "the sensors are there, or make sensors by hand and give their numbers (load "
	    "= 12). What is there already is told",
	    s->conf->url, user == NULL ? "us" : user, what);
	put_off(s, now);
	s->step = STEP_READY;
}

/* Everybody is told the version: it does not say that we are let in. */
static enum verdict
on_version(struct domosetup *s, const struct domo_answer *a, struct domo_note *note)
{
	if (a->verdict != VERDICT_OK) {
		say(note, true, "%s answers, but not as Domoticz does: is the url right?",
		    s->conf->url);
		return VERDICT_FOREIGN;
	}
	if (!domoapi_new_enough(a->version)) {
		say(note, true,
		    "%s is Domoticz %.31s: it has to be 2023.2 or newer to be told by "
		    "this way. Bring it up to date",
		    s->conf->url, a->version);
		return VERDICT_FOREIGN;
	}
	if (*a->version != '\0' && strcmp(s->version, a->version) != 0) {
		say(note, false, "%s is Domoticz %.31s", s->conf->url, a->version);
		memcpy(s->version, a->version, sizeof(s->version));
	}
	s->step = STEP_HARDWARE;
	return VERDICT_NONE;
}

/* Its number is of no use any more, and so are those of its devices. */
static void
forget_hardware(struct domosetup *s, uint64_t now)
{
	s->hardware = 0;
	s->looked = true;
	s->looked_ms = now;
	for (size_t i = 0; i < s->nhouses * DOMOSENSORS; i++)
		s->slots[i].idx = 0;
}

/* There is none of ours: it is made, but not again and again. */
static void
no_hardware(struct domosetup *s, uint64_t now, struct domo_note *note)
{
	s->step = STEP_ADD_HARDWARE;
	if (s->adds < DOMOSETUP_TRIES)
		return;
	say(note, true,
	    "%s says that it made the hardware %.60s, and does not list it: make it by "
	    "hand (Setup, Hardware, type Dummy)",
	    s->conf->url, domofind_hardware_name(s));
	forget_hardware(s, now);
	put_off(s, now);
	s->step = STEP_READY;
}

static enum verdict
on_hardware(struct domosetup *s, const struct domo_answer *a, uint64_t now,
    struct domo_note *note)
{
	const struct domo_row *found;

	s->blind = s->all = a->verdict != VERDICT_OK;
	s->step = STEP_DEVICES;
	if (s->blind)
		return VERDICT_OK;
	found = domofind_hardware(s, a, &s->doubtful);
	s->sure = found != NULL;
	s->added = 0;
	if (found == NULL) {
		no_hardware(s, now, note);
		return VERDICT_OK;
	}
	s->hardware_changed |= s->hardware != found->idx;
	s->hardware = found->idx;
	return VERDICT_OK;
}

static enum verdict
on_added(struct domosetup *s, const struct domo_answer *a, uint64_t now,
    struct domo_note *note)
{
	if (a->verdict != VERDICT_OK || a->idx == 0) {
		forget_hardware(s, now);
		not_allowed(s, "its hardware", now, note);
		return VERDICT_OK;
	}
	say(note, false, "made the hardware %.60s (%d) in Domoticz",
	    domofind_hardware_name(s), a->idx);
	s->added = a->idx;
	s->adds++;
	s->step = STEP_HARDWARE;
	return VERDICT_OK;
}

/* True when the hardware holds a sensor that is ours beyond doubt. */
static bool
any_proven(const struct domosetup *s)
{
	for (size_t i = 0; i < s->nhouses * DOMOSENSORS; i++)
		if (s->slots[i].wanted && s->slots[i].proven)
			return true;
	return false;
}

/* A sensor was made and is in no list: it is not made again and again. */
static void
give_up_vain(struct domosetup *s, uint64_t now, struct domo_note *note)
{
	struct domo_slot *slot = &s->slots[s->making];
	char name[DOMOAPI_NAME_MAX + 1];

	if (slot->made < DOMOSETUP_TRIES || slot->idx > 0)
		return;
	domofind_name(s, s->making, name, sizeof(name));
	say(note, true,
	    "%s says that it made the sensor %.60s, and does not list it: may the user "
	    "see all devices? It is tried again in an hour",
	    s->conf->url, name);
	slot->made = 0;
	slot->not_before_ms = now + DOMOSETUP_GIVEN_UP_MS;
}

/* A list of devices has been taken: what is next? */
static void
go_on(struct domosetup *s, uint64_t now, struct domo_note *note)
{
	size_t slot;

	s->step = STEP_READY;
	if (s->doubtful && !any_proven(s)) {
		if (s->blind) {
			forget_hardware(s, now);
			not_allowed(s, "sensors", now, note);
		} else {
			no_hardware(s, now, note);
		}
		return;
	}
	s->doubtful = false;
	give_up_vain(s, now, note);
	if (!missing(s, now, &slot))
		return;
	if (s->blind) {
		not_allowed(s, "sensors", now, note);
	} else if (s->sure) {
		s->making = slot;
		s->step = STEP_CREATE;
	} else {
		s->step = STEP_HARDWARE;
	}
}

static enum verdict
on_devices(struct domosetup *s, const struct domo_answer *a, uint64_t now,
    struct domo_note *note)
{
	if (a->verdict != VERDICT_OK) {
		say(note, true,
		    "%s does not let %.40s see its devices: give this user the rights "
		    "\"User\" (Setup, Users)",
		    s->conf->url, s->conf->user == NULL ? "us" : s->conf->user);
		return VERDICT_DENIED;
	}
	if (!s->sure && !s->all && domofind_strange(s, a)) {
		s->step = STEP_HARDWARE;
		return VERDICT_OK;
	}
	domofind_devices(s, a);
	s->all = false;
	s->looked = true;
	s->looked_ms = now;
	go_on(s, now, note);
	return VERDICT_OK;
}

static enum verdict
on_created(struct domosetup *s, const struct domo_answer *a, uint64_t now,
    struct domo_note *note)
{
	struct domo_slot *slot = &s->slots[s->making];
	char name[DOMOAPI_NAME_MAX + 1];

	if (a->verdict != VERDICT_OK || a->idx == 0) {
		not_allowed(s, "sensors", now, note);
		return VERDICT_OK;
	}
	domofind_name(s, s->making, name, sizeof(name));
	say(note, false, "made the sensor %.100s (%d) in Domoticz", name, a->idx);
	slot->idx = a->idx;
	slot->made++;
	s->houses[s->making / DOMOSENSORS].changed = true;
	s->step = STEP_DEVICES;
	return VERDICT_OK;
}

enum verdict
domosetup_answer(struct domosetup *s, const struct domo_answer *a, uint64_t now,
    struct domo_note *note)
{
	enum verdict verdict = a->verdict;

	if (verdict <= VERDICT_REFUSED)
		switch (s->step) {
		case STEP_VERSION:
			verdict = on_version(s, a, note);
			break;
		case STEP_HARDWARE:
			verdict = on_hardware(s, a, now, note);
			break;
		case STEP_ADD_HARDWARE:
			verdict = on_added(s, a, now, note);
			break;
		case STEP_DEVICES:
			verdict = on_devices(s, a, now, note);
			break;
		case STEP_CREATE:
			verdict = on_created(s, a, now, note);
			break;
		case STEP_READY:
			break;
		}
	if (verdict > VERDICT_REFUSED)
		domosetup_lost(s);
	return verdict;
}
