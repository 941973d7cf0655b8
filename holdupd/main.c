/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "holdupd/background.h"
#include "holdupd/children.h"
#include "holdupd/folder.h"
#include "holdupd/heart.h"
#include "holdupd/hosts.h"
#include "holdupd/listens.h"
#include "holdupd/options.h"
#include "holdupd/pidfile.h"
#include "holdupd/ready.h"
#include "holdupd/reload.h"
#include "holdupd/renew.h"
#include "holdupd/runner.h"
#include "holdupd/setup.h"
#include "holdupd/shutdown.h"
#include "holdupd/sockets.h"
#include "holdupd/taken.h"
#include "holdupd/users.h"
#include "holdupd/watchdog.h"
#include "lib/log.h"
#include "lib/powerflag.h"

struct holdupd {
	struct event_base *base;
	struct options options;
	struct users users;
	struct setup setup;
	struct sockets sockets;
	struct listens *listens, *pages;
	struct hosts *hosts;
	struct renew *renew;
	struct taken *taken;
	struct children *children;
	struct heart *heart;
	struct runner *runner;
	struct shutdown *shutdown;
	struct watchdog *watchdog;
	char *pidfile; /* NULL: none */
	bool stopping;
};

/* What the configuration makes of this machine; false when there is nothing to do. */
static bool
role_say(const struct setup *s)
{
	if (s->mode == NUT_MODE_NONE) {
		log_info("nut.conf says MODE=none: nothing to do "
			 "(MODE=netserver serves the UPS of this machine)");
		return false;
	}
	if (!setup_has_work(s)) {
		log_warn("%snothing to do, for upsmon.conf has no MONITOR line",
		    s->plan.call.role == ROLE_ALL ? "nut.conf says MODE=netclient: "
						  : "");
		return false;
	}
	if (s->upsmon.nmonitors > 0 && shutdown_is_harmless())
		log_info(
		    "in a private folder, in a container and for ordinary users only "
		    "a SHUTDOWNCMD that stands in upsmon.conf is run");
	return true;
}

/* The flag of an earlier outage would cut the power at the next shutdown. */
static void
powerflag_forget(const struct upsmon_conf *conf)
{
	char *path = powerflag_path(conf->powerdownflag);

	if (conf->nmonitors > 0)
		powerflag_clear(path);
	free(path);
}

static int
descriptor(void *arg, struct plan_fd fd)
{
	struct holdupd *d = arg;

	switch (fd.kind) {
	case PLAN_FD_UPS_CONF:
	case PLAN_FD_UPSD_CONF:
	case PLAN_FD_UPSD_USERS:
	case PLAN_FD_UPSMON_CONF:
	case PLAN_FD_HOLDUP_CONF:
	case PLAN_FD_CERTIFICATE:
	case PLAN_FD_AUTHORITIES:
	case PLAN_FD_FAR_CERTIFICATE:
	case PLAN_FD_FAR_AUTHORITIES:
	case PLAN_FD_PAGE_CERTIFICATE:
	case PLAN_FD_MQTT_CERTIFICATE:
	case PLAN_FD_MQTT_AUTHORITIES:
		return d->setup.texts[fd.kind];
	case PLAN_FD_FEED:
		return d->sockets.feed;
	case PLAN_FD_REQUESTS:
		return d->sockets.requests;
	case PLAN_FD_JUDGE:
		return d->sockets.judge;
	case PLAN_FD_STATE:
		return d->sockets.state;
	case PLAN_FD_MEMORY:
		return d->sockets.memory;
	case PLAN_FD_CTL:
		runner_core(d->runner);
		return heart_connect(d->heart);
	case PLAN_FD_RUN:
		return runner_connect(d->runner);
	case PLAN_FD_RENEW:
		return renew_connect(d->renew);
	case PLAN_FD_DRIVER:
		return d->sockets.drivers[fd.index];
	case PLAN_FD_TCP:
		return listens_fd(d->listens, fd.index);
	case PLAN_FD_PAGE:
		return listens_fd(d->pages, fd.index);
	}
	return -1;
}

/* plan_children() puts core first. */
static void
on_heart_failed(void *arg, const char *why)
{
	struct holdupd *d = arg;

	children_kill(d->children, 0, why);
}

static void
on_driver_hangs(void *arg, uint32_t row)
{
	struct holdupd *d = arg;

	for (size_t i = 0; i < d->setup.plan.nchildren; i++)
		if (plan_drives(&d->setup.plan, &d->setup.plan.children[i], (long)row))
			children_silent(d->children, i);
}

static void
on_run(void *arg, uint32_t row, uint32_t id, const char *text)
{
	struct holdupd *d = arg;

	runner_ask(d->runner, row, id, text);
}

static void
on_run_done(void *arg, uint32_t id, int status)
{
	struct holdupd *d = arg;

	heart_done(d->heart, id, status);
}

