/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "lib/fdarg.h"
#include "lib/log.h"
#include "lib/netctl.h"
#include "lib/paths.h"
#include "lib/sandbox.h"
#include "net/judge.h"
#include "net/listener.h"
#include "net/nets.h"
#include "net/upstream.h"
#include "web/api.h"
#include "web/drills.h"
#include "web/http.h"
#include "web/past.h"
#include "web/peer.h"
#include "web/push.h"
#include "web/web.h"

#define STREAMS_MAX 1200
#define CORE_MAXAGE_S 15 /* so long the model of a core that is away counts as fresh */

struct options {
	int texts[WEBCONF_TEXTS];
	int listens[NETCTL_LISTENS_MAX];
	size_t nlistens;
	int debug;
};

double
web_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
usage(FILE *to)
{
	fprintf(to,
	    "usage: web [-DV] -l FD[,FD...] [-C FD] [-M FD] [-U FD] [-O FD] [-T FD]\n"
	    "  -l  listening TCP and unix sockets\n"
	    "  -C  ups.conf\n"
	    "  -M  upsmon.conf\n"
	    "  -U  upsd.users\n"
	    "  -O  holdup.conf\n"
	    "  -T  certificate and key\n"
	    "  -D  say more\n"
	    "  -V  print the version and exit\n"
	    "holdupd starts this program and opens the descriptors for it.\n");
}

/* -l FD[,FD...] */
static void
read_listens(struct options *o, const char *text)
{
	for (;;) {
		if (o->nlistens == NETCTL_LISTENS_MAX)
			log_fatal("more than %d listening sockets", NETCTL_LISTENS_MAX);
		o->listens[o->nlistens++] = fdarg(text, &text);
		if (*text == '\0')
			return;
		if (*text++ != ',')
			log_fatal("descriptors are listed as FD,FD");
	}
}

static void
read_options(struct options *o, int argc, char **argv)
{
	static const char letters[WEBCONF_TEXTS + 1] = {
	    [WEBCONF_UPS] = 'C',
	    [WEBCONF_UPSMON] = 'M',
	    [WEBCONF_USERS] = 'U',
	    [WEBCONF_HOLDUP] = 'O',
	    [WEBCONF_CERTIFICATE] = 'T',
	};
	int c;

	while ((c = getopt(argc, argv, "C:DM:O:T:U:Vhl:")) != -1) {
		const char *letter = strchr(letters, c);

		if (letter != NULL) {
			o->texts[letter - letters] = fdarg(optarg, NULL);
			continue;
		}
		switch (c) {
		case 'D':
			o->debug++;
			break;
		case 'V':
			printf("web (holdup) %s\n", HOLDUP_VERSION);
			exit(0);
		case 'h':
			usage(stdout);
			exit(0);
		case 'l':
			read_listens(o, optarg);
			break;
		default:
			usage(stderr);
			exit(1);
		}
	}
	if (optind < argc || o->nlistens == 0) {
		usage(stderr);
		exit(1);
	}
}

static void
on_changed(void *arg, const struct feed_change *change)
{
	struct web *w = arg;

	if (change->ups != NULL)
		house_look_ups(&w->house, change->ups, web_time());
	push_changed(w->push, change);
	if (change->kind == FEED_MACHINE || change->kind == FEED_LOGINS)
		drills_soon(w->drills);
	else
		drills_later(w->drills);
}

static void
on_replaced(void *arg, const struct feed *now, const struct feed *old)
{
	struct web *w = arg;

	house_look(&w->house, now, web_time());
	drills_run(w->drills);
	push_anew(w->push);
}

static void
on_stale(void *arg)
{
	struct web *w = arg;

	w->house.fresh = false;
	push_anew(w->push);
}

/* web logs nobody in: core has nothing to be told again. */
static void
on_ready(void *arg)
{
}

