/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/conf_ups.h"
#include "lib/fdarg.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sandbox.h"
#include "lib/sock.h"
#include "lib/xmem.h"
#include "remote/follow.h"
#include "remote/section.h"
#include "remote/starttls.h"

struct options {
	const char *ups;
	int conf_fd, socket_fd;      /* -1: open it ourselves */
	int authorities_fd, cert_fd; /* -1: there is none */
	int debug;
};

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: remote -a UPS [-C FD] [-S FD] [-A FD] [-T FD] [-D]\n"
	      "  -a  a section of ups.conf with driver = remote\n"
	      "  -C  an open ups.conf; without it that of NUT_CONFPATH\n"
	      "  -S  the listening driver socket; without it one in NUT_STATEPATH\n"
	      "  -A  who signs servers' certificates, -T  our own with its key (PEM)\n"
	      "  -D  log more\n",
	    stderr);
	exit(1);
}

static struct options
options_read(int argc, char **argv)
{
	struct options o = {
	    .conf_fd = -1, .socket_fd = -1, .authorities_fd = -1, .cert_fd = -1};
	int option;

	while ((option = getopt(argc, argv, "a:A:C:S:T:D")) != -1) {
		switch (option) {
		case 'a':
			o.ups = optarg;
			break;
		case 'A':
			o.authorities_fd = fdarg(optarg, NULL);
			break;
		case 'T':
			o.cert_fd = fdarg(optarg, NULL);
			break;
		case 'C':
			o.conf_fd = fdarg(optarg, NULL);
			break;
		case 'S':
			o.socket_fd = fdarg(optarg, NULL);
			break;
		case 'D':
			o.debug++;
			break;
		default:
			usage();
		}
	}
	if (o.ups == NULL || optind != argc)
		usage();
	return o;
}

struct remote {
	struct event_base *base;
	struct follow *follow;
};

/* Our section's text of ups.conf; faults of the file are logged when we opened it. */
static void
conf_read(struct ups_conf *conf, int fd)
{
	struct problems problems = {0};
	char *path = paths_conf("ups.conf"), *text;
	size_t len;

	text = fd >= 0 ? conf_slurp_fd(fd, &len) : conf_slurp(path, &len);
	if (text == NULL)
		log_fatal_errno("cannot read %s", path);
	ups_conf_read(conf, path, text, len, &problems);
	if (fd < 0)
		problems_each(&problems, log_warn);
	problems_free(&problems);
	free(text);
	free(path);
}

static int
socket_open(const char *ups)
{
	char *name = xasprintf("remote-%s", ups), *path = paths_state(name);
	char cause[256];
	int fd = sock_listen_unix(path, SOCK_STREAM, 0660, cause, sizeof(cause));

	if (fd < 0)
		log_fatal("%s", cause);
	free(path);
	free(name);
	return fd;
}

/* What the section says, and what is shown of it. */
static void
section_init(struct section *section, struct state *shown, const char *name,
    const struct ups_conf *conf)
{
	const struct conf_ups *ups = ups_conf_find(conf, name);
	struct problems problems = {0};
	char *path = paths_conf("ups.conf"), cause[512];

	if (ups == NULL)
		log_fatal("ups.conf has no section [%s] with a port = UPS@HOST", name);
	if (section_read(section, ups, path, &problems, cause, sizeof(cause)) < 0)
		log_fatal("ups %s: %s", name, cause);
	problems_each(&problems, log_warn);
	problems_free(&problems);
	free(path);
	state_set(shown, "driver.name", "remote");
	state_set(shown, "driver.version", HOLDUP_VERSION);
	state_set(shown, "driver.parameter.port", conf_ups_get(ups, "port"));
}

/* The text of a descriptor, which is closed; NULL without one. */
static char *
text_read(int fd, size_t *len)
{
	char *text;

	if (fd < 0)
		return NULL;
	if ((text = conf_slurp_fd(fd, len)) == NULL)
		log_fatal_errno("cannot read a file of TLS");
	close(fd);
	return text;
}

/* TLS for a section that wants it; NULL where there is none, which is logged. */
static struct starttls *
tls_init(const struct section *section, const struct options *o)
{
	struct starttls_settings settings = {.passphrase = section->tls_passphrase};
	char *authorities = text_read(o->authorities_fd, &settings.authorities_len);
	char *cert = text_read(o->cert_fd, &settings.certificate_len), cause[512];
	struct starttls *tls = NULL;

	settings.authorities = authorities;
	settings.certificate = cert;
	if (section->client.tls != CLIENT_TLS_NONE &&
	    (tls = starttls_new(&settings, cause, sizeof(cause))) == NULL)
		log_warn("ups %s: no TLS: %s", o->ups, cause);
	if (cert != NULL)
		explicit_bzero(cert, settings.certificate_len);
	free(cert);
	free(authorities);
	return tls;
}

static void
on_left(void *arg)
{
	event_base_loopbreak(arg);
}

/* Who is counted says that it leaves; then, or soon, we end. */
static void
on_sigterm(evutil_socket_t number, short what, void *arg)
{
	const struct timeval patience = {.tv_sec = FOLLOW_GOODBYE_S};
	struct remote *r = arg;

	if (follow_leave(r->follow))
		event_base_loopexit(r->base, &patience);
	else
		event_base_loopbreak(r->base);
}

int
main(int argc, char **argv)
{
	struct options o = options_read(argc, argv);
	struct state *shown = state_new();
	struct remote r = {0};
	struct section section;
	struct ups_conf conf = {0};
	struct starttls *tls;
	struct event *sigterm, *sigint;

	log_init("remote", o.debug);
	sandbox_enter(SANDBOX_REMOTE);
	signal(SIGPIPE, SIG_IGN);
	conf_read(&conf, o.conf_fd);
	section_init(&section, shown, o.ups, &conf);
	tls = tls_init(&section, &o);
	if ((r.base = event_base_new()) == NULL)
		log_fatal("cannot make an event loop");
	sigterm = evsignal_new(r.base, SIGTERM, on_sigterm, &r);
	sigint = evsignal_new(r.base, SIGINT, on_sigterm, &r);
	event_add(sigterm, NULL);
	event_add(sigint, NULL);
	r.follow = follow_new(r.base, o.ups, &section, tls, shown,
	    o.socket_fd >= 0 ? o.socket_fd : socket_open(o.ups), on_left, r.base);

	event_base_dispatch(r.base);

	follow_free(r.follow);
	starttls_free(tls);
	event_free(sigint);
	event_free(sigterm);
	event_base_free(r.base);
	state_free(shown);
	ups_conf_free(&conf);
	return 0;
}
