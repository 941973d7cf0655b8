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
	char *password; /* or its hash; NULL: nobody can log in */
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

/* The user of exactly this name, or NULL. */
const struct conf_user *users_conf_find(const struct users_conf *c, const char *name);

/* True when what stands behind `password` is a hash of crypt(5) and not the password
 * itself: "$y$…" or another scheme that begins with "$". */
bool conf_password_hashed(const char *stored);

/* True when one user has such a password: then judge is needed. */
bool users_conf_hashed(const struct users_conf *c);

/* True when both are the same; takes as long for a wrong one as for the right one of that
 * length. A hash is the same as nothing: who has read it has no password by it. */
bool conf_password_same(const char *stored, const char *said);

/* True when the user may run this instant command ("ALL" allows each). */
bool conf_user_instcmd(const struct conf_user *u, const char *cmd);

/* True when the user may come from this address (see allow_matches()): a word of
 * allowfrom says so, or no word of it says anything. */
bool conf_user_from(
    const struct conf_user *u, const char *address, const struct allow_nets *nets);

#endif
