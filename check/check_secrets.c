/* SPDX-License-Identifier: ISC */
#include "check/check.h"

#define OTHERS_READ 04

static bool
users_have(const struct check_conf *c)
{
	for (size_t i = 0; i < c->users.nusers; i++)
		if (c->users.users[i].password != NULL)
			return true;
	return false;
}

static bool
upsmon_has(const struct check_conf *c)
{
	return c->upsmon.nmonitors > 0;
}

static bool
upsd_has(const struct check_conf *c)
{
	return c->upsd.certident_pass != NULL;
}

static bool
own_has(const struct check_conf *c)
{
	return holdup_conf_secret(&c->own);
}

static const struct {
	enum check_name name;
	bool (*has)(const struct check_conf *c);
} rows[] = {
    {CHECK_USERS, users_have},
    {CHECK_UPSMON, upsmon_has},
    {CHECK_UPSD, upsd_has},
    {CHECK_HOLDUP, own_has},
};

/* Files with passwords that every user of the machine may read. */
void
check_secrets(const struct check_conf *c, struct check_list *out)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct check_file *f = &c->files[rows[i].name];

		if ((f->mode & OTHERS_READ) && rows[i].has(c))
			check_add(out, CHECK_WARNING, f->path, 0,
			    "every user of this machine may read its passwords (mode "
			    "%04o): "
			    "chmod 640 %s",
			    f->mode, f->path);
	}
}
