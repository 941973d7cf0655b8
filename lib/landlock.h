/* SPDX-License-Identifier: ISC */
#ifndef LIB_LANDLOCK_H
#define LIB_LANDLOCK_H

/* What is left of the file system (Linux: Documentation/userspace-api/landlock.rst).
 * Descriptors that are open already, and connecting to sockets, are not concerned. */
enum landlock_access {
	LANDLOCK_NOTHING, /* no file can be opened (but the boot id), made or removed */
	LANDLOCK_READ,    /* files are read only; sockets may be made and removed */
	LANDLOCK_DEV,     /* the same, but what is in /dev may be written */
	LANDLOCK_RUN,     /* files may be read and executed */
	LANDLOCK_FOLDERS, /* as READ, but only what is below the folders given */
};

/* Confines this process and its children, which needs no_new_privs. `folders` is for
 * LANDLOCK_FOLDERS, NULL-terminated; one that is missing gives nothing. Returns 0, or -1
 * where the kernel cannot. */
int landlock_enter(enum landlock_access access, const char *const *folders);

#endif