static void
on_armed(void *arg)
{
	struct holdupd *d = arg;

	children_hurry(d->children, 0);
}

static void
on_shutdown(void *arg, bool cut, bool late)
{
	struct holdupd *d = arg;

	if (late && !shutdown_begun(d->shutdown))
		log_warn("core has let its deadline pass: shutting down without it");
	watchdog_off(d->watchdog);
	shutdown_begin(d->shutdown, &d->setup.upsmon, cut);
}

static const struct heart_ops heart_ops = {
    .failed = on_heart_failed,
    .restart = on_driver_hangs,
    .run = on_run,
    .armed = on_armed,
    .shutdown = on_shutdown,
};

/* What net is told while it runs; on its command line it is told the same. */
static void
on_collect(void *arg, struct netctl *n)
{
	static const enum plan_fd_kind kinds[NETCTL_TEXTS] = {
	    [NETCTL_UPSD_CONF] = PLAN_FD_UPSD_CONF,
	    [NETCTL_UPSD_USERS] = PLAN_FD_UPSD_USERS,
	    [NETCTL_HOLDUP_CONF] = PLAN_FD_HOLDUP_CONF,
	    [NETCTL_CERTIFICATE] = PLAN_FD_CERTIFICATE,
	    [NETCTL_AUTHORITIES] = PLAN_FD_AUTHORITIES,
	};
	struct holdupd *d = arg;

	for (size_t i = 0; i < NETCTL_TEXTS; i++)
		n->texts[i] = d->setup.texts[kinds[i]];
	listens_give(d->listens, n);
}

static void
on_renew_failed(void *arg, const char *why)
{
	struct holdupd *d = arg;

	for (size_t i = 0; i < d->setup.plan.nchildren; i++)
		if (d->setup.plan.children[i].renewable)
			children_kill(d->children, i, why);
}

static const struct renew_ops renew_ops = {
    .collect = on_collect,
    .failed = on_renew_failed,
};

/* A listener has come that could not be opened before. */
static void
on_listens(void *arg)
{
	struct holdupd *d = arg;

	renew_tell(d->renew);
}

/* ... and one of the page, which then starts afresh. */
static void
on_pages(void *arg)
{
	struct holdupd *d = arg;

	for (size_t i = 0; i < d->setup.plan.nchildren; i++)
		if (d->setup.plan.children[i].user == PLAN_USER_WEB)
			children_again(d->children, i);
}

/* A name in LISTEN means something now. */
static void
on_hosts(void *arg)
{
	struct holdupd *d = arg;

	listens_follow(d->listens);
	renew_tell(d->renew);
}

/* Somebody wanted the end: what core knows of an outage ends with it, so that who calls a
 * shutdown off can start us again. Who is killed does not come by here. */
static void
on_all_ended(void *arg)
{
	struct holdupd *d = arg;

	if (ftruncate(d->sockets.state, 0) < 0)
		log_warn_errno("cannot empty the state");
	event_base_loopbreak(d->base);
}

static void
on_stop(evutil_socket_t number, short what, void *arg)
{
	struct holdupd *d = arg;

	d->stopping = true;
	log_info("signal %d: stopping", (int)number);
	children_stop(d->children, on_all_ended, d);
}

static void
on_fsd(evutil_socket_t number, short what, void *arg)
{
	struct holdupd *d = arg;

	log_warn("a forced shutdown is demanded (upsmon -c fsd)");
	heart_fsd(d->heart);
}

static void
on_sleep(evutil_socket_t number, short what, void *arg)
{
	struct holdupd *d = arg;

	log_info("this machine is about to sleep (upsmon -c suspend)");
	heart_sleep(d->heart);
}

/* An outage is carried through with the files that it began with. */
static void
on_reload(evutil_socket_t number, short what, void *arg)
{
	struct holdupd *d = arg;
	const struct reloaded all = {.sockets = &d->sockets,
	    .listens = d->listens,
	    .pages = d->pages,
	    .hosts = d->hosts,
	    .users = &d->users,
	    .children = d->children,
	    .renew = d->renew,
	    .runner = d->runner};

	if (d->stopping)
		return;
	if (heart_armed(d->heart) || shutdown_begun(d->shutdown)) {
		log_warn("reload: not while a shutdown is under way");
		return;
	}
	if (reload(&d->setup, &all, d->options.debug > 0) == 0) {
		role_say(&d->setup);
		taken_follow(d->taken);
	}
}

static void
on_freed(void *arg)
{
	on_reload(SIGHUP, EV_SIGNAL, arg);
}

static void
ready(struct holdupd *d)
{
	char *where = listens_text(d->listens), *page = listens_text(d->pages);

	if (d->setup.mode == NUT_MODE_NETCLIENT)
		log_info("ready: watching %s", d->setup.upses);
	else
		log_info("ready: serving %s on %s", d->setup.upses,
		    where == NULL ? "no address" : where);
	if (page != NULL)
		log_info("the page is on %s (%s)", page,
		    d->setup.plan.page_certificate ? "https" : "http");
	ready_tell("READY=1");
	free(where);
	free(page);
}

