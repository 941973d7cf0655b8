/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drill/drill_known.h"
#include "lib/monitors.h"
#include "lib/xmem.h"

/* ups.conf, with the sections that MONITOR lines of far UPSes add. */
static void
read_ups(struct drill_known *k, const struct drill_text *t)
{
	struct problems again = {0};
	struct buf all = {0};

	ups_conf_read(&k->ups, "ups.conf", t->text, t->len, &k->problems);
	conf_machines_check(&k->holdup, &k->ups, "holdup.conf", &k->problems);
	buf_add(&all, t->text, t->len);
	monitors_sections(
	    &all, &k->upsmon, &k->ups, k->ups.nupses > 0, "upsmon.conf", &k->problems);
	ups_conf_free(&k->ups);
	ups_conf_read(&k->ups, "ups.conf", buf_str(&all), all.len, &again);
	problems_free(&again);
	buf_free(&all);
}

/* True when this machine orders the cut of the UPS: it is its primary. */
static bool
is_ours(const struct policy_conf *conf, size_t row)
{
	bool ours = false;

	for (size_t i = 0; i < conf->nmonitors; i++) {
		const struct policy_monitor *m = &conf->monitors[i];

		if (m->row == (long)row && m->far && !m->primary)
			return false;
		ours |= m->row == (long)row && m->primary;
	}
	return ours;
}

void
drill_known_read(struct drill_known *k, const struct drill_files *files)
{
	const struct drill_text *u = &files->upsmon, *h = &files->holdup;

	*k = (struct drill_known){0};
	upsmon_conf_read(&k->upsmon, "upsmon.conf", u->text, u->len, &k->problems);
	holdup_conf_read(&k->holdup, "holdup.conf", h->text, h->len, &k->problems);
	users_conf_read(
	    &k->users, "upsd.users", files->users.text, files->users.len, &k->problems);
	read_ups(k, &files->ups);
	policy_conf_make(&k->policy, &k->upsmon, &k->ups, &k->holdup);
	k->upses = xcalloc(k->ups.nupses, sizeof(*k->upses));
	drill_known_forget(k);
}

static void
free_clients(struct drill_known *k)
{
	for (size_t i = 0; i < k->ntexts; i++)
		free(k->texts[i]);
	free(k->texts);
	free(k->clients);
	k->texts = NULL;
	k->clients = NULL;
	k->ntexts = k->nclients = 0;
}

void
drill_known_forget(struct drill_known *k)
{
	free_clients(k);
	k->served = false;
	for (size_t row = 0; row < k->ups.nupses; row++)
		k->upses[row] = (struct drill_ups){.name = k->ups.upses[row].name,
		    .charge = NAN,
		    .charge_low = NAN,
		    .runtime = NAN,
		    .runtime_low = NAN,
		    .voltage = NAN,
		    .delay_max = NAN,
		    .delay = NAN,
		    .theirs = !is_ours(&k->policy, row)};
}

void
drill_known_free(struct drill_known *k)
{
	policy_conf_free(&k->policy);
	upsmon_conf_free(&k->upsmon);
	users_conf_free(&k->users);
	holdup_conf_free(&k->holdup);
	ups_conf_free(&k->ups);
	free_clients(k);
	free(k->upses);
	problems_free(&k->problems);
}

double
drill_known_number(const char *text)
{
	char *end;
	double n = strtod(text, &end);

	return end == text || !isfinite(n) || n < 0 ? NAN : n;
}

void
drill_known_var(struct drill_known *k, size_t row, const char *name, const char *value)
{
	struct drill_ups *u = &k->upses[row];
	const struct {
		const char *name;
		double *value;
	} values[] = {{"battery.charge", &u->charge},
	    {"battery.charge.low", &u->charge_low}, {"battery.runtime", &u->runtime},
	    {"battery.runtime.low", &u->runtime_low}, {"battery.voltage", &u->voltage},
	    {"ups.delay.shutdown", &u->delay}};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(name, values[i].name) == 0)
			*values[i].value = drill_known_number(value);
	if (u->runtime == 0) /* as policy has it: that is none */
		u->runtime = NAN;
}

void
drill_known_cmd(struct drill_known *k, size_t row, const char *name)
{
	if (strcmp(name, "shutdown.return") == 0)
		k->upses[row].cuts = true;
}

/* A variable that can be set has a range, or any number will do. */
void
drill_known_rw(struct drill_known *k, size_t row, const char *name)
{
	drill_known_range(k, row, name, INFINITY);
}

void
drill_known_range(struct drill_known *k, size_t row, const char *name, double max)
{
	if (strcmp(name, "ups.delay.shutdown") == 0)
		k->upses[row].delay_max = max;
}

bool
drill_known_has(
    const struct drill_known *k, size_t row, const char *address, const char *account)
{
	for (size_t i = 0; i < k->nclients; i++)
		if (k->clients[i].row == row &&
		    strcmp(k->clients[i].address, address) == 0 &&
		    (account == NULL || strcmp(k->clients[i].account, account) == 0))
			return true;
	return false;
}

/* A copy that lives as long as what is known. */
static const char *
keep(struct drill_known *k, const char *text)
{
	k->texts = xreallocarray(k->texts, k->ntexts + 1, sizeof(*k->texts));
	return k->texts[k->ntexts++] = xstrdup(text);
}

void
drill_known_client(struct drill_known *k, size_t row, const char *address,
    const char *account, enum policy_machine_kind kind)
{
	k->clients = xreallocarray(k->clients, k->nclients + 1, sizeof(*k->clients));
	k->clients[k->nclients++] = (struct drill_client){
	    .row = row,
	    .address = keep(k, address),
	    .account = keep(k, account),
	    .kind = kind,
	};
}

void
drill_known_reader(
    struct drill_known *k, size_t row, const char *address, const char *kind)
{
	static const struct {
		const char *word;
		enum policy_machine_kind kind;
	} kinds[] = {{"qnap", MACHINE_QNAP}, {"synology", MACHINE_SYNOLOGY},
	    {"winnut", MACHINE_WINNUT}};
	enum policy_machine_kind what = MACHINE_OTHER;

	/* What reads on this machine is a tool of it. */
	if (monitors_host_is_local(address))
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kind, kinds[i].word) == 0)
			what = kinds[i].kind;
	drill_known_client(k, row, address, "", what);
}

struct drill_setting
drill_known_setting(const struct drill_known *k)
{
	return (struct drill_setting){
	    .conf = &k->policy,
	    .upses = k->upses,
	    .clients = k->clients,
	    .nclients = k->nclients,
	};
}
