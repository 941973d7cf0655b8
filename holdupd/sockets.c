/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "holdupd/sockets.h"
#include "lib/buf.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sock.h"
#include "lib/xmem.h"

#define CAUSE_MAX 512
#define SOCKET_MODE 0660 /* group nut is where NUT's programs and ours meet */

static void
statepath_make(void)
{
	char *folder = paths_state("");

	if (paths_private() && mkdir(folder, 0750) < 0 && errno != EEXIST)
		log_fatal_errno("cannot make the folder %s", folder);
	if (access(folder, W_OK | X_OK) < 0)
		log_fatal_errno(
		    "cannot make sockets in %s (NUT_STATEPATH names another)", folder);
	free(folder);
}

/* Opens STATEPATH/name and remembers to remove it. */
static int
unix_open(struct sockets *s, const char *name, char *cause, size_t size)
{
	char *path = paths_state(name);
	int fd = sock_listen_unix(path, SOCK_STREAM, SOCKET_MODE, cause, size);

	if (fd < 0) {
		free(path);
		return -1;
	}
	s->paths = xreallocarray(s->paths, s->npaths + 1, sizeof(*s->paths));
	s->paths[s->npaths++] = path;
	return fd;
}

static int
own_open(struct sockets *s, const char *name)
{
	char cause[CAUSE_MAX];
	int fd = unix_open(s, name, cause, sizeof(cause));

	if (fd < 0)
		log_fatal("%s (does another holdupd run there?)", cause);
	return fd;
}

static int
driver_open(struct sockets *s, const struct plan_driver *d)
{
	char cause[CAUSE_MAX];
	int fd = unix_open(s, d->socket, cause, sizeof(cause));

	if (fd < 0)
		log_warn("ups %s: %s; no driver of ours is started", d->ups, cause);
	return fd;
}

static int
tcp_open(const struct plan_listen *l)
{
	char cause[CAUSE_MAX];
	int fd = sock_listen_tcp(l->address, l->port, cause, sizeof(cause));

	if (fd < 0 && errno == EADDRINUSE)
		log_warn("cannot listen on %s; if that is NUT's upsd, stop it first: "
			 "systemctl disable --now nut-server",
		    cause);
	else if (fd < 0)
		log_warn("cannot listen on %s", cause);
	return fd;
}

void
sockets_open(struct sockets *s, const struct plan *plan)
{
	bool any = false;

	*s = (struct sockets){.ndrivers = plan->ndrivers, .ntcp = plan->nlistens};
	s->drivers = xcalloc(s->ndrivers, sizeof(*s->drivers));
	s->driver_ok = xcalloc(s->ndrivers, sizeof(*s->driver_ok));
	s->tcp = xcalloc(s->ntcp, sizeof(*s->tcp));
	s->tcp_ok = xcalloc(s->ntcp, sizeof(*s->tcp_ok));
	statepath_make();
	s->feed = own_open(s, "holdup.feed");
	s->requests = own_open(s, "holdup.req");
	for (size_t i = 0; i < s->ndrivers; i++) {
		s->drivers[i] = driver_open(s, &plan->drivers[i]);
		s->driver_ok[i] = s->drivers[i] >= 0;
	}
	for (size_t i = 0; i < s->ntcp; i++) {
		s->tcp[i] = tcp_open(&plan->listens[i]);
		s->tcp_ok[i] = s->tcp[i] >= 0;
		any = any || s->tcp_ok[i];
	}
	if (!any)
		log_warn("no address to listen on: NUT clients cannot reach this server, "
			 "net is not started");
}

static void
fds_close(int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(fds);
}

void
sockets_close(struct sockets *s)
{
	for (size_t i = 0; i < s->npaths; i++) {
		unlink(s->paths[i]);
		free(s->paths[i]);
	}
	free(s->paths);
	close(s->feed);
	close(s->requests);
	fds_close(s->drivers, s->ndrivers);
	fds_close(s->tcp, s->ntcp);
	free(s->driver_ok);
	free(s->tcp_ok);
}

char *
sockets_text(const struct sockets *s, const struct plan *plan)
{
	struct buf text = {0};
	char *copy;

	for (size_t i = 0; i < s->ntcp; i++) {
		const char *address = plan->listens[i].address;
		bool six = strchr(address, ':') != NULL;

		if (s->tcp_ok[i])
			buf_printf(&text, "%s%s%s%s:%d", text.len > 0 ? ", " : "",
			    six ? "[" : "", address, six ? "]" : "",
			    sock_port(s->tcp[i]));
	}
	copy = text.len > 0 ? xstrdup(buf_str(&text)) : NULL;
	buf_free(&text);
	return copy;
}
