/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/conf_upsd.h"
#include "lib/conf_users.h"
#include "lib/fdarg.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sandbox.h"
#include "lib/xmem.h"
#include "net/clients.h"
#include "net/listener.h"
#include "net/nets.h"
#include "net/upstream.h"

#define LISTEN_MAX 64 /* listening sockets */
#define FILES_KEPT 32 /* descriptors that are not for clients */

/* Clients wait in the queue until core has said what there is, but not for ever. */
static const struct timeval first_wait = {.tv_sec = 5};

struct net {
	struct upsd_conf conf;
	struct users_conf users;
	struct nets *nets;
	struct clients *clients;
	struct upstream *upstream;
	struct listener *listener;
};

struct options {
	int listens[LISTEN_MAX];
	size_t nlistens;
	int conf_fd, users_fd; /* -1: none */
};

static void
usage(FILE *to)
{
	fprintf(to, "usage: net [-DV] -l FD[,FD...] [-C FD] [-U FD]\n"
		    "  -l  listening TCP sockets\n"
		    "  -C  upsd.conf\n"
		    "  -U  upsd.users\n"
		    "  -D  say more\n"
		    "  -V  print the version and exit\n"
		    "holdupd starts this program and opens the descriptors for it.\n");
}

/* -l FD[,FD...] */
static void
read_listens(struct options *o, const char *text)
{
	for (;;) {
		if (o->nlistens == LISTEN_MAX)
			log_fatal("more than %d listening sockets", LISTEN_MAX);
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
	int c, debug = 0;

	while ((c = getopt(argc, argv, "C:DU:Vhl:")) != -1) {
		switch (c) {
		case 'C':
			o->conf_fd = fdarg(optarg, NULL);
			break;
		case 'D':
			log_init("net", ++debug);
			break;
		case 'U':
			o->users_fd = fdarg(optarg, NULL);
			break;
		case 'V':
			printf("net (holdup) %s\n", HOLDUP_VERSION);
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

/* The text of a configuration file, or NULL without one: its defaults hold then. */
static char *
read_file(int fd, const char *name, size_t *len)
{
	char *text;

	if (fd < 0)
		return NULL;
	text = conf_slurp_fd(fd, len);
	if (text == NULL)
		log_warn_errno("%s cannot be read; going on without it", name);
	return text;
}

/* holdupd has logged what is wrong in a file by itself; what only the two together tell
 * is left to be said here. */
static void
read_conf(struct net *net, const struct options *o)
{
	char *conf_path = paths_conf("upsd.conf"), *users_path = paths_conf("upsd.users");
	struct problems known = {0}, problems = {0};
	size_t conf_len = 0, users_len = 0;
	char *conf = read_file(o->conf_fd, conf_path, &conf_len);
	char *users = read_file(o->users_fd, users_path, &users_len);

	upsd_conf_read(&net->conf, conf_path, conf == NULL ? "" : conf, conf_len, &known);
	users_conf_read(
	    &net->users, users_path, users == NULL ? "" : users, users_len, &known);
	users_conf_acls(&net->users, users_path, &net->conf, &problems);
	problems_each(&problems, log_warn);
	problems_free(&problems);
	problems_free(&known);
	free(conf);
	free(users);
	free(conf_path);
	free(users_path);
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

static int
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
}

static void
on_replaced(void *arg, const struct feed *now, const struct feed *old)
{
	struct net *net = arg;

	clients_replaced(net->clients, now, old);
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
    .ready = on_ready,
};

static void
on_first_wait(evutil_socket_t fd, short what, void *arg)
{
	struct net *net = arg;

	listener_open(net->listener);
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
	net->clients = clients_new(base, &net->users, nets_list(net->nets),
	    room_for_clients(net->conf.maxconn), &clients_ops, net);
	net->listener =
	    listener_new(base, o->listens, o->nlistens, clients_accept, net->clients);
	net->upstream =
	    upstream_new(base, feed_path, req_path, net->conf.maxage, &upstream_ops, net);
	event_add(term, NULL);
	event_add(wait, &first_wait);
	event_base_dispatch(base);

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
	struct options options = {.conf_fd = -1, .users_fd = -1};
	struct net net = {0};

	log_init("net", 0);
	read_options(&options, argc, argv);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	sandbox_enter(SANDBOX_NET);
	read_conf(&net, &options);
	run(&net, &options);
	upsd_conf_free(&net.conf);
	users_conf_free(&net.users);
	return 0;
}
