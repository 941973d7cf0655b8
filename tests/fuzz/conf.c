/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>

#include "lib/conf_nut.h"
#include "lib/conf_ups.h"
#include "lib/conf_upsd.h"
#include "lib/conf_upsmon.h"
#include "lib/conf_users.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every file through every reader: whatever stands in it, there is a result. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct problems p = {0};
	struct allow_nets nets = {0};
	struct ups_conf ups;
	struct upsd_conf upsd;
	struct users_conf users;
	struct upsmon_conf upsmon;

	ups_conf_read(&ups, "ups.conf", text, size, &p);
	for (size_t i = 0; i < ups.nupses; i++)
		if (ups_conf_find(&ups, ups.upses[i].name) != &ups.upses[i])
			abort();
	ups_conf_free(&ups);
	upsd_conf_read(&upsd, "upsd.conf", text, size, &p);
	users_conf_read(&users, "upsd.users", text, size, &p);
	users_conf_acls(&users, "upsd.users", &upsd, &p);
	upsd_conf_free(&upsd);
	for (size_t i = 0; i < users.nusers; i++) {
		const struct conf_user *u = &users.users[i];

		if (users_conf_find(&users, u->name) != u)
			abort();
		if (u->password != NULL && conf_password_same(u->password, u->password) ==
					       conf_password_hashed(u->password))
			abort();
		if (u->nallowfrom == 0 && !conf_user_from(u, "192.0.2.1", &nets))
			abort();
		conf_user_from(u, "fd00::1", &nets);
	}
	users_conf_free(&users);
	upsmon_conf_read(&upsmon, "upsmon.conf", text, size, &p);
	upsmon_conf_free(&upsmon);
	nut_conf_read("nut.conf", text, size, &p);
	problems_free(&p);
	return 0;
}
