/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "core/check.h"
#include "core/hub_in.h"
#include "core/readers.h"
#include "core/values.h"
#include "lib/boottime.h"
#include "lib/buf.h"
#include "lib/drivers.h"
#include "lib/dserver.h"
#include "lib/log.h"
#include "lib/monitors.h"
#include "lib/state.h"
#include "lib/xmem.h"

void
hub_change(struct hub *h, const struct feed_ups *u, const char *line)
{
	feedout_change(h->out, u->name, line, strlen(line));
}

/* Asks policy what an event means, and does it. */
static void
happened(struct hub *h, const struct policy_event *event)
{
	const struct policy_actions *actions =
	    policy_step(h->policy, event, boottime_ms());
	struct timeval left;

	for (size_t i = 0; i < actions->count; i++)
		deed_do(h, &actions->list[i]);
	left = boottime_until(actions->next_ms);
	event_add(h->tick, &left);
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	readers_look(arg);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	const struct policy_event event = {.kind = POLICY_TIME};

	happened(arg, &event);
}

/* Policy hears of a text only when it is another one; of the status last. */
static void
texts_changed(struct hub_ups *hu)
{
	static const struct {
		const char *var, *before; /* before: its name while it was new */
		enum policy_event_kind kind;
	} texts[HUB_TEXTS] = {
	    [HUB_ALARM] = {"ups.alarm", NULL, POLICY_ALARM},
	    [HUB_MODE] = {"ups.mode.buzzwords", "experimental.ups.mode.buzzwords",
		POLICY_MODE},
	    [HUB_STATUS] = {"ups.status", NULL, POLICY_STATUS},
	};

	for (size_t i = 0; i < HUB_TEXTS; i++) {
		const char *text = state_get(hu->model->state, texts[i].var);
		struct policy_event event = {.kind = texts[i].kind, .row = hu->row};

		if (text == NULL && texts[i].before != NULL)
			text = state_get(hu->model->state, texts[i].before);
		if (text == hu->texts[i] || (text != NULL && hu->texts[i] != NULL &&
						strcmp(text, hu->texts[i]) == 0))
			continue;
		free(hu->texts[i]);
		hu->texts[i] = text == NULL ? NULL : xstrdup(text);
		event.status = hu->texts[i];
		happened(hu->hub, &event);
	}
}

/* So it hears how many the server of a far UPS counts. */
static void
logins_changed(struct hub_ups *hu)
{
	const char *text = state_get(hu->model->state, "driver.numlogins");
	long logins = text == NULL ? -1 : strtol(text, NULL, 10);
	const struct policy_event event = {
	    .kind = POLICY_LOGINS, .row = hu->row, .logins = logins};

	if (logins == hu->logins)
		return;
	hu->logins = logins;
	happened(hu->hub, &event);
}

/* ... and of a number. */
static void
value_changed(struct hub_ups *hu, enum policy_value value)
{
	const struct policy_event event = {.kind = POLICY_VALUE,
	    .row = hu->row,
	    .value = value,
	    .number = values_read(hu->model->state, value)};
	const double known = hu->values[value];

	if (event.number == known || (isnan(event.number) && isnan(known)))
		return;
	hu->values[value] = event.number;
	happened(hu->hub, &event);
}

/* Tells the feed a variable that no line of the driver has told. */
static void
tell_var(struct hub *h, const struct feed_ups *u, const char *name)
{
	const char *text = state_get(u->state, name);
	struct buf line = {0};

	buf_printf(&line, "%s %s", text == NULL ? "DELINFO" : "SETINFO", name);
	if (text != NULL) {
		buf_puts(&line, " ");
		buf_quoted(&line, text);
	}
	hub_change(h, u, buf_str(&line));
	buf_free(&line);
}

/* Only what the line names: the others may be estimates of ours. Numbers come first: a
 * status is judged by them. */
static void
on_changed(void *arg, const char *line, size_t len)
{
	struct hub_ups *hu = arg;
	const char *learned;

	for (enum policy_value v = 0; v < POLICY_VALUES; v++)
		if (values_named(v, line, len))
			value_changed(hu, v);
	feedout_change(hu->hub->out, hu->model->name, line, len);
	learned = learned_own(&hu->learned, hu->model->state, line, len);
	if (learned != NULL)
		tell_var(hu->hub, hu->model, learned);
	texts_changed(hu);
	logins_changed(hu);
}

static void
on_dumped(void *arg, struct state *dump)
{
	struct hub_ups *hu = arg;

	learned_lay(&hu->learned, dump);
}

