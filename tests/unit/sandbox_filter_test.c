/* SPDX-License-Identifier: ISC */
/*
 * The lists of denied system calls as the kernel would read them, on the machine that they
 * were compiled for: also where no kernel does, under qemu-user, for which they were made
 * on another machine.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "lib/sandbox_filter.h"

#if defined(__x86_64__)
#define OURS AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OURS AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define OURS AUDIT_ARCH_ARM
#endif

#define DENIED (SECCOMP_RET_ERRNO | EPERM)

#ifdef OURS
static uint32_t
load(const struct seccomp_data *call, uint32_t offset)
{
	uint32_t word;

	assert_true(offset <= sizeof(*call) - sizeof(word));
	memcpy(&word, (const char *)call + offset, sizeof(word));
	return word;
}

static bool
jumps(const struct sock_filter *code, uint32_t a)
{
	switch (BPF_OP(code->code)) {
	case BPF_JEQ:
		return a == code->k;
	case BPF_JGT:
		return a > code->k;
	case BPF_JGE:
		return a >= code->k;
	case BPF_JSET:
		return (a & code->k) != 0;
	}
	fail();
	return false;
}

/* What a role's program answers to a call. */
static uint32_t
answer(enum sandbox_role role, long number, uint64_t first)
{
	const struct sandbox_filter *f = &sandbox_filters[role];
	const struct seccomp_data call = {
	    .nr = (int)number, .arch = OURS, .args = {first}};
	uint32_t a = 0;

	for (size_t at = 0; at < f->len; at++) {
		const struct sock_filter *code = &f->code[at];

		if (code->code == (BPF_LD | BPF_W | BPF_ABS))
			a = load(&call, code->k);
		else if (code->code == (BPF_ALU | BPF_AND | BPF_K))
			a &= code->k;
		else if (code->code == (BPF_JMP | BPF_JA))
			at += code->k;
		else if (BPF_CLASS(code->code) == BPF_JMP)
			at += jumps(code, a) ? code->jt : code->jf;
		else if (code->code == (BPF_RET | BPF_K))
			return code->k;
		else
			fail();
	}
	fail();
	return 0;
}
#endif

static void
test_answers(void **state)
{
#ifdef OURS
	for (int role = 0; role < SANDBOX_ROLES; role++) {
		if (sandbox_filters[role].len == 0)
			continue;
		assert_int_equal(answer(role, SYS_read, 0), SECCOMP_RET_ALLOW);
		assert_int_equal(answer(role, SYS_ptrace, 0), DENIED);
		assert_int_equal(answer(role, SYS_reboot, 0), DENIED);
		assert_int_equal(answer(role, SYS_mount, 0), DENIED);
		assert_int_equal(answer(role, SYS_clock_settime, 0), DENIED);
#ifdef SYS_clock_settime64
		assert_int_equal(answer(role, SYS_clock_settime64, 0), DENIED);
#endif
		assert_int_equal(answer(role, SYS_socket, AF_UNIX), SECCOMP_RET_ALLOW);
		assert_int_equal(answer(role, SYS_socket, AF_PACKET), DENIED);
	}
	assert_int_equal(answer(SANDBOX_REMOTE, SYS_socket, AF_INET), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(SANDBOX_NET, SYS_socket, AF_INET), DENIED);
	assert_int_equal(answer(SANDBOX_NET, SYS_clone, 0), DENIED);
	assert_int_equal(answer(SANDBOX_HID, SYS_clone, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(SANDBOX_HID, SYS_execve, 0), DENIED);
	assert_int_equal(answer(SANDBOX_OUT, SYS_execve, 0), SECCOMP_RET_ALLOW);
#else
	print_message("the calls of this architecture are not looked at\n");
	skip();
#endif
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_answers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
