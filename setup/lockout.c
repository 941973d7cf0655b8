/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/buf.h"
#include "lib/monitors.h"
#include "lib/xmem.h"
#include "setup/lockout.h"

struct look {
	const struct check_conf *conf;
	const struct lockout_now *now;
	const struct allow_nets *nets;
	struct check_list *out;
};

void
lockout_add(struct lockout_now *now, const char *address)
{
	if (monitors_host_is_local(address))
		return;
	for (size_t i = 0; i < now->naddresses; i++)
		if (strcmp(now->addresses[i], address) == 0)
			return;
	now->addresses =
	    xreallocarray(now->addresses, now->naddresses + 1, sizeof(*now->addresses));
	now->addresses[now->naddresses++] = xstrdup(address);
}

void
lockout_now_free(struct lockout_now *now)
{
	for (size_t i = 0; i < now->naddresses; i++)
		free(now->addresses[i]);
	free(now->addresses);
	*now = (struct lockout_now){0};
}

/* True for an account that allowfrom keeps to some places. */
static bool
is_bound(const struct conf_user *u)
{
	for (size_t i = 0; i < u->nallowfrom; i++)
		if (u->allowfrom[i].nrules > 0)
			return true;
	return false;
}

/* An account that upsmon can log in by. */
static bool
is_machines(const struct conf_user *u)
{
	return u->upsmon != USER_UPSMON_NONE && u->password != NULL;
}

/* True when [client] of holdup.conf has a login for this address. */
static bool
is_fixed(const struct look *l, const char *address)
{
	return conf_client_at(&l->conf->own, address, true) != NULL;
}

/* True when the account may be used from there. */
static bool
may_come(const struct look *l, const struct conf_user *u, const char *address)
{
	return is_machines(u) && conf_user_from(u, address, l->nets);
}

/* A machine that is logged in, and that no account lets in from there. */
static void
find_homeless(const struct look *l, const char *address)
{
	const struct users_conf *users = &l->conf->users;
	const struct conf_user *bound = NULL;

	if (is_fixed(l, address))
		return;
	for (size_t i = 0; i < users->nusers; i++) {
		if (may_come(l, &users->users[i], address))
			return;
		if (is_machines(&users->users[i]) && is_bound(&users->users[i]))
			bound = &users->users[i];
	}
	if (bound != NULL)
		check_add(l->out, CHECK_ERROR, l->conf->files[CHECK_USERS].path,
		    bound->allowfrom[0].line,
		    "%s is logged in to NUT now and would be refused: no account may be "
		    "used from there. Add %s to allowfrom of its account, for example of "
		    "[%s]; or lan, for all of this network",
		    address, address, bound->name);
}

/* "192.168.0.20, 192.168.0.21": of those logged in now, who could not use the account. */
static void
strangers(const struct look *l, const struct conf_user *u, struct buf *text)
{
	for (size_t i = 0; i < l->now->naddresses; i++)
		if (!conf_user_from(u, l->now->addresses[i], l->nets))
			buf_printf(text, "%s%s", text->len > 0 ? ", " : "",
			    l->now->addresses[i]);
}

/* The words of allowfrom that count, as they stand there. */
static void
places(const struct conf_user *u, struct buf *text)
{
	for (size_t i = 0; i < u->nallowfrom; i++)
		if (u->allowfrom[i].nrules > 0)
			buf_printf(text, "%s%s", text->len > 0 ? ", " : "",
			    u->allowfrom[i].word);
}

/* allowfrom, which NUT reads and forgets. */
static void
find_bound(const struct look *l, const struct conf_user *u)
{
	struct buf from = {0}, who = {0};

	if (u->password == NULL || !is_bound(u))
		return;
	places(u, &from);
	if (is_machines(u))
		strangers(l, u, &who);
	if (who.len > 0)
		check_add(l->out, CHECK_WARNING, l->conf->files[CHECK_USERS].path,
		    u->allowfrom[0].line,
		    "allowfrom lets [%s] in from %s only, which NUT ignores and holdup "
		    "does "
		    "not. Logged in to NUT now, from elsewhere: %s. Who of these uses "
		    "this "
		    "account would be refused: add its address",
		    u->name, buf_str(&from), buf_str(&who));
	else
		check_add(l->out, CHECK_NOTE, l->conf->files[CHECK_USERS].path,
		    u->allowfrom[0].line,
		    "allowfrom lets [%s] in from %s only, which NUT ignores and holdup "
		    "does "
		    "not. Nobody who is logged in to NUT now is refused by it",
		    u->name, buf_str(&from));
	buf_free(&from);
	buf_free(&who);
}

