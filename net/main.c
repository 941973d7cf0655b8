/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/fdarg.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sandbox.h"
#include "lib/xmem.h"
#include "net/clients.h"
#include "net/control.h"
#include "net/listener.h"
#include "net/netconf.h"
#include "net/nets.h"
#include "net/signs.h"
#include "net/upstream.h"

/* Descriptors that are not for clients; a reload has listeners twice for a moment. */
#define FILES_KEPT (32 + 2 * NETCTL_LISTENS_MAX)

/* Clients wait in the queue until core has said what there is, but not for ever. */
static const struct timeval first_wait = {.tv_sec = 5};

struct net {
	int debug; /* as the command line says */
	struct netconf *conf;
	struct nets *nets;
	struct clients *clients;
	struct signs *signs;
	struct upstream *upstream;
	struct listener *listener;
	struct control *control;
};

struct options {
	struct netctl given;
	int control; /* -1: none */
	int debug;
};

static void
usage(FILE *to)
{
	fprintf(to, "usage: net [-DV] [-l FD[,FD...]] [-C FD] [-U FD] [-O FD] [-K FD]\n"
		    "           [-T FD] [-A FD]\n"
		    "  -l  listening TCP sockets\n"
		    "  -C  upsd.conf\n"
		    "  -U  upsd.users\n"
		    "  -O  holdup.conf\n"
		    "  -K  control socket: the same anew, while it runs\n"
		    "  -T  certificate and key (CERTFILE)\n"
		    "  -A  authorities of client certificates (CERTPATH)\n"
		    "  -D  say more\n"
		    "  -V  print the version and exit\n"
		    "holdupd starts this program and opens the descriptors for it.\n");
}

/* -l FD[,FD...] */
static void
read_listens(struct netctl *n, const char *text)
{
	for (;;) {
		if (n->nlistens == NETCTL_LISTENS_MAX)
			log_fatal("more than %d listening sockets", NETCTL_LISTENS_MAX);
		n->listens[n->nlistens++] = fdarg(text, &text);
		if (*text == '\0')
			return;
		if (*text++ != ',')
			log_fatal("descriptors are listed as FD,FD");
	}
}

/* The text that an option brings, or NETCTL_TEXTS for another option. */
static enum netctl_text
text_option(int option)
{
	static const char options[NETCTL_TEXTS] = {
	    [NETCTL_UPSD_CONF] = 'C',
	    [NETCTL_UPSD_USERS] = 'U',
	    [NETCTL_HOLDUP_CONF] = 'O',
	    [NETCTL_CERTIFICATE] = 'T',
	    [NETCTL_AUTHORITIES] = 'A',
	};
	enum netctl_text which = 0;

	while (which < NETCTL_TEXTS && options[which] != option)
		which++;
	return which;
}

static void
read_options(struct options *o, int argc, char **argv)
{
	enum netctl_text which;
	int c;

	while ((c = getopt(argc, argv, "A:C:DK:O:T:U:Vhl:")) != -1) {
		if ((which = text_option(c)) < NETCTL_TEXTS) {
			o->given.texts[which] = fdarg(optarg, NULL);
			continue;
		}
		switch (c) {
		case 'D':
			o->debug++;
			break;
		case 'K':
			o->control = fdarg(optarg, NULL);
			break;
		case 'V':
			printf("net (holdup) %s\n", HOLDUP_VERSION);
			exit(0);
		case 'h':
			usage(stdout);
			exit(0);
		case 'l':
			read_listens(&o->given, optarg);
			break;
		default:
			usage(stderr);
			exit(1);
		}
	}
	if (optind < argc || (o->given.nlistens == 0 && o->control < 0)) {
		usage(stderr);
		exit(1);
	}
}

