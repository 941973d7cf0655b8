/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/lookout_in.h"
#include "lib/xmem.h"

void
lookout_clear(struct lookout_data *d)
{
	for (size_t i = 0; i < d->nmachines; i++) {
		free(d->machines[i].name);
		free(d->machines[i].stands);
		free(d->machines[i].why);
	}
	for (size_t i = 0; i < d->noutages; i++) {
		free(d->outages[i].ups);
		free(d->outages[i].kind);
	}
	for (size_t i = 0; i < d->npowers; i++)
		free(d->powers[i].ups);
	for (size_t i = 0; i < d->npasts; i++)
		free(d->pasts[i].ups);
	free(d->machines);
	free(d->outages);
	free(d->powers);
	free(d->pasts);
	*d = (struct lookout_data){0};
}

static char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return xstrdup(text == NULL ? "" : text);
}

static double
number_of(const json_t *value)
{
	return json_is_number(value) ? json_number_value(value) : NAN;
}

static void
add_machine(struct lookout_data *d, struct overview_machine m)
{
	d->machines = xreallocarray(d->machines, d->nmachines + 1, sizeof(*d->machines));
	d->machines[d->nmachines++] = m;
}

/* How a machine of the file stands; NULL: nobody says. */
static const json_t *
stand_of(const json_t *stands, const char *section)
{
	for (size_t i = 0; section != NULL && i < json_array_size(stands); i++) {
		const json_t *row = json_array_get(stands, i);
		const char *name = json_string_value(json_object_get(row, "name"));

		if (name != NULL && strcmp(name, section) == 0)
			return row;
	}
	return NULL;
}

/* One of the rehearsal. */
static void
add_rehearsed(struct lookout_data *d, const json_t *row, const json_t *stand)
{
	add_machine(d, (struct overview_machine){.name = text_of(row, "name"),
			   .stands = text_of(stand, "stands"),
			   .why = text_of(row, "because"),
			   .there = json_is_true(json_object_get(row, "there")),
			   .self = json_is_true(json_object_get(row, "this_machine")),
			   .rehearsed = true,
			   .told = number_of(json_object_get(row, "told_s")),
			   .off = number_of(json_object_get(row, "off_s"))});
}

/* The machines of the rehearsal, or, without one, those of the server's file. */
static void
read_machines(struct lookout_data *d, const json_t *root)
{
	const json_t *stands = json_object_get(root, "stands");
	const json_t *list = json_object_get(json_object_get(root, "drill"), "machines");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i);

		add_rehearsed(d, row,
		    stand_of(stands, json_string_value(json_object_get(row, "section"))));
	}
	for (size_t i = 0; list == NULL && i < json_array_size(stands); i++) {
		const json_t *row = json_array_get(stands, i);

		add_machine(d, (struct overview_machine){.name = text_of(row, "name"),
				   .stands = text_of(row, "stands"),
				   .why = text_of(row, "why"),
				   .told = NAN,
				   .off = NAN});
	}
}

static void
read_outages(struct lookout_data *d, const json_t *root)
{
	const json_t *list = json_object_get(root, "outages");

	d->outages = xcalloc(json_array_size(list) + 1, sizeof(*d->outages));
	for (; d->noutages < json_array_size(list); d->noutages++) {
		const json_t *row = json_array_get(list, d->noutages);

		d->outages[d->noutages] =
		    (struct overview_outage){.ups = text_of(row, "ups"),
			.kind = text_of(row, "kind"),
			.began = json_integer_value(json_object_get(row, "began")),
			.seconds = number_of(json_object_get(row, "seconds")),
			.charge_low = number_of(json_object_get(row, "charge_low")),
			.lasts = json_is_true(json_object_get(row, "lasts"))};
	}
}

static void
read_powers(struct lookout_data *d, const json_t *root)
{
	const json_t *list = json_object_get(root, "powers");

	d->powers = xcalloc(json_array_size(list) + 1, sizeof(*d->powers));
	for (; d->npowers < json_array_size(list); d->npowers++) {
		const json_t *row = json_array_get(list, d->npowers);

		d->powers[d->npowers] =
		    (struct overview_power){.ups = text_of(row, "ups"),
			.outages = number_of(json_object_get(row, "outages")),
			.seconds = number_of(json_object_get(row, "seconds")),
			.sags = number_of(json_object_get(row, "sags")),
			.swells = number_of(json_object_get(row, "swells")),
			.boosts = number_of(json_object_get(row, "boosts")),
			.trims = number_of(json_object_get(row, "trims")),
			.today = number_of(json_object_get(row, "today")),
			.month = number_of(json_object_get(row, "month"))};
	}
}

static void
read_past(struct lookout_past *p, const json_t *lines)
{
	for (size_t line = 0; line < TREND_LINES; line++) {
		const json_t *values = json_array_get(lines, line);
		const size_t n = json_array_size(values);

		for (size_t i = 0; i < TREND_POINTS; i++)
			p->at[line][i] = n == TREND_POINTS
					     ? number_of(json_array_get(values, i))
					     : NAN;
	}
}

static void
read_pasts(struct lookout_data *d, const json_t *root)
{
	json_t *pasts = json_object_get(root, "pasts");

	d->pasts = xcalloc(json_object_size(pasts) + 1, sizeof(*d->pasts));
	for (void *i = json_object_iter(pasts); i != NULL;
	     i = json_object_iter_next(pasts, i)) {
		struct lookout_past *p = &d->pasts[d->npasts++];

		p->ups = xstrdup(json_object_iter_key(i));
		read_past(p, json_object_iter_value(i));
	}
}

void
lookout_read(struct lookout_data *d, const char *text, size_t len)
{
	json_t *root = json_loadb(text, len, 0, NULL);

	if (!json_is_object(root)) {
		json_decref(root);
		return;
	}
	lookout_clear(d);
	read_machines(d, root);
	read_outages(d, root);
	read_powers(d, root);
	read_pasts(d, root);
	json_decref(root);
}
