/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "hid/bus.h"
#include "hid/late.h"
#include "hid/options.h"
#include "hid/serve.h"
#include "lib/buf.h"
#include "lib/drivers.h"
#include "lib/fdarg.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sandbox.h"
#include "lib/sock.h"
#include "lib/xmem.h"

struct arguments {
	const char *ups;
	int conf_fd, socket_fd; /* -1: opened here */
	int debug;
	bool list, cut, mains;
};

static void __attribute__((noreturn)) usage(int status)
{
	fprintf(status == 0 ? stdout : stderr,
	    "usage: hid -a UPS [-C FD] [-S FD] [-D] [-F]\n"
	    "       hid -k|-m [-a] UPS\n"
	    "       hid -L\n"
	    "-a UPS  drive the device of this section of ups.conf\n"
	    "-C FD   ups.conf is this descriptor\n"
	    "-S FD   the driver socket is this descriptor, listening\n"
	    "-D      say more; -F stay in the foreground (always so)\n"
	    "-k      tell the device to cut its output, and end\n"
	    "-m      ask the device whether the mains is there, and end\n"
	    "-L      list the devices found as sections of ups.conf\n");
	exit(status);
}

static void
read_arguments(struct arguments *a, int argc, char **argv)
{
	int c;

	*a = (struct arguments){.conf_fd = -1, .socket_fd = -1};
	while ((c = getopt(argc, argv, "a:C:S:u:DFkmLVh")) != -1) {
		switch (c) {
		case 'a':
			a->ups = optarg;
			break;
		case 'C':
			a->conf_fd = fdarg(optarg, NULL);
			break;
		case 'S':
			a->socket_fd = fdarg(optarg, NULL);
			break;
		case 'D':
			a->debug++;
			break;
		case 'u': /* of NUT's drivers: who starts us has chosen the user */
		case 'F':
			break;
		case 'k':
			a->cut = true;
			break;
		case 'm':
			a->mains = true;
			break;
		case 'L':
			a->list = true;
			break;
		case 'V':
			printf("holdup hid %s\n", HOLDUP_VERSION);
			exit(0);
		case 'h':
			usage(0);
		default:
			usage(1);
		}
	}
	if ((a->cut || a->mains) && a->ups == NULL && optind < argc)
		a->ups = argv[optind++];
	if (optind != argc || a->cut + a->mains + a->list > 1 ||
	    (a->ups == NULL) != a->list)
		usage(1);
}

static void
print_option(const char *name, const char *text)
{
	char quoted[256];

	match_quote(quoted, sizeof(quoted), text);
	if (quoted[0] != '\0')
		printf("\t%s = \"%s\"\n", name, quoted);
}

/* Each power device as a section of ups.conf. */
static void
list_devices(void)
{
	const struct bus_device *d;
	struct bus_list list;
	size_t n = 0;

	bus_scan(&list);
	for (size_t i = 0; i < list.count; i++) {
		d = &list.devices[i];
		if (!d->power)
			continue;
		if (++n == 1)
			printf("[ups]\n");
		else
			printf("\n[ups%zu]\n", n);
		printf("\tdriver = usbhid-ups\n\tport = auto\n"
		       "\tvendorid = %04x\n\tproductid = %04x\n",
		    d->ident.vendor, d->ident.product);
		print_option("product", d->ident.name);
		print_option("serial", d->ident.serial);
		print_option("bus", d->bus);
		if (d->ident.serial[0] ==
		    '\0') /* nothing else tells two of a kind apart */
			print_option("busport", d->port);
	}
	bus_list_free(&list);
}

/* Names the sections that there are, for who asked for another one. */
static void __attribute__((noreturn))
no_section(const struct ups_conf *conf, const char *file, const char *ups)
{
	struct buf names = {0};

	for (size_t i = 0; i < conf->nupses; i++)
		buf_printf(&names, " [%s]", conf->upses[i].name);
	if (names.len == 0)
		log_fatal("%s has no section [%s], nor any other", file, ups);
	log_fatal("%s has no section [%s], but:%s", file, ups, buf_str(&names));
}

