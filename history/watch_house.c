/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/watch_in.h"
#include "lib/xmem.h"

/* account@address, or the address alone. */
static char *
who_of(const char *account, const char *address)
{
	if (strcmp(account, "-") == 0 || *account == '\0')
		return xstrdup(address);
	return xasprintf("%s@%s", account, address);
}

static void
login(struct watch *w, struct watch_ups *u, const struct feed_login *l)
{
	char *who = who_of(l->account, l->address);

	for (size_t i = 0; i < u->nlogins; i++)
		if (!u->logins[i].here && strcmp(u->logins[i].who, who) == 0) {
			u->logins[i].here = true;
			free(who);
			return;
		}
	u->logins = xreallocarray(u->logins, u->nlogins + 1, sizeof(*u->logins));
	u->logins[u->nlogins++] = (struct watch_login){.who = who, .here = true};
	if (w->seen)
		watch_say(w, u, KIND_LOGIN, who, "%s has logged in.", who);
}

void
watch_logins(struct watch *w, struct watch_ups *u, const struct feed_ups *f)
{
	size_t n = 0;

	for (size_t i = 0; i < u->nlogins; i++)
		u->logins[i].here = false;
	for (size_t i = 0; i < f->nlogins; i++)
		login(w, u, &f->logins[i]);
	/* A new core hears of the sessions again, one after the other. */
	if (w->grace_ms != 0)
		return;
	for (size_t i = 0; i < u->nlogins; i++) {
		if (u->logins[i].here) {
			u->logins[n++] = u->logins[i];
			continue;
		}
		watch_say(w, u, KIND_LOGOUT, u->logins[i].who, "%s has logged out.",
		    u->logins[i].who);
		free(u->logins[i].who);
	}
	u->nlogins = n;
}

void
watch_machines(struct watch *w, const struct feed *f)
{
	for (size_t i = 0; i < f->nmachines; i++) {
		const struct feed_machine *m = &f->machines[i];
		size_t k = 0;

		while (k < w->nmachines && strcmp(w->machines[k].name, m->name) != 0)
			k++;
		if (k < w->nmachines && strcmp(w->machines[k].stand, m->stand) == 0)
			continue;
		if (k == w->nmachines) {
			w->machines =
			    xreallocarray(w->machines, k + 1, sizeof(*w->machines));
			w->machines[w->nmachines++] =
			    (struct watch_machine){xstrdup(m->name), xstrdup(m->stand)};
			/* What is on is nothing new. */
			if (!w->seen || strcmp(m->stand, "on") == 0)
				continue;
		} else {
			free(w->machines[k].stand);
			w->machines[k].stand = xstrdup(m->stand);
		}
		watch_say(w, NULL, KIND_MACHINE, NULL,
		    *m->why == '\0' ? "Machine %s: %s.%s" : "Machine %s: %s (%s).",
		    m->name, m->stand, m->why);
	}
}

/* What came of it, in words. */
static const char *
result_of(int result)
{
	static const char *const results[] = {
	    "done", "the UPS does not know it", "the UPS refuses the value", "it failed"};

	if (result == FEED_DEED_SENT)
		return "sent";
	return result >= 0 && result < 4 ? results[result] : "it failed";
}

static bool
starts_test(const struct feed_deed *d)
{
	return strcmp(d->verb, "INSTCMD") == 0 &&
	       strncmp(d->name, "test.battery.start", 18) == 0 && d->result <= 0;
}

void
watch_deed(struct watch *w, struct watch_ups *u, const struct feed_deed *d)
{
	char *who = strcmp(d->from, "-") == 0 ? xstrdup(d->who) : who_of(d->who, d->from);
	const char *by = strcmp(who, "-") == 0 ? NULL : who;
	const char *result = result_of(d->result);

	/* It is history's own: it has been told where it was found out. */
	if (strcmp(d->verb, FEED_NEWS) == 0) {
		free(who);
		return;
	}
	if (u != NULL && starts_test(d))
		u->order_ms = w->now.boot_ms;
	if (strcmp(d->verb, "INSTCMD") == 0)
		watch_say(w, u, KIND_DEED, by, "Command %s%s%s: %s.", d->name,
		    *d->value == '\0' ? "" : " ", d->value, result);
	else if (strcmp(d->verb, "SET") == 0)
		watch_say(w, u, KIND_DEED, by, "Set %s to \"%s\": %s.", d->name, d->value,
		    result);
	else if (strcmp(d->verb, "FSD") == 0)
		watch_say(w, u, KIND_DEED, by, "Called a forced shutdown: %s.", result);
	else if (strcmp(d->verb, "FORGET") == 0)
		watch_say(
		    w, u, KIND_DEED, by, "Gave up the forced shutdown: %s.", result);
	else if (strcmp(d->name, "-") == 0)
		watch_say(w, u, KIND_DEED, by, "Rehearsed an outage.");
	else
		watch_say(w, u, KIND_DEED, by,
		    "Told machine %s to go down, as a drill: %s.", d->name, result);
	free(who);
}

void
watch_house_free(struct watch *w)
{
	for (size_t i = 0; i < w->nupses; i++) {
		for (size_t k = 0; k < w->upses[i]->nlogins; k++)
			free(w->upses[i]->logins[k].who);
		free(w->upses[i]->logins);
	}
	for (size_t i = 0; i < w->nmachines; i++) {
		free(w->machines[i].name);
		free(w->machines[i].stand);
	}
	free(w->machines);
}
