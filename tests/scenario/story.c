/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>

#include "tests/scenario/house.h"

void
tell(const struct house *h, const char *format, ...)
{
	unsigned long s = h->now_ms / 1000;
	va_list args;

	if (!h->trace)
		return;
	printf("%02lu:%02lu:%02lu.%lu ", s / 3600, s / 60 % 60, s % 60,
	    (unsigned long)(h->now_ms / 100 % 10));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

double
seconds(uint64_t ms)
{
	return (double)ms / 1000.0;
}

const char *
told_words(unsigned words, char *out, size_t size)
{
	static const struct {
		unsigned flag;
		const char *word;
	} table[] = {{SAYS_FSD, "FSD"}, {SAYS_OL, "OL"}, {SAYS_OB, "OB"}, {SAYS_LB, "LB"},
	    {SAYS_TEST, "TEST"}, {SAYS_OFF, "OFF"}};
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (words & table[i].flag)
			len += (size_t)snprintf(out + len, size - len, "%s%s",
			    len > 0 ? " " : "", table[i].word);
	return out;
}

static void
tell_supply(const struct supply *s)
{
	static const char *const quirks[QUIRKS] = {
	    [QUIRK_CAPS] = "caps its delay",
	    [QUIRK_FIXED] = "its delay cannot be set",
	    [QUIRK_IGNORES] = "ignores the order to cut",
	    [QUIRK_NO_CYCLE] = "does not cut while the mains is there",
	    [QUIRK_BLIND] = "comes back without mains",
	    [QUIRK_NO_TIMER] = "its timer cannot be read",
	    [QUIRK_FLASH] = "flags low battery at transfer",
	    [QUIRK_EARLY] = "flags low battery at 60 %",
	    [QUIRK_NEVER] = "never flags low battery",
	    [QUIRK_STUCK] = "its charge is stuck at 100 %",
	    [QUIRK_NO_CHARGE] = "tells no charge",
	    [QUIRK_NO_RUNTIME] = "tells no runtime",
	    [QUIRK_NO_VOLTAGE] = "tells no battery voltage",
	    [QUIRK_NO_INPUT] = "tells no input voltage",
	    [QUIRK_DROPS] = "loses USB at transfer",
	    [QUIRK_DENIES] = "says OL without mains",
	};

	printf("%s: lasts %.0f s", s->name, ups_runtime(&s->ups));
	for (size_t i = 0; i < QUIRKS; i++)
		if (s->quirks[i])
			printf(", %s", quirks[i]);
	printf("\n");
}

static void
tell_plan(const struct policy_plan *p)
{
	static const char *const off[] = {
	    [POLICY_OFF_TIME] = "its time",
	    [POLICY_OFF_LOGOUT] = "logout",
	    [POLICY_OFF_SILENT] = "silence",
	    [POLICY_OFF_PROBE] = "probes",
	};

	printf("; planned: after %.0f s, charge %.0f, runtime %.0f, takes %.0f s, off by "
	       "%s%s",
	    seconds(p->moment.after_ms), p->moment.charge, p->moment.runtime,
	    seconds(p->takes_ms), off[p->off], p->wake ? ", to be woken" : "");
}

static void
tell_machine(const struct house *h, const struct machine *m)
{
	printf("%s: %s on", m->name, m->kind->what);
	for (size_t i = 0; i < m->nfeeds; i++)
		printf(" %s", h->supplies[m->feeds[i]].name);
	if (m->nfeeds == 0)
		printf(" PoE");
	if (m->nfeeds > 1)
		printf(" (needs %u)", m->needs);
	printf(", stops in %.0f s%s", seconds(m->takes_ms),
	    m->auto_on ? ", boots with its supply" : "");
	if (m->plan >= 0)
		tell_plan(&h->plans[m->plan]);
	printf("\n");
}

void
tell_house(const struct house *h)
{
	const struct policy_conf *c = &h->machines[PRIMARY].core->conf;

	if (!h->trace)
		return;
	for (size_t i = 0; i < h->nsupplies; i++)
		tell_supply(&h->supplies[i]);
	for (size_t i = 0; i < h->nmachines; i++)
		tell_machine(h, &h->machines[i]);
	printf("restart at %.0f %%, calm %.0f s, HOSTSYNC %.0f s, FINALDELAY %.0f s\n",
	    c->restart, seconds(c->calm_ms), seconds(c->hostsync_ms),
	    seconds(c->finaldelay_ms));
}
