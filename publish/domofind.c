/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/words.h"
#include "publish/domosetup_in.h"

#define HARDWARE_NAME "UPS"
#define KEY_HARDWARE "hardware"
#define KEY_UPS "ups."

const char *
domofind_hardware_name(const struct domosetup *s)
{
	return s->conf->hardware == NULL ? HARDWARE_NAME : s->conf->hardware;
}

void
domofind_name(const struct domosetup *s, size_t slot, char *name, size_t size)
{
	snprintf(name, size, "%s %s", s->houses[slot / DOMOSENSORS].ups,
	    domosensors[slot % DOMOSENSORS].label);
}

int
domofind_hardware(const struct domosetup *s, const struct domo_answer *a, bool *doubtful)
{
	const char *name = domofind_hardware_name(s);
	int named = 0;

	*doubtful = false;
	for (size_t i = 0; i < a->nrows; i++) {
		const struct domo_row *row = &a->rows[i];

		if (row->type != DOMO_DUMMY)
			continue;
		if (row->idx == s->added) {
			*doubtful = false;
			return row->idx;
		}
		if (strcmp(row->name, name) == 0 &&
		    (named == 0 || row->idx == s->hardware))
			named = row->idx;
		*doubtful |= row->idx == s->hardware;
	}
	*doubtful &= named == 0;
	return *doubtful ? s->hardware : named;
}

/* True when this name is one that we give to another of our sensors. */
static bool
another_ones(const struct domosetup *s, size_t slot, const char *name)
{
	char other[DOMOAPI_NAME_MAX + 1];

	domofind_name(s, slot, other, sizeof(other));
	if (strcmp(name, other) == 0)
		return false;
	for (size_t i = 0; i < s->nhouses * DOMOSENSORS; i++) {
		domofind_name(s, i, other, sizeof(other));
		if (strcmp(name, other) == 0)
			return true;
	}
	return false;
}

/* True when a device is of a type that only others of our sensors have. */
static bool
another_type(size_t slot, const char *subtype)
{
	bool known = false;

	if (strcmp(subtype, domosensors[slot % DOMOSENSORS].subtype) == 0)
		return false;
	for (size_t i = 0; i < DOMOSENSORS; i++)
		known |= strcmp(subtype, domosensors[i].subtype) == 0;
	return known;
}

/* The row of a sensor: by its number, else by its name. */
static const struct domo_row *
row_of(struct domosetup *s, size_t slot, const struct domo_answer *a)
{
	struct domo_slot *is = &s->slots[slot];
	const struct domo_row *named = NULL;
	char name[DOMOAPI_NAME_MAX + 1];

	domofind_name(s, slot, name, sizeof(name));
	is->by_idx = false;
	for (size_t i = 0; i < a->nrows; i++) {
		const struct domo_row *row = &a->rows[i];

		if (row->hardware != s->hardware || another_type(slot, row->subtype))
			continue;
		if (row->idx == is->idx && !another_ones(s, slot, row->name)) {
			is->by_idx = true;
			return row;
		}
		if (strcmp(row->name, name) == 0 &&
		    (named == NULL || row->idx < named->idx))
			named = row;
	}
	return named;
}

/* Without a sight of the hardware: that of our name, by what the devices say of it. */
static void
hardware_of_devices(struct domosetup *s, const struct domo_answer *a)
{
	const char *name = domofind_hardware_name(s);

	for (size_t i = 0; i < a->nrows; i++) {
		const struct domo_row *row = &a->rows[i];

		if (row->type == DOMO_DUMMY && strcmp(row->owner, name) == 0) {
			s->hardware_changed |= s->hardware != row->hardware;
			s->hardware = row->hardware;
			return;
		}
	}
}

bool
domofind_devices(struct domosetup *s, const struct domo_answer *a)
{
	bool gone = false;

	if (s->all)
		hardware_of_devices(s, a);
	for (size_t i = 0; i < s->nhouses * DOMOSENSORS; i++) {
		struct domo_slot *slot = &s->slots[i];
		const struct domo_row *row;
		int was = slot->idx;

		if (!slot->wanted)
			continue;
		row = row_of(s, i, a);
		slot->idx = row == NULL ? 0 : row->idx;
		if (row != NULL)
			slot->made = 0;
		gone |= was != 0 && row == NULL;
		s->houses[i / DOMOSENSORS].changed |= slot->idx != was;
	}
	return gone;
}

/* "charge=12 load=13": words of sensors, and their numbers. */
static void
kept_ups(struct domosetup *s, const char *name, const char *value)
{
	int row = domosetup_ups(s, name);
	struct words w;
	const char *why;

	if (row < 0 || words_split(&w, WORDS_PROTOCOL, value, strlen(value), &why) < 0)
		return;
	for (int i = 0; i < w.argc; i++) {
		char *number = strchr(w.argv[i], '=');

		if (number == NULL)
			continue;
		*number++ = '\0';
		for (size_t k = 0; k < DOMOSENSORS; k++)
			if (strcmp(w.argv[i], domosensors[k].word) == 0)
				s->slots[(size_t)row * DOMOSENSORS + k].idx =
				    (int)strtol(number, NULL, 10);
	}
	s->houses[row].changed = false;
}

void
domosetup_kept(struct domosetup *s, const char *key, const char *value)
{
	if (strcmp(key, KEY_HARDWARE) == 0)
		s->hardware = (int)strtol(value, NULL, 10);
	else if (strncmp(key, KEY_UPS, strlen(KEY_UPS)) == 0)
		kept_ups(s, key + strlen(KEY_UPS), value);
}

bool
domosetup_keep(struct domosetup *s, struct buf *key, struct buf *value)
{
	buf_clear(key);
	buf_clear(value);
	if (s->hardware_changed && s->hardware != 0) {
		buf_puts(key, KEY_HARDWARE);
		buf_printf(value, "%d", s->hardware);
		s->hardware_changed = false;
		return true;
	}
	for (size_t i = 0; i < s->nhouses; i++) {
		if (!s->houses[i].changed)
			continue;
		s->houses[i].changed = false;
		buf_printf(key, KEY_UPS "%s", s->houses[i].ups);
		for (size_t k = 0; k < DOMOSENSORS; k++) {
			int idx = s->slots[i * DOMOSENSORS + k].idx;

			if (idx > 0)
				buf_printf(value, "%s%s=%d", value->len > 0 ? " " : "",
				    domosensors[k].word, idx);
		}
		return true;
	}
	return false;
}
