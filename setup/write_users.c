/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/monitors.h"
#include "lib/xmem.h"
#include "setup/box.h"
#include "setup/writer.h"

#define LOCAL "local"
#define FAR "secondary"

/* An account that a machine can log in with, as its password is known. */
static bool
usable(const struct conf_user *u, enum user_upsmon least)
{
	return u->password != NULL && *u->password != '\0' &&
	       !conf_password_hashed(u->password) && u->upsmon >= least;
}

/* True when the whole network may use it. */
static bool
from_lan(const struct conf_user *u)
{
	for (size_t i = 0; i < u->nallowfrom; i++)
		for (size_t k = 0; k < u->allowfrom[i].nrules; k++) {
			const struct allow *a = &u->allowfrom[i].rules[k];

			if (a->kind == ALLOW_LAN ||
			    (a->kind == ALLOW_BLOCK && a->block.bits < 128))
				return true;
		}
	return u->nallowfrom == 0;
}

/* True for a login that a box has built in: everybody knows it. */
static bool
is_fixed(const char *name)
{
	for (size_t i = 0; i < CONF_FIXED; i++)
		if (strcmp(conf_fixed[i].name, name) == 0)
			return true;
	return false;
}

/* A name that is no account yet: "local", "local2", … Valid until the next. */
static const char *
free_name(const struct writer *w, const char *wanted)
{
	static char name[32];

	snprintf(name, sizeof(name), "%s", wanted);
	for (int i = 2; users_conf_find(&w->there->users, name) != NULL; i++)
		snprintf(name, sizeof(name), "%s%d", wanted, i);
	return name;
}

/* The login of this machine's own MONITOR line, which may have no account yet. */
static const struct conf_monitor *
own_monitor(const struct writer *w)
{
	const struct upsmon_conf *m = &w->there->upsmon;

	for (size_t i = 0; i < m->nmonitors; i++)
		if (monitors_host_is_local(m->monitors[i].host))
			return &m->monitors[i];
	return NULL;
}

static void
add_account(struct writer *w, const char *name, const char *password, const char *from,
    const char *part, const char *comment)
{
	draft_add(&w->draft,
	    "%s"
	    "# %s\n[%s]\n\tpassword = %s\n\tallowfrom = %s\n\tupsmon %s\n",
	    w->draft.text.len == 0 ? "# Who may log in, from where, and what for: "
				     "upsd.users(5). Passwords are known\n"
				     "# on both sides, so a new one here is a new one "
				     "there. 'holdup passwd' makes one\n"
				     "# that nobody can read here.\n\n"
				   : "",
	    comment, name, writer_quote(password), from, part);
}

/* This machine's own login: holdup needs none, NUT's upsmon does. */
static void
write_local(struct writer *w)
{
	const struct users_conf *c = &w->there->users;
	const struct conf_monitor *m = own_monitor(w);
	const struct conf_user *u = NULL;

	if (m != NULL) {
		w->local = (struct writer_login){xstrdup(m->user), xstrdup(m->password)};
		if (users_conf_find(c, m->user) != NULL)
			return;
	}
	for (size_t i = 0; m == NULL && i < c->nusers && u == NULL; i++)
		if (usable(&c->users[i], USER_UPSMON_PRIMARY) &&
		    conf_user_from(&c->users[i], "127.0.0.1", NULL))
			u = &c->users[i];
	if (u != NULL) {
		w->local = (struct writer_login){xstrdup(u->name), xstrdup(u->password)};
		return;
	}
	if (m == NULL)
		w->local = (struct writer_login){
		    xstrdup(free_name(w, LOCAL)), xstrdup(w->a->local_password)};
	add_account(w, w->local.name, w->local.password, "localhost", "primary",
	    "This machine itself, by its MONITOR line in upsmon.conf.");
}

const struct conf_user *
writer_far_user(const struct check_conf *there)
{
	const struct users_conf *c = &there->users;

	for (size_t i = 0; i < c->nusers; i++)
		if (usable(&c->users[i], USER_UPSMON_SECONDARY) &&
		    c->users[i].upsmon == USER_UPSMON_SECONDARY &&
		    from_lan(&c->users[i]) && !is_fixed(c->users[i].name))
			return &c->users[i];
	return NULL;
}

/* What the other machines log in with. */
static void
write_far(struct writer *w)
{
	const struct conf_user *u = writer_far_user(w->there);
	struct setup_result *r = w->out;

	r->user = xstrdup(u != NULL ? u->name : free_name(w, FAR));
	r->password = xstrdup(u != NULL ? u->password : w->a->far_password);
	if (u != NULL)
		return;
	add_account(w, r->user, r->password, "lan", "secondary",
	    "Machines of this network that hang on the UPS: they are waited for when "
	    "the\n"
	    "# battery is low. They may order nothing. lan: every network that this "
	    "machine is\n"
	    "# on; addresses and blocks such as 192.168.0.0/24 work too.");
}

/* A NAS whose login can be chosen. */
static void
write_nas(struct writer *w, size_t i)
{
	const struct setup_nas *nas = &w->a->nas[i];
	const struct conf_user *u = users_conf_find(&w->there->users, nas->box->word);

	if (nas->box->fixed)
		return;
	if (u != NULL && usable(u, USER_UPSMON_SECONDARY) &&
	    conf_user_from(u, nas->address, NULL)) {
		w->out->nas_passwords[i] = xstrdup(u->password);
		return;
	}
	if (u != NULL) {
		writer_firm(w, CHECK_USERS, u->line,
		    "[%s] cannot be used by %s: it takes a password that is no hash, "
		    "upsmon "
		    "secondary, and allowfrom with that address",
		    u->name, nas->address);
		return;
	}
	w->out->nas_passwords[i] = xstrdup(nas->password);
	add_account(
	    w, nas->box->word, nas->password, nas->address, "secondary", nas->box->name);
}

void
write_users(struct writer *w)
{
	if (!w->serves)
		return;
	write_local(w);
	if (w->a->mode == SETUP_SERVER && w->a->lan)
		write_far(w);
	for (size_t i = 0; w->a->mode == SETUP_SERVER && i < w->a->nnas; i++)
		write_nas(w, i);
}
