/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/landlock.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sandbox.h"
#include "lib/sandbox_filter.h"

#define DENIED (SECCOMP_RET_ERRNO | EPERM) /* what a filter answers */

/* There when the program is built with AddressSanitizer. */
extern void __asan_init(void) __attribute__((weak));

/* What each role may besides what all may; system calls: sandbox_gen.c. */
static const struct role {
	rlim_t files;                /* descriptors; net has one per client */
	enum landlock_access access; /* files */
} roles[] = {
    [SANDBOX_CORE] = {.files = 512, .access = LANDLOCK_NOTHING},
    [SANDBOX_HID] = {.files = 64, .access = LANDLOCK_DEV},
    [SANDBOX_REMOTE] = {.files = 64, .access = LANDLOCK_READ},
    /* A driver socket, a server or two, and a file or a connection for each UPS. */
    [SANDBOX_DUMMY] = {.files = 8192, .access = LANDLOCK_FOLDERS},
    [SANDBOX_REPEATER] = {.files = 8192, .access = LANDLOCK_READ},
    [SANDBOX_NET] = {.files = 65536, .access = LANDLOCK_NOTHING},
    [SANDBOX_JUDGE] = {.files = 16, .access = LANDLOCK_NOTHING},
    /* It reads what says how names are looked up. */
    [SANDBOX_RESOLVER] = {.files = 64, .access = LANDLOCK_READ},
    [SANDBOX_OUT] = {.files = 64, .access = LANDLOCK_RUN},
    /* libcurl reads certificates. */
    [SANDBOX_PUBLISHER] = {.files = 64, .access = LANDLOCK_READ},
    [SANDBOX_ISUPS] = {.files = 16, .access = LANDLOCK_FOLDERS},
    /* A connection each, and a few files. */
    [SANDBOX_WEB] = {.files = 4096, .access = LANDLOCK_LOOK},
    [SANDBOX_HISTORY] = {.files = 64, .access = LANDLOCK_OWN},
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

static void
filter_calls(enum sandbox_role role)
{
	struct sandbox_filter f = sandbox_filters[role];
	struct sock_fprog program = {.len = f.len, .filter = f.code};

	for (size_t i = 0; i < f.len && paths_private(); i++) {
		if (f.code[i].code == (BPF_RET | BPF_K) && f.code[i].k == DENIED)
			f.code[i].k = SECCOMP_RET_KILL_PROCESS;
	}
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG,
		&program) == 0)
		return;
	/* An older kernel cannot log what it refuses, and the filter of systemd-udevd, which
	 * isups inherits, denies the call as such. The older way does without both. */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		log_warn_errno("cannot renounce system calls");
}

void
sandbox_enter(enum sandbox_role role)
{
	sandbox_enter_folders(role, NULL);
}

void
sandbox_enter_folders(enum sandbox_role role, const char *const *folders)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		log_warn_errno("cannot renounce new privileges");
	/* A developer's debugger and leak checker attach in a private folder. */
	if (!paths_private() && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		log_warn_errno("cannot refuse to be traced");
	limit_set(RLIMIT_CORE, "core dumps", 0);
	limit_set(RLIMIT_NOFILE, "descriptors", roles[role].files);
	if (__asan_init != NULL)
		return;
	if (landlock_enter(roles[role].access, folders) < 0)
		log_info("this kernel has no Landlock: files are not confined");
	filter_calls(role);
}