static bool
is_acl(const struct upsd_conf *upsd, const char *word)
{
	for (size_t i = 0; i < upsd->nacls; i++)
		if (strcmp(upsd->acls[i].name, word) == 0)
			return true;
	return false;
}

/* Words of allowfrom that mean something only by ACL of upsd.conf, or nothing at all. */
static void
find_words(const struct look *l, const struct conf_user *u)
{
	const struct check_conf *c = l->conf;
	struct allow rule;

	for (size_t i = 0; i < u->nallowfrom; i++) {
		const struct user_from *from = &u->allowfrom[i];

		if (from->nrules == 0 && is_bound(u))
			check_add(l->out, CHECK_WARNING, c->files[CHECK_USERS].path,
			    from->line,
			    "allowfrom of [%s] has the word \"%.40s\", which means no "
			    "address: who was meant by it would be refused. Write the "
			    "address itself, or lan",
			    u->name, from->word);
		else if (allow_read(&rule, from->word) != 0 &&
			 is_acl(&c->upsd, from->word))
			check_add(l->out, CHECK_NOTE, c->files[CHECK_USERS].path,
			    from->line,
			    "\"%.40s\" means what ACL %.40s in %s says. NUT ignores both "
			    "since 2.4, holdup does not",
			    from->word, from->word, c->files[CHECK_UPSD].path);
	}
}

/* What looks like a hash is the password itself to NUT. */
static void
find_hash(const struct look *l, const struct conf_user *u)
{
	if (u->password != NULL && conf_password_hashed(u->password))
		check_add(l->out, CHECK_ERROR, l->conf->files[CHECK_USERS].path, u->line,
		    "the password of [%s] is a hash. To NUT the hash itself is the "
		    "password, "
		    "and who logs in by it would be refused: holdup wants the password "
		    "that "
		    "it was made of. Write the same plain password here and there",
		    u->name);
}

/* Further names that are given away: who asks by one that NUT's ups.conf had is told of
 * another UPS, or of none. */
static void
find_aliases(const struct look *l)
{
	const struct check_conf *c = l->conf;

	for (size_t i = 0; i < c->own.nnames; i++) {
		const struct conf_names *n = &c->own.names[i];
		bool there = false;

		for (size_t k = 0; k < c->ups.nupses; k++)
			there |= strcasecmp(c->ups.upses[k].name, n->ups) == 0;
		for (size_t k = 0; !there && k < n->naliases; k++)
			check_add(l->out, CHECK_WARNING, c->files[CHECK_HOLDUP].path,
			    n->line,
			    "who asks for \"%s\" gets no UPS: it is an alias of [ups "
			    "%s], "
			    "and ups.conf has no [%s]. Write there the section that is "
			    "meant",
			    n->aliases[k], n->ups, n->ups);
	}
}

/* Those who read without a login, and those who want TLS. */
static void
find_server(const struct look *l)
{
	const struct check_conf *c = l->conf;
	const struct upsd_conf *upsd = &c->upsd;

	if (c->own.server.closed)
		check_add(l->out, CHECK_WARNING, c->files[CHECK_HOLDUP].path,
		    c->own.server.line,
		    "`read` in [server] lets only some read without a login, where NUT "
		    "lets "
		    "everybody: a page, Home Assistant or a NAS elsewhere would see "
		    "nothing. "
		    "Add their addresses, or write read = open");
	if (upsd->certfile == NULL && (upsd->certpath != NULL || upsd->certident != NULL))
		check_add(l->out, CHECK_WARNING, c->files[CHECK_UPSD].path, 0,
		    "the certificate is in a database of NSS (CERTPATH, CERTIDENT), "
		    "which "
		    "holdup does not read: there is no TLS, and who insists on it "
		    "(FORCESSL 1, "
		    "CERTVERIFY 1) would not come in. Export it with pk12util and "
		    "openssl "
		    "pkcs12 as PEM, and write CERTFILE and its path");
}

void
lockout_find(const struct check_conf *c, const struct lockout_now *now,
    const struct allow_nets *nets, struct check_list *out)
{
	const struct look l = {.conf = c, .now = now, .nets = nets, .out = out};

	if (!check_serves(c))
		return;
	for (size_t i = 0; i < now->naddresses; i++)
		find_homeless(&l, now->addresses[i]);
	for (size_t i = 0; i < c->users.nusers; i++) {
		find_bound(&l, &c->users.users[i]);
		find_words(&l, &c->users.users[i]);
		find_hash(&l, &c->users.users[i]);
	}
	find_aliases(&l);
	find_server(&l);
}