static void
on_tracked(void *arg, unsigned long number, unsigned long status)
{
	struct hub_ups *hu = arg;

	if (!deed_tracked(hu, number, status) && hu->hub->tracked != NULL)
		hu->hub->tracked(hu->hub->tracked_arg, hu->model, number, status);
}

void
hub_show_source(struct hub *h, struct hub_ups *hu)
{
	enum feed_source source = hu->estimated ? FEED_OK : hu->source_is;

	if (hu->model->source == source)
		return;
	hu->model->source = source;
	hub_change(h, hu->model, feed_source_word(source));
}

static void
on_moved(void *arg, enum feed_source source)
{
	struct hub_ups *hu = arg;
	const struct policy_event event = {
	    .kind = POLICY_SOURCE, .row = hu->row, .source = source};

	hu->source_is = source;
	if (source == FEED_LOST)
		on_tracked(hu, 0, DSERVER_FAILED);
	/* What is bad is shown when policy does not have it estimated. */
	if (source == FEED_OK)
		hub_show_source(hu->hub, hu);
	happened(hu->hub, &event);
	hub_show_source(hu->hub, hu);
}

static void
on_read(void *arg)
{
	struct hub_ups *hu = arg;
	const struct policy_event event = {.kind = POLICY_READ, .row = hu->row};

	deed_far_fsd(hu->hub, hu->row);
	deed_far_leave(hu->hub, hu->row);
	/* Whatever this process has not heard of is not there. */
	for (enum policy_value v = 0; v < POLICY_VALUES && hu->unheard; v++)
		happened(hu->hub, &(struct policy_event){.kind = POLICY_VALUE,
				      .row = hu->row,
				      .value = v,
				      .number = hu->values[v]});
	hu->unheard = false;
	happened(hu->hub, &event);
}

static void
on_silent(void *arg)
{
	struct hub_ups *hu = arg;
	const struct policy_event event = {.kind = POLICY_SILENT, .row = hu->row};

	happened(hu->hub, &event);
}

static const struct source_ops hub_source = {
    .changed = on_changed,
    .dumped = on_dumped,
    .moved = on_moved,
    .read = on_read,
    .tracked = on_tracked,
    .silent = on_silent,
};

/* A section becomes a UPS that waits for its driver. holdupd has logged what is wrong
 * with those that cannot. */
static void
ups_start(struct hub *h, struct hub_ups *hu, const struct conf_ups *c,
    const struct hub_options *o, struct event_base *base)
{
	const char *driver = conf_ups_get(c, "driver"), *desc = conf_ups_get(c, "desc");
	long silence = SOURCE_SILENCE_MS;

	if (driver == NULL || !state_name_ok(driver) || strchr(driver, '/') != NULL ||
	    feed_find(&h->feed, c->name) != NULL)
		return;
	if (h->feed.nupses == FEED_UPSES_MAX) {
		log_warn("ups %s: more than %d UPSes: left out", c->name, FEED_UPSES_MAX);
		return;
	}
	hu->model =
	    feed_add(&h->feed, c->name, desc == NULL ? "Description unavailable" : desc);
	if (drivers_own(driver) == NULL && o->maxage_ms > silence)
		silence = o->maxage_ms;
	hu->source = source_new(base, c->name, driver, o->drivers, silence,
	    hu->model->state, &hub_source, hu);
}

struct hub *
hub_new(struct event_base *base, const struct hub_options *o)
{
	const struct policy_event begin = {.kind = POLICY_TIME};
	const struct timeval look = {.tv_sec = READERS_LOOK_MS / 1000};
	struct hub *h = xcalloc(1, sizeof(*h));

	h->ctl_fd = o->ctl_fd;
	h->nupses = o->upses->nupses;
	h->upses = xcalloc(h->nupses, sizeof(*h->upses));
	h->monitors = o->monitors;
	h->tick = evtimer_new(base, on_tick, h);
	policy_conf_make(&h->conf, o->monitors, o->upses, o->own);
	h->conf.harmless = o->harmless;
	h->conf.serves_only = o->serves_only;
	for (size_t i = 0; i < h->conf.nplans; i++) {
		char *why = policy_plan_text(&h->conf.plans[i]);

		feed_machine_set(
		    &h->feed, h->conf.plans[i].name, policy_stands[STAND_ON], why);
		free(why);
	}
	h->policy = policy_new(&h->conf, boottime_ms());
	h->keep = keep_new(&keep_state, o->state_fd, NULL);
	keep_load(h->keep, h->policy);
	h->memory = keep_new(&keep_memory, o->memory_fd, o->scribe);
	keep_load(h->memory, h->policy);
	h->out = feedout_new(base, o->feed_fd, &h->feed);
	for (size_t i = 0; i < h->nupses; i++) {
		h->upses[i].hub = h;
		h->upses[i].row = i;
		h->upses[i].logins = -1;
		h->upses[i].unheard = true;
		for (enum policy_value v = 0; v < POLICY_VALUES; v++)
			h->upses[i].values[v] = NAN;
		ups_start(h, &h->upses[i], &o->upses->upses[i], o, base);
	}
	h->look = event_new(base, -1, EV_PERSIST, on_look, h);
	event_add(h->look, &look);
	happened(h, &begin);
	return h;
}