/* In the place of upsd a listener that fails is an error, as with upsd. A name may get its
 * address later. */
static void
listeners_judge(const struct holdupd *d)
{
	const struct plan *plan = &d->setup.plan;
	const size_t failed = listens_missing(d->listens), all = plan->nlistens;

	if (d->options.call.role != ROLE_SERVER || plan->nnames > 0)
		return;
	if (all == 0)
		log_fatal("upsd.conf, -4 and -6 leave no address to listen on");
	if (failed > 0 && (failed == all || !d->setup.not_all_listeners))
		log_fatal("%zu of %zu listeners of upsd.conf cannot be opened%s", failed,
		    all,
		    failed == all ? ""
				  : "; ALLOW_NOT_ALL_LISTENERS yes serves with what "
				    "there is");
}

/* Opens what the plan asks for and starts the children. */
static void
start(struct holdupd *d)
{
	sockets_open(&d->sockets, &d->setup.plan, d->users.nut);
	folders_make(&d->setup.plan, &d->users);
	plan_children(&d->setup.plan, d->sockets.driver_ok, d->options.debug > 0);
	d->listens =
	    listens_new(d->base, &d->setup.plan, PLAN_NET, d->users.nut, on_listens, d);
	d->pages =
	    listens_new(d->base, &d->setup.plan, PLAN_WEB, d->users.nut, on_pages, d);
	listeners_judge(d);
	if (d->pidfile != NULL)
		pidfile_write(d->pidfile);
	if (d->options.background)
		background_ready();
	powerflag_forget(&d->setup.upsmon);
	d->heart = heart_new(d->base, &heart_ops, d);
	d->runner = runner_new(d->base, on_run_done, d);
	d->shutdown = shutdown_new(d->base);
	d->watchdog = watchdog_new(d->base);
	d->renew = renew_new(d->base, &renew_ops, d);
	d->children = children_new(d->base, &d->setup.plan, &d->users, descriptor, d);
	d->hosts = hosts_new(
	    d->base, &d->setup.plan, &d->users.list[PLAN_USER_NET], on_hosts, d);
	d->taken = taken_new(d->base, &d->setup.plan, &d->sockets, on_freed, d);
	ready(d);
}

static void
release(struct holdupd *d)
{
	taken_free(d->taken);
	hosts_free(d->hosts);
	children_free(d->children);
	renew_free(d->renew);
	listens_free(d->listens);
	listens_free(d->pages);
	watchdog_free(d->watchdog);
	shutdown_free(d->shutdown);
	runner_free(d->runner);
	heart_free(d->heart);
	if (d->pidfile != NULL)
		pidfile_remove(d->pidfile);
	free(d->pidfile);
	sockets_close(&d->sockets);
	setup_free(&d->setup);
}

int
main(int argc, char **argv)
{
	static const struct {
		int number;
		void (*act)(evutil_socket_t number, short what, void *arg);
	} signals[] = {{SIGTERM, on_stop}, {SIGINT, on_stop}, {SIGHUP, on_reload},
	    {SIGUSR1, on_fsd}, {SIGUSR2, on_sleep}};
	const size_t nsignals = sizeof(signals) / sizeof(*signals);
	struct event *events[sizeof(signals) / sizeof(*signals)];
	struct holdupd d = {0};
	const char *name;

	options_read(&d.options, argc, argv);
	name = role_name(d.options.call.role);
	log_init(name, d.options.debug);
	prctl(PR_SET_NAME, name);
	if (d.options.background)
		background_begin();
	signal(SIGPIPE, SIG_IGN);
	users_find(&d.users, d.options.user);
	setup_read(&d.setup, d.options.call, &d.users.list[PLAN_USER_HOLDUP]);
	if (!role_say(&d.setup)) {
		setup_free(&d.setup);
		if (d.options.call.role != ROLE_ALL)
			return 1;
		/* Who ends without it has failed, to systemd, and is started again. */
		ready_tell("READY=1");
		return 0;
	}
	if (d.options.pidfile)
		d.pidfile = role_pidfile(d.options.call.role);
	users_find_run(&d.users, d.setup.upsmon.run_as_user);
	if (d.setup.plan.nforeigns > 0)
		users_find_driver(&d.users, d.setup.plan.driver_user);
	if ((d.base = event_base_new()) == NULL)
		log_fatal("cannot make an event loop");
	for (size_t i = 0; i < nsignals; i++) {
		events[i] = evsignal_new(d.base, signals[i].number, signals[i].act, &d);
		event_add(events[i], NULL);
	}
	start(&d);
	event_base_dispatch(d.base);

	release(&d);
	for (size_t i = 0; i < nsignals; i++)
		event_free(events[i]);
	event_base_free(d.base);
	return 0;
}
