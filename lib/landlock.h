/* SPDX-License-Identifier: ISC */
#ifndef LIB_LANDLOCK_H
#define LIB_LANDLOCK_H

/* What is left of the file system (Linux: Documentation/userspace-api/landlock.rst).
 * Descriptors that are open already, and connecting to sockets, are not concerned. */
enum landlock_access {
	LANDLOCK_NOTHING, /* no file can be opened, made or removed */
	LANDLOCK_READ,    /* files are read only; sockets may be made and removed */
	LANDLOCK_DEV,     /* the same, but what is in /dev may be written */
	LANDLOCK_RUN, /* files may be read and executed, and those below the folders given
	                   * also written, made and removed */
	LANDLOCK_FOLDERS, /* as READ, but only what is below the folders given */
	LANDLOCK_LOOK,    /* the same, and sockets may not be made or removed either */
	LANDLOCK_OWN, /* files below the folders given may be read, written, made and removed;
	               * nothing else */
};

/* Confines this process and its children, which needs no_new_privs. `folders` is for
 * the last four, NULL-terminated; one that is missing gives nothing. The boot id is open to
 * all. Returns 0, or -1 where the kernel cannot. */
int landlock_enter(enum landlock_access access, const char *const *folders);

#endif