/* The late cut of a UPS whose cable is at another machine, or which is none, is not this
 * program's: whoever has the cable decides when it is cut. */
static void
refuse_others(const struct conf_ups *section)
{
	const char *driver = conf_ups_get(section, "driver");
	const char *own = driver == NULL ? "hid" : drivers_own(driver);

	if (own == NULL || strcmp(own, "hid") != 0)
		log_fatal("ups %s: driver = %s: not a UPS on a cable of this machine "
			  "that this program drives; nothing is cut",
		    section->name, driver);
}

static void
read_conf(struct options *o, const struct arguments *a)
{
	char *text, *file = paths_conf("ups.conf");
	struct problems all = {0}, own = {0};
	const struct conf_ups *section;
	struct ups_conf conf;
	size_t len;

	text =
	    a->conf_fd == -1 ? conf_slurp(file, &len) : conf_slurp_fd(a->conf_fd, &len);
	if (text == NULL)
		log_fatal_errno("cannot read %s", file);
	ups_conf_read(&conf, file, text, len, &all);
	if ((section = ups_conf_find(&conf, a->ups)) == NULL)
		no_section(&conf, file, a->ups);
	if (a->cut || a->mains)
		refuse_others(section);
	options_read(o, &conf, section, file, &own);
	if (a->conf_fd == -1) /* who handed the file over has said this already */
		problems_each(&all, log_warn);
	problems_each(&own, log_warn);
	if (o->debug_min > a->debug)
		log_init("hid", (int)o->debug_min);
	problems_each(&o->notes, log_debug);
	problems_free(&all);
	problems_free(&own);
	ups_conf_free(&conf);
	free(text);
	free(file);
}

/* Opens the driver socket where NUT's upsd looks for it; `*path` is freed by the caller. */
static int
listen_socket(const struct options *o, char **path)
{
	char cause[256], *name = xasprintf("usbhid-ups-%s", o->name);
	int fd;

	*path = paths_state(name);
	free(name);
	if ((fd = sock_listen_unix(*path, SOCK_STREAM, 0660, cause, sizeof(cause))) == -1)
		log_fatal("%s", cause);
	return fd;
}

static void
on_signal(evutil_socket_t number, short what, void *arg)
{
	event_base_loopbreak(arg);
}

/* Serves until a signal ends it. */
static void
run(const struct options *o, int fd)
{
	struct event *term, *interrupt;
	struct event_base *base;
	struct serve *s;

	if ((base = event_base_new()) == NULL)
		log_fatal("cannot make an event loop");
	term = evsignal_new(base, SIGTERM, on_signal, base);
	interrupt = evsignal_new(base, SIGINT, on_signal, base);
	event_add(term, NULL);
	event_add(interrupt, NULL);
	s = serve_new(base, o, fd);
	event_base_dispatch(base);
	serve_free(s);
	event_free(term);
	event_free(interrupt);
	event_base_free(base);
}

int
main(int argc, char **argv)
{
	struct arguments a;
	struct options o;
	char *path = NULL;
	int status = 0;

	read_arguments(&a, argc, argv);
	log_init("hid", a.debug);
	if (a.list) {
		list_devices();
		return 0;
	}
	if (a.socket_fd != -1)
		prctl(PR_SET_PDEATHSIG, SIGTERM);
	tzset(); /* ups.time is local, and the zone cannot be read in the sandbox */
	sandbox_enter(SANDBOX_HID);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN); /* askers are not waited for */
	read_conf(&o, &a);
	if (a.cut)
		status = late_cut(&o);
	else if (a.mains)
		status = late_mains(&o);
	else
		run(&o, a.socket_fd != -1 ? a.socket_fd : listen_socket(&o, &path));
	if (path != NULL)
		unlink(path);
	free(path);
	options_free(&o);
	return status;
}
