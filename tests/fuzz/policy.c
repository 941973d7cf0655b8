/* SPDX-License-Identifier: ISC */
/*
 * Anything may happen to a house, in any order: the policy neither crashes nor asks to be
 * called in the past, and what it says names what there is. First a byte for the house,
 * then [event][a][b]…; see happen().
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
#include "lib/monitors.h"
#include "lib/notify.h"
#include "lib/task.h"
#include "lib/xmem.h"

#define BOOT "boot"
#define KINDS (POLICY_FORGET + 1) /* of events; it is the last one */
#define EVENTS_MAX 400
#define CALLS_MAX 30 /* that policy may want at once, one after the other */

enum { SLEEP = 25, KILL, POWER }; /* below, time passes; above, an event happens */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char upses[] = "[one]\ndriver=x\nport=y\n[two]\ndriver=x\nport=y\n";

static const struct {
	const char *monitors, *own;
} houses[] = {
    {"MONITOR one@localhost 1 a b primary\n", ""},
    {"MONITOR one@localhost 1 a b primary\nMONITOR two@localhost 1 a b primary\n"
     "MINSUPPLIES 1\nOVERDURATION 5\nOFFDURATION 0\n",
	"[machine me]\naddress = localhost\nfeeds = one, two\nafter = 60\n"
	"[machine nas]\nlogin = nas\ncharge = 50\nwake = 00:11:22:33:44:55\n"
	"[machine esx]\naddress = 10.0.0.2\nhook = /stop\nfeeds = two\nruntime = 300\n"
	"voltage = 11\ntakes = 30\nboots = 20\nwake-hook = /start\n"},
    {"MONITOR one@10.0.0.9 1 a b secondary\n", ""},
    {"MONITOR one@localhost 0 a b primary\n",
	"[ups one]\nhonest = yes\n[machine nas]\nlogin = nas\nafter = 10\n"},
    {"", "[machine nas]\naddress = 10.0.0.3\nafter = 10\n"},
};

static const char *const statuses[] = {"OL", "OB", "OB LB", "OL LB", "OB LB CAL",
    "OB TEST", "OB LB TEST", "OFF", "OL BYPASS", "OL OVER", "ALARM OL", "FSD OB LB", "",
    "OL CHRG RB", "OB DISCHRG", "LB"};
static const double numbers[] = {
    NAN, 0, 1, 5, 9, 11, 20, 30, 49, 60, 99, 100, 230, 1800, -1, 1e300};
static const char *const addresses[] = {"127.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"};
static const char *const accounts[] = {"nas", "a", "-", "other"};

struct world {
	struct ups_conf upses;
	struct upsmon_conf monitors;
	struct holdup_conf own;
	struct policy_conf conf;
	struct policy *policy;
	void *saved, *memory;
	uint64_t now_ms, next_ms;
	uint32_t key;
	bool ending; /* it is killed after this event: only that block will be read */
};

static void
must(bool good)
{
	if (!good)
		abort();
}

static void
look(struct world *w, const struct policy_action *a)
{
	size_t machine;
	enum task_verb verb;

	must(a->row < w->conf.nupses);
	must(memchr(a->text, '\0', sizeof(a->text)) != NULL);
	switch (a->kind) {
	case POLICY_SAVE:
		if (w->ending)
			policy_save(w->policy, BOOT, w->saved);
		break;
	case POLICY_KEEP:
		policy_remember(w->policy, BOOT, w->memory);
		break;
	case POLICY_VIEW:
		must(a->plan == POLICY_EVERYBODY || (size_t)a->plan < w->conf.nplans);
		break;
	case POLICY_STAND:
		must((size_t)a->plan < w->conf.nplans && a->stand < POLICY_STANDS);
		break;
	case POLICY_TASK:
		must(task_of_row(a->notify, &machine, &verb) && machine < w->conf.nplans);
		w->key = a->id;
		break;
	case POLICY_ESTIMATE:
		must(a->on || (isnan(a->charge) && isnan(a->runtime)));
		must(isnan(a->charge) || isfinite(a->charge));
		must(isnan(a->runtime) || isfinite(a->runtime));
		break;
	default:
		break;
	}
}

