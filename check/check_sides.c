/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <string.h>

#include "check/check.h"
#include "lib/conf_holdup.h"
#include "lib/monitors.h"

static bool
has_ups(const struct check_conf *c, const char *ups)
{
	return ups_conf_find(&c->ups, ups) != NULL ||
	       conf_names_find(&c->own, ups) != NULL;
}

static bool
is_address(const char *host)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, bytes) == 1 ||
	       inet_pton(AF_INET6, host, bytes) == 1;
}

/* True when a client that connects to `host` may reach this server there: the address is
 * listened on, or nobody can say from the files. */
static bool
listens_on(const struct check_conf *c, const char *host)
{
	bool literal = true;

	for (size_t i = 0; i < c->upsd.nlistens; i++) {
		const char *address = c->upsd.listens[i].address;

		literal &= is_address(address);
		if (strcmp(address, host) == 0 || strcmp(address, "*") == 0 ||
		    strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0)
			return true;
	}
	return !literal || !is_address(host);
}

/* The server that the line means: it has the UPS, and the address, if any of them has. */
static const struct check_conf *
server_of(struct check_conf *const *confs, size_t n, const struct check_conf *from,
    const struct conf_monitor *m)
{
	const struct check_conf *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (confs[i] == from || !check_serves(confs[i]) ||
		    !has_ups(confs[i], m->ups))
			continue;
		if (listens_on(confs[i], m->host))
			return confs[i];
		found = confs[i];
	}
	return found;
}

static void
check_line(struct check_conf *const *confs, size_t n, const struct check_conf *from,
    const struct conf_monitor *m, struct check_list *out)
{
	const struct check_conf *at = server_of(confs, n, from, m);
	const char *file = from->files[CHECK_UPSMON].path;

	if (at == NULL) {
		check_add(out, CHECK_NOTE, file, m->line,
		    "MONITOR %s: none of the other configurations has this UPS",
		    m->system);
		return;
	}
	if (!listens_on(at, m->host))
		check_add(out, CHECK_ERROR, file, m->line,
		    "MONITOR %s reaches nobody: %s has the UPS and does not listen on %s",
		    m->system, at->files[CHECK_UPSD].path, m->host);
	check_login(from, m, at, out);
}

void
check_sides(struct check_conf *const *confs, size_t n, struct check_list *out)
{
	for (size_t i = 0; n > 1 && i < n; i++)
		for (size_t k = 0; k < confs[i]->upsmon.nmonitors; k++) {
			const struct conf_monitor *m = &confs[i]->upsmon.monitors[k];

			if (!monitors_host_is_local(m->host))
				check_line(confs, n, confs[i], m, out);
		}
}
