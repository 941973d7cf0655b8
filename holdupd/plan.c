/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "holdupd/plan_in.h"
#include "lib/buf.h"
#include "lib/netctl.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define NUT_PORT "3493" /* RFC 9271, section 4 */
#define SILENCE_S 10    /* core has that for drivers of ours */

/* What stands for more than one literal address. */
static const struct {
	const char *name, *four, *six;
} address_names[] = {
    {"*", "0.0.0.0", "::"},
    {"localhost", "127.0.0.1", "::1"},
};

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
is_covered(
    const struct plan_listen *list, size_t count, const char *address, const char *port)
{
	const char *all = strchr(address, ':') == NULL ? "0.0.0.0" : "::";

	if (strcmp(port, "0") == 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (list[i].path == NULL && strcmp(list[i].port, port) == 0 &&
		    (strcmp(list[i].address, address) == 0 ||
			strcmp(list[i].address, all) == 0))
			return true;
	return false;
}

void
plan_listen_add(struct plan_listen **list, size_t *count, char family,
    const char *address, const char *port)
{
	if ((family != 0 && family != (strchr(address, ':') == NULL ? '4' : '6')) ||
	    is_covered(*list, *count, address, port))
		return;
	*list = xreallocarray(*list, *count + 1, sizeof(**list));
	(*list)[(*count)++] = (struct plan_listen){
	    .address = xstrdup(address),
	    .port = xstrdup(port),
	};
}

static void
listen_add(struct plan *plan, const char *address, const char *port)
{
	plan_listen_add(
	    &plan->listens, &plan->nlistens, plan->call.family, address, port);
}

static void
name_add(struct plan *plan, const char *host, const char *port)
{
	for (size_t i = 0; i < plan->nnames; i++)
		if (strcasecmp(plan->names[i].host, host) == 0 &&
		    strcmp(plan->names[i].port, port) == 0)
			return;
	plan->names = xreallocarray(plan->names, plan->nnames + 1, sizeof(*plan->names));
	plan->names[plan->nnames++] = (struct plan_name){
	    .host = xstrdup(host),
	    .port = xstrdup(port),
	};
}

static void
listen_read(struct plan *plan, const struct conf_listen *l, const char *file,
    struct problems *problems)
{
	/* One line may be two addresses. */
	if (plan->nlistens + plan->nnames + 2 > NETCTL_LISTENS_MAX) {
		problems_add(problems, file, l->line,
		    "LISTEN %s: more than %d addresses; LISTEN * takes all", l->address,
		    NETCTL_LISTENS_MAX);
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
		name_add(plan, l->address, l->port);
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
	plan->nwritten = plan->nlistens;
	free(sorted);
}

void
plan_sockets(struct plan *plan, const struct ups_conf *ups, const char *ups_file,
    const struct upsd_conf *upsd, const char *upsd_file, struct problems *problems)
{
	plan_drivers_read(plan, ups, ups_file, problems);
	plan->serves = upsd != NULL;
	if (plan->serves)
		listens_read(plan, upsd, upsd_file, problems);
}

void
plan_listens_cut(struct plan_listen *list, size_t *n, size_t count)
{
	while (*n > count) {
		struct plan_listen *l = &list[--*n];

		free(l->address);
		free(l->port);
		free(l->path);
	}
}

const struct plan_listen *
plan_listens(const struct plan *plan, enum plan_server server, size_t *count)
{
	*count = server == PLAN_NET ? plan->nlistens : plan->npages;
	return server == PLAN_NET ? plan->listens : plan->pages;
}

bool
plan_same_listen(const struct plan_listen *a, const struct plan_listen *b)
{
	if (a->path != NULL || b->path != NULL)
		return a->path != NULL && b->path != NULL &&
		       strcmp(a->path, b->path) == 0;
	return strcmp(a->address, b->address) == 0 && strcmp(a->port, b->port) == 0;
}

static void
addresses_free(struct plan_name *n)
{
	for (size_t i = 0; i < n->naddresses; i++)
		free(n->addresses[i]);
	free(n->addresses);
}

void
plan_resolved(struct plan *plan, size_t name, const char *const *addresses, size_t count)
{
	struct plan_name *n = &plan->names[name];
	char **copies = xcalloc(count + 1, sizeof(*copies));

	for (size_t i = 0; i < count; i++)
		copies[i] = xstrdup(addresses[i]);
	addresses_free(n);
	n->addresses = copies;
	n->naddresses = count;
	plan_listens_cut(plan->listens, &plan->nlistens, plan->nwritten);
	for (size_t i = 0; i < plan->nnames; i++) {
		n = &plan->names[i];
		for (size_t k = 0; k < n->naddresses; k++)
			if (plan->nlistens < NETCTL_LISTENS_MAX)
				listen_add(plan, n->addresses[k], n->port);
	}
}

void
plan_resolved_before(struct plan *plan, const struct plan *old)
{
	for (size_t i = 0; i < plan->nnames; i++)
		for (size_t k = 0; k < old->nnames; k++)
			if (strcasecmp(plan->names[i].host, old->names[k].host) == 0 &&
			    strcmp(plan->names[i].port, old->names[k].port) == 0)
				plan_resolved(plan, i,
				    (const char *const *)old->names[k].addresses,
				    old->names[k].naddresses);
}

struct plan_child *
plan_child_add(struct plan *plan, const char *program, enum plan_user user)
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

void
plan_arg(struct plan_child *c, const char *text)
{
	size_t n = 0;

	while (c->argv[n] != NULL)
		n++;
	c->argv[n] = xstrdup(text);
}

int
plan_fd(struct plan_child *c, enum plan_fd_kind kind, size_t index)
{
	c->fds = xreallocarray(c->fds, c->nfds + 1, sizeof(*c->fds));
	c->fds[c->nfds] = (struct plan_fd){.kind = kind, .index = index};
	return PLAN_FIRST_FD + (int)c->nfds++;
}

void
plan_fd_option(
    struct plan_child *c, const char *option, enum plan_fd_kind kind, size_t index)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", plan_fd(c, kind, index));
	plan_arg(c, option);
	plan_arg(c, number);
}

bool
plan_listen_args(
    struct plan_child *c, enum plan_fd_kind kind, size_t count, const bool *listen_ok)
{
	struct buf numbers = {0};
	bool some;

	for (size_t i = 0; i < count; i++)
		if (listen_ok != NULL && listen_ok[i])
			buf_printf(&numbers, "%s%d", numbers.len > 0 ? "," : "",
			    plan_fd(c, kind, i));
	some = numbers.len > 0;
	if (some) {
		plan_arg(c, "-l");
		plan_arg(c, buf_str(&numbers));
	}
	buf_free(&numbers);
	return some;
}

void
plan_args_clear(struct plan_child *c)
{
	for (size_t i = 1; c->argv[i] != NULL; i++) {
		free(c->argv[i]);
		c->argv[i] = NULL;
	}
	c->nfds = 0;
}

/* The command line of net; its listeners come last, so that nothing else moves. */
static void
net_args(struct plan *plan, struct plan_child *c, const bool *listen_ok)
{
	plan_fd_option(c, "-C", PLAN_FD_UPSD_CONF, 0);
	plan_fd_option(c, "-U", PLAN_FD_UPSD_USERS, 0);
	plan_fd_option(c, "-O", PLAN_FD_HOLDUP_CONF, 0);
	plan_fd_option(c, "-K", PLAN_FD_RENEW, 0);
	if (plan->tls && plan->certificate)
		plan_fd_option(c, "-T", PLAN_FD_CERTIFICATE, 0);
	if (plan->tls && plan->authorities)
		plan_fd_option(c, "-A", PLAN_FD_AUTHORITIES, 0);
	plan_listen_args(c, PLAN_FD_TCP, plan->nlistens, listen_ok);
	if (plan->debug)
		plan_arg(c, "-D");
}

static void
child_net(struct plan *plan)
{
	struct plan_child *c;

	if (!plan->serves)
		return;
	c = plan_child_add(plan, plan->tls ? "net-tls" : "net", PLAN_USER_NET);
	free(c->name);
	c->name = xstrdup("net"); /* the one takes the place of the other */
	c->renewable = true;
	net_args(plan, c, NULL);
}

void
plan_net(struct plan *plan, const bool *listen_ok)
{
	for (size_t i = 0; i < plan->nchildren; i++) {
		struct plan_child *c = &plan->children[i];

		if (!c->renewable)
			continue;
		plan_args_clear(c);
		net_args(plan, c, listen_ok);
	}
}

unsigned
plan_silence_s(const struct plan *plan)
{
	return plan->maxage_s > SILENCE_S ? plan->maxage_s : SILENCE_S;
}

static void
child_core(struct plan *plan, bool debug)
{
	struct plan_child *c = plan_child_add(plan, "core", PLAN_USER_HOLDUP);
	char seconds[16];

	plan_fd_option(c, "-C", PLAN_FD_UPS_CONF, 0);
	plan_fd_option(c, "-F", PLAN_FD_FEED, 0);
	plan_fd_option(c, "-R", PLAN_FD_REQUESTS, 0);
	plan_fd_option(c, "-H", PLAN_FD_CTL, 0);
	if (plan->call.role != ROLE_SERVER)
		plan_fd_option(c, "-M", PLAN_FD_UPSMON_CONF, 0);
	plan_fd_option(c, "-O", PLAN_FD_HOLDUP_CONF, 0);
	plan_fd_option(c, "-T", PLAN_FD_STATE, 0);
	plan_fd_option(c, "-V", PLAN_FD_MEMORY, 0);
	if (plan->driver_state != NULL) {
		plan_arg(c, "-S");
		plan_arg(c, plan->driver_state);
	}
	if (plan->maxage_s > SILENCE_S) {
		snprintf(seconds, sizeof(seconds), "%u", plan->maxage_s);
		plan_arg(c, "-A");
		plan_arg(c, seconds);
	}
	if (plan->harmless)
		plan_arg(c, "-N");
	if (debug)
		plan_arg(c, "-D");
}

static void
child_out(struct plan *plan, bool debug)
{
	struct plan_child *c = plan_child_add(plan, "out", PLAN_USER_OUT);
	char *folder = paths_memory("out");

	plan_fd_option(c, "-C", PLAN_FD_HOLDUP_CONF, 0);
	plan_arg(c, "-d");
	plan_arg(c, folder);
	if (plan->mqtt_authorities)
		plan_fd_option(c, "-A", PLAN_FD_MQTT_AUTHORITIES, 0);
	if (plan->mqtt_certificate)
		plan_fd_option(c, "-T", PLAN_FD_MQTT_CERTIFICATE, 0);
	if (debug)
		plan_arg(c, "-D");
	free(folder);
}

/* What works with the outage rather than with the UPS. */
static void
child_helpers(struct plan *plan, bool debug)
{
	struct plan_child *c;

	if (plan->run) {
		c = plan_child_add(plan, "run", PLAN_USER_RUN);
		plan_fd_option(c, "-M", PLAN_FD_UPSMON_CONF, 0);
		plan_fd_option(c, "-O", PLAN_FD_HOLDUP_CONF, 0);
		plan_fd_option(c, "-H", PLAN_FD_RUN, 0);
		if (debug)
			plan_arg(c, "-D");
	}
	if (plan->judge) {
		c = plan_child_add(plan, "judge", PLAN_USER_NET);
		plan_fd_option(c, "-S", PLAN_FD_JUDGE, 0);
		if (debug)
			plan_arg(c, "-D");
	}
	if (plan->out)
		child_out(plan, debug);
}

void
plan_children(struct plan *plan, const bool *driver_ok, bool debug)
{
	plan->debug = debug;
	child_core(plan, debug);
	plan_drivers_children(plan, driver_ok, debug);
	child_helpers(plan, debug);
	child_net(plan);
	plan_web_children(plan, debug);
}

void
plan_free(struct plan *plan)
{
	plan_drivers_free(plan);
	plan_web_free(plan);
	plan_listens_cut(plan->listens, &plan->nlistens, 0);
	for (size_t i = 0; i < plan->nnames; i++) {
		addresses_free(&plan->names[i]);
		free(plan->names[i].host);
		free(plan->names[i].port);
	}
	for (size_t i = 0; i < plan->nchildren; i++) {
		free(plan->children[i].name);
		free(plan->children[i].fds);
		free(plan->children[i].told);
		free(plan->children[i].folder);
		free(plan->children[i].elsewhere);
		free(plan->children[i].socket);
		for (size_t k = 0; plan->children[i].argv[k] != NULL; k++)
			free(plan->children[i].argv[k]);
	}
	free(plan->listens);
	free(plan->names);
	free(plan->children);
	*plan = (struct plan){0};
}
