/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/client.h"
#include "cli/setup.h"
#include "hid/bus.h"
#include "lib/xmem.h"

#define OUTSIDE "192.0.2.1" /* of documentation (RFC 5737): nothing is sent there */
#define CAUSE_MAX 256

/* True when another one is of the same kind, and neither has a serial number. */
static bool
has_twin(const struct bus_list *list, const struct bus_device *d)
{
	size_t n = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct bus_device *o = &list->devices[i];

		n += o->power && o->ident.vendor == d->ident.vendor &&
		     o->ident.product == d->ident.product;
	}
	return n > 1 && d->ident.serial[0] == '\0';
}

static char *
text_of(const char *text)
{
	return *text != '\0' ? xstrdup(text) : NULL;
}

/* What has been said of a UPS already (apcupsd.conf: "it is on USB") and fits this one. */
static struct setup_ups *
meant(struct setup_answers *a, const struct bus_device *d)
{
	for (size_t i = 0; i < a->nups; i++) {
		struct setup_ups *u = &a->ups[i];

		if (u->driver == NULL && u->vendorid == NULL &&
		    (u->serial == NULL || strcmp(u->serial, d->ident.serial) == 0))
			return u;
	}
	return setup_add_ups(a);
}

static void
take_device(
    struct setup_answers *a, const struct bus_list *list, const struct bus_device *d)
{
	struct setup_ups *u = meant(a, d);

	if (u->desc == NULL)
		u->desc = text_of(d->ident.name);
	u->vendorid = xasprintf("%04x", d->ident.vendor);
	u->productid = xasprintf("%04x", d->ident.product);
	if (u->serial == NULL)
		u->serial = text_of(d->ident.serial);
	if (has_twin(list, d)) {
		u->bus = text_of(d->bus);
		u->busport = text_of(d->port);
	}
}

size_t
setup_find_usb(struct setup_answers *a, void (*say)(const char *text))
{
	struct bus_list list = {0};
	size_t n = 0;

	bus_scan(&list);
	for (size_t i = 0; i < list.count; i++) {
		const struct bus_device *d = &list.devices[i];
		char name[CAUSE_MAX], *text;

		if (!d->power)
			continue;
		n++;
		take_device(a, &list, d);
		text = xasprintf("%s%s%s%s%s", bus_device_name(d, name, sizeof(name)),
		    d->ident.serial[0] != '\0' ? ", serial number " : "", d->ident.serial,
		    d->fault[0] != '\0' ? ": " : "", d->fault);
		if (say != NULL)
			say(text);
		free(text);
	}
	bus_list_free(&list);
	return n;
}

char *
setup_find_address(const char *towards)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)}, own = {0};
	socklen_t len = sizeof(own);
	char text[INET_ADDRSTRLEN];
	struct ifaddrs *all = NULL;
	char *found = NULL;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (towards == NULL || inet_pton(AF_INET, towards, &to.sin_addr) != 1)
		inet_pton(AF_INET, OUTSIDE, &to.sin_addr);
	if (fd != -1 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
	    getsockname(fd, (struct sockaddr *)&own, &len) == 0 &&
	    ntohl(own.sin_addr.s_addr) >> 24 != IN_LOOPBACKNET)
		found = xstrdup(inet_ntop(AF_INET, &own.sin_addr, text, sizeof(text)));
	if (fd != -1)
		close(fd);
	if (found != NULL || getifaddrs(&all) == -1)
		return found;
	/* There is no way out, but perhaps a network. */
	for (const struct ifaddrs *i = all; i != NULL && found == NULL; i = i->ifa_next)
		if (i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET &&
		    (i->ifa_flags & (IFF_UP | IFF_LOOPBACK)) == IFF_UP &&
		    getnameinfo(i->ifa_addr, sizeof(own), text, sizeof(text), NULL, 0,
			NI_NUMERICHOST) == 0)
			found = xstrdup(text);
	freeifaddrs(all);
	return found;
}

/* What LIST UPS told so far. */
struct names {
	char **list;
	size_t count;
};

static void
take_name(void *arg, const struct words *line)
{
	struct names *n = arg;

	if (line->argc < 2)
		return;
	n->list = xreallocarray(n->list, n->count + 2, sizeof(*n->list));
	n->list[n->count++] = xstrdup(line->argv[1]);
	n->list[n->count] = NULL;
}

void
setup_find_free(char **names)
{
	for (size_t i = 0; names != NULL && names[i] != NULL; i++)
		free(names[i]);
	free(names);
}

char **
setup_find_upses(const char *host, const char *port, char *cause, size_t size)
{
	struct client *c = client_open(host, port, cause, size);
	struct names n = {0};

	if (c == NULL)
		return NULL;
	client_arg(c, "LIST");
	client_arg(c, "UPS");
	if (client_list(c, take_name, &n, cause, size) == -1) {
		setup_find_free(n.list);
		n.list = NULL;
	} else if (n.list == NULL)
		snprintf(cause, size, "it has no UPS");
	client_close(c);
	return n.list;
}

int
setup_find_login(const struct setup_answers *a, char *cause, size_t size)
{
	char port[8];
	struct client *c;
	struct words answer;
	int result;

	snprintf(port, sizeof(port), "%u", a->at_port != 0 ? a->at_port : 3493U);
	if ((c = client_open(a->at_host, port, cause, size)) == NULL)
		return 1;
	result = client_login(c, a->at_user, a->at_password, cause, size);
	if (result == 0) {
		client_arg(c, "LOGIN");
		client_arg(c, a->at_ups);
		result = client_ask(c, &answer, cause, size);
	}
	/* No answer, or a UPS that is away at the moment, is no refusal. */
	if (result == -1 && (client_error(c)[0] == '\0' ||
				strcmp(client_error(c), "DRIVER-NOT-CONNECTED") == 0 ||
				strcmp(client_error(c), "DATA-STALE") == 0))
		result = 1;
	client_close(c);
	return result;
}
