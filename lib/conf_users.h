/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_USERS_H
#define LIB_CONF_USERS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/allow.h"
#include "lib/conf.h"

struct upsd_conf;

/* upsd.users (NUT: upsd.users(5)). */

enum user_upsmon { USER_UPSMON_NONE, USER_UPSMON_SECONDARY, USER_UPSMON_PRIMARY };

/* A word of allowfrom. */
struct user_from {
	char *word;
	int line;
	struct allow *rules; /* what it means; none: nothing that is known */
	size_t nrules;
};

struct conf_user {
	char *name;
	char *password; /* NULL: nobody can log in */
	bool action_set, action_fsd;
	char **instcmds; /* names, or "ALL" */
	size_t ninstcmds;
	enum user_upsmon upsmon;
	struct user_from *allowfrom; /* of all lines */
	size_t nallowfrom;
	int line;
};

struct users_conf {
	struct conf_user *users;
	size_t nusers;
};

/* Reads text. `upsmon master`, `upsmon = master` and primary/secondary/slave alike;
 * words in any case, as upsd takes them. */
void users_conf_read(struct users_conf *c, const char *file, const char *text, size_t len,
    struct problems *p);
void users_conf_free(struct users_conf *c);

/* Gives words of allowfrom that are neither localhost, lan, an address nor a block the
 * meaning that an ACL line of upsd.conf has for them. A word without one is a problem. */
void users_conf_acls(struct users_conf *c, const char *file, const struct upsd_conf *upsd,
    struct problems *p);

/* The user with this name and password, or NULL. Compares in constant time. */
const struct conf_user *users_conf_login(
    const struct users_conf *c, const char *name, const char *password);

/* True when the user may run this instant command ("ALL" allows each). */
bool conf_user_instcmd(const struct conf_user *u, const char *cmd);

/* True when the user may come from this address (see allow_matches()): a word of
 * allowfrom says so, or no word of it says anything. */
bool conf_user_from(
    const struct conf_user *u, const char *address, const struct allow_nets *nets);

#endif
