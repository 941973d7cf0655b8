/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "holdupd/plan.h"
#include "lib/buf.h"
#include "lib/state.h"
#include "lib/xmem.h"

#define NUT_PORT "3493" /* RFC 9271, section 4 */

/* The values of `driver` that one of our programs answers to. */
static const struct {
	const char *driver, *program;
} own_drivers[] = {
    {"usbhid-ups", "hid"},
    {"remote", "remote"},
};

/* What stands for more than one literal address. */
static const struct {
	const char *name, *four, *six;
} address_names[] = {
    {"*", "0.0.0.0", "::"},
    {"localhost", "127.0.0.1", "::1"},
};

static const char *
own_program(const char *driver)
{
	for (size_t i = 0; i < sizeof(own_drivers) / sizeof(*own_drivers); i++)
		if (strcmp(own_drivers[i].driver, driver) == 0)
			return own_drivers[i].program;
	return NULL;
}

/* A driver's name becomes part of its socket's path, as the UPS's does, which the reader
 * of ups.conf has checked. */
static bool
driver_ok(const char *driver)
{
	return state_name_ok(driver) && strchr(driver, '/') == NULL;
}

static void
driver_add(struct plan *plan, const struct conf_ups *ups, long row, const char *file,
    struct problems *problems)
{
	const char *driver = conf_ups_get(ups, "driver"), *program;

	if (driver == NULL || *driver == '\0') /* the reader has said so */
		return;
	if (!driver_ok(driver)) {
		problems_add(problems, file, ups->line,
		    "[%s]: \"%s\" cannot be the name of a driver; a UPS on USB has "
		    "driver = usbhid-ups",
		    ups->name, driver);
		return;
	}
	if ((program = own_program(driver)) == NULL) {
		problems_add(problems, file, ups->line,
		    "[%s]: driver %s is NUT's: holdup uses it but does not start it; "
		    "do so with \"systemctl start nut-driver@%s\"",
		    ups->name, driver, ups->name);
		return;
	}
	plan->drivers =
	    xreallocarray(plan->drivers, plan->ndrivers + 1, sizeof(*plan->drivers));
	plan->drivers[plan->ndrivers++] = (struct plan_driver){
	    .socket = xasprintf("%s-%s", driver, ups->name),
	    .ups = xstrdup(ups->name),
	    .row = row,
	    .program = program,
	};
}

static bool
is_literal(const char *address)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	char plain[INET6_ADDRSTRLEN + 1];
	size_t len = strcspn(address, "%"); /* of "fe80::1%eth0" */

	if (inet_pton(AF_INET, address, bytes) == 1)
		return true;
	if (len >= sizeof(plain))
		return false;
	memcpy(plain, address, len);
	plain[len] = '\0';
	return inet_pton(AF_INET6, plain, bytes) == 1;
}

/* True when an earlier listener has this address already, itself or by a wildcard. */
static bool
is_covered(const struct plan *plan, const char *address, const char *port)
{
	const char *all = strchr(address, ':') == NULL ? "0.0.0.0" : "::";

	if (strcmp(port, "0") == 0)
		return false;
	for (size_t i = 0; i < plan->nlistens; i++)
		if (strcmp(plan->listens[i].port, port) == 0 &&
		    (strcmp(plan->listens[i].address, address) == 0 ||
			strcmp(plan->listens[i].address, all) == 0))
			return true;
	return false;
}

static void
listen_add(struct plan *plan, const char *address, const char *port)
{
	const char family = strchr(address, ':') == NULL ? '4' : '6';

	if ((plan->call.family != 0 && plan->call.family != family) ||
	    is_covered(plan, address, port))
		return;
	plan->listens =
	    xreallocarray(plan->listens, plan->nlistens + 1, sizeof(*plan->listens));
	plan->listens[plan->nlistens++] = (struct plan_listen){
	    .address = xstrdup(address),
	    .port = xstrdup(port),
	};
}

