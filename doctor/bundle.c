/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/record.h"
#include "doctor/bundle.h"
#include "doctor/redact.h"
#include "hid/bus.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define FOLDER "holdup-doctor" /* that everything is in */
#define FILES_MAX 32

struct bundle {
	char top[256];          /* temporary; FOLDER is in it */
	char *names[FILES_MAX]; /* within FOLDER */
	size_t count;
	bool failed;
};

/* One file. What is in it has gone through redact.h. */
static void
put(struct bundle *b, const char *name, const char *text)
{
	char *path = xasprintf("%s/" FOLDER "/%s", b->top, name);
	FILE *f;
	bool whole;

	if (b->count == FILES_MAX || (f = fopen(path, "wex")) == NULL) {
		cli_complain("cannot write %s: %s", path, strerror(errno));
		b->failed = true;
		free(path);
		return;
	}
	whole = fputs(text, f) != EOF;
	if (fclose(f) != 0 || !whole) {
		cli_complain("cannot write %s: %s", path, strerror(errno));
		b->failed = true;
	}
	b->names[b->count++] = xstrdup(name);
	free(path);
}

static void
put_text(struct bundle *b, const struct redact *r, const char *name, const char *text)
{
	struct buf out = {0};

	redact_text(r, text, &out);
	put(b, name, buf_str(&out));
	buf_free(&out);
}

static void
put_conf(struct bundle *b, struct redact *r, const struct check_conf *c)
{
	for (size_t i = 0; i < CHECK_FILES; i++) {
		struct buf out = {0};

		if (c->files[i].text == NULL)
			continue;
		redact_file(
		    r, (enum check_name)i, c->files[i].text, c->files[i].len, &out);
		put(b, check_names[i], buf_str(&out));
		buf_free(&out);
	}
}

static void
put_versions(struct bundle *b, const struct redact *r)
{
	struct buf out = {0};
	struct utsname u;
	char line[256];
	FILE *f = fopen("/etc/os-release", "re");

	buf_printf(&out, "holdup %s\n", HOLDUP_VERSION);
	if (uname(&u) == 0)
		buf_printf(&out, "%s %s %s\n", u.sysname, u.release, u.machine);
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "PRETTY_NAME=", 12) == 0)
			buf_puts(&out, line + 12);
	if (f != NULL)
		fclose(f);
	put_text(b, r, "versions.txt", buf_str(&out));
	buf_free(&out);
}

static void
take_line(void *arg, const struct words *w)
{
	struct buf *out = arg;

	for (int i = 0; i < w->argc; i++)
		buf_printf(out, "%s%s", i > 0 ? " " : "", w->argv[i]);
	buf_puts(out, "\n");
}

/* What the server tells: values, who is there, what was asked for in vain. */
static void
put_state(struct bundle *b, const struct redact *r, struct doctor *d)
{
	static const char *const lists[] = {"VAR", "RW", "CMD", "CLIENT", "READER"};
	char cause[CLIENT_CAUSE_MAX];
	struct buf out = {0};

	if (d->client == NULL)
		buf_printf(&out, "no server answers: %s\n", d->cause);
	for (size_t i = 0; i < d->nupses; i++)
		for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++) {
			client_arg(d->client, "LIST");
			client_arg(d->client, lists[k]);
			client_arg(d->client, d->upses[i].name);
			if (client_list(
				d->client, take_line, &out, cause, sizeof(cause)) < 0)
				buf_printf(&out, "LIST %s %s: %s\n", lists[k],
				    d->upses[i].name, cause);
		}
	if (d->client != NULL) {
		client_arg(d->client, "LIST");
		client_arg(d->client, "MISS");
		client_list(d->client, take_line, &out, cause, sizeof(cause));
	}
	put_text(b, r, "server.txt", buf_str(&out));
	buf_free(&out);
}

/* The recording of each UPS; one that another program has may refuse. */
static void
put_devices(struct bundle *b, const struct redact *r)
{
	struct bus_list list;
	char cause[256], name[32], *text;

	bus_scan(&list);
	for (size_t i = 0, n = 1; i < list.count && n < 9; i++) {
		if (!list.devices[i].power)
			continue;
		snprintf(name, sizeof(name), "device-%zu.json", n++);
		text = record_device(&list.devices[i], cause, sizeof(cause));
		put_text(b, r, name, text != NULL ? text : cause);
		free(text);
	}
	bus_list_free(&list);
}

/* Runs the program with its output into `fd`, and waits; true when it ended well. */
static bool
run(char *const *argv, int fd)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (dup2(fd, STDOUT_FILENO) != -1)
			execvp(argv[0], argv);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

/* A file that is new is nobody else's: root is not led to another one by a link, nor is a
 * device taken for one. */
static int
pack(struct bundle *b, const char *file)
{
	static char tar[] = "tar", how[] = "-cz", at[] = "-C", to[] = "-f", out[] = "-",
		    all[] = FOLDER;
	char *argv[] = {tar, how, to, out, at, b->top, all, NULL};
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int result = 0;

	if (fd == -1) {
		cli_complain("cannot write %s: %s", file, strerror(errno));
		result = -1;
	} else if (!run(argv, fd)) {
		cli_complain("tar could not write %s", file);
		unlink(file);
		result = -1;
	}
	if (fd != -1)
		close(fd);
	return result;
}

static void
remove_all(struct bundle *b)
{
	for (size_t i = 0; i < b->count; i++) {
		char *path = xasprintf("%s/" FOLDER "/%s", b->top, b->names[i]);

		unlink(path);
		free(path);
		free(b->names[i]);
	}
	char *folder = xasprintf("%s/" FOLDER, b->top);

	rmdir(folder);
	free(folder);
	rmdir(b->top);
}

static bool
begin(struct bundle *b)
{
	const char *base = getenv("TMPDIR");
	char *folder;
	bool made;

	snprintf(b->top, sizeof(b->top) - sizeof(FOLDER) - 1, "%s/holdup-doctor.XXXXXX",
	    base != NULL && strlen(base) < 128 ? base : "/tmp");
	if (mkdtemp(b->top) == NULL) {
		cli_complain("cannot make a folder in %s: %s", b->top, strerror(errno));
		return false;
	}
	folder = xasprintf("%s/" FOLDER, b->top);
	made = mkdir(folder, 0700) == 0;
	free(folder);
	return made;
}

int
bundle_write(struct doctor *d, const char *report, const char *json, const char *file)
{
	struct redact *r = redact_new();
	struct bundle b = {.count = 0};
	int result = -1;

	if (!begin(&b))
		goto out;
	put_conf(&b, r, d->conf);
	put_text(&b, r, "report.txt", report);
	put_text(&b, r, "report.json", json);
	put_versions(&b, r);
	put_state(&b, r, d);
	if (d->log != NULL)
		put_text(&b, r, "log.txt", d->log);
	put_devices(&b, r);
	puts("In the bundle, without passwords, tokens and addresses of mail:");
	for (size_t i = 0; i < b.count; i++)
		printf("  " FOLDER "/%s\n", b.names[i]);
	fflush(stdout);
	if (!b.failed)
		result = pack(&b, file);
	remove_all(&b);
	if (result == 0)
		printf("%s is ready: look into it before you give it away\n", file);
out:
	redact_free(r);
	return result;
}
