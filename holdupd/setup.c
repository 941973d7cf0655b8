/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "holdupd/scan.h"
#include "holdupd/setup.h"
#include "lib/buf.h"
#include "lib/conf.h"
#include "lib/conf_upsmon.h"
#include "lib/conf_users.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"

/* Served when nothing is found: it waits for whatever is plugged in. */
#define WAITING_UPS "[ups]\n\tdriver = usbhid-ups\n\tport = auto\n"

/* One file while it is read. */
struct file {
	char *path, *text; /* text "" when the file is missing or unreadable */
	size_t len;
};

static struct file
file_read(const char *name)
{
	struct file f = {.path = paths_conf(name)};

	f.text = conf_slurp(f.path, &f.len);
	if (f.text == NULL) {
		if (errno != ENOENT)
			log_warn_errno("%s is left out", f.path);
		f.text = xstrdup("");
		f.len = 0;
	}
	return f;
}

static void
file_free(struct file *f)
{
	free(f->path);
	free(f->text);
}

/* A text that children read by descriptor and nobody changes any more. */
static int
text_fd(const char *name, const char *text, size_t len)
{
	const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len ||
	    fcntl(fd, F_ADD_SEALS, seals) < 0)
		log_fatal_errno("cannot keep %s in memory", name);
	return fd;
}

/* Puts what is plugged in, or a UPS that waits, in the place of an empty ups.conf. */
static void
ups_conf_find_devices(struct file *f, struct ups_conf *conf, struct problems *problems)
{
	char cause[256], *text;
	size_t len;

	log_info("%s names no UPS: looking for devices", f->path);
	text = scan_devices(&len, cause, sizeof(cause));
	if (text == NULL)
		log_warn("%s", cause);
	ups_conf_free(conf);
	ups_conf_read(
	    conf, "hid -L", text == NULL ? "" : text, text == NULL ? 0 : len, problems);
	if (conf->nupses == 0) {
		log_info("no UPS found: \"ups\" waits for one on USB");
		free(text);
		text = xstrdup(WAITING_UPS);
		len = strlen(text);
		ups_conf_free(conf);
		ups_conf_read(conf, "hid -L", text, len, problems);
	}
	free(f->text);
	f->text = text;
	f->len = len;
}

/* The names of all that is served, for the log. */
static char *
ups_names(const struct ups_conf *conf)
{
	struct buf names = {0};
	char *text;

	for (size_t i = 0; i < conf->nupses; i++)
		if (conf_ups_get(&conf->upses[i], "driver") != NULL)
			buf_printf(&names, "%s%s", names.len > 0 ? ", " : "",
			    conf->upses[i].name);
	text = xstrdup(names.len > 0 ? buf_str(&names) : "no UPS");
	buf_free(&names);
	return text;
}

/* nut.conf and upsmon.conf: what this machine is meant to be. */
static void
read_role(struct setup *s, struct problems *problems)
{
	struct file nut = file_read("nut.conf"), upsmon = file_read("upsmon.conf");
	struct upsmon_conf conf = {0};

	s->mode = nut_conf_read(nut.path, nut.text, nut.len, problems);
	upsmon_conf_read(&conf, upsmon.path, upsmon.text, upsmon.len, problems);
	s->monitors = conf.nmonitors > 0;
	upsmon_conf_free(&conf);
	file_free(&nut);
	file_free(&upsmon);
}

/* net reads it for itself; here it is read for the log. */
static void
read_users(struct setup *s, struct problems *problems)
{
	struct file users = file_read("upsd.users");
	struct users_conf conf = {0};

	users_conf_read(&conf, users.path, users.text, users.len, problems);
	users_conf_free(&conf);
	s->users_fd = text_fd("upsd.users", users.text, users.len);
	file_free(&users);
}

/* ups.conf and upsd.conf: what is served, and where. */
static void
read_service(struct setup *s, struct problems *problems)
{
	struct file ups = file_read("ups.conf"), upsd = file_read("upsd.conf");
	struct ups_conf ups_conf = {0};
	struct upsd_conf upsd_conf = {0};

	ups_conf_read(&ups_conf, ups.path, ups.text, ups.len, problems);
	if (ups_conf.nupses == 0)
		ups_conf_find_devices(&ups, &ups_conf, problems);
	upsd_conf_read(&upsd_conf, upsd.path, upsd.text, upsd.len, problems);
	plan_sockets(&s->plan, &ups_conf, ups.path, &upsd_conf, upsd.path, problems);
	s->upses = ups_names(&ups_conf);
	s->ups_conf_fd = text_fd("ups.conf", ups.text, ups.len);
	s->upsd_conf_fd = text_fd("upsd.conf", upsd.text, upsd.len);
	ups_conf_free(&ups_conf);
	upsd_conf_free(&upsd_conf);
	file_free(&ups);
	file_free(&upsd);
}

void
setup_read(struct setup *s)
{
	struct problems problems = {0};

	*s = (struct setup){.ups_conf_fd = -1, .upsd_conf_fd = -1, .users_fd = -1};
	read_role(s, &problems);
	if (s->mode != NUT_MODE_NONE && s->mode != NUT_MODE_NETCLIENT) {
		read_users(s, &problems);
		read_service(s, &problems);
	}
	problems_each(&problems, log_warn);
	problems_free(&problems);
}

void
setup_free(struct setup *s)
{
	const int fds[] = {s->ups_conf_fd, s->upsd_conf_fd, s->users_fd};

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	plan_free(&s->plan);
	free(s->upses);
}
