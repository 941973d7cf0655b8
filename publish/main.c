/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#include "lib/boottime.h"
#include "lib/fdarg.h"
#include "lib/log.h"
#include "lib/sandbox.h"
#include "publish/options.h"

static const struct publisher *const publishers[] = {
    &publisher_domoticz,
    &publisher_notify,
    NULL,
};

/* Waits until something is heard, or for so long. */
static void
rest(const struct link *l, uint64_t ms)
{
	struct pollfd fd = {.fd = link_fd(l), .events = POLLIN};

	if (poll(&fd, 1, ms < INT_MAX ? (int)ms : -1) < 0 && errno != EINTR)
		log_fatal_errno("cannot wait");
}

/* Hears and works in turn, until the wire ends. */
static void
run(const struct options *o, void *self)
{
	const struct publisher *p = o->publisher;
	struct link *l;

	l = link_new(o->queue_fd, &p->heard, self);
	while (link_read(l)) {
		uint64_t wait = p->work(self, l, boottime_ms());

		if (wait > 0)
			rest(l, wait);
	}
	link_free(l);
}

/* Does what the command line says; the exit status. */
static int
act(const struct options *o, const struct holdup_conf *conf)
{
	const struct publisher *p = o->publisher;
	char cause[512] = "";
	void *self = p->begin(conf, o->section, cause, sizeof(cause));
	bool good = true;

	if (self == NULL)
		log_fatal("%s: %s", o->name, cause);
	if (o->test)
		good = p->test(self);
	else
		run(o, self);
	p->end(self);
	return good ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct options options;
	struct holdup_conf conf;
	int status;

	options_read(&options, publishers, argc, argv);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	tzset(); /* its file is out of reach in the sandbox */
	sandbox_enter(SANDBOX_PUBLISHER);
	fdarg_conf(&conf, options.conf_fd);
	status = act(&options, &conf);
	holdup_conf_free(&conf);
	return status;
}
