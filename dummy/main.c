/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "dummy/cloned.h"
#include "dummy/entry.h"
#include "dummy/filed.h"
#include "lib/dserver.h"
#include "lib/fdarg.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sandbox.h"
#include "lib/sock.h"
#include "lib/xmem.h"
#include "remote/follow.h"

struct arguments {
	const char *ups; /* NULL: the sockets say which */
	int conf_fd;     /* -1: opened here */
	int *fds;        /* driver sockets; none: made here */
	size_t nfds;
	int debug;
	bool cut;
};

/* One UPS: its entry, its socket, and what it is, at most one of these. */
struct part {
	struct entry entry;
	struct section section; /* of a repeater */
	int fd;
	bool useless; /* what the entry says is of no use: the socket is served, empty */
	struct filed *filed;
	struct cloned *cloned;
	struct follow *follow;
	struct dserver *empty;
};

struct dummy {
	struct event_base *base;
	struct part *parts;
	size_t count, leaving;
};

static void __attribute__((noreturn)) usage(int status)
{
	fprintf(status == 0 ? stdout : stderr,
	    "usage: dummy -a UPS [-D] [-F]\n"
	    "       dummy -C FD -S FD[,FD...] [-D]\n"
	    "       dummy -k -a UPS\n"
	    "-a UPS  be the UPS of this section of ups.conf: driver = dummy-ups, clone "
	    "or\n"
	    "        clone-outlet\n"
	    "-C FD   ups.conf is this descriptor\n"
	    "-S FD   a listening driver socket; its name says of which section\n"
	    "-D      say more; -F stay in the foreground (always so)\n"
	    "-k      end: there is no output of its own to cut\n");
	exit(status);
}

static void
read_sockets(struct arguments *a, const char *text)
{
	const char *rest = text;

	do {
		a->fds = xreallocarray(a->fds, a->nfds + 1, sizeof(*a->fds));
		a->fds[a->nfds++] = fdarg(rest, &rest);
	} while (*rest++ == ',');
	if (rest[-1] != '\0')
		usage(1);
}

static void
read_arguments(struct arguments *a, int argc, char **argv)
{
	int c;

	*a = (struct arguments){.conf_fd = -1};
	while ((c = getopt(argc, argv, "a:C:S:u:DFkVh")) != -1) {
		switch (c) {
		case 'a':
			a->ups = optarg;
			break;
		case 'C':
			a->conf_fd = fdarg(optarg, NULL);
			break;
		case 'S':
			read_sockets(a, optarg);
			break;
		case 'D':
			a->debug++;
			break;
		case 'u': /* of NUT's drivers: who starts us has chosen the user */
		case 'F':
			break;
		case 'k':
			a->cut = true;
			break;
		case 'V':
			printf("holdup dummy %s\n", HOLDUP_VERSION);
			exit(0);
		case 'h':
			usage(0);
		default:
			usage(1);
		}
	}
	if (optind != argc || (a->ups == NULL) == (a->nfds == 0))
		usage(1);
}

static void
conf_read(struct ups_conf *conf, const char *path, int fd)
{
	struct problems problems = {0};
	char *text;
	size_t len;

	text = fd >= 0 ? conf_slurp_fd(fd, &len) : conf_slurp(path, &len);
	if (text == NULL)
		log_fatal_errno("cannot read %s", path);
	ups_conf_read(conf, path, text, len, &problems);
	if (fd < 0) /* who handed the file over has said this already */
		problems_each(&problems, log_warn);
	problems_free(&problems);
	free(text);
}

/* The section whose driver socket this is, by the name that the socket was given. */
static const struct conf_ups *
section_of(const struct ups_conf *conf, int fd)
{
	struct sockaddr_un sun = {0};
	socklen_t len = sizeof(sun) - 1;
	const char *slash;

	if (getsockname(fd, (struct sockaddr *)&sun, &len) < 0 ||
	    (slash = strrchr(sun.sun_path, '/')) == NULL)
		return NULL;
	for (size_t i = 0; i < conf->nupses; i++) {
		const char *driver = conf_ups_get(&conf->upses[i], "driver");
		size_t n = driver == NULL ? 0 : strlen(driver);

		if (n > 0 && strncmp(slash + 1, driver, n) == 0 && slash[1 + n] == '-' &&
		    strcmp(slash + 2 + n, conf->upses[i].name) == 0)
			return &conf->upses[i];
	}
	return NULL;
}

