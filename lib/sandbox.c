/* SPDX-License-Identifier: ISC */
#include <sys/prctl.h>
#include <sys/resource.h>

#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sandbox.h"

/* Descriptors that each role may hold; net has one per client. */
static const rlim_t sandbox_files[] = {
    [SANDBOX_CORE] = 512,
    [SANDBOX_HID] = 64,
    [SANDBOX_REMOTE] = 64,
    [SANDBOX_NET] = 65536,
    [SANDBOX_OUT] = 64,
};

static void
limit_set(int resource, const char *name, rlim_t wanted)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) == 0 && wanted > limit.rlim_max)
		wanted = limit.rlim_max;
	limit.rlim_cur = limit.rlim_max = wanted;
	if (setrlimit(resource, &limit) < 0)
		log_warn_errno("cannot limit %s", name);
}

void
sandbox_enter(enum sandbox_role role)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		log_warn_errno("cannot renounce new privileges");
	/* A developer's debugger and leak checker attach in a private folder. */
	if (!paths_private() && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		log_warn_errno("cannot refuse to be traced");
	limit_set(RLIMIT_CORE, "core dumps", 0);
	limit_set(RLIMIT_NOFILE, "descriptors", sandbox_files[role]);
}
