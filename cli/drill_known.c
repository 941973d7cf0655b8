/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/client.h"
#include "cli/drill_known.h"
#include "cli/target.h"
#include "lib/monitors.h"
#include "lib/paths.h"
#include "lib/state.h"
#include "lib/xmem.h"

#define SELF "127.0.0.1" /* this machine's own login has no connection */

/* A file of NUT_CONFPATH; one that is not there is empty. NULL with the cause. */
static char *
file_read(const char *name, size_t *len, char *cause, size_t size)
{
	char *path = paths_conf(name), *text = conf_slurp(path, len);

	if (text == NULL && errno == ENOENT) {
		text = xstrdup("");
		*len = 0;
	} else if (text == NULL)
		snprintf(cause, size, "cannot read %s: %s%s", path, strerror(errno),
		    errno == EACCES ? " (a drill is for root, or group nut)" : "");
	free(path);
	return text;
}

/* ups.conf, with the sections that MONITOR lines of far UPSes add. */
static int
read_ups(struct drill_known *k, char *cause, size_t size)
{
	struct problems again = {0};
	struct buf all = {0};
	size_t len;
	char *text = file_read("ups.conf", &len, cause, size);

	if (text == NULL)
		return -1;
	ups_conf_read(&k->ups, "ups.conf", text, len, &k->problems);
	conf_machines_check(&k->holdup, &k->ups, "holdup.conf", &k->problems);
	buf_add(&all, text, len);
	monitors_sections(
	    &all, &k->upsmon, &k->ups, k->ups.nupses > 0, "upsmon.conf", &k->problems);
	ups_conf_free(&k->ups);
	ups_conf_read(&k->ups, "ups.conf", buf_str(&all), all.len, &again);
	problems_free(&again);
	buf_free(&all);
	free(text);
	return 0;
}

static int
read_files(struct drill_known *k, char *cause, size_t size)
{
	size_t len;
	char *text;

	if ((text = file_read("upsmon.conf", &len, cause, size)) == NULL)
		return -1;
	upsmon_conf_read(&k->upsmon, "upsmon.conf", text, len, &k->problems);
	free(text);
	if ((text = file_read("holdup.conf", &len, cause, size)) == NULL)
		return -1;
	holdup_conf_read(&k->holdup, "holdup.conf", text, len, &k->problems);
	free(text);
	if ((text = file_read("upsd.users", &len, cause, size)) == NULL)
		return -1;
	users_conf_read(&k->users, "upsd.users", text, len, &k->problems);
	free(text);
	return read_ups(k, cause, size);
}

/* What is being asked of, for the callbacks. */
struct asking {
	struct drill_known *k;
	size_t row;
	bool told; /* a variable at least */
};

/* NAN for what no gauge tells. */
static double
number(const char *text)
{
	char *end;
	double n = strtod(text, &end);

	return end == text || !isfinite(n) || n < 0 ? NAN : n;
}

static void
take_var(void *arg, const struct words *w)
{
	struct asking *a = arg;
	struct drill_ups *u = &a->k->upses[a->row];
	const struct {
		const char *name;
		double *value;
	} values[] = {{"battery.charge", &u->charge},
	    {"battery.charge.low", &u->charge_low}, {"battery.runtime", &u->runtime},
	    {"battery.runtime.low", &u->runtime_low}, {"battery.voltage", &u->voltage},
	    {"ups.delay.shutdown", &u->delay}};

	for (size_t i = 0; w->argc > 3 && i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(w->argv[2], values[i].name) == 0)
			*values[i].value = number(w->argv[3]);
	if (u->runtime == 0) /* as policy has it: that is none */
		u->runtime = NAN;
	a->told = true;
}

static void
take_cmd(void *arg, const struct words *w)
{
	struct asking *a = arg;

	if (w->argc > 2 && strcmp(w->argv[2], "shutdown.return") == 0)
		a->k->upses[a->row].cuts = true;
}

/* RANGE ups var "min" "max" */
static void
take_range(void *arg, const struct words *w)
{
	struct asking *a = arg;

	if (w->argc > 4)
		a->k->upses[a->row].delay_max = number(w->argv[4]);
}

/* A variable that can be set has a range, or any number will do. */
static void
take_rw(void *arg, const struct words *w)
{
	struct asking *a = arg;

	if (w->argc > 2 && strcmp(w->argv[2], "ups.delay.shutdown") == 0)
		a->k->upses[a->row].delay_max = INFINITY;
}

