/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_USERS_H
#define LIB_CONF_USERS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf.h"

/* upsd.users (NUT: upsd.users(5)). */

enum user_upsmon { USER_UPSMON_NONE, USER_UPSMON_SECONDARY, USER_UPSMON_PRIMARY };

struct conf_user {
	char *name;
	char *password; /* NULL: nobody can log in */
	bool action_set, action_fsd;
	char **instcmds; /* names, or "ALL" */
	size_t ninstcmds;
	enum user_upsmon upsmon;
	char **allowfrom; /* as written */
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

/* The user with this name and password, or NULL. Compares in constant time. */
const struct conf_user *users_conf_login(
    const struct users_conf *c, const char *name, const char *password);

/* True when the user may run this instant command ("ALL" allows each). */
bool conf_user_instcmd(const struct conf_user *u, const char *cmd);

#endif
