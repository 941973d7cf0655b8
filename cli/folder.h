/* SPDX-License-Identifier: ISC */
#ifndef CLI_FOLDER_H
#define CLI_FOLDER_H

struct check_conf;

/* A folder's files with their permissions, and the names of what else is there, for
 * check/: release with check_free() and free(). NULL after a message. */
struct check_conf *folder_read(const char *folder);

/* The folder of this machine's configuration, without a slash at its end; the caller frees. */
char *folder_own(void);

#endif