static void
listen_read(struct plan *plan, const struct conf_listen *l, const char *file,
    struct problems *problems)
{
	/* net's descriptors: the listeners and two files. */
	if (plan->nlistens + 2 > PLAN_FDS_MAX - 2) {
		problems_add(problems, file, l->line,
		    "LISTEN %s: more than %d addresses; LISTEN * takes all", l->address,
		    PLAN_FDS_MAX - 4);
		return;
	}
	for (size_t i = 0; i < sizeof(address_names) / sizeof(*address_names); i++) {
		if (strcasecmp(address_names[i].name, l->address) != 0)
			continue;
		listen_add(plan, address_names[i].four, l->port);
		listen_add(plan, address_names[i].six, l->port);
		return;
	}
	if (is_literal(l->address))
		listen_add(plan, l->address, l->port);
	else
		problems_add(problems, file, l->line,
		    "LISTEN %s: names are not looked up; write the address itself, or * "
		    "for all; the line is left out",
		    l->address);
}

/* Wildcards first, so that what they cover is left out wherever it stands. */
static int
wildcards_first(const void *a, const void *b)
{
	const struct conf_listen *la = a, *lb = b;
	bool wild_a = la->address[strspn(la->address, "*0.:")] == '\0';
	bool wild_b = lb->address[strspn(lb->address, "*0.:")] == '\0';

	if (wild_a != wild_b)
		return wild_a ? -1 : 1;
	return la->line - lb->line;
}

static void
listens_read(struct plan *plan, const struct upsd_conf *upsd, const char *file,
    struct problems *problems)
{
	struct conf_listen *sorted = xcalloc(upsd->nlistens, sizeof(*sorted));

	if (upsd->nlistens > 0) {
		memcpy(sorted, upsd->listens, upsd->nlistens * sizeof(*sorted));
		qsort(sorted, upsd->nlistens, sizeof(*sorted), wildcards_first);
	} else {
		listen_add(plan, "127.0.0.1", NUT_PORT);
		listen_add(plan, "::1", NUT_PORT);
	}
	for (size_t i = 0; i < upsd->nlistens; i++)
		listen_read(plan, &sorted[i], file, problems);
	free(sorted);
}

void
plan_sockets(struct plan *plan, const struct ups_conf *ups, const char *ups_file,
    const struct upsd_conf *upsd, const char *upsd_file, struct problems *problems)
{
	for (size_t i = 0; i < ups->nupses; i++)
		driver_add(plan, &ups->upses[i], (long)i, ups_file, problems);
	if (upsd != NULL)
		listens_read(plan, upsd, upsd_file, problems);
}

static struct plan_child *
child_add(struct plan *plan, const char *program, enum plan_user user)
{
	struct plan_child *c;

	plan->children =
	    xreallocarray(plan->children, plan->nchildren + 1, sizeof(*plan->children));
	c = &plan->children[plan->nchildren++];
	*c = (struct plan_child){.user = user, .row = -1};
	c->name = xstrdup(program);
	c->argv[0] = xstrdup(program);
	return c;
}

static void
arg_add(struct plan_child *c, const char *text)
{
	size_t n = 0;

	while (c->argv[n] != NULL)
		n++;
	c->argv[n] = xstrdup(text);
}

/* Gives the child a descriptor and returns its number there. */
static int
fd_give(struct plan_child *c, enum plan_fd_kind kind, size_t index)
{
	c->fds[c->nfds] = (struct plan_fd){.kind = kind, .index = index};
	return PLAN_FIRST_FD + (int)c->nfds++;
}

/* A descriptor as an option of the command line: "-C 3". */
static void
fd_option(struct plan_child *c, const char *option, enum plan_fd_kind kind, size_t index)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", fd_give(c, kind, index));
	arg_add(c, option);
	arg_add(c, number);
}

