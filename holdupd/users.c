/* SPDX-License-Identifier: ISC */
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "holdupd/users.h"
#include "lib/log.h"
#include "lib/paths.h"

#define FALLBACK "nut"
#define GROUP "nut"
#define NO_GROUP ((gid_t)-1)

/* `in_nut`: group nut is its first group; otherwise one among its own, for the sockets of
 * core are in STATEPATH, which only that group may enter. */
static const struct {
	const char *name;
	bool in_nut;
} children[PLAN_USERS] = {
    [PLAN_USER_HOLDUP] = {"holdup", true},
    [PLAN_USER_NET] = {"holdup-net", false},
    [PLAN_USER_OUT] = {"holdup-out", false},
    [PLAN_USER_WEB] = {"holdup-web", false},
};

static void
group_add(struct user *user, gid_t group)
{
	for (int i = 0; i < user->ngroups; i++)
		if (user->groups[i] == group)
			return;
	if (group != NO_GROUP && user->ngroups < USERS_GROUPS_MAX)
		user->groups[user->ngroups++] = group;
}

/* The account of that name, else the one that stands in for it; NULL: neither. */
static const struct passwd *
account(const char *name)
{
	const struct passwd *pw = getpwnam(name);

	if (pw != NULL)
		return pw;
	if (strcmp(name, FALLBACK) != 0 && (pw = getpwnam(FALLBACK)) != NULL)
		log_warn("there is no user %s: " FALLBACK
			 " stands in (systemd-sysusers makes the users of holdup)",
		    name);
	else
		log_warn("there is neither a user %s nor " FALLBACK
			 ": what should run as that user runs as root "
			 "(systemd-sysusers makes the users of holdup)",
		    name);
	return pw;
}

static void
find(struct user *user, const char *name, gid_t first, gid_t more)
{
	const struct passwd *pw = account(name);

	*user = (struct user){.change = pw != NULL, .ngroups = USERS_GROUPS_MAX};
	if (pw == NULL)
		return;
	user->uid = pw->pw_uid;
	user->gid = first != NO_GROUP ? first : pw->pw_gid;
	if (getgrouplist(pw->pw_name, user->gid, user->groups, &user->ngroups) < 0) {
		log_warn("user %s: more than %d groups, only its first one counts",
		    pw->pw_name, USERS_GROUPS_MAX);
		user->ngroups = 0;
	}
	group_add(user, user->gid);
	group_add(user, more);
}

void
users_find(struct users *u, const char *all)
{
	const struct group *group;

	*u = (struct users){.nut = NO_GROUP, .all = all};
	u->change = geteuid() == 0 && !paths_private();
	if (!u->change && all != NULL)
		log_info("-u %s means nothing here: only root outside a private folder "
			 "starts programs as others",
		    all);
	if (!u->change)
		return;
	if ((group = getgrnam(GROUP)) != NULL)
		u->nut = group->gr_gid;
	else
		log_warn("there is no group " GROUP ": programs of NUT cannot meet ours "
			 "(systemd-sysusers makes it)");
	for (int i = 0; i < PLAN_USERS; i++)
		if (all != NULL)
			find(&u->list[i], all, NO_GROUP, u->nut);
		else if (children[i].name != NULL)
			find(&u->list[i], children[i].name,
			    children[i].in_nut ? u->nut : NO_GROUP, u->nut);
}

void
users_find_run(struct users *u, const char *run_as_user)
{
	if (u->change && u->all == NULL)
		find(&u->list[PLAN_USER_RUN],
		    run_as_user == NULL ? FALLBACK : run_as_user, NO_GROUP, NO_GROUP);
}

void
users_find_driver(struct users *u, const char *name)
{
	if (u->change && u->all == NULL)
		find(&u->list[PLAN_USER_DRIVER], name == NULL ? FALLBACK : name, NO_GROUP,
		    u->nut);
}

int
users_become(const struct user *user)
{
	if (!user->change)
		return 0;
	if (setgroups((size_t)user->ngroups, user->groups) < 0 ||
	    setresgid(user->gid, user->gid, user->gid) < 0)
		return -1;
	return setresuid(user->uid, user->uid, user->uid);
}
