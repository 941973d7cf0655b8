/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/setup.h"
#include "lib/xmem.h"
#include "setup/diff.h"

#define GROUP "nut"
#define GROUP_MAX 4096 /* bytes of an entry of the group database */
#define COPIES_MAX 100 /* of one second */

/* In the order in which they are written: what decides what runs comes last. */
static const enum check_name order[] = {
    CHECK_UPS, CHECK_UPSD, CHECK_USERS, CHECK_UPSMON, CHECK_HOLDUP, CHECK_NUT};
#define ORDER (sizeof(order) / sizeof(order[0]))

/* The permissions that a file gets: those with passwords are not for everybody. */
static unsigned
mode_of(const struct check_conf *there, enum check_name name)
{
	const bool secret =
	    name == CHECK_USERS || name == CHECK_UPSMON || name == CHECK_HOLDUP;
	const struct check_file *f = &there->files[name];

	if (f->text == NULL)
		return secret ? 0640 : 0644;
	return secret ? f->mode & ~07U : f->mode;
}

struct check_conf *
setup_files_next(const struct check_conf *there, const struct setup_result *r)
{
	struct check_conf *c = xcalloc(1, sizeof(*c));

	c->folder = xstrdup(there->folder);
	for (size_t i = 0; i < CHECK_FILES; i++) {
		const struct check_file *f = &there->files[i];
		const char *text = r->texts[i] != NULL ? r->texts[i] : f->text;

		c->files[i].path = xstrdup(f->path);
		c->files[i].cause = f->cause != NULL ? xstrdup(f->cause) : NULL;
		c->files[i].mode =
		    r->texts[i] != NULL ? mode_of(there, (enum check_name)i) : f->mode;
		if (text == NULL)
			continue;
		c->files[i].len = r->texts[i] != NULL ? strlen(text) : f->len;
		c->files[i].text = xcalloc(c->files[i].len + 1, 1);
		memcpy(c->files[i].text, text, c->files[i].len);
	}
	return c;
}

bool
setup_files_diff(const struct check_conf *there, const struct setup_result *r)
{
	struct buf out = {0};
	bool differs;

	for (size_t i = 0; i < CHECK_FILES; i++)
		if (r->texts[i] != NULL)
			diff_text(&out, there->files[i].path, there->files[i].text,
			    r->texts[i]);
	differs = out.len > 0;
	if (differs)
		printf("\n%s", buf_str(&out));
	buf_free(&out);
	return differs;
}

/* Owner and group: those of the old file; of a new one, root's and nut's. */
static void
give(int fd, const char *path)
{
	struct group entry, *nut = NULL;
	char text[GROUP_MAX];
	struct stat st;
	int done;

	if (geteuid() != 0)
		return;
	if (stat(path, &st) == 0)
		done = fchown(fd, st.st_uid, st.st_gid);
	else if (getgrnam_r(GROUP, &entry, text, sizeof(text), &nut) == 0 && nut != NULL)
		done = fchown(fd, 0, nut->gr_gid);
	else
		done = 0;
	if (done == -1)
		cli_complain("%s: its owner stays root: %s", path, strerror(errno));
}

int
setup_files_put(int fd, const char *text, size_t len)
{
	const ssize_t n = write(fd, text, len);

	if (n >= 0 && (size_t)n < len)
		errno = ENOSPC;
	return n == (ssize_t)len ? 0 : -1;
}

/* Writes the text to a file of this name, which is synced. */
static int
write_new(const char *name, const char *path, const char *text, unsigned mode)
{
	int fd, result = -1;

	unlink(name);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return -1;
	give(fd, path);
	if (setup_files_put(fd, text, strlen(text)) == 0 && fchmod(fd, mode) == 0 &&
	    fsync(fd) == 0)
		result = 0;
	if (close(fd) == -1)
		result = -1;
	return result;
}

/* Keeps what is there under another name: "ups.conf.before-holdup-2026-11-23-171500". NULL
 * with errno when that fails. */
static char *
keep(const char *path)
{
	const time_t now = time(NULL);
	struct tm tm;
	char when[32], *copy = NULL;

	localtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d-%H%M%S", &tm);
	for (int i = 1; i <= COPIES_MAX; i++) {
		free(copy);
		copy = i == 1 ? xasprintf("%s.before-holdup-%s", path, when)
			      : xasprintf("%s.before-holdup-%s-%d", path, when, i);
		if (link(path, copy) == 0)
			return copy;
		if (errno != EEXIST)
			break;
	}
	free(copy);
	return NULL;
}

/* False where somebody has written to it while the questions were asked. */
static bool
is_as_read(const struct check_file *f)
{
	size_t len;
	char *text = conf_slurp(f->path, &len);
	const bool same = text == NULL || f->text == NULL
			      ? text == f->text
			      : len == f->len && memcmp(text, f->text, len) == 0;

	free(text);
	return same;
}

/* One file: the new one is whole beside the old one before it takes its place. */
static int
write_one(const struct check_file *f, enum check_name name, const char *text,
    unsigned mode, const char *folder, int (*keeps)(const char *path, const char *copy))
{
	char *fresh = xasprintf("%s/.%s.holdup-new", folder, check_names[name]);
	char *copy = NULL;
	int result = -1;

	if (!is_as_read(f))
		cli_complain("%s is another one than a moment ago: somebody has written "
			     "to it. Run holdup setup again",
		    f->path);
	else if (write_new(fresh, f->path, text, mode) == -1)
		cli_complain("cannot write %s: %s", fresh, strerror(errno));
	else if (f->text != NULL && (copy = keep(f->path)) == NULL)
		cli_complain("cannot keep a copy of %s: %s", f->path, strerror(errno));
	else if (keeps != NULL && keeps(f->path, copy) == -1)
		; /* it has said why */
	else if (rename(fresh, f->path) == -1)
		cli_complain("cannot write %s: %s", f->path, strerror(errno));
	else
		result = 0;
	if (result == -1)
		unlink(fresh);
	free(copy);
	free(fresh);
	return result;
}

/* The folder, made where it is not there, and held against a second setup; or -1. */
static int
hold(const char *folder)
{
	int fd;

	if (mkdir(folder, 0755) == -1 && errno != EEXIST) {
		cli_complain("cannot make the folder %s: %s", folder, strerror(errno));
		return -1;
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		cli_complain("cannot read the folder %s: %s", folder, strerror(errno));
	else if (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		cli_complain("another holdup setup is writing to %s now", folder);
		close(fd);
		fd = -1;
	}
	return fd;
}

int
setup_files_write(const struct check_conf *there, const struct setup_result *r,
    int (*keeps)(const char *path, const char *copy))
{
	int fd = hold(there->folder), result = fd == -1 ? -1 : 0;

	for (size_t i = 0; i < ORDER && result == 0; i++)
		if (r->texts[order[i]] != NULL)
			result = write_one(&there->files[order[i]], order[i],
			    r->texts[order[i]], mode_of(there, order[i]), there->folder,
			    keeps);
	if (fd != -1) {
		fsync(fd);
		close(fd);
	}
	return result;
}
