/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/client.h"
#include "cli/logformat.h"
#include "cli/logtargets.h"
#include "cli/target.h"
#include "lib/xmem.h"

#define STDOUT "-"
#define HOST_MAX 256

struct logserver {
	char *host, *port;
	struct client *client; /* NULL: no connection */
	bool complained;       /* of that */
};

struct logfile {
	char *path;
	FILE *stream; /* NULL: not open */
};

struct logtarget {
	char *upshost; /* as it was asked for */
	char *ups;
	size_t server, file;
};

/* The server's row; made when it is a new one. */
static size_t
server_row(struct logtargets *t, const char *host, const char *port)
{
	for (size_t i = 0; i < t->nservers; i++)
		if (strcmp(t->servers[i].host, host) == 0 &&
		    strcmp(t->servers[i].port, port) == 0)
			return i;
	t->servers = xreallocarray(t->servers, t->nservers + 1, sizeof(*t->servers));
	t->servers[t->nservers] =
	    (struct logserver){.host = xstrdup(host), .port = xstrdup(port)};
	return t->nservers++;
}

static size_t
file_row(struct logtargets *t, const char *path)
{
	for (size_t i = 0; i < t->nfiles; i++)
		if (strcmp(t->files[i].path, path) == 0)
			return i;
	t->files = xreallocarray(t->files, t->nfiles + 1, sizeof(*t->files));
	t->files[t->nfiles] = (struct logfile){.path = xstrdup(path)};
	return t->nfiles++;
}

/* `at` is what stood behind the name, "@host" or "". */
static void
add(struct logtargets *t, const char *ups, const char *at, size_t server,
    const char *file)
{
	size_t row = file_row(t, file);

	t->list = xreallocarray(t->list, t->count + 1, sizeof(*t->list));
	t->list[t->count++] = (struct logtarget){.upshost = xasprintf("%s%s", ups, at),
	    .ups = xstrdup(ups),
	    .server = server,
	    .file = row};
}

/* The connection of a server, or NULL; that there is none is said once. */
static struct client *
reach(struct logserver *s)
{
	char cause[CLIENT_CAUSE_MAX];

	if (s->client != NULL)
		return s->client;
	s->client = client_open(s->host, s->port, cause, sizeof(cause));
	if (s->client == NULL && !s->complained)
		cli_complain("server %s:%s: %s", s->host, s->port, cause);
	s->complained = s->client == NULL;
	return s->client;
}

static void
lose(struct logserver *s)
{
	client_close(s->client);
	s->client = NULL;
}

struct found {
	struct logtargets *targets;
	const char *at, *file;
	size_t server;
};

static void
on_ups(void *arg, const struct words *w)
{
	const struct found *f = arg;

	if (w->argc > 1)
		add(f->targets, w->argv[1], f->at, f->server, f->file);
}

/* Adds all that a server has. */
static int
add_all(struct logtargets *t, size_t server, const char *at, const char *file)
{
	struct found found = {t, at, file, server};
	struct client *c = reach(&t->servers[server]);
	char cause[CLIENT_CAUSE_MAX];

	if (c == NULL)
		return 1;
	client_arg(c, "LIST");
	client_arg(c, "UPS");
	if (client_list(c, on_ups, &found, cause, sizeof(cause)) != 0)
		return cli_complain("server %s:%s: %s", t->servers[server].host,
		    t->servers[server].port, cause);
	return 0;
}

int
logtargets_add(struct logtargets *t, const char *ups, const char *file)
{
	const char *at = strchr(ups, '@');
	struct target target;
	size_t server;
	int status = 0;

	if (target_local(&target, ups, false) != 0 || target.ups == NULL)
		return cli_complain(
		    "'%s' is no UPS; it is written ups[@host[:port]]", ups);
	server = server_row(t, target.host, target.port);
	if (strcmp(target.ups, "*") == 0)
		status = add_all(t, server, at == NULL ? "" : at, file);
	else
		add(t, target.ups, at == NULL ? "" : at, server, file);
	target_free(&target);
	return status;
}

int
logtargets_open(struct logtargets *t)
{
	for (size_t i = 0; i < t->nfiles; i++) {
		struct logfile *f = &t->files[i];

		if (strcmp(f->path, STDOUT) == 0) {
			f->stream = stdout;
			continue;
		}
		if (f->stream != NULL)
			fclose(f->stream);
		f->stream = fopen(f->path, "ae");
		if (f->stream == NULL)
			return cli_complain(
			    "cannot write %s: %s", f->path, strerror(errno));
	}
	return 0;
}

bool
logtargets_to_stdout(const struct logtargets *t)
{
	for (size_t i = 0; i < t->nfiles; i++)
		if (strcmp(t->files[i].path, STDOUT) == 0)
			return true;
	return false;
}

void
logtargets_say(const struct logtargets *t, int interval)
{
	for (size_t i = 0; i < t->count; i++) {
		const char *path = t->files[t->list[i].file].path;

		fprintf(stderr, "logging status of %s to %s (%ds intervals)\n",
		    t->list[i].upshost, strcmp(path, STDOUT) == 0 ? "stdout" : path,
		    interval);
	}
}

/* Whom a line asks. */
struct asked {
	struct logserver *server;
	const char *ups;
};

/* What a server answers by ERR has no value; where it does not answer at all, the rest of
 * this line has none either. */
static void
on_value(void *arg, const char *variable, struct buf *out)
{
	const struct asked *a = arg;
	struct client *c = a->server->client;
	char cause[CLIENT_CAUSE_MAX];
	struct words answer;

	if (c == NULL)
		return;
	client_arg(c, "GET");
	client_arg(c, "VAR");
	client_arg(c, a->ups);
	client_arg(c, variable);
	if (client_ask(c, &answer, cause, sizeof(cause)) == 0) {
		if (answer.argc > 3)
			buf_puts(out, answer.argv[3]);
	} else if (client_error(c)[0] == '\0') {
		lose(a->server);
	}
}

void
logtargets_write(struct logtargets *t, const char *format)
{
	char host[HOST_MAX] = "";
	struct logfacts facts = {.pid = getpid(), .host = host, .value = on_value};

	gethostname(host, sizeof(host) - 1);
	for (size_t i = 0; i < t->nservers; i++)
		reach(&t->servers[i]);
	for (size_t i = 0; i < t->count; i++) {
		const struct logtarget *target = &t->list[i];
		struct logfile *f = &t->files[target->file];
		struct asked asked = {&t->servers[target->server], target->ups};
		struct buf line = {0};

		if (f->stream == NULL)
			continue;
		facts.seconds = time(NULL);
		localtime_r(&facts.seconds, &facts.now);
		facts.upshost = target->upshost;
		facts.arg = &asked;
		logformat_line(&line, format, &facts);
		fprintf(f->stream, "%s\n", buf_str(&line));
		fflush(f->stream);
		buf_free(&line);
	}
}

void
logtargets_free(struct logtargets *t)
{
	for (size_t i = 0; i < t->nservers; i++) {
		lose(&t->servers[i]);
		free(t->servers[i].host);
		free(t->servers[i].port);
	}
	for (size_t i = 0; i < t->nfiles; i++) {
		if (t->files[i].stream != NULL && t->files[i].stream != stdout)
			fclose(t->files[i].stream);
		free(t->files[i].path);
	}
	for (size_t i = 0; i < t->count; i++) {
		free(t->list[i].upshost);
		free(t->list[i].ups);
	}
	free(t->servers);
	free(t->files);
	free(t->list);
}
