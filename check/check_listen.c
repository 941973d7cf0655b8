/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "check/check.h"
#include "lib/conf_holdup.h"

/* Somebody on another machine who is to log in; what he is called, and where that stands. */
static const char *
far_client(const struct check_conf *c, const char **file, int *line)
{
	for (size_t i = 0; i < c->own.nmachines; i++) {
		const struct conf_machine *m = &c->own.machines[i];

		if (!m->self && (m->login != NULL || m->address != NULL)) {
			*file = c->files[CHECK_HOLDUP].path;
			*line = m->line;
			return m->name;
		}
	}
	for (size_t i = 0; i < c->users.nusers; i++) {
		const struct conf_user *u = &c->users.users[i];
		bool local = u->nallowfrom > 0;

		for (size_t k = 0; k < u->nallowfrom; k++)
			local &= strcasecmp(u->allowfrom[k].word, "localhost") == 0;
		if (u->upsmon == USER_UPSMON_SECONDARY && !local) {
			*file = c->files[CHECK_USERS].path;
			*line = u->line;
			return u->name;
		}
	}
	return NULL;
}

/* Looks like an address and is none: a block, or numbers that no address has. */
static bool
is_no_address(const char *word)
{
	struct in6_addr bytes;

	if (strchr(word, '/') != NULL)
		return true;
	return word[strspn(word, "0123456789.")] == '\0' &&
	       inet_pton(AF_INET, word, &bytes) != 1;
}

/* A secondary elsewhere, and a server that only listens to itself. */
static void
check_far(const struct check_conf *c, struct check_list *out)
{
	const char *file, *who;
	int line;

	if (!check_serves(c) || c->ups.nupses == 0 || check_open(c) ||
	    (who = far_client(c, &file, &line)) == NULL)
		return;
	check_add(out, CHECK_WARNING, c->files[CHECK_UPSD].path,
	    c->upsd.nlistens > 0 ? c->upsd.listens[0].line : 0,
	    "only this machine reaches the server%s, but %s (%s:%d) is on another one. "
	    "Write "
	    "LISTEN and this machine's own address, or LISTEN 0.0.0.0",
	    c->upsd.nlistens > 0 ? "" : " (there is no LISTEN line)", who, file, line);
}

void
check_listen(const struct check_conf *c, struct check_list *out)
{
	for (size_t i = 0; i < c->upsd.nlistens; i++)
		if (is_no_address(c->upsd.listens[i].address))
			check_add(out, CHECK_ERROR, c->files[CHECK_UPSD].path,
			    c->upsd.listens[i].line,
			    "LISTEN %s is no address of a machine: write this machine's "
			    "own, or 0.0.0.0",
			    c->upsd.listens[i].address);
	check_far(c, out);
}
