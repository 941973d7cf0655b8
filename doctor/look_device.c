/* SPDX-License-Identifier: ISC */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor/look.h"
#include "doctor/usb.h"
#include "lib/xmem.h"

#define GROUP "nut"
#define RULE "udev/rules.d/62-holdup.rules"

static bool
has_rule(void)
{
	static const char *const places[] = {"/usr/lib/" RULE, "/lib/" RULE, "/etc/" RULE,
	    "/usr/local/lib/" RULE, "/run/" RULE};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], F_OK) == 0)
			return true;
	return false;
}

/* True when group nut may read and write the node, or in a private installation we. */
static bool
is_reached(const struct doctor *d, const char *node)
{
	const struct group *g = getgrnam(GROUP);
	struct stat st;

	if (strncmp(node, "/dev/", 5) != 0)
		return true;
	if (d->own)
		return access(node, R_OK | W_OK) == 0;
	return stat(node, &st) == 0 && g != NULL && st.st_gid == g->gr_gid &&
	       (st.st_mode & 060) == 060;
}

static void
take(const struct doctor *d, struct facts_devices *f, const struct bus_device *b)
{
	struct facts_device *one;

	f->list = xreallocarray(f->list, f->count + 1, sizeof(*f->list));
	one = &f->list[f->count++];
	*one = (struct facts_device){
	    .vendor = b->ident.vendor,
	    .ups = b->power,
	    .claimed = b->claimed,
	    .reached = is_reached(d, b->path),
	};
	bus_device_name(b, one->name, sizeof(one->name));
	snprintf(one->node, sizeof(one->node), "%s", b->path);
	snprintf(one->place, sizeof(one->place), "%s", b->place);
	snprintf(one->fault, sizeof(one->fault), "%s", b->fault);
	f->virtual |= strncmp(b->path, "/dev/", 5) != 0;
	holders_find(&one->holders, "/proc", b, getpid());
}

void
look_device(struct doctor *d, struct doctor_report *r)
{
	struct facts_devices f = {
	    .conf = &d->conf->ups,
	    .rule = has_rule(),
	    .group = getgrnam(GROUP) != NULL,
	    .own = d->own,
	    .root = d->root,
	};
	struct bus_list list;

	bus_scan(&list);
	for (size_t i = 0; i < list.count; i++)
		take(d, &f, &list.devices[i]);
	if (!f.virtual)
		usb_unbound("/sys", &f);
	judge_device(&f, r);
	bus_list_free(&list);
	free(f.list);
}
