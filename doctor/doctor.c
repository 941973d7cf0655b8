/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/folder.h"
#include "doctor/look.h"
#include "doctor/procs.h"
#include "lib/paths.h"
#include "lib/role.h"
#include "lib/xmem.h"

#define LOG_LINES 2000
#define LOG_BYTES (1024 * 1024)

static const struct {
	const char *name;
	void (*look)(struct doctor *d, struct doctor_report *r);
} looks[] = {
    {"configuration", look_configuration},
    {"device", look_device},
    {"service", look_service},
    {"port", look_port},
    {"server", look_server},
    {"clients", look_clients},
    {"clock", look_clock},
    {"power", look_power},
    {"battery", look_battery},
    {"drill", look_drill},
    {"disk", look_disk},
};

/* The configuration of this machine; an empty one where there is no folder. */
static struct check_conf *
read_conf(void)
{
	char *folder = folder_own();
	struct check_conf *c;

	if (access(folder, F_OK) == 0) {
		c = folder_read(folder);
	} else {
		c = xcalloc(1, sizeof(*c));
		c->folder = xstrdup(folder);
		for (size_t i = 0; i < CHECK_FILES; i++)
			c->files[i].path = xasprintf("%s/%s", folder, check_names[i]);
	}
	free(folder);
	return c;
}

/* True for a process of root or of who looks: a folder of NUT's may be written by user nut, who
 * is not to choose what root reads. */
static bool
is_trusted(long pid)
{
	char *path = xasprintf("/proc/%ld", pid);
	struct stat st;
	const bool trusted =
	    stat(path, &st) == 0 && (st.st_uid == 0 || st.st_uid == geteuid());

	free(path);
	return trusted;
}

/* The pid in this file, when it is a holdupd that runs. */
static long
read_pid(const char *path, double *since)
{
	FILE *f = fopen(path, "re");
	struct procs_one p;
	long pid = 0;

	if (f == NULL)
		return 0;
	if (fscanf(f, "%ld", &pid) != 1 || pid <= 0 || !procs_read("/proc", pid, &p) ||
	    strcmp(p.is.name, "holdupd") != 0 || !is_trusted(pid))
		pid = 0;
	else
		*since = p.age;
	fclose(f);
	return pid;
}

static void
find_service(struct doctor *d)
{
	static const enum role roles[] = {ROLE_ALL, ROLE_SERVER, ROLE_MONITOR};

	for (size_t i = 0; i < 3 && d->pid == 0; i++) {
		free(d->pidfile);
		d->pidfile = role_pidfile(roles[i]);
		d->pid = read_pid(d->pidfile, &d->since);
	}
}

/* The last lines of what can be read; NULL: nothing. */
static char *
last_lines(FILE *f)
{
	char *text, *at;
	size_t n, lines = 0;

	if (fseek(f, -LOG_BYTES, SEEK_END) != 0)
		rewind(f);
	text = xmalloc(LOG_BYTES + 1);
	n = fread(text, 1, LOG_BYTES, f);
	text[n] = '\0';
	at = text + n;
	while (at > text && lines <= LOG_LINES)
		lines += *--at == '\n';
	if (lines > LOG_LINES)
		memmove(text, at + 1, strlen(at + 1) + 1);
	return text;
}

/* What holdupd logs: the file that its standard error is, or the journal. */
static char *
read_log(const struct doctor *d)
{
	char *path = xasprintf("/proc/%ld/fd/2", d->pid), *text = NULL;
	struct stat st;
	FILE *f = NULL;

	if (d->pid != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		if ((f = fopen(path, "re")) != NULL) {
			text = last_lines(f);
			fclose(f);
		}
	} else if (d->units && !d->own) {
		f = popen("journalctl -u holdup -b -n 2000 --no-pager -o short-iso "
			  "2>/dev/null",
		    "re");
		if (f != NULL) {
			text = last_lines(f);
			if (pclose(f) != 0 || *text == '\0') {
				free(text);
				text = NULL;
			}
		}
	}
	free(path);
	return text;
}

static void
take_ups(void *arg, const struct words *w)
{
	struct doctor *d = arg;

	if (w->argc < 2)
		return;
	d->upses = xreallocarray(d->upses, d->nupses + 1, sizeof(*d->upses));
	d->upses[d->nupses++] =
	    (struct doctor_ups){xstrdup(w->argv[1]), NULL, state_new()};
}

/* VAR ups name "value" */
static void
take_var(void *arg, const struct words *w)
{
	struct doctor_ups *u = arg;

	if (w->argc > 3)
		state_set(u->state, w->argv[2], w->argv[3]);
}

/* What this machine's server tells of its UPSes. */
static void
ask_server(struct doctor *d)
{
	char cause[CLIENT_CAUSE_MAX];

	if (target_local(&d->server, NULL, true) < 0)
		return;
	d->client =
	    client_open(d->server.host, d->server.port, d->cause, sizeof(d->cause));
	if (d->client == NULL)
		return;
	client_arg(d->client, "LIST");
	client_arg(d->client, "UPS");
	if (client_list(d->client, take_ups, d, d->cause, sizeof(d->cause)) < 0) {
		client_close(d->client);
		d->client = NULL;
		return;
	}
	for (size_t i = 0; i < d->nupses; i++) {
		client_arg(d->client, "LIST");
		client_arg(d->client, "VAR");
		client_arg(d->client, d->upses[i].name);
		if (client_list(d->client, take_var, &d->upses[i], cause, sizeof(cause)) <
		    0)
			d->upses[i].error = xstrdup(cause);
	}
}

int
doctor_begin(struct doctor *d)
{
	*d = (struct doctor){
	    .root = geteuid() == 0,
	    .own = paths_private(),
	    .units = access("/run/systemd/system", F_OK) == 0,
	};
	if ((d->conf = read_conf()) == NULL)
		return -1;
	check_all(&d->conf, 1, &d->found);
	find_service(d);
	d->log = read_log(d);
	ask_server(d);
	return 0;
}

void
doctor_end(struct doctor *d)
{
	for (size_t i = 0; i < d->nupses; i++) {
		free(d->upses[i].name);
		free(d->upses[i].error);
		state_free(d->upses[i].state);
	}
	free(d->upses);
	client_close(d->client);
	target_free(&d->server);
	free(d->log);
	free(d->pidfile);
	check_list_free(&d->found);
	check_free(d->conf);
	free(d->conf);
}

bool
look_serves(const struct doctor *d)
{
	return check_serves(d->conf) && d->conf->ups.nupses > 0;
}

bool
look_wanted(const struct doctor *d)
{
	return d->conf->mode != NUT_MODE_NONE &&
	       (look_serves(d) || d->conf->upsmon.nmonitors > 0);
}

void
doctor_look(struct doctor *d, struct doctor_report *r)
{
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		r->look = looks[i].name;
		looks[i].look(d, r);
	}
}