static const struct upstream_ops upstream_ops = {
    .changed = on_changed,
    .replaced = on_replaced,
    .stale = on_stale,
    .answered = api_answered,
    .done = api_done,
    .undone = api_undone,
    .ready = on_ready,
};

static void
on_asked(void *arg, struct call *c)
{
	api_asked(arg, c);
}

static bool
on_many(void *arg, const char *address)
{
	const struct web *w = arg;

	return peer_is_proxy(&w->conf->holdup.web, address);
}

static void
on_came(void *arg, struct call *c, const char *address, bool tls, bool many)
{
	const struct web *w = arg;

	peer_read(c, &w->conf->holdup.web, address, tls);
	c->astray = !many && peer_is_astray(c, address);
}

static const struct http_ops http_ops = {on_asked, on_many, on_came};

/* `listen = lan` keeps others out, whatever address they reach. */
static void
on_accept(void *arg, int fd, const char *address)
{
	static const struct allow near[] = {
	    {.kind = ALLOW_LOCALHOST}, {.kind = ALLOW_LAN}};
	struct web *w = arg;
	const struct allow_nets *nets = nets_list(w->nets);

	if (w->conf->holdup.web.lan && !http_is_local(fd) &&
	    !allow_matches(&near[0], address, nets) &&
	    !allow_matches(&near[1], address, nets)) {
		log_debug("%s is not of this network: turned away", address);
		close(fd);
		return;
	}
	http_accept(w->http, fd, address);
}

static void
on_term(evutil_socket_t fd, short what, void *arg)
{
	event_base_loopbreak(arg);
}

/* Serves until SIGTERM. */
static void
run(struct web *w, const struct options *o)
{
	char *feed_path = paths_state("holdup.feed"),
	     *req_path = paths_state("holdup.req"),
	     *judge_path = paths_state("holdup.judge");
	struct listener *listener;
	struct event *term;

	w->base = event_base_new();
	/* Two: the feed comes before anything else, see net/upstream.c. */
	event_base_priority_init(w->base, 2);
	term = evsignal_new(w->base, SIGTERM, on_term, w->base);
	w->nets = nets_new(w->base);
	w->judge = judge_new(w->base, judge_path, api_judged, w);
	w->streams = streams_new(STREAMS_MAX);
	w->push = push_new(w);
	w->past = past_new(w);
	w->drills = drills_new(w);
	w->http = http_new(w->base, w->conf->certificate, w->conf->base, &http_ops, w);
	w->upstream =
	    upstream_new(w->base, feed_path, req_path, CORE_MAXAGE_S, &upstream_ops, w);
	listener = listener_new(w->base, o->listens, o->nlistens, on_accept, w);
	listener_open(listener);
	event_add(term, NULL);
	event_base_dispatch(w->base);

	listener_free(listener);
	upstream_free(w->upstream);
	http_free(w->http);
	drills_free(w->drills);
	past_free(w->past);
	push_free(w->push);
	streams_free(w->streams);
	judge_free(w->judge);
	nets_free(w->nets);
	house_free(&w->house);
	event_free(term);
	event_base_free(w->base);
	free(feed_path);
	free(req_path);
	free(judge_path);
}

/* A descriptor for each connection. */
static void
raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		log_fatal_errno("cannot ask for the descriptor limit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		log_warn_errno("cannot raise the descriptor limit");
}

int
main(int argc, char **argv)
{
	struct options options = {0};
	struct web web = {0};
	char *folder = paths_memory("history");

	for (size_t i = 0; i < WEBCONF_TEXTS; i++)
		options.texts[i] = -1;
	log_init("web", 0);
	read_options(&options, argc, argv);
	log_init("web", options.debug);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	web.conf = webconf_read(options.texts);
	/* Read while files can be: the zone of the wall clock, a seed for jansson. */
	tzset();
	json_object_seed(0);
	sandbox_enter_folders(SANDBOX_WEB, (const char *const[]){folder, NULL});
	free(folder);
	raise_limit();
	run(&web, &options);
	webconf_free(web.conf);
	return 0;
}
