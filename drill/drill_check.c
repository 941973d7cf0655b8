/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drill/drill_known.h"
#include "lib/xmem.h"

/* Adds a sentence. */
static void __attribute__((format(printf, 4, 5)))
add(struct drill_faults *f, int plan, bool grave, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	f->list = xreallocarray(f->list, f->count + 1, sizeof(*f->list));
	f->list[f->count++] = (struct drill_fault){plan, grave, xstrdup(text)};
}

/* The program that a command line begins with cannot be run: why. What a shell makes of
 * anything but a plain path is its business. */
static const char *
cannot_run(
    const struct drill_tries *tries, const char *command, char *program, size_t size)
{
	size_t len = strcspn(command, " \t");

	snprintf(program, size, "%.*s", (int)len, command);
	return tries == NULL || *program != '/' ? NULL : tries->program(program);
}

static void
check_login(const struct drill_known *k, int plan, struct drill_faults *f)
{
	const struct conf_machine *m = &k->holdup.machines[plan];
	const struct conf_user *u = users_conf_find(&k->users, m->login);

	if (u == NULL)
		add(f, plan, true, "upsd.users has no [%s], its login", m->login);
	else if (u->upsmon == USER_UPSMON_NONE)
		add(f, plan, true,
		    "[%s] in upsd.users may not log in: write upsmon secondary",
		    m->login);
}

/* False, with a sentence, when the hook cannot be run. */
static bool
check_hook(const struct drill_tries *tries, int plan, const char *hook, const char *what,
    struct drill_faults *f)
{
	char program[256];
	const char *why =
	    hook == NULL ? NULL : cannot_run(tries, hook, program, sizeof(program));

	if (why != NULL)
		add(f, plan, true, "%s cannot run %s: %s", what, program, why);
	return why == NULL;
}

/* The rehearsal took it for told: it is on, and nobody would tell it. */
static void
is_deaf(struct drill_story *story, struct drill_result *r)
{
	if (r->alive)
		return;
	r->alive = true;
	r->doubtful = false;
	r->told = r->off = r->left = r->charge = NAN;
	snprintf(r->why, sizeof(r->why), "nobody could tell it");
	story->alive++;
}

/* Whether it is on, by asking it. */
static void
check_address(const struct drill_known *k, const struct drill_tries *tries,
    struct drill_story *story, struct drill_result *r, struct drill_faults *f)
{
	const struct conf_machine *m = &k->holdup.machines[r->plan];
	bool up;

	if (tries == NULL || m->address == NULL ||
	    (m->hook == NULL && m->off < CONF_OFF_PING))
		return;
	up = tries->answers(m);
	if (up && !r->there && k->served)
		is_deaf(story, r);
	else if (!up)
		add(f, r->plan, m->hook != NULL, "%s does not answer", m->address);
}

static void
check_machine(const struct drill_known *k, const struct drill_tries *tries,
    struct drill_story *story, struct drill_result *r, struct drill_faults *f)
{
	const struct conf_machine *m = &k->holdup.machines[r->plan];

	if (m->login != NULL)
		check_login(k, r->plan, f);
	if (!check_hook(tries, r->plan, m->hook, "its hook", f) && m->login == NULL)
		is_deaf(story, r);
	check_hook(tries, r->plan, m->wakehook, "its wake-hook", f);
	if (!r->there && k->served)
		add(f, r->plan, true,
		    m->login != NULL ? "it is not logged in now: nobody would tell it"
				     : "it does not read the UPS now: nobody would "
				       "tell it");
	check_address(k, tries, story, r, f);
	if (r->there && r->assumed)
		add(f, r->plan, false, "its section has no takes: %d s are assumed",
		    POLICY_TAKES_MS / 1000);
	for (size_t i = 0; i < m->nfeeds; i++) {
		size_t row = 0;

		while (row < k->ups.nupses &&
		       strcasecmp(k->ups.upses[row].name, m->feeds[i]) != 0)
			row++;
		if (row == k->ups.nupses)
			add(f, r->plan, true, "ups.conf has no [%s], of its feeds",
			    m->feeds[i]);
	}
}

/* Whose stopping time nobody says, and for whom a usual one would be too long. */
static void
check_doubtful(const struct drill_result *r, struct drill_faults *f)
{
	if (r->doubtful)
		add(f, r->plan, true,
		    "%s%snobody says how long it takes to stop, and the output is off "
		    "%.0f s after it was told: write takes = in %s section",
		    r->plan < 0 ? r->name : "", r->plan < 0 ? ": " : "", r->end - r->told,
		    r->plan < 0 ? "a [machine]" : "its");
}

/* The cut that is not ours is not for us to judge. */
static void
check_ups(const struct drill_known *k, size_t row, bool serves, struct drill_faults *f)
{
	const struct drill_ups *u = &k->upses[row];

	if (isnan(u->runtime) && k->served)
		add(f, -1, false, "ups %s tells no runtime: %.0f s at 100 %% are assumed",
		    u->name, DRILL_RUNTIME);
	if (u->theirs && k->upsmon.nmonitors > 0)
		add(f, -1, false,
		    "ups %s: this machine is not its primary, and does not know when "
		    "its output is cut",
		    u->name);
	else if (!u->cuts && k->served && !u->theirs)
		add(f, -1, false,
		    "ups %s takes no shutdown.return: its output stays on until the "
		    "battery is empty, and machines that went off are only woken",
		    u->name);
	else if (isnan(u->delay_max) && k->served && !u->theirs && !serves)
		add(f, -1, false,
		    "ups %s takes no ups.delay.shutdown: only the late hook cuts",
		    u->name);
}

static void
check_problem(const struct problem *p, struct drill_faults *f)
{
	if (p->line > 0)
		add(f, -1, true, "%s:%d: %s", p->file, p->line, p->text);
	else
		add(f, -1, true, "%s: %s", p->file, p->text);
}

void
drill_check(const struct drill_known *k, const struct drill_tries *tries,
    struct drill_story *story, struct drill_faults *faults)
{
	char program[256];
	const char *why;

	if (!k->served)
		add(faults, -1, true,
		    "no server answers on this machine (is holdup running?): nothing is "
		    "known of the UPSes, nor of who is there");
	for (size_t i = 0; i < k->problems.count; i++)
		check_problem(&k->problems.list[i], faults);
	if (k->upsmon.nmonitors == 0)
		add(faults, -1, false,
		    "upsmon.conf has no MONITOR line: this machine is not protected");
	if (k->upsmon.shutdowncmd != NULL &&
	    (why = cannot_run(tries, k->upsmon.shutdowncmd, program, sizeof(program))) !=
		NULL)
		add(faults, -1, true, "SHUTDOWNCMD cannot run %s: %s", program, why);
	for (size_t row = 0; row < k->ups.nupses; row++)
		check_ups(k, row, story->serves, faults);
	for (size_t i = 0; i < story->nresults; i++)
		if (story->results[i].plan >= 0 && !story->results[i].self)
			check_machine(k, tries, story, &story->results[i], faults);
	for (size_t i = 0; i < story->nresults; i++)
		check_doubtful(&story->results[i], faults);
}

void
drill_faults_free(struct drill_faults *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		free(faults->list[i].text);
	free(faults->list);
	*faults = (struct drill_faults){0};
}