static void
step(struct world *w, struct policy_event event)
{
	const struct policy_actions *actions = policy_step(w->policy, &event, w->now_ms);

	for (size_t i = 0; i < actions->count; i++)
		look(w, &actions->list[i]);
	must(actions->next_ms > w->now_ms);
	w->next_ms = actions->next_ms;
}

static void
pass(struct world *w, uint64_t ms)
{
	const uint64_t end = w->now_ms + ms;

	for (int n = 0; n < CALLS_MAX && w->next_ms <= end; n++) {
		w->now_ms = w->next_ms;
		step(w, (struct policy_event){.kind = POLICY_TIME});
	}
	w->now_ms = end > w->now_ms ? end : w->now_ms;
}

/* kill -9, or the power goes: a new process finds what the old one left. */
static void
renew(struct world *w, bool power)
{
	const char *cause;

	policy_free(w->policy);
	w->policy = policy_new(&w->conf, w->now_ms);
	if (!power)
		policy_load(w->policy, BOOT, w->saved, w->now_ms, &cause);
	policy_recall(w->policy, power ? "another" : BOOT, w->memory, w->now_ms, &cause);
	step(w, (struct policy_event){.kind = POLICY_TIME});
}

static void
happen(struct world *w, unsigned what, unsigned a, unsigned b)
{
	struct policy_event e = {
	    .row = a % 2,
	    .session = 1 + a / 2 % 4,
	    .address = addresses[b % 4],
	    .account = accounts[b / 4 % 4],
	    .status = statuses[b % 16],
	    .machine = (enum policy_machine_kind)(b / 16 % 5),
	    .source = (enum feed_source)(b % 3),
	    .logins = (long)(b % 4) - 1,
	    .value = (enum policy_value)(a / 2 % POLICY_VALUES),
	    .number = b < 16 ? numbers[b] : b,
	    .test = (enum policy_test)(b % 3),
	    .key = b % 2 == 0 ? w->key : b,
	    .done = b % 4 == 0,
	    .plan = b % 4,
	};

	if (what < SLEEP) {
		static const uint64_t ms[] = {
		    10, 100, 500, 1000, 2000, 5000, 30000, 90000};

		pass(w, ms[b % 8] * (a % 4 + 1));
	} else if (what == SLEEP)
		w->now_ms += (uint64_t)b * 1000; /* it sleeps */
	else if (what == KILL || what == POWER)
		renew(w, what == POWER);
	else {
		e.kind = (enum policy_event_kind)(what % KINDS);
		step(w, e);
	}
}

/* The files of a house are read once. */
static struct world *
world_of(unsigned house)
{
	static struct world worlds[sizeof(houses) / sizeof(houses[0])];
	const char *monitors = houses[house].monitors, *own = houses[house].own;
	struct world *w = &worlds[house];
	struct problems problems = {0};
	struct buf text = {0};

	if (w->saved != NULL)
		return w;
	buf_puts(&text, upses);
	ups_conf_read(&w->upses, "u", upses, strlen(upses), &problems);
	upsmon_conf_read(&w->monitors, "m", monitors, strlen(monitors), &problems);
	monitors_sections(&text, &w->monitors, &w->upses, true, "m", &problems);
	ups_conf_free(&w->upses);
	ups_conf_read(&w->upses, "u", buf_str(&text), text.len, &problems);
	holdup_conf_read(&w->own, "h", own, strlen(own), &problems);
	problems_free(&problems);
	buf_free(&text);
	policy_conf_make(&w->conf, &w->monitors, &w->upses, &w->own);
	w->saved = xcalloc(1, policy_saved_size());
	w->memory = xcalloc(1, policy_memory_size());
	return w;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world *w;

	if (size < 1)
		return 0;
	w = world_of(data[0] % (sizeof(houses) / sizeof(houses[0])));
	w->now_ms = w->next_ms = 86400000;
	w->key = 0;
	memset(w->saved, 0, policy_saved_size());
	memset(w->memory, 0, policy_memory_size());
	w->policy = policy_new(&w->conf, w->now_ms);
	for (size_t i = 1; i + 2 < size && i < 3 * EVENTS_MAX; i += 3) {
		w->ending = i + 3 < size && (data[i + 3] == KILL || data[i + 3] == POWER);
		happen(w, data[i], data[i + 1], data[i + 2]);
	}
	policy_free(w->policy);
	return 0;
}
