/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/landlock.h"

/* The rights of the first version of Landlock, which every kernel that has it knows. */
#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define CHANGING                                                           \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |      \
	    LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_CHAR | \
	    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |    \
	    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
	    LANDLOCK_ACCESS_FS_MAKE_SYM)
/* A driver that runs alone makes its own socket, and removes a dead one. */
#define SOCKETS (LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REMOVE_FILE)

/* Who keeps files makes and removes them, too. */
#define FILES                                                          \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | \
	    LANDLOCK_ACCESS_FS_REMOVE_FILE)

#define BOOT_ID_FOLDER "/proc/sys/kernel/random"

/* glibc has no wrappers. */
static int
ruleset_new(uint64_t handled)
{
	const struct landlock_ruleset_attr attr = {.handled_access_fs = handled};

	return (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
}

/* Gives back some of the handled rights below a folder. */
static int
allow(int ruleset, const char *folder, uint64_t access)
{
	int result, fd = open(folder, O_PATH | O_CLOEXEC);
	const struct landlock_path_beneath_attr attr = {
	    .allowed_access = access, .parent_fd = fd};

	if (fd < 0)
		return -1;
	result = (int)syscall(
	    SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &attr, 0);
	close(fd);
	return result;
}

/* What is left below the folders given; 0: the access is not by folders. */
static uint64_t
in_folders(enum landlock_access access)
{
	switch (access) {
	case LANDLOCK_FOLDERS:
	case LANDLOCK_LOOK:
		return READING;
	case LANDLOCK_OWN:
	case LANDLOCK_RUN:
		return READING | FILES;
	default:
		return 0;
	}
}

int
landlock_enter(enum landlock_access access, const char *const *folders)
{
	const uint64_t within = in_folders(access);
	const bool all = access == LANDLOCK_READ || access == LANDLOCK_DEV ||
			 access == LANDLOCK_RUN; /* is read, wherever it is */
	uint64_t handled = READING | CHANGING, everywhere = READING;
	int ruleset, result = 0;

	if (access == LANDLOCK_NOTHING || access == LANDLOCK_LOOK ||
	    access == LANDLOCK_OWN || access == LANDLOCK_RUN)
		handled |= SOCKETS;
	if (access == LANDLOCK_RUN)
		everywhere |= LANDLOCK_ACCESS_FS_EXECUTE;
	if ((ruleset = ruleset_new(handled)) < 0)
		return -1;
	for (; within != 0 && folders != NULL && *folders != NULL; folders++)
		(void)allow(ruleset, *folders, within);
	if (all)
		result = allow(ruleset, "/", everywhere);
	else /* some keep a state for this boot; without /proc they say so */
		(void)allow(ruleset, BOOT_ID_FOLDER, LANDLOCK_ACCESS_FS_READ_FILE);
	if (result == 0 && access == LANDLOCK_DEV)
		result = allow(ruleset, "/dev", READING | LANDLOCK_ACCESS_FS_WRITE_FILE);
	if (result == 0)
		result = (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
	close(ruleset);
	return result;
}
