/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/demo_dir.h"
#include "lib/conf_holdup.h"
#include "lib/paths.h"
#include "lib/sock.h"
#include "lib/xmem.h"

#define NUT_PORT 3493
#define PORT_TRIES 20
#define SERVER "127.0.0.1"
#define LAN "127.0.0.9" /* stands for the 192.168.0.9 of the article */

/* The configuration of a home with an APC Back-UPS CS 500, a QNAP and some Raspberry
 * Pis, word for word as it was published (upsd.conf is written with the port). */
/* clang-format off */
static const struct {
	const char *name, *text;
} files[] = {
	{ "nut.conf",
	    "MODE=netserver\n" },
	{ "ups.conf",
	    "[qnapups]\n"
	    "\tdriver = usbhid-ups\n"
	    "\tport = /dev/hidraw0\n"
	    "\tdesc = \"Server\"\n" },
	{ "upsd.users",
	    "[nut]\n"
	    "password = nut\n"
	    "allowfrom = localhost lan\n"
	    "upsmon master\n"
	    "actions = SET\n"
	    "instcmds = ALL\n"
	    "\n"
	    "[admin]\n"
	    "password = 123456\n"
	    "allowfrom = localhost lan\n"
	    "actions = SET\n"
	    "instcmds = ALL\n"
	    "upsmon slave           # or upsmon slave\n" },
	{ "upsmon.conf",
	    "MONITOR qnapups@localhost 1 nut nut master\n" },
};

/* What NUT has no words for, with the port of the page. */
#define OWN                                                              \
	"[web]\n"                                                        \
	"listen = " SERVER ":%d\n"                                       \
	"price = 0.25 EUR\n"                                             \
	"\n"                                                             \
	"[history]\n"                                                    \
	"keep = yes\n"                                                   \
	"\n"                                                             \
	"# The command that tells it to go down does nothing here.\n"    \
	"[machine nas]\n"                                                \
	"hook = true\n"                                                  \
	"after = 180\n"                                                  \
	"takes = 90\n"                                                   \
	"\n"                                                             \
	"[machine pi]\n"                                                 \
	"address = localhost\n"                                          \
	"charge = 20\n"
/* clang-format on */

/* Writes a file; an existing one stays when `keep` says so. */
static int
write_file(const char *folder, const char *name, const char *text, bool keep, char *cause,
    size_t size)
{
	char *path = xasprintf("%s/%s", folder, name);
	size_t len = strlen(text);
	int fd = open(path,
	    O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (keep ? O_EXCL : O_TRUNC),
	    0640);
	int result = 0;

	if (fd == -1 && keep && errno == EEXIST)
		goto out;
	if (fd == -1 || write(fd, text, len) != (ssize_t)len) {
		snprintf(cause, size, "cannot write %s: %s", path, strerror(errno));
		result = -1;
	}
out:
	if (fd != -1)
		close(fd);
	free(path);
	return result;
}

static int
make_folder(const char *path, char *cause, size_t size)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return 0;
	snprintf(cause, size, "cannot make the folder %s: %s", path, strerror(errno));
	return -1;
}

