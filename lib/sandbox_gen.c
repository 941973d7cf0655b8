/* SPDX-License-Identifier: ISC */
/*
 * Runs while holdup is built: compiles what each role is denied to BPF and prints it as the
 * C of sandbox_filters[] (lib/sandbox_filter.h). That is constant, and libseccomp, which
 * knows how, would cost every process its tables and a heap full of rules.
 *
 * usage: sandbox_gen [ARCHITECTURE]     whose calls, as libseccomp names it; ours
 */
#include <err.h>
#include <errno.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/sandbox_filter.h"

#define DENY SCMP_ACT_ERRNO(EPERM)

/* What each role may besides what all may. */
static const struct role {
	bool forks;             /* hid: its asker; remote, dummy: their look-ups */
	bool execs;             /* out: its publishers */
	bool internet, netlink; /* sockets of these families */
} roles[SANDBOX_ROLES] = {
    [SANDBOX_HID] = {.forks = true, .netlink = true},
    [SANDBOX_REMOTE] = {.forks = true, .internet = true, .netlink = true},
    [SANDBOX_REPEATER] = {.forks = true, .internet = true, .netlink = true},
    [SANDBOX_NET] = {.netlink = true},
    /* It asks for names. */
    [SANDBOX_RESOLVER] = {.internet = true, .netlink = true},
    /* Its publishers inherit what it has renounced. */
    [SANDBOX_OUT] = {.forks = true, .execs = true, .internet = true, .netlink = true},
    /* libcurl resolves names in a thread. */
    /* It accepts from its sockets, and looks at the networks of this machine. */
    [SANDBOX_WEB] = {.netlink = true},
    [SANDBOX_PUBLISHER] = {.forks = true, .internet = true, .netlink = true},
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
    SCMP_SYS(clock_settime64), /* of 32 bit machines */
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

/* Denies sockets of a family; those beyond netlink (packet, bluetooth …) to everyone. */
static int
deny_family(scmp_filter_ctx filter, enum scmp_compare how, int family)
{
	const struct scmp_arg_cmp rule = {
	    .arg = 0, .op = how, .datum_a = (scmp_datum_t)family};

	return seccomp_rule_add_array(filter, DENY, SCMP_SYS(socket), 1, &rule);
}

/* Denies a call altogether; one that this machine does not have needs no denying. */
static int
deny_call(scmp_filter_ctx filter, int call)
{
	int error = seccomp_rule_add(filter, DENY, call, 0);

	return error == -EDOM ? 0 : error;
}

/* All rules of a role; 0, or a negative errno value of libseccomp. */
static int
add_rules(scmp_filter_ctx filter, const struct role *role)
{
	int error = 0;

	for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]) && error == 0; i++)
		error = deny_call(filter, denied[i]);
	if (error == 0)
		error = deny_family(filter, SCMP_CMP_GT, AF_NETLINK);
	if (error == 0 && !role->netlink)
		error = deny_family(filter, SCMP_CMP_EQ, AF_NETLINK);
	if (error == 0 && !role->internet)
		error = deny_family(filter, SCMP_CMP_EQ, AF_INET);
	if (error == 0 && !role->internet)
		error = deny_family(filter, SCMP_CMP_EQ, AF_INET6);
	if (error == 0 && !role->execs)
		error = deny_call(filter, SCMP_SYS(execve));
	if (error == 0 && !role->execs)
		error = deny_call(filter, SCMP_SYS(execveat));
	if (error == 0 && !role->forks)
		error = deny_call(filter, SCMP_SYS(fork));
	if (error == 0 && !role->forks)
		error = deny_call(filter, SCMP_SYS(clone));
	return error;
}

/* Ends the build when libseccomp refuses. */
static void
must(int error, const char *what)
{
	if (error != 0)
		errx(1, "%s: %s", what, strerror(-error));
}

/* The filter of a role, for the machine that holdup will run on. */
static scmp_filter_ctx
compile(const struct role *role, const char *architecture)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	uint32_t token;

	if (filter == NULL)
		errx(1, "libseccomp does not know this machine");
	if (architecture != NULL) {
		if ((token = seccomp_arch_resolve_name(architecture)) == 0)
			errx(1, "libseccomp does not know %s", architecture);
		must(seccomp_arch_remove(filter, SCMP_ARCH_NATIVE), "this machine");
		must(seccomp_arch_add(filter, token), architecture);
	}
	must(add_rules(filter, role), "the rules");
	return filter;
}

/* Prints a program as one row of the table. */
static void
print(scmp_filter_ctx filter, size_t role)
{
	struct sock_filter code[SANDBOX_FILTER_MAX];
	int fd = memfd_create("filter", MFD_CLOEXEC);
	off_t size;
	size_t len;

	if (fd == -1)
		err(1, "memfd_create");
	must(seccomp_export_bpf(filter, fd), "the program");
	size = lseek(fd, 0, SEEK_END);
	if (size > (off_t)sizeof(code))
		errx(1, "SANDBOX_FILTER_MAX is too small");
	if (size <= 0 || pread(fd, code, (size_t)size, 0) != size)
		err(1, "the program");
	close(fd);
	len = (size_t)size / sizeof(code[0]);
	printf("\t[%zu] = {.len = %zu, .code = {\n", role, len);
	for (size_t i = 0; i < len; i++)
		printf("\t\t{%#x, %u, %u, %#x},\n", code[i].code, code[i].jt, code[i].jf,
		    code[i].k);
	printf("\t}},\n");
}

int
main(int argc, char **argv)
{
	scmp_filter_ctx filter;

	printf("/* Made by sandbox_gen.c. */\n"
	       "#include \"lib/sandbox_filter.h\"\n\n"
	       "const struct sandbox_filter sandbox_filters[SANDBOX_ROLES] = {\n");
	for (size_t i = 0; i < SANDBOX_ROLES; i++) {
		filter = compile(&roles[i], argc > 1 ? argv[1] : NULL);
		print(filter, i);
		seccomp_release(filter);
	}
	printf("};\n");
	return 0;
}
