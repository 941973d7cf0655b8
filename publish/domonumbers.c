/* SPDX-License-Identifier: ISC */
#include "publish/domonumbers.h"
#include "publish/domosensors.h"

/* The UPS that is told: the first one without a name. */
static const struct feed_ups *
its_ups(const struct conf_domoticz *d, const struct feed *f)
{
	if (d->ups != NULL)
		return feed_find(f, d->ups);
	return f->nupses > 0 ? f->upses[0] : NULL;
}

bool
domonumbers_value(
    const struct conf_domoticz *d, const struct feed *f, size_t i, char *text)
{
	const struct conf_sensor *s = &conf_sensors[i];

	return d->idx[i] > 0 && domosensor_number(its_ups(d, f), s->variables,
				    s->decimals, text, DOMONUMBERS_TEXT_MAX + 1);
}

bool
domonumbers_missing(const struct conf_domoticz *d, const struct feed *f)
{
	return f->whole && d->ups != NULL && feed_find(f, d->ups) == NULL;
}
