/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"
#include "sim/control.h"
#include "sim/sim.h"

#define FILE_MAX (4 * 1024 * 1024)
#define CAP_MAX 86400

/* The built-in body (sim/embed.py). */
extern const char body_default[];
extern const size_t body_default_len;

struct options {
	const char *socket, *usbredir, *usbip, *body, *control, *scenario, *serial;
	bool uhid, over_usbip;
	double speed;
	struct ups_quirks quirks;
};

static const char usage[] =
    "usage: sim [--socket PATH | --uhid | --usbredir PORT|PATH | "
    "--usbip[=ADDRESS:PORT]]\n"
    "           [--body FILE] [--control PATH] [--scenario FILE] [--speed N]\n"
    "           [--serial TEXT] [--cap-delay SECONDS] [--ignore-cut]\n"
    "           [--keep-on-mains] [--return-anyway]\n";

/* `speed` as the command of that name takes it. */
static double
read_speed(const char *text)
{
	char line[64], cause[256];
	struct command c;

	snprintf(line, sizeof(line), "speed %s", text);
	if (command_parse(&c, line, cause, sizeof(cause)) != 0)
		log_fatal("--speed: %s", cause);
	return c.value;
}

static double
read_cap(const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end != '\0' || !(seconds > 0.0 && seconds <= CAP_MAX))
		log_fatal(
		    "--cap-delay: '%s' is no number of seconds up to %d", text, CAP_MAX);
	return seconds;
}

/* How many ways to the device were asked for. */
static int
links(const struct options *o)
{
	return o->uhid + (o->socket != NULL) + (o->usbredir != NULL) + o->over_usbip;
}

static const struct option longs[] = {
    {"socket", required_argument, NULL, 's'},
    {"uhid", no_argument, NULL, 'u'},
    {"usbredir", required_argument, NULL, 'r'},
    {"usbip", optional_argument, NULL, 'p'},
    {"body", required_argument, NULL, 'b'},
    {"control", required_argument, NULL, 'c'},
    {"scenario", required_argument, NULL, 'f'},
    {"speed", required_argument, NULL, 'n'},
    {"serial", required_argument, NULL, 't'},
    {"cap-delay", required_argument, NULL, 'd'},
    {"ignore-cut", no_argument, NULL, 'i'},
    {"keep-on-mains", no_argument, NULL, 'k'},
    {"return-anyway", no_argument, NULL, 'a'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static void
read_options(struct options *o, int argc, char **argv)
{
	int c;

	*o = (struct options){.speed = 1.0};
	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 's':
			o->socket = optarg;
			break;
		case 'u':
			o->uhid = true;
			break;
		case 'r':
			o->usbredir = optarg;
			break;
		case 'p':
			o->over_usbip = true;
			o->usbip = optarg;
			break;
		case 'b':
			o->body = optarg;
			break;
		case 'c':
			o->control = optarg;
			break;
		case 'f':
			o->scenario = optarg;
			break;
		case 'n':
			o->speed = read_speed(optarg);
			break;
		case 't':
			o->serial = optarg;
			break;
		case 'd':
			o->quirks.cap_delay = read_cap(optarg);
			break;
		case 'i':
			o->quirks.ignore_cut = true;
			break;
		case 'k':
			o->quirks.keep_on_mains = true;
			break;
		case 'a':
			o->quirks.return_anyway = true;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		case 'V':
			puts("sim " HOLDUP_VERSION);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(2);
		}
	}
	if (optind < argc || links(o) > 1) {
		fputs(usage, stderr);
		exit(2);
	}
}

/* Reads a file, NUL-terminated; ends the program when that fails. */
static char *
slurp(const char *path, size_t *len)
{
	char *text = xmalloc(FILE_MAX + 1);
	FILE *f = fopen(path, "re");

	if (f == NULL)
		log_fatal_errno("%s", path);
	*len = fread(text, 1, FILE_MAX + 1, f);
	if (ferror(f))
		log_fatal_errno("%s", path);
	if (*len > FILE_MAX)
		log_fatal("%s: longer than %d bytes", path, FILE_MAX);
	fclose(f);
	text = xrealloc(text, *len + 1);
	text[*len] = '\0';
	return text;
}

/* The serial number stands in the identity and in one of the strings. */
static void
set_serial(struct recording *r, const char *serial)
{
	int i;

	for (i = 0; i < 256; i++) {
		if (r->strings[i] == NULL || strcmp(r->strings[i], r->ident.serial) != 0)
			continue;
		free(r->strings[i]);
		r->strings[i] = xstrdup(serial);
	}
	snprintf(r->ident.serial, sizeof(r->ident.serial), "%s", serial);
}

