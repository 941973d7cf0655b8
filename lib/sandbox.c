/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "lib/landlock.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sandbox.h"

/* There when the program is built with AddressSanitizer. */
extern void __asan_init(void) __attribute__((weak));

/* What each role may besides what all may. */
static const struct role {
	rlim_t files;                /* descriptors; net has one per client */
	bool forks;                  /* hid: its asker; remote, dummy: their look-ups */
	bool execs;                  /* out: its publishers */
	bool internet, netlink;      /* sockets of these families */
	enum landlock_access access; /* files */
} roles[] = {
    [SANDBOX_CORE] = {.files = 512, .access = LANDLOCK_NOTHING},
    [SANDBOX_HID] = {.files = 64, .forks = true, .netlink = true, .access = LANDLOCK_DEV},
    [SANDBOX_REMOTE] = {.files = 64,
	.forks = true,
	.internet = true,
	.netlink = true,
	.access = LANDLOCK_READ},
    /* A driver socket, a server or two, and a file or a connection for each UPS. */
    [SANDBOX_DUMMY] = {.files = 8192, .access = LANDLOCK_FOLDERS},
    [SANDBOX_REPEATER] = {.files = 8192,
	.forks = true,
	.internet = true,
	.netlink = true,
	.access = LANDLOCK_READ},
    [SANDBOX_NET] = {.files = 65536, .netlink = true, .access = LANDLOCK_NOTHING},
    [SANDBOX_JUDGE] = {.files = 16, .access = LANDLOCK_NOTHING},
    /* It asks for names, and reads what says how. */
    [SANDBOX_RESOLVER] = {.files = 64,
	.internet = true,
	.netlink = true,
	.access = LANDLOCK_READ},
    /* Its publishers inherit what it has renounced. */
    [SANDBOX_OUT] = {.files = 64,
	.forks = true,
	.execs = true,
	.internet = true,
	.netlink = true,
	.access = LANDLOCK_RUN},
    /* libcurl resolves names in a thread, and reads certificates. */
    [SANDBOX_PUBLISHER] = {.files = 64,
	.forks = true,
	.internet = true,
	.netlink = true,
	.access = LANDLOCK_READ},
};

/* Calls that none of us ever makes, and an intruder would (execve: add_rules()). */
static const int denied[] = {
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(setns),
    SCMP_SYS(unshare),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(keyctl),
    SCMP_SYS(personality),
    SCMP_SYS(syslog),
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

/* Denies sockets of a family; those beyond netlink (packet, bluetooth …) to everyone. */
static int
deny_family(scmp_filter_ctx filter, uint32_t action, enum scmp_compare how, int family)
{
	const struct scmp_arg_cmp rule = {
	    .arg = 0, .op = how, .datum_a = (scmp_datum_t)family};

	return seccomp_rule_add_array(filter, action, SCMP_SYS(socket), 1, &rule);
}

/* Denies a call altogether; one that this machine does not have needs no denying. */
static int
deny_call(scmp_filter_ctx filter, uint32_t action, int call)
{
	int error = seccomp_rule_add(filter, action, call, 0);

	return error == -EDOM ? 0 : error;
}

/* All rules of a role; 0, or a negative errno value of libseccomp. */
static int
add_rules(scmp_filter_ctx filter, uint32_t action, const struct role *role)
{
	int error = 0;

	for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]) && error == 0; i++)
		error = deny_call(filter, action, denied[i]);
	if (error == 0)
		error = deny_family(filter, action, SCMP_CMP_GT, AF_NETLINK);
	if (error == 0 && !role->netlink)
		error = deny_family(filter, action, SCMP_CMP_EQ, AF_NETLINK);
	if (error == 0 && !role->internet)
		error = deny_family(filter, action, SCMP_CMP_EQ, AF_INET);
	if (error == 0 && !role->internet)
		error = deny_family(filter, action, SCMP_CMP_EQ, AF_INET6);
	if (error == 0 && !role->execs)
		error = deny_call(filter, action, SCMP_SYS(execve));
	if (error == 0 && !role->execs)
		error = deny_call(filter, action, SCMP_SYS(execveat));
	if (error == 0 && !role->forks)
		error = deny_call(filter, action, SCMP_SYS(fork));
	if (error == 0 && !role->forks)
		error = deny_call(filter, action, SCMP_SYS(clone));
	return error;
}

static void
filter_calls(const struct role *role)
{
	uint32_t action = paths_private() ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM);
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int error = -ENOMEM;

	if (filter != NULL) {
		/* An older kernel cannot log what it refuses; it still refuses. */
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
		error = add_rules(filter, action, role);
	}
	if (error == 0)
		error = seccomp_load(filter);
	if (error != 0) {
		errno = -error;
		log_warn_errno("cannot renounce system calls");
	}
	seccomp_release(filter);
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
	filter_calls(&roles[role]);
}
