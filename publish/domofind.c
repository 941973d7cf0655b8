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

const struct domo_row *
domofind_hardware(const struct domosetup *s, const struct domo_answer *a, bool *doubtful)
{
	const char *name = domofind_hardware_name(s);
	const struct domo_row *named = NULL, *numbered = NULL;

	*doubtful = false;
	for (size_t i = 0; i < a->nrows; i++) {
		const struct domo_row *row = &a->rows[i];

		if (row->type != DOMO_DUMMY)
			continue;
		if (row->idx == s->added)
			return row;
		if (strcmp(row->name, name) == 0 &&
		    (named == NULL || row->idx == s->hardware))
			named = row;
		if (row->idx == s->hardware)
			numbered = row;
	}
	*doubtful = named == NULL && numbered != NULL;
	return *doubtful ? numbered : named;
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

/* True when a device has the number of a sensor, and is it. */
static bool
is_by_number(const struct domosetup *s, size_t slot, const struct domo_row *row)
{
	return row->idx == s->slots[slot].idx && row->hardware == s->hardware &&
	       !another_type(slot, row->subtype) && !another_ones(s, slot, row->name);
}

/* True when a device has the name of a sensor, and can be it. */
static bool
is_by_name(const struct domosetup *s, size_t slot, const struct domo_row *row)
{
	char name[DOMOAPI_NAME_MAX + 1];

	domofind_name(s, slot, name, sizeof(name));
	return row->hardware == s->hardware && strcmp(row->name, name) == 0 &&
	       !another_type(slot, row->subtype);
}

/* The device of a sensor by its number, or NULL. */
static const struct domo_row *
numbered(const struct domosetup *s, size_t slot, const struct domo_answer *a)
{
	for (size_t i = 0; s->slots[slot].idx != 0 && i < a->nrows; i++)
		if (is_by_number(s, slot, &a->rows[i]))
			return &a->rows[i];
	return NULL;
}

/* The device of a sensor by its name, the oldest of several, or NULL. */
static const struct domo_row *
named(const struct domosetup *s, size_t slot, const struct domo_answer *a)
{
	const struct domo_row *found = NULL;

	for (size_t i = 0; i < a->nrows; i++)
		if (is_by_name(s, slot, &a->rows[i]) &&
		    (found == NULL || a->rows[i].idx < found->idx))
			found = &a->rows[i];
	return found;
}

/* Without a sight of the hardware: that of our name, by what the devices say of it. */
static void
hardware_of_devices(struct domosetup *s, const struct domo_answer *a)
{
	const char *name = domofind_hardware_name(s);

	s->doubtful = true;
	for (size_t i = 0; s->doubtful && i < a->nrows; i++) {
		const struct domo_row *row = &a->rows[i];

		if (row->type != DOMO_DUMMY || strcmp(row->owner, name) != 0)
			continue;
		s->hardware_changed |= s->hardware != row->hardware;
		s->hardware = row->hardware;
		s->doubtful = false;
	}
}

bool
domofind_strange(const struct domosetup *s, const struct domo_answer *a)
{
	for (size_t i = 0; i < a->nrows; i++)
		if (a->rows[i].hardware == s->hardware && *a->rows[i].owner != '\0' &&
		    strcmp(a->rows[i].owner, s->owner) != 0)
			return true;
	for (size_t i = 0; i < s->nhouses * DOMOSENSORS; i++)
		if (s->slots[i].wanted && s->slots[i].idx != 0 &&
		    numbered(s, i, a) == NULL)
			return true;
	return false;
}

void
domofind_devices(struct domosetup *s, const struct domo_answer *a)
{
	if (s->all)
		hardware_of_devices(s, a);
	for (size_t i = 0; i < a->nrows; i++)
		if (a->rows[i].hardware == s->hardware)
			memcpy(s->owner, a->rows[i].owner, sizeof(s->owner));
	for (size_t i = 0; i < s->nhouses * DOMOSENSORS; i++) {
		struct domo_slot *slot = &s->slots[i];
		const struct domo_row *row;
		int was = slot->idx;

		if (!slot->wanted)
			continue;
		row = numbered(s, i, a);
		slot->proven = row != NULL && is_by_name(s, i, row);
		if (row == NULL)
			row = named(s, i, a);
		slot->idx = row == NULL ? 0 : row->idx;
		if (row != NULL)
			slot->made = 0;
		s->houses[i / DOMOSENSORS].changed |= slot->idx != was;
	}
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
