/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor/procs.h"
#include "lib/boottime.h"

#define LISTENING 0x0a
#define PATH_ROOM 320

/* The first `size` bytes of a file of /proc, NUL-terminated. False without one. */
static bool
slurp(const char *path, char *text, size_t size)
{
	FILE *f = fopen(path, "re");
	size_t n;

	if (f == NULL)
		return false;
	n = fread(text, 1, size - 1, f);
	text[n] = '\0';
	fclose(f);
	return n > 0;
}

bool
procs_read(const char *proc, long pid, struct procs_one *p)
{
	char path[PATH_ROOM], text[1024], *name, *rest;
	unsigned long long start = 0;

	snprintf(path, sizeof(path), "%s/%ld/stat", proc, pid);
	if (!slurp(path, text, sizeof(text)) || (name = strchr(text, '(')) == NULL ||
	    (rest = strrchr(text, ')')) == NULL)
		return false;
	*rest = '\0';
	p->is.pid = pid;
	snprintf(p->is.name, sizeof(p->is.name), "%s", name + 1);
	if (sscanf(rest + 1,
		" %*c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
		"%*d "
		"%*d %llu",
		&p->parent, &start) != 2)
		return false;
	p->age =
	    (double)boottime_ms() / 1000 - (double)start / (double)sysconf(_SC_CLK_TCK);
	return true;
}

void
procs_unit(const char *proc, long pid, char *unit, size_t size)
{
	char path[PATH_ROOM], text[1024], *last;

	*unit = '\0';
	snprintf(path, sizeof(path), "%s/%ld/cgroup", proc, pid);
	if (!slurp(path, text, sizeof(text)))
		return;
	text[strcspn(text, "\n")] = '\0';
	last = strrchr(text, '/');
	if (last != NULL && strstr(last, ".service") != NULL)
		snprintf(unit, size, "%s", last + 1);
}

/* Calls `each` for the number of each process, until it returns true. */
static bool
walk(const char *proc, bool (*each)(void *arg, const char *proc, long pid), void *arg)
{
	const struct dirent *e;
	DIR *dir = opendir(proc);
	bool done = false;
	long pid;

	if (dir == NULL)
		return false;
	while (!done && (e = readdir(dir)) != NULL)
		if ((pid = strtol(e->d_name, NULL, 10)) > 0)
			done = each(arg, proc, pid);
	closedir(dir);
	return done;
}

struct naming {
	const char *const *names;
	struct facts_process *out;
	size_t count, max;
};

static bool
take_named(void *arg, const char *proc, long pid)
{
	struct naming *n = arg;
	struct procs_one p;

	if (!procs_read(proc, pid, &p))
		return false;
	for (size_t i = 0; n->names[i] != NULL; i++)
		if (strcmp(p.is.name, n->names[i]) == 0 && n->count < n->max)
			n->out[n->count++] = p.is;
	return n->count == n->max;
}

size_t
procs_named(
    const char *proc, const char *const *names, struct facts_process *out, size_t n)
{
	struct naming naming = {names, out, 0, n};

	walk(proc, take_named, &naming);
	return naming.count;
}

struct holding {
	char link[64]; /* "socket:[4711]" */
	struct facts_process *who;
};

static bool
take_holder(void *arg, const char *proc, long pid)
{
	struct holding *h = arg;
	char path[PATH_ROOM], link[64];
	const struct dirent *e;
	struct procs_one p;
	bool found = false;
	DIR *dir;
	ssize_t n;

	snprintf(path, sizeof(path), "%s/%ld/fd", proc, pid);
	if ((dir = opendir(path)) == NULL)
		return false;
	while (!found && (e = readdir(dir)) != NULL) {
		n = readlinkat(dirfd(dir), e->d_name, link, sizeof(link) - 1);
		link[n > 0 ? n : 0] = '\0';
		found = strcmp(link, h->link) == 0;
	}
	closedir(dir);
	if (found && procs_read(proc, pid, &p))
		*h->who = p.is;
	return found;
}

/* An address of /proc/net/tcp: words of 32 bits in the machine's own order. */
static size_t
address_of(const char *hex, unsigned char *bytes)
{
	size_t n = strlen(hex) / 8;
	unsigned word;

	for (size_t i = 0; i < n && i < 4; i++) {
		if (sscanf(hex + 8 * i, "%8x", &word) != 1)
			return 0;
		memcpy(bytes + 4 * i, &word, 4);
	}
	return 4 * n;
}

static bool
is_any(const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

/* True when who listens at `theirs` is in the way of who wants `ours`. */
static bool
overlaps(
    const unsigned char *theirs, size_t ntheirs, const unsigned char *ours, size_t nours)
{
	if (is_any(theirs, ntheirs))
		return ntheirs == 16 || nours == 4;
	if (is_any(ours, nours))
		return nours == ntheirs;
	return nours == ntheirs && memcmp(theirs, ours, nours) == 0;
}

/* Looks through one of the two tables for a listener in the way; its inode, or 0. */
static unsigned long
find_inode(const char *path, const unsigned char *ours, size_t nours, unsigned port)
{
	unsigned char theirs[16];
	unsigned long inode, found = 0;
	unsigned its, state;
	char line[512], hex[64];
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return 0;
	while (found == 0 && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line,
			" %*u: %32[0-9A-F]:%x %*[0-9A-F]:%*x %x %*x:%*x %*x:%*x %*x %*u "
			"%*u %lu",
			hex, &its, &state, &inode) == 4 &&
		    state == LISTENING && its == port &&
		    overlaps(theirs, address_of(hex, theirs), ours, nours))
			found = inode;
	fclose(f);
	return found;
}

bool
procs_listens(
    const char *proc, const char *address, unsigned port, struct facts_process *who)
{
	static const char *const tables[] = {"net/tcp", "net/tcp6"};
	unsigned char ours[16] = {0};
	size_t nours = inet_pton(AF_INET6, address, ours) == 1 ? 16 : 4;
	struct holding h = {.who = who};
	unsigned long inode = 0;
	char path[PATH_ROOM];

	*who = (struct facts_process){0};
	/* A name counts as all addresses: what it means is not asked. */
	if (nours == 4 && inet_pton(AF_INET, address, ours) != 1)
		inet_pton(AF_INET,
		    strcmp(address, "localhost") == 0 ? "127.0.0.1" : "0.0.0.0", ours);
	for (size_t i = 0; i < 2 && inode == 0; i++) {
		snprintf(path, sizeof(path), "%s/%s", proc, tables[i]);
		inode = find_inode(path, ours, nours, port);
	}
	if (inode == 0)
		return false;
	snprintf(h.link, sizeof(h.link), "socket:[%lu]", inode);
	walk(proc, take_holder, &h);
	return true;
}
