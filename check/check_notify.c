/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "check/check.h"
#include "lib/notify.h"

static bool
is_told(const struct upsmon_conf *u)
{
	for (size_t i = 0; i < NOTIFY_TYPES; i++)
		if (u->notifyflags[i] & NOTIFY_EXEC)
			return true;
	return false;
}

/* The flags of a type, by its name; 0 also where there is no such type. */
static unsigned
flags_of(const struct upsmon_conf *u, const char *type)
{
	const int i = notify_type(type);

	return i < 0 ? 0 : u->notifyflags[i];
}

static bool
is_upssched(const char *command)
{
	const size_t len = strcspn(command, " \t");
	const char *slash = memrchr(command, '/', len);
	const char *base = slash == NULL ? command : slash + 1;

	return strncmp(base, "upssched", 8) == 0 && base + 8 == command + len;
}

/* Lines that upsmon would have to pass on, and does not. */
static void
check_sched(const struct check_conf *c, struct check_list *out)
{
	const char *file = c->files[CHECK_UPSSCHED].path;
	const struct upssched_conf *s = &c->upssched;

	if (c->upsmon.notifycmd == NULL || !is_upssched(c->upsmon.notifycmd)) {
		if (s->nats > 0)
			check_add(out, CHECK_WARNING, file, s->ats[0].line,
			    "nobody starts upssched: write NOTIFYCMD and the path of "
			    "upssched "
			    "into upsmon.conf");
		return;
	}
	if (s->nats == 0) {
		check_add(out, CHECK_WARNING, file, 0,
		    "NOTIFYCMD is upssched, and this file has no AT line: nothing is "
		    "done");
		return;
	}
	for (size_t i = 0; i < s->nats; i++)
		if (!(flags_of(&c->upsmon, s->ats[i].type) & NOTIFY_EXEC))
			check_add(out, CHECK_WARNING, file, s->ats[i].line,
			    "AT %s is never heard of: NOTIFYFLAG %s in upsmon.conf has "
			    "no EXEC",
			    s->ats[i].type, s->ats[i].type);
}

void
check_notify(const struct check_conf *c, struct check_list *out)
{
	const char *file = c->files[CHECK_UPSMON].path;

	if (c->upsmon.notifycmd != NULL && !is_told(&c->upsmon))
		check_add(out, CHECK_WARNING, file, 0,
		    "NOTIFYCMD is called for nothing: no NOTIFYFLAG has EXEC. Write for "
		    "example: NOTIFYFLAG ONBATT SYSLOG+WALL+EXEC");
	if (c->upsmon.notifycmd == NULL && is_told(&c->upsmon))
		check_add(out, CHECK_WARNING, file, 0,
		    "a NOTIFYFLAG has EXEC, and there is no NOTIFYCMD: nothing is "
		    "called");
	check_sched(c, out);
}