void
hub_free(struct hub *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < h->nupses; i++) {
		source_free(h->upses[i].source);
		learned_clear(&h->upses[i].learned);
		for (size_t k = 0; k < HUB_TEXTS; k++)
			free(h->upses[i].texts[k]);
	}
	feedout_free(h->out);
	policy_free(h->policy);
	policy_conf_free(&h->conf);
	keep_free(h->keep);
	keep_free(h->memory);
	event_free(h->tick);
	event_free(h->look);
	feed_clear(&h->feed);
	free(h->upses);
	free(h);
}

void
hub_tracked_to(struct hub *h,
    void (*tracked)(
	void *arg, const struct feed_ups *u, unsigned long number, unsigned long status),
    void *arg)
{
	h->tracked = tracked;
	h->tracked_arg = arg;
}

struct feed_ups *
hub_find(const struct hub *h, const char *name)
{
	return feed_find(&h->feed, name);
}

/* The hub's side of a model entry; every entry has one. */
static struct hub_ups *
side_of(struct hub *h, const struct feed_ups *u)
{
	size_t i = 0;

	while (h->upses[i].model != u)
		i++;
	return &h->upses[i];
}

unsigned long
hub_count_in(struct hub *h, struct feed_ups *u, const char *account, const char *address)
{
	struct buf line = {0};
	unsigned long session;

	if (u->nlogins == FEED_LOGINS_MAX)
		return 0;
	session = ++h->last_session;
	feed_login_add(u, session, address, account);
	buf_printf(&line, "LOGIN %lu ", session);
	buf_quoted(&line, address);
	buf_puts(&line, " ");
	buf_quoted(&line, account);
	hub_change(h, u, buf_str(&line));
	buf_free(&line);
	return session;
}

bool
hub_count_out(struct hub *h, struct feed_ups *u, unsigned long session)
{
	struct buf line = {0};

	if (!feed_login_del(u, session))
		return false;
	buf_printf(&line, "LOGOUT %lu", session);
	hub_change(h, u, buf_str(&line));
	buf_free(&line);
	return true;
}

unsigned long
hub_login(struct hub *h, struct feed_ups *u, const char *account, const char *address)
{
	unsigned long session = hub_count_in(h, u, account, address);
	const struct policy_event event = {.kind = POLICY_LOGIN,
	    .row = side_of(h, u)->row,
	    .session = session,
	    .account = account,
	    .address = address};

	if (session != 0) {
		readers_login(h, u, address);
		happened(h, &event);
	}
	return session;
}

void
hub_logout(struct hub *h, struct feed_ups *u, unsigned long session, bool broke)
{
	const struct policy_event event = {
	    .kind = broke ? POLICY_BROKEN : POLICY_LOGOUT,
	    .row = side_of(h, u)->row,
	    .session = session,
	};

	if (hub_count_out(h, u, session))
		happened(h, &event);
}

void
hub_left(struct hub *h, struct feed_ups *u, const char *account, const char *address,
    uint64_t ago_ms)
{
	const struct policy_event event = {.kind = POLICY_LOGOUT,
	    .row = side_of(h, u)->row,
	    .account = account,
	    .address = address,
	    .ago_ms = ago_ms};

	happened(h, &event);
}

void
hub_primary(struct hub *h, struct feed_ups *u, unsigned long session, const char *address)
{
	const struct policy_event event = {
	    .kind = POLICY_PRIMARY, .row = side_of(h, u)->row, .session = session};

	if (monitors_host_is_local(address))
		happened(h, &event);
}