static struct recording *
read_body(const struct options *o)
{
	struct recording *r;
	char cause[256], *text = NULL;
	size_t len;

	if (o->body == NULL)
		r = recording_read(body_default, body_default_len, cause, sizeof(cause));
	else {
		text = slurp(o->body, &len);
		r = recording_read(text, len, cause, sizeof(cause));
	}
	free(text);
	if (r == NULL)
		log_fatal("%s: %s", o->body == NULL ? "built-in body" : o->body, cause);
	if (o->serial != NULL)
		set_serial(r, o->serial);
	return r;
}

static struct scenario *
read_scenario(const char *path)
{
	struct scenario *s;
	char cause[512], *text;
	size_t len;

	if (path == NULL)
		return NULL;
	text = slurp(path, &len);
	if ((s = scenario_read(text, cause, sizeof(cause))) == NULL)
		log_fatal("%s: %s", path, cause);
	free(text);
	return s;
}

/* The path of the device's socket, its folder made. */
static char *
socket_path(const char *given)
{
	char *path, *folder, *slash;

	path = given != NULL ? xstrdup(given) : paths_state("sim/hidraw0");
	folder = xstrdup(path);
	if ((slash = strrchr(folder, '/')) != NULL && slash != folder) {
		*slash = '\0';
		if (mkdir(folder, 0770) == -1 && errno != EEXIST)
			log_fatal_errno("%s", folder);
	}
	free(folder);
	return path;
}

static struct link *
open_link(
    struct event_base *base, const struct options *o, const struct link_device *device)
{
	struct link *link;
	char *path;
	int fd;

	if (o->uhid) {
		if ((fd = open("/dev/uhid", O_RDWR | O_NONBLOCK | O_CLOEXEC)) == -1)
			log_fatal_errno("/dev/uhid (modprobe uhid, and be root)");
		return link_uhid_new(base, fd, device);
	}
	if (o->usbredir != NULL)
		return link_usbredir_new(base, o->usbredir, device);
	if (o->over_usbip)
		return link_usbip_new(
		    base, o->usbip != NULL ? o->usbip : LINK_USBIP_PLACE, device);
	path = socket_path(o->socket);
	link = link_sock_new(base, path, device);
	free(path);
	return link;
}

/* As long as the folder of the virtual bus is there, `hid` sees no real device: a machine
 * that has one gets it back. */
static void
leave_bus(const struct options *o)
{
	char *folder = paths_state("sim");

	if (!paths_private() && links(o) == 0)
		rmdir(folder);
	free(folder);
}

static void
on_signal(evutil_socket_t fd, short events, void *arg)
{
	(void)fd;
	(void)events;
	event_base_loopexit(arg, NULL);
}

static void
run_line(void *arg, const char *line, struct buf *answer)
{
	sim_line(arg, line, answer);
}

/* Serves until a signal or "quit"; both sockets are gone afterwards. */
static void
serve(struct event_base *base, struct sim *sim, const struct options *o)
{
	struct event *term = evsignal_new(base, SIGTERM, on_signal, base);
	struct event *intr = evsignal_new(base, SIGINT, on_signal, base);
	char cause[256], *path;
	struct control *control;

	signal(SIGPIPE, SIG_IGN);
	event_add(term, NULL);
	event_add(intr, NULL);
	if (sim_start(sim, open_link(base, o, sim_device(sim)), cause, sizeof(cause)) !=
	    0)
		log_fatal("%s", cause);
	path = o->control != NULL ? xstrdup(o->control) : paths_state("sim.ctl");
	control = control_new(base, path, run_line, sim, cause, sizeof(cause));
	if (control == NULL) {
		sim_free(sim);
		log_fatal("%s (--control PATH names another place)", cause);
	}
	event_base_dispatch(base);
	control_free(control);
	sim_free(sim);
	leave_bus(o);
	free(path);
	event_free(term);
	event_free(intr);
}

int
main(int argc, char **argv)
{
	struct scenario *scenario;
	struct event_base *base;
	struct recording *r;
	struct options o;

	log_init("sim", 0);
	read_options(&o, argc, argv);
	r = read_body(&o);
	scenario = read_scenario(o.scenario);
	if ((base = event_base_new()) == NULL)
		log_fatal("no event loop: the kernel gives no epoll");
	serve(base, sim_new(base, r, scenario, o.speed, &o.quirks), &o);
	event_base_free(base);
	scenario_free(scenario);
	recording_free(r);
	return 0;
}
