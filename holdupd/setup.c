/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "holdupd/scan.h"
#include "holdupd/setup_in.h"
#include "holdupd/shutdown.h"
#include "lib/buf.h"
#include "lib/conf.h"
#include "lib/conf_holdup.h"
#include "lib/conf_users.h"
#include "lib/log.h"
#include "lib/monitors.h"
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
file_read(struct setup *s, const char *name)
{
	struct file f = {.path = paths_conf(name)};

	f.text = conf_slurp(f.path, &f.len);
	if (f.text == NULL) {
		if (errno != ENOENT) {
			log_warn_errno("%s is left out", f.path);
			s->damaged = true;
		}
		f.text = xstrdup("");
		f.len = 0;
	}
	return f;
}

/* A file that does not matter here. */
static struct file
file_none(const char *name)
{
	return (struct file){.path = paths_conf(name), .text = xstrdup("")};
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
ups_conf_find_devices(struct file *f, const struct user *user, struct ups_conf *conf,
    struct problems *problems)
{
	char cause[256], *text;
	size_t len;

	log_info("%s names no UPS: looking for devices", f->path);
	text = scan_devices(user, &len, cause, sizeof(cause));
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

void
setup_keep(struct setup *s, enum plan_fd_kind kind, const char *name, const char *text,
    size_t len)
{
	s->texts[kind] = text_fd(name, text, len);
}

/* nut.conf says it, except to those who are called for one thing. */
static enum nut_mode
read_mode(struct setup *s, struct problems *problems)
{
	struct file nut;
	enum nut_mode mode;

	if (s->plan.call.role != ROLE_ALL)
		return s->plan.call.role == ROLE_SERVER ? NUT_MODE_NETSERVER
							: NUT_MODE_NETCLIENT;
	nut = file_read(s, "nut.conf");
	mode = nut_conf_read(nut.path, nut.text, nut.len, problems);
	file_free(&nut);
	return mode;
}

/* What this machine is meant to be, and what upsmon.conf asks for. */
static void
read_role(struct setup *s, struct problems *problems)
{
	struct file upsmon = s->plan.call.role != ROLE_SERVER
				 ? file_read(s, "upsmon.conf")
				 : file_none("upsmon.conf");

	s->mode = read_mode(s, problems);
	upsmon_conf_read(&s->upsmon, upsmon.path, upsmon.text, upsmon.len, problems);
	s->plan.run = s->upsmon.nmonitors > 0;
	s->plan.harmless = s->upsmon.shutdowncmd == NULL && shutdown_is_harmless();
	setup_keep(s, PLAN_FD_UPSMON_CONF, "upsmon.conf", upsmon.text, upsmon.len);
	file_free(&upsmon);
}

/* net reads it for itself; here it is read for the log. */
static void
read_users(struct setup *s, struct problems *problems)
{
	struct file users = s->plan.call.role != ROLE_MONITOR ? file_read(s, "upsd.users")
							      : file_none("upsd.users");
	struct users_conf conf = {0};

	users_conf_read(&conf, users.path, users.text, users.len, problems);
	s->plan.judge = users_conf_hashed(&conf);
	users_conf_free(&conf);
	setup_keep(s, PLAN_FD_UPSD_USERS, "upsd.users", users.text, users.len);
	file_free(&users);
}

/* A program that may be left out of an installation, as a package of its own. */
static bool
is_installed(const char *name, const char *without)
{
	char *program = paths_program(name);

	if (program == NULL)
		log_info("%s is not installed: %s", name, without);
	free(program);
	return program != NULL;
}

/* The page and the history: there without a word, but in a private installation. */
static void
read_page(struct setup *s)
{
	const bool all = s->plan.call.role == ROLE_ALL, unsaid = !paths_private();

	s->plan.history = all && !s->own.history.off &&
			  (unsaid || s->own.history.line > 0) &&
			  is_installed("history", "nothing is kept of what happens");
	s->plan.web = all && !s->own.web.off && (unsaid || s->own.web.line > 0) &&
		      is_installed("web", "there is no page");
	if (s->plan.web && s->own.web.certificate != NULL)
		setup_page_tls(s);
	if (s->plan.web)
		plan_pages(&s->plan, &s->own.web);
}

/* Whether anybody is to be told more than NUT's clients are. */
static bool
wants_out(const struct holdup_conf *c)
{
	bool wanted = c->domoticz.wanted || c->mqtt.wanted;

	for (size_t i = 0; i < c->nnotifies; i++)
		wanted |= c->notifies[i].wanted;
	return wanted;
}

/* A file with passwords is root's alone, or of a group that was chosen for it. */
static void
check_secret(const struct setup *s, const char *path, struct problems *problems)
{
	struct stat st;

	if (holdup_conf_secret(&s->own) && stat(path, &st) == 0 &&
	    (st.st_mode & S_IROTH) != 0)
		problems_add(problems, path, 0,
		    "everybody on this machine may read it, and what lets into other "
		    "systems stands in it: chmod 640 %s",
		    path);
}

/* holdup.conf: what NUT has no words for. */
static void
read_own(struct setup *s, struct problems *problems)
{
	struct file own = file_read(s, "holdup.conf");

	holdup_conf_read(&s->own, own.path, own.text, own.len, problems);
	check_secret(s, own.path, problems);
	s->plan.out = wants_out(&s->own) && s->plan.call.role != ROLE_MONITOR;
	if (s->plan.out)
		setup_mqtt_tls(s);
	s->plan.run |= s->own.nmachines > 0;
	read_page(s);
	setup_keep(s, PLAN_FD_HOLDUP_CONF, "holdup.conf", own.text, own.len);
	file_free(&own);
}

/* Adds to the text of ups.conf what MONITOR lines need, and reads the whole of it anew,
 * so that rows mean here what they mean to the children. */
static void
add_far(struct setup *s, struct file *f, struct ups_conf *conf, bool serving,
    struct problems *problems)
{
	char *upsmon = paths_conf("upsmon.conf");
	struct problems again = {0};
	struct buf text = {0};

	buf_add(&text, f->text, f->len);
	monitors_sections(&text, &s->upsmon, conf, serving, upsmon, problems);
	free(f->text);
	f->len = text.len;
	f->text = xstrdup(buf_str(&text));
	ups_conf_free(conf);
	ups_conf_read(conf, f->path, f->text, f->len, &again);
	problems_free(&again);
	buf_free(&text);
	free(upsmon);
}

/* The number of a service of /etc/services, or -1. */
static int
port_of(const char *service)
{
	const struct addrinfo hints = {
	    .ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	const struct sockaddr_in *in;
	struct addrinfo *found;
	int port;

	if (getaddrinfo(NULL, service, &hints, &found) != 0)
		return -1;
	in = (const struct sockaddr_in *)(const void *)found->ai_addr;
	port = ntohs(in->sin_port);
	freeaddrinfo(found);
	return port;
}

/* Ports become numbers; a line with the name of a service that nobody knows goes. */
static void
ports_by_name(struct upsd_conf *upsd, const char *file, struct problems *problems)
{
	size_t kept = 0;

	for (size_t i = 0; i < upsd->nlistens; i++) {
		struct conf_listen l = upsd->listens[i];
		bool number = isdigit((unsigned char)l.port[0]);
		int port = number ? 0 : port_of(l.port);

		if (port < 0) {
			problems_add(problems, file, l.line,
			    "LISTEN %s: /etc/services knows no port \"%s\": the line is "
			    "ignored",
			    l.address, l.port);
			free(l.address);
			free(l.port);
			continue;
		}
		if (!number) {
			free(l.port);
			l.port = xasprintf("%d", port);
		}
		upsd->listens[kept++] = l;
	}
	upsd->nlistens = kept;
}

/* STATEPATH of upsd.conf, else statepath of ups.conf: the folder in which others start
 * drivers of NUT; one that the environment names counts before both, for NUT too. */
static char *
driver_state(const struct upsd_conf *upsd, const struct ups_conf *ups)
{
	const char *folder = upsd->statepath;

	for (size_t i = 0; i < ups->nglobals && folder == NULL; i++)
		if (strcmp(ups->globals[i].key, "statepath") == 0)
			folder = ups->globals[i].value;
	return folder == NULL || getenv("NUT_STATEPATH") != NULL ? NULL : xstrdup(folder);
}

/* The UPSes of holdup.conf, against those of ups.conf and the far ones. */
static void
check_names(const struct setup *s, const struct ups_conf *upses, struct problems *p)
{
	char *file = paths_conf("holdup.conf");

	conf_names_check(&s->own, upses, file, p);
	conf_machines_check(&s->own, upses, file, p);
	free(file);
}

/* ups.conf and upsd.conf: what is served, and where. Nothing of this machine is, with
 * MODE=netclient: there the far UPSes are all. */
static void
read_service(struct setup *s, const struct user *user, struct problems *problems)
{
	const bool serving = s->mode != NUT_MODE_NETCLIENT;
	struct file ups = serving ? file_read(s, "ups.conf") : file_none("ups.conf");
	struct file upsd = serving ? file_read(s, "upsd.conf") : file_none("upsd.conf");
	const struct ups_conf none = {0}; /* of its drivers is ours to start */
	struct ups_conf ups_conf = {0};
	struct upsd_conf upsd_conf = {0};
	bool written;

	ups_conf_read(&ups_conf, ups.path, ups.text, ups.len, problems);
	written = ups_conf.nupses > 0;
	if (serving && s->plan.call.role == ROLE_ALL && !written)
		ups_conf_find_devices(&ups, user, &ups_conf, problems);
	add_far(s, &ups, &ups_conf, serving, problems);
	if (serving && written)
		check_names(s, &ups_conf, problems);
	upsd_conf_read(&upsd_conf, upsd.path, upsd.text, upsd.len, problems);
	ports_by_name(&upsd_conf, upsd.path, problems);
	s->plan.driver_state = driver_state(&upsd_conf, &ups_conf);
	plan_sockets(&s->plan, s->plan.call.role == ROLE_SERVER ? &none : &ups_conf,
	    ups.path, serving ? &upsd_conf : NULL, upsd.path, problems);
	setup_tls(s, &upsd_conf, upsd.path, problems);
	setup_far_tls(s, problems);
	s->plan.maxage_s = serving ? (unsigned)upsd_conf.maxage : 0;
	s->not_all_listeners = upsd_conf.allow_not_all_listeners;
	s->upses = ups_names(&ups_conf);
	setup_keep(s, PLAN_FD_UPS_CONF, "ups.conf", ups.text, ups.len);
	setup_keep(s, PLAN_FD_UPSD_CONF, "upsd.conf", upsd.text, upsd.len);
	ups_conf_free(&ups_conf);
	upsd_conf_free(&upsd_conf);
	file_free(&ups);
	file_free(&upsd);
}

bool
setup_has_work(const struct setup *s)
{
	return s->mode != NUT_MODE_NONE &&
	       (s->mode != NUT_MODE_NETCLIENT || s->upsmon.nmonitors > 0);
}

void
setup_read(struct setup *s, struct plan_call call, const struct user *user)
{
	struct problems problems = {0};

	*s = (struct setup){.plan.call = call};
	for (size_t i = 0; i < PLAN_TEXTS; i++)
		s->texts[i] = -1;
	read_role(s, &problems);
	if (setup_has_work(s)) {
		read_users(s, &problems);
		read_own(s, &problems);
		read_service(s, user, &problems);
	}
	problems_each(&problems, log_warn);
	problems_free(&problems);
}

/* True when two descriptors of sealed texts hold the same. */
static bool
same_text(int a, int b)
{
	size_t len_a, len_b;
	char *text_a = conf_slurp_fd(a, &len_a), *text_b = conf_slurp_fd(b, &len_b);
	bool same = text_a != NULL && text_b != NULL && len_a == len_b &&
		    memcmp(text_a, text_b, len_a) == 0;

	free(text_a);
	free(text_b);
	return same;
}

/* True when ups.conf says the same to two drivers, or neither of them is one. */
static bool
same_told(const struct plan_child *a, const struct plan_child *b)
{
	if (a->told == NULL || b->told == NULL)
		return a->told == b->told;
	return strcmp(a->told, b->told) == 0;
}

/* True when what a descriptor is stands for the same: a text, a listener of the page. */
static bool
same_fd(const struct setup *old, const struct plan_fd *a, const struct setup *new,
    const struct plan_fd *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == PLAN_FD_PAGE)
		return plan_same_listen(
		    &old->plan.pages[a->index], &new->plan.pages[b->index]);
	return a->kind >= PLAN_TEXTS ||
	       same_text(old->texts[a->kind], new->texts[b->kind]);
}

bool
setup_same_child(const struct setup *old, const struct plan_child *a,
    const struct setup *new, const struct plan_child *b)
{
	if (a->renewable && b->renewable)
		return strcmp(a->argv[0], b->argv[0]) == 0;
	if (strcmp(a->name, b->name) != 0 || a->nfds != b->nfds || !same_told(a, b))
		return false;
	for (size_t i = 0; a->argv[i] != NULL || b->argv[i] != NULL; i++)
		if (a->argv[i] == NULL || b->argv[i] == NULL ||
		    strcmp(a->argv[i], b->argv[i]) != 0)
			return false;
	for (size_t i = 0; i < a->nfds; i++) {
		if (a->told != NULL && a->fds[i].kind == PLAN_FD_UPS_CONF &&
		    b->fds[i].kind == PLAN_FD_UPS_CONF)
			continue;
		if (!same_fd(old, &a->fds[i], new, &b->fds[i]))
			return false;
	}
	return true;
}

void
setup_free(struct setup *s)
{
	for (size_t i = 0; i < PLAN_TEXTS; i++)
		if (s->texts[i] >= 0)
			close(s->texts[i]);
	upsmon_conf_free(&s->upsmon);
	holdup_conf_free(&s->own);
	plan_free(&s->plan);
	free(s->upses);
}