static int
socket_open(const struct entry *e)
{
	char *name = xasprintf("%s-%s", e->driver, e->name), *path = paths_state(name);
	char cause[256];
	int fd = sock_listen_unix(path, SOCK_STREAM, 0660, cause, sizeof(cause));

	if (fd < 0)
		log_fatal("%s", cause);
	free(path);
	free(name);
	return fd;
}

/* Reads what a section asks for. One of no use is fatal where it is the only one. */
static void
part_read(struct part *p, const struct ups_conf *conf, const struct conf_ups *ups,
    const char *file, bool alone)
{
	struct problems problems = {0};
	char *folder = paths_conf(""), cause[512];
	int status;

	status = entry_read(
	    &p->entry, conf, ups, folder, file, &problems, cause, sizeof(cause));
	if (status == 0 && p->entry.mode == ENTRY_REPEATER)
		status =
		    section_read(&p->section, ups, file, &problems, cause, sizeof(cause));
	problems_each(&problems, log_warn);
	problems_free(&problems);
	free(folder);
	if (status == 0)
		return;
	if (alone)
		log_fatal("ups %s: %s", ups->name, cause);
	log_warn("ups %s: %s", ups->name, cause);
	state_clear(p->entry.shown);
	p->useless = true;
}

/* Reads the sections: the one of `-a`, or one for each socket. */
static void
parts_read(struct dummy *d, const struct arguments *a, const struct ups_conf *conf,
    const char *file)
{
	const bool alone = a->nfds == 0;

	d->parts = xcalloc(alone ? 1 : a->nfds, sizeof(*d->parts));
	for (size_t i = 0; i < (alone ? 1 : a->nfds); i++) {
		const struct conf_ups *ups =
		    alone ? ups_conf_find(conf, a->ups) : section_of(conf, a->fds[i]);
		struct part *p = &d->parts[d->count++];

		if (ups == NULL)
			log_fatal("%s has no section %s", file,
			    alone ? a->ups : "for a driver socket");
		p->fd = alone ? -1 : a->fds[i];
		part_read(p, conf, ups, file, alone);
		if (alone)
			p->fd = socket_open(&p->entry);
	}
}

/* The folders of the files, and of what they are links to; an editor that replaces a file
 * makes another one there. NULL-terminated. */
static char **
folders_of(const struct dummy *d)
{
	char **folders = xcalloc(2 * d->count + 1, sizeof(*folders)), real[PATH_MAX];
	size_t n = 0;

	for (size_t i = 0; i < d->count; i++) {
		const char *path = d->parts[i].entry.path;

		if (path == NULL || d->parts[i].useless)
			continue;
		folders[n++] = xstrndup(path, (size_t)(strrchr(path, '/') - path) + 1);
		if (realpath(path, real) != NULL && strcmp(real, path) != 0)
			folders[n++] =
			    xstrndup(real, (size_t)(strrchr(real, '/') - real) + 1);
	}
	return folders;
}

/* A repeater looks up names, which takes files from all over the system. */
static void
confine(const struct dummy *d)
{
	enum sandbox_role role = SANDBOX_DUMMY;
	char **folders = folders_of(d);

	for (size_t i = 0; i < d->count; i++)
		if (d->parts[i].entry.mode == ENTRY_REPEATER)
			role = SANDBOX_REPEATER;
	sandbox_enter_folders(role, (const char *const *)folders);
	for (size_t i = 0; folders[i] != NULL; i++)
		free(folders[i]);
	free(folders);
}

static enum dserver_status
refuse(void *arg, const char *name, const char *value, unsigned long ticket)
{
	return DSERVER_UNKNOWN;
}

static const struct dserver_ops empty_ops = {.instcmd = refuse, .set = refuse};