/* Makes the outermost folder and finds its absolute name. */
static int
make_root(struct demo_dir *d, const char *path, char *cause, size_t size)
{
	const char *parent = getenv("XDG_RUNTIME_DIR");

	if (path != NULL) {
		if (make_folder(path, cause, size) != 0)
			return -1;
		d->path = realpath(path, NULL);
		if (d->path != NULL)
			return 0;
		snprintf(cause, size, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (parent == NULL || parent[0] != '/' || access(parent, W_OK) != 0)
		parent = "/tmp";
	d->path = xasprintf("%s/holdup-demo.XXXXXX", parent);
	if (mkdtemp(d->path) == NULL) {
		snprintf(cause, size, "cannot make a temporary folder in %s: %s", parent,
		    strerror(errno));
		return -1;
	}
	d->temporary = true;
	return 0;
}

/* A port for the page: the usual one, or any. */
static int
page_port(void)
{
	char text[16], cause[256];
	int fd, port;

	snprintf(text, sizeof(text), "%d", CONF_WEB_PORT);
	fd = sock_listen_tcp(SERVER, text, cause, sizeof(cause));
	if (fd == -1)
		fd = sock_listen_tcp(SERVER, "0", cause, sizeof(cause));
	if (fd == -1)
		return CONF_WEB_PORT;
	port = sock_port(fd);
	close(fd);
	return port;
}

static int
make_own(const struct demo_dir *d, char *cause, size_t size)
{
	char text[512];

	snprintf(text, sizeof(text), OWN, page_port());
	return write_file(d->etc, "holdup.conf", text, true, cause, size);
}

/* Where holdup.conf has the page, whoever wrote it. NULL: nowhere, or not by TCP. */
static char *
find_page(const struct demo_dir *d)
{
	char *path = xasprintf("%s/holdup.conf", d->etc), *page = NULL;
	struct problems problems = {0};
	struct holdup_conf c = {0};
	size_t len;
	char *text = conf_slurp(path, &len), *web = paths_program("web");

	if (text != NULL && web != NULL) {
		holdup_conf_read(&c, path, text, len, &problems);
		if (c.web.nlistens > 0 && !c.web.off && c.web.listens[0].path == NULL)
			page = xasprintf("%s://%s:%s/",
			    c.web.certificate == NULL ? "http" : "https",
			    c.web.listens[0].address, c.web.listens[0].port);
		holdup_conf_free(&c);
		problems_free(&problems);
	}
	free(web);
	free(text);
	free(path);
	return page;
}

int
demo_dir_make(struct demo_dir *d, const char *path, int port, char *cause, size_t size)
{
	char listen[128];

	memset(d, 0, sizeof(*d));
	if (make_root(d, path, cause, size) != 0)
		return -1;
	d->etc = xasprintf("%s/etc", d->path);
	d->run = xasprintf("%s/run", d->path);
	d->log = xasprintf("%s/log", d->path);
	if (make_folder(d->etc, cause, size) != 0 ||
	    make_folder(d->run, cause, size) != 0 ||
	    make_folder(d->log, cause, size) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (write_file(d->etc, files[i].name, files[i].text, true, cause, size) !=
		    0)
			return -1;
	if (make_own(d, cause, size) != 0)
		return -1;
	d->page = find_page(d);
	snprintf(listen, sizeof(listen), "LISTEN " SERVER " %d\nLISTEN " LAN " %d\n",
	    port, port);
	return write_file(d->etc, "upsd.conf", listen, false, cause, size);
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	remove(path);
	return 0;
}

void
demo_dir_free(struct demo_dir *d)
{
	if (d->temporary)
		nftw(d->path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	free(d->path);
	free(d->etc);
	free(d->run);
	free(d->log);
	free(d->page);
	memset(d, 0, sizeof(*d));
}

/* Tries to listen on both addresses; returns the port (found for 0) or -1. */
static int
try_port(int port, char *cause, size_t size)
{
	char text[16];
	int first, second = -1;

	snprintf(text, sizeof(text), "%d", port);
	first = sock_listen_tcp(SERVER, text, cause, size);
	if (first == -1)
		return -1;
	port = sock_port(first);
	snprintf(text, sizeof(text), "%d", port);
	second = sock_listen_tcp(LAN, text, cause, size);
	close(first);
	if (second == -1)
		return -1;
	close(second);
	return port;
}

int
demo_dir_port(int wanted, char *cause, size_t size)
{
	int port = try_port(wanted != 0 ? wanted : NUT_PORT, cause, size);

	for (int i = 0; port == -1 && wanted == 0 && i < PORT_TRIES; i++)
		port = try_port(0, cause, size);
	return port;
}