static void
child_net(struct plan *plan, const bool *listen_ok, bool debug)
{
	struct plan_child *c = NULL;
	struct buf numbers = {0};

	for (size_t i = 0; i < plan->nlistens; i++) {
		if (!listen_ok[i])
			continue;
		if (c == NULL)
			c = child_add(plan, "net", PLAN_USER_NET);
		buf_printf(&numbers, "%s%d", numbers.len > 0 ? "," : "",
		    fd_give(c, PLAN_FD_TCP, i));
	}
	if (c != NULL) {
		arg_add(c, "-l");
		arg_add(c, buf_str(&numbers));
		fd_option(c, "-C", PLAN_FD_UPSD_CONF, 0);
		fd_option(c, "-U", PLAN_FD_UPSD_USERS, 0);
		if (debug)
			arg_add(c, "-D");
	}
	buf_free(&numbers);
}

static void
child_core(struct plan *plan, bool debug)
{
	struct plan_child *c = child_add(plan, "core", PLAN_USER_HOLDUP);

	fd_option(c, "-C", PLAN_FD_UPS_CONF, 0);
	fd_option(c, "-F", PLAN_FD_FEED, 0);
	fd_option(c, "-R", PLAN_FD_REQUESTS, 0);
	fd_option(c, "-H", PLAN_FD_CTL, 0);
	fd_option(c, "-M", PLAN_FD_UPSMON_CONF, 0);
	fd_option(c, "-O", PLAN_FD_HOLDUP_CONF, 0);
	fd_option(c, "-T", PLAN_FD_STATE, 0);
	if (plan->harmless)
		arg_add(c, "-N");
	if (debug)
		arg_add(c, "-D");
}

static void
child_driver(struct plan *plan, size_t driver, bool debug)
{
	const struct plan_driver *d = &plan->drivers[driver];
	struct plan_child *c = child_add(plan, d->program, PLAN_USER_HOLDUP);

	free(c->name);
	c->name = xasprintf("%s %s", d->program, d->ups);
	c->row = d->row;
	arg_add(c, "-a");
	arg_add(c, d->ups);
	fd_option(c, "-C", PLAN_FD_UPS_CONF, 0);
	fd_option(c, "-S", PLAN_FD_DRIVER, driver);
	if (debug)
		arg_add(c, "-D");
}

/* What works with the outage rather than with the UPS. */
static void
child_helpers(struct plan *plan, bool debug)
{
	struct plan_child *c;

	if (plan->run) {
		c = child_add(plan, "run", PLAN_USER_RUN);
		fd_option(c, "-M", PLAN_FD_UPSMON_CONF, 0);
		fd_option(c, "-H", PLAN_FD_RUN, 0);
		if (debug)
			arg_add(c, "-D");
	}
	if (plan->out) {
		c = child_add(plan, "out", PLAN_USER_OUT);
		fd_option(c, "-C", PLAN_FD_HOLDUP_CONF, 0);
		if (debug)
			arg_add(c, "-D");
	}
}

void
plan_children(struct plan *plan, const bool *driver_ok, const bool *listen_ok, bool debug)
{
	child_core(plan, debug);
	for (size_t i = 0; i < plan->ndrivers; i++)
		if (driver_ok[i])
			child_driver(plan, i, debug);
	child_helpers(plan, debug);
	child_net(plan, listen_ok, debug);
}

bool
plan_same_listen(const struct plan_listen *a, const struct plan_listen *b)
{
	return strcmp(a->address, b->address) == 0 && strcmp(a->port, b->port) == 0;
}

void
plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->ndrivers; i++) {
		free(plan->drivers[i].socket);
		free(plan->drivers[i].ups);
	}
	for (size_t i = 0; i < plan->nlistens; i++) {
		free(plan->listens[i].address);
		free(plan->listens[i].port);
	}
	for (size_t i = 0; i < plan->nchildren; i++) {
		free(plan->children[i].name);
		for (size_t k = 0; plan->children[i].argv[k] != NULL; k++)
			free(plan->children[i].argv[k]);
	}
	free(plan->drivers);
	free(plan->listens);
	free(plan->children);
	*plan = (struct plan){0};
}