static void
on_left(void *arg)
{
	struct dummy *d = arg;

	if (--d->leaving == 0)
		event_base_loopbreak(d->base);
}

static void
part_start(struct dummy *d, struct part *p)
{
	if (p->useless) {
		p->empty = dserver_new(d->base, p->fd, p->entry.shown, &empty_ops, NULL);
		return;
	}
	switch (p->entry.mode) {
	case ENTRY_ONCE:
	case ENTRY_LOOP:
		p->filed = filed_new(d->base, &p->entry, p->fd);
		break;
	case ENTRY_REPEATER:
		p->follow = follow_new(d->base, p->entry.name, &p->section, NULL,
		    p->entry.shown, p->fd, on_left, d);
		break;
	case ENTRY_CLONE:
	case ENTRY_OUTLET:
		p->cloned = cloned_new(d->base, &p->entry, p->fd);
		break;
	}
}

static void
part_end(struct part *p)
{
	filed_free(p->filed);
	cloned_free(p->cloned);
	follow_free(p->follow);
	dserver_free(p->empty);
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	struct dummy *d = arg;

	for (size_t i = 0; i < d->count; i++)
		if (d->parts[i].filed != NULL)
			filed_look(d->parts[i].filed);
}

/* Servers that count this machine hear that it leaves; then, or soon, we end. */
static void
on_signal(evutil_socket_t number, short what, void *arg)
{
	const struct timeval patience = {.tv_sec = FOLLOW_GOODBYE_S};
	struct dummy *d = arg;

	for (size_t i = 0; i < d->count; i++)
		if (d->parts[i].follow != NULL)
			d->leaving += follow_leave(d->parts[i].follow);
	if (d->leaving > 0)
		event_base_loopexit(d->base, &patience);
	else
		event_base_loopbreak(d->base);
}

static void
serve(struct dummy *d)
{
	const struct timeval look = {.tv_sec = FILED_LOOK_MS / 1000};
	struct event *term, *interrupt, *looking;
	bool files = false;

	if ((d->base = event_base_new()) == NULL)
		log_fatal("cannot make an event loop");
	term = evsignal_new(d->base, SIGTERM, on_signal, d);
	interrupt = evsignal_new(d->base, SIGINT, on_signal, d);
	looking = event_new(d->base, -1, EV_PERSIST, on_look, d);
	event_add(term, NULL);
	event_add(interrupt, NULL);
	for (size_t i = 0; i < d->count; i++) {
		part_start(d, &d->parts[i]);
		files = files || d->parts[i].filed != NULL;
	}
	if (files)
		event_add(looking, &look);
	event_base_dispatch(d->base);
	for (size_t i = 0; i < d->count; i++)
		part_end(&d->parts[i]);
	event_free(looking);
	event_free(interrupt);
	event_free(term);
	event_base_free(d->base);
}

/* Removes the socket that was made here. */
static void
socket_forget(const struct entry *e)
{
	char *name = xasprintf("%s-%s", e->driver, e->name), *path = paths_state(name);

	unlink(path);
	free(path);
	free(name);
}

/* Is what the arguments say, until a signal ends it. */
static void
run(const struct arguments *a, const struct ups_conf *conf, const char *file)
{
	struct dummy d = {0};

	if (a->nfds > 0)
		prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	parts_read(&d, a, conf, file);
	confine(&d);
	serve(&d);
	if (a->nfds == 0)
		socket_forget(&d.parts[0].entry);
	for (size_t i = 0; i < d.count; i++)
		entry_free(&d.parts[i].entry);
	free(d.parts);
}

int
main(int argc, char **argv)
{
	char *file = paths_conf("ups.conf");
	struct ups_conf conf;
	struct arguments a;
	int status = 0;

	read_arguments(&a, argc, argv);
	log_init("dummy", a.debug);
	conf_read(&conf, file, a.conf_fd);
	if (a.cut)
		status = a.ups == NULL || ups_conf_find(&conf, a.ups) == NULL;
	else
		run(&a, &conf, file);
	ups_conf_free(&conf);
	free(a.fds);
	free(file);
	return status;
}