/* Raises the descriptor limit as far as allowed; returns how many clients fit. */
static size_t
room_for_clients(int maxconn)
{
	struct rlimit limit;
	size_t room;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		log_fatal_errno("cannot ask for the descriptor limit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		log_warn_errno("cannot raise the descriptor limit");
	room = limit.rlim_cur > 2 * FILES_KEPT ? limit.rlim_cur - FILES_KEPT : FILES_KEPT;
	return maxconn > 0 && (size_t)maxconn < room ? (size_t)maxconn : room;
}

/* DEBUG_MIN of upsd.conf is the least that is logged. */
static void
log_level(const struct net *net)
{
	int least = net->conf->upsd.debug_min;

	log_init("net", net->debug > least ? net->debug : least);
}

static long
on_request(void *arg, void *who, const struct request *r)
{
	struct net *net = arg;

	return upstream_request(net->upstream, who, r);
}

static void
on_forget(void *arg, const void *who)
{
	struct net *net = arg;

	upstream_forget(net->upstream, who);
}

static const struct clients_ops clients_ops = {on_request, on_forget};

static void
on_changed(void *arg, const struct feed_change *change)
{
	struct net *net = arg;

	clients_changed(net->clients, change);
	if (change->kind == FEED_VAR && strcmp(change->name, "ups.status") == 0)
		signs_change(net->signs);
}

static void
on_replaced(void *arg, const struct feed *now, const struct feed *old)
{
	struct net *net = arg;

	clients_replaced(net->clients, now, old);
	signs_change(net->signs);
	listener_open(net->listener);
}

static void
on_stale(void *arg)
{
	struct net *net = arg;

	clients_stale(net->clients);
}

static void
on_answered(void *arg, void *who, const char *word)
{
	struct net *net = arg;

	clients_answered(net->clients, who, word);
}

static void
on_done(void *arg, unsigned long number, unsigned long status)
{
	struct net *net = arg;

	clients_done(net->clients, number, status);
}

static void
on_undone(void *arg)
{
	struct net *net = arg;

	clients_undone(net->clients);
}

static void
on_ready(void *arg)
{
	struct net *net = arg;

	clients_relogin(net->clients);
}

static const struct upstream_ops upstream_ops = {
    .changed = on_changed,
    .replaced = on_replaced,
    .stale = on_stale,
    .answered = on_answered,
    .done = on_done,
    .undone = on_undone,
    .ready = on_ready,
};

static void
on_first_wait(evutil_socket_t fd, short what, void *arg)
{
	struct net *net = arg;

	listener_open(net->listener);
}

/* A reload: everything anew but the connections. */
static int
on_control(void *arg, struct netctl *n)
{
	struct net *net = arg;
	struct netconf *old = net->conf, *new = netconf_read(n->texts);

	if (!new->whole) {
		netconf_free(new);
		return -1;
	}
	net->conf = new;
	listener_replace(net->listener, n->listens, n->nlistens);
	log_level(net);
	clients_reconfigure(net->clients, new, room_for_clients(new->upsd.maxconn));
	upstream_maxage(net->upstream, new->upsd.maxage);
	netconf_free(old);
	log_debug("reloaded: %zu listening sockets", n->nlistens);
	return 0;
}

static void
on_term(evutil_socket_t fd, short what, void *arg)
{
	event_base_loopbreak(arg);
}

/* Serves until SIGTERM. */
static void
run(struct net *net, const struct options *o)
{
	struct event_base *base = event_base_new();
	char *feed_path = paths_state("holdup.feed"),
	     *req_path = paths_state("holdup.req");
	struct event *term, *wait;

	/* Two: the feed comes before anything else, see upstream.c. */
	event_base_priority_init(base, 2);
	term = evsignal_new(base, SIGTERM, on_term, base);
	wait = event_new(base, -1, 0, on_first_wait, net);
	net->nets = nets_new(base);
	net->clients = clients_new(base, net->conf, nets_list(net->nets),
	    room_for_clients(net->conf->upsd.maxconn), &clients_ops, net);
	net->signs = signs_new(base, net->clients);
	net->listener = listener_new(
	    base, o->given.listens, o->given.nlistens, clients_accept, net->clients);
	net->upstream = upstream_new(
	    base, feed_path, req_path, net->conf->upsd.maxage, &upstream_ops, net);
	net->control = control_new(base, o->control, on_control, net);
	event_add(term, NULL);
	event_add(wait, &first_wait);
	event_base_dispatch(base);

	control_free(net->control);
	signs_free(net->signs);
	clients_free(net->clients);
	listener_free(net->listener);
	upstream_free(net->upstream);
	nets_free(net->nets);
	event_free(term);
	event_free(wait);
	event_base_free(base);
	free(feed_path);
	free(req_path);
}

int
main(int argc, char **argv)
{
	struct options options = {.control = -1};
	struct net net = {0};

	for (size_t i = 0; i < NETCTL_TEXTS; i++)
		options.given.texts[i] = -1;
	log_init("net", 0);
	read_options(&options, argc, argv);
	net.debug = options.debug;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	sandbox_enter(SANDBOX_NET);
	net.conf = netconf_read(options.given.texts);
	netctl_close_texts(&options.given);
	log_level(&net);
	run(&net, &options);
	netconf_free(net.conf);
	return 0;
}