static bool
is_known(
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

static void
add_client(struct drill_known *k, size_t row, const char *address, const char *account,
    enum policy_machine_kind kind)
{
	k->clients = xreallocarray(k->clients, k->nclients + 1, sizeof(*k->clients));
	k->clients[k->nclients++] = (struct drill_client){
	    .row = row,
	    .address = keep(k, address),
	    .account = keep(k, account),
	    .kind = kind,
	};
}

/* READER ups address kind "account" …: a login, or one that shuts down by itself. */
static void
take_reader(void *arg, const struct words *w)
{
	static const struct {
		const char *word;
		enum policy_machine_kind kind;
	} kinds[] = {{"qnap", MACHINE_QNAP}, {"synology", MACHINE_SYNOLOGY},
	    {"winnut", MACHINE_WINNUT}};
	struct asking *a = arg;
	enum policy_machine_kind kind = MACHINE_OTHER;

	/* Without a login, what reads on this machine is a tool of it. */
	if (w->argc < 5 || (monitors_host_is_local(w->argv[2]) && *w->argv[4] == '\0'))
		return;
	for (size_t i = 0; i < 3; i++)
		if (strcmp(w->argv[3], kinds[i].word) == 0)
			kind = kinds[i].kind;
	add_client(a->k, a->row, w->argv[2], w->argv[4],
	    *w->argv[4] != '\0' ? MACHINE_LOGIN : kind);
}

/* CLIENT ups address: a login that no reader row tells of. */
static void
take_login(void *arg, const struct words *w)
{
	struct asking *a = arg;

	if (w->argc > 2 && strcmp(w->argv[2], SELF) != 0 &&
	    !is_known(a->k, a->row, w->argv[2], NULL))
		add_client(a->k, a->row, w->argv[2], "?", MACHINE_LOGIN);
}

/* Everything about one UPS, under its name there; what the server does not tell stays
 * unknown. False when it tells no variable. */
static bool
ask_ups(struct client *c, struct drill_known *k, size_t row, const char *name)
{
	static const struct {
		const char *words[3];
		void (*take)(void *arg, const struct words *w);
	} lists[] = {{{"VAR", NULL, NULL}, take_var}, {{"CMD", NULL, NULL}, take_cmd},
	    {{"RW", NULL, NULL}, take_rw},
	    {{"RANGE", "ups.delay.shutdown", NULL}, take_range},
	    {{"READER", NULL, NULL}, take_reader}, {{"CLIENT", NULL, NULL}, take_login}};
	struct asking a = {k, row, false};
	char cause[CLIENT_CAUSE_MAX];

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		client_arg(c, "LIST");
		client_arg(c, lists[i].words[0]);
		client_arg(c, name);
		if (lists[i].words[1] != NULL)
			client_arg(c, lists[i].words[1]);
		client_list(c, lists[i].take, &a, cause, sizeof(cause));
	}
	return a.told;
}

/* A far UPS, asked of its own server: where there is none here. */
static void
ask_far(struct drill_known *k, size_t row)
{
	char cause[CLIENT_CAUSE_MAX];
	struct client *c = NULL;

	for (size_t i = 0; i < k->policy.nmonitors && c == NULL; i++) {
		const struct conf_monitor *m = &k->upsmon.monitors[i];

		if (k->policy.monitors[i].row != (long)row || !k->policy.monitors[i].far)
			continue;
		c = client_open(m->host, m->port, cause, sizeof(cause));
		if (c != NULL && ask_ups(c, k, row, m->ups))
			k->served = true;
	}
	client_close(c);
}

static void
ask_servers(struct drill_known *k)
{
	char cause[CLIENT_CAUSE_MAX];
	struct target t;
	struct client *c;

	if (target_local(&t, NULL, true) < 0)
		return;
	c = client_open(t.host, t.port, cause, sizeof(cause));
	k->served = c != NULL;
	for (size_t row = 0; row < k->ups.nupses; row++)
		if (c == NULL || !ask_ups(c, k, row, k->ups.upses[row].name))
			ask_far(k, row);
	client_close(c);
	target_free(&t);
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

int
drill_known_read(struct drill_known *k, char *cause, size_t size)
{
	*k = (struct drill_known){0};
	if (read_files(k, cause, size) < 0)
		return -1;
	policy_conf_make(&k->policy, &k->upsmon, &k->ups, &k->holdup);
	k->upses = xcalloc(k->ups.nupses, sizeof(*k->upses));
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
	ask_servers(k);
	return 0;
}

void
drill_known_free(struct drill_known *k)
{
	policy_conf_free(&k->policy);
	upsmon_conf_free(&k->upsmon);
	users_conf_free(&k->users);
	holdup_conf_free(&k->holdup);
	ups_conf_free(&k->ups);
	for (size_t i = 0; i < k->ntexts; i++)
		free(k->texts[i]);
	free(k->texts);
	free(k->clients);
	free(k->upses);
	problems_free(&k->problems);
}