void
hub_seen(struct hub *h, struct feed_ups *u, const char *kind, const char *address)
{
	static const struct {
		const char *word;
		enum policy_machine_kind machine;
	} kinds[] = {{"qnap", MACHINE_QNAP}, {"synology", MACHINE_SYNOLOGY},
	    {"winnut", MACHINE_WINNUT}, {"other", MACHINE_OTHER}};
	struct policy_event event = {
	    .kind = POLICY_SEEN, .row = side_of(h, u)->row, .address = address};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kind, kinds[i].word) == 0) {
			event.machine = kinds[i].machine;
			happened(h, &event);
			readers_seen(h, u, kind, address);
		}
}

void
hub_fsd(struct hub *h, struct feed_ups *u)
{
	const struct policy_event event = {.kind = POLICY_FSD, .row = side_of(h, u)->row};

	happened(h, &event);
}

void
hub_fsd_all(struct hub *h)
{
	const struct policy_event event = {.kind = POLICY_FSD_ALL};

	log_warn("upsmon -c fsd: forced shutdown of all that feeds this machine");
	happened(h, &event);
}

void
hub_sleep(struct hub *h)
{
	const struct policy_event event = {.kind = POLICY_SLEEP};

	happened(h, &event);
}

bool
hub_drill(struct hub *h, const char *machine)
{
	struct policy_event event = {.kind = POLICY_DRILL};

	while (event.plan < h->conf.nplans &&
	       strcmp(h->conf.plans[event.plan].name, machine) != 0)
		event.plan++;
	if (event.plan == h->conf.nplans)
		return false;
	log_warn("drill: machine %s is to go down now", machine);
	happened(h, &event);
	return true;
}

bool
hub_forget(struct hub *h, struct feed_ups *u)
{
	const struct policy_event event = {
	    .kind = POLICY_FORGET, .row = side_of(h, u)->row};

	happened(h, &event);
	return !policy_goes_down(h->policy);
}

void
hub_learned(struct hub *h, struct feed_ups *u, const char *name, const char *value)
{
	const char *changed = learned_say(&side_of(h, u)->learned, u->state, name, value);

	if (changed != NULL)
		tell_var(h, u, changed);
}

void
hub_done(struct hub *h, uint32_t id, int status)
{
	const struct policy_event event = {
	    .kind = POLICY_DONE, .key = id, .done = status};

	if (status != 0 && !(id & POLICY_KEY_TASK))
		log_warn("notification %lu failed: %s %d", (unsigned long)id,
		    WIFSIGNALED(status) ? "signal" : "exit status",
		    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	happened(h, &event);
}

/* As upsd does, nothing is asked of a driver that has no device. */
static const char *
check_source(const struct hub_ups *hu)
{
	static const char *const words[] = {
	    [FEED_LOST] = "DRIVER-NOT-CONNECTED",
	    [FEED_STALE] = "DATA-STALE",
	    [FEED_OK] = NULL,
	};

	return words[hu->source_is];
}

const char *
hub_instcmd(struct hub *h, struct feed_ups *u, const char *cmd, const char *value,
    unsigned long number)
{
	struct policy_event event = {.kind = POLICY_TEST};
	const char *word = check_source(side_of(h, u));

	if (word == NULL)
		word = check_instcmd(u->state, cmd);
	if (word != NULL)
		return word;
	event.row = side_of(h, u)->row;
	if (values_test(cmd, &event.test))
		happened(h, &event);
	source_instcmd(side_of(h, u)->source, cmd, value, number);
	return NULL;
}

const char *
hub_set(struct hub *h, struct feed_ups *u, const char *var, const char *value,
    unsigned long number)
{
	const char *word = check_source(side_of(h, u));

	if (word == NULL)
		word = check_set(u->state, var, value);
	if (word == NULL)
		source_set(side_of(h, u)->source, var, value, number);
	return word;
}

bool
hub_tells(const struct feed_ups *u)
{
	const char *version = state_get(u->state, "driver.version");
	int major, minor;

	if (version == NULL)
		return false;
	return strcmp(version, HOLDUP_VERSION) == 0 ||
	       (sscanf(version, "%d.%d", &major, &minor) == 2 &&
		   (major > 2 || (major == 2 && minor >= 8)));
}

void
hub_deed(struct hub *h, const struct feed_ups *u, const struct feed_deed *d)
{
	struct buf line = {0};

	feed_deed_line(&line, d);
	feedout_change(h->out, u == NULL ? "*" : u->name, buf_str(&line), line.len);
	buf_free(&line);
}
