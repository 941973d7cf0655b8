/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "lib/boottime.h"
#include "lib/fdarg.h"
#include "lib/log.h"
#include "lib/sandbox.h"
#include "mqtt/broker.h"
#include "mqtt/options.h"
#include "mqtt/publisher.h"
#include "mqtt/tls.h"

static const struct publisher *const publishers[] = {
    &publisher_mqtt, &publisher_domoin, NULL};

static volatile sig_atomic_t ended;

static void
on_term(int signal)
{
	ended = 1;
}

/* SIGTERM ends us as it is while nothing has to be said before: looking up a name may take
 * its time. Else it is seen between two waits. */
static void
heed_term(bool connected)
{
	static bool heeded;
	struct sigaction action = {.sa_handler = connected ? on_term : SIG_DFL};
	sigset_t set;

	if (connected == heeded)
		return;
	heeded = connected;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaction(SIGTERM, &action, NULL);
	sigprocmask(connected ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

/* Waits for one of both, or so long, or for SIGTERM. */
static void
rest(struct pollfd fds[2], uint64_t wait_ms)
{
	const struct timespec time = {.tv_sec = (time_t)(wait_ms / 1000),
	    .tv_nsec = (long)(wait_ms % 1000) * 1000000};
	sigset_t none;

	sigemptyset(&none);
	fds[0].revents = fds[1].revents = 0;
	if (ppoll(fds, 2, wait_ms == PUBLISHER_NEVER ? NULL : &time, &none) < 0 &&
	    errno != EINTR)
		log_fatal_errno("cannot wait");
}

/* Until the wire ends, or SIGTERM. */
static void
run(const struct publisher *p, void *arg, struct link *link, struct broker *broker)
{
	struct pollfd fds[2] = {{.fd = link_fd(link), .events = POLLIN}};

	while (!ended) {
		uint64_t wait_ms = broker_step(broker, boottime_ms(), &fds[1]);

		heed_term(broker_connected(broker));
		rest(fds, wait_ms);
		if (fds[0].revents != 0 && !link_read(link))
			return;
		broker_ready(broker, &fds[1]);
	}
}

/* TLS as the options and holdup.conf have it. What cannot be is said, and goes on being said
 * by each broker that does not let us in. */
static struct tls *
tls_of(const struct options *o, const char *section)
{
	size_t authorities_len = 0, own_len = 0;
	char cause[512];
	char *authorities = o->authorities_fd < 0
				? NULL
				: conf_slurp_fd(o->authorities_fd, &authorities_len);
	char *own = o->own_fd < 0 ? NULL : conf_slurp_fd(o->own_fd, &own_len);
	struct tls *tls =
	    tls_new(authorities, authorities_len, own, own_len, cause, sizeof(cause));

	if (tls == NULL)
		log_fatal("%s: %s", section, cause);
	free(authorities);
	free(own);
	return tls;
}

static bool
wants_tls(const struct publisher_target *t)
{
	for (size_t i = 0; i < t->nbrokers; i++)
		if (t->brokers[i].tls)
			return true;
	return false;
}

int
main(int argc, char **argv)
{
	struct publisher_target target;
	struct options options;
	struct holdup_conf conf;
	struct broker *broker;
	struct tls *tls = NULL;
	struct link *link;
	char cause[256];
	void *arg;

	options_read(&options, publishers, argc, argv);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	sandbox_enter(SANDBOX_PUBLISHER);
	fdarg_conf(&conf, options.conf_fd);
	if ((arg = options.publisher->new (&conf, cause, sizeof(cause))) == NULL)
		log_fatal("%s", cause);
	options.publisher->target(arg, &target);
	if (wants_tls(&target))
		tls = tls_of(&options, target.section);
	link = link_new(options.queue_fd, options.publisher->link, arg);
	options.publisher->linked(arg, link);
	broker = broker_new(options.publisher, arg, tls);
	run(options.publisher, arg, link, broker);

	broker_free(broker);
	link_free(link);
	options.publisher->free(arg);
	tls_free(tls);
	holdup_conf_free(&conf);
	return 0;
}
