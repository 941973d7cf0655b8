/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "lib/log.h"
#include "lib/xmem.h"
#include "mqtt/client_id.h"
#include "mqtt/publisher.h"
#include "publish/domonumbers.h"
#include "publish/schedule.h"

/*
 * [domoticz] with a broker: Domoticz's "MQTT Client Gateway" takes values of sensors whose
 * numbers it is told; it makes none, and answers nothing. What it was told while it was away
 * is lost, so all is told again every five minutes, and after each connection of ours.
 */

#define PREFIX "domoticz" /* of its topics, as it is installed */

struct domoin {
	const struct conf_domoticz *conf;
	struct schedule schedule;
	struct buf topic, payload; /* of the message that is being sent */
	bool missing;              /* that the UPS is not there has been logged */
};

static void *
domoin_new(const struct holdup_conf *conf, char *cause, size_t size)
{
	struct domoin *d;

	if (!conf->domoticz.wanted || conf->domoticz.broker.host == NULL) {
		snprintf(cause, size, "holdup.conf asks for no Domoticz by MQTT");
		return NULL;
	}
	d = xcalloc(1, sizeof(*d));
	d->conf = &conf->domoticz;
	schedule_grow(&d->schedule, CONF_SENSORS);
	buf_printf(
	    &d->topic, "%s/in", d->conf->prefix == NULL ? PREFIX : d->conf->prefix);
	return d;
}

static void
domoin_free(void *arg)
{
	struct domoin *d = arg;

	schedule_free(&d->schedule);
	buf_free(&d->topic);
	buf_free(&d->payload);
	free(d);
}

static void
domoin_target(void *arg, struct publisher_target *t)
{
	const struct domoin *d = arg;

	*t = (struct publisher_target){.section = "[domoticz]",
	    .brokers = &d->conf->broker,
	    .nbrokers = 1,
	    .user = d->conf->user,
	    .password = d->conf->password};
	client_id(t->id, sizeof(t->id), "domoticz");
}

static void
domoin_linked(void *arg, struct link *l)
{
}

static void
on_changed(void *arg, const struct feed *f, const struct feed_change *c)
{
	struct domoin *d = arg;
	bool missing = domonumbers_missing(d->conf, f);

	for (size_t i = 0; i < CONF_SENSORS; i++) {
		char text[DOMONUMBERS_TEXT_MAX + 1];

		schedule_set(
		    &d->schedule, i, domonumbers_value(d->conf, f, i, text) ? text : "");
	}
	if (missing && !d->missing)
		log_warn("domoticz: no UPS is named %s: correct ups = in [domoticz] of "
			 "holdup.conf",
		    d->conf->ups);
	d->missing = missing;
}

static void
domoin_connected(void *arg, struct broker *b, bool session)
{
	struct domoin *d = arg;

	for (size_t i = 0; i < CONF_SENSORS; i++)
		schedule_forget(&d->schedule, i);
}

static void
domoin_lost(void *arg)
{
}

static uint64_t
domoin_next(void *arg, uint64_t now_ms, struct publisher_message *m)
{
	struct domoin *d = arg;
	uint64_t wait_ms;
	size_t i;

	if ((wait_ms = schedule_wait(&d->schedule, now_ms, &i)) > 0)
		return wait_ms;
	buf_clear(&d->payload);
	/* The text is a number: it needs no quoting. */
	buf_printf(&d->payload,
	    "{\"command\":\"udevice\",\"idx\":%d,\"nvalue\":0,\"svalue\":\"%s\"}",
	    d->conf->idx[i], d->schedule.items[i].text);
	schedule_done(&d->schedule, i, VERDICT_OK, now_ms);
	*m = (struct publisher_message){.topic = buf_str(&d->topic),
	    .payload = buf_str(&d->payload),
	    .len = d->payload.len};
	return 0;
}

static const struct link_ops domoin_link = {.changed = on_changed};

const struct publisher publisher_domoin = {
    .name = "domoticz",
    .new = domoin_new,
    .free = domoin_free,
    .target = domoin_target,
    .link = &domoin_link,
    .linked = domoin_linked,
    .connected = domoin_connected,
    .lost = domoin_lost,
    .next = domoin_next,
};
