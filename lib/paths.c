/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/paths.h"
#include "lib/xmem.h"

#define DEFAULT_CONFPATH "/etc/nut"
#define DEFAULT_STATEPATH "/run/nut"
#define MEMORY_PATH "/var/lib/holdup"

/* The variable's value; NULL when it is missing or empty. */
static const char *
setting(const char *variable)
{
	const char *value = getenv(variable);

	return value == NULL || *value == '\0' ? NULL : value;
}

/* Folder and name joined; the folder itself for an empty name. */
static char *
join(const char *folder, const char *name)
{
	if (*name == '\0')
		return xstrdup(folder);
	return xasprintf("%s/%s", folder, name);
}

char *
paths_conf(const char *name)
{
	const char *folder = setting("NUT_CONFPATH");

	return join(folder == NULL ? DEFAULT_CONFPATH : folder, name);
}

char *
paths_state(const char *name)
{
	const char *folder = setting("NUT_STATEPATH");

	return join(folder == NULL ? DEFAULT_STATEPATH : folder, name);
}

bool
paths_private(void)
{
	return setting("NUT_CONFPATH") != NULL || setting("NUT_STATEPATH") != NULL;
}

char *
paths_memory(const char *name)
{
	return paths_private() ? paths_state(name) : join(MEMORY_PATH, name);
}

/* Takes ownership of `path`; gives it back if it is an executable file. */
static char *
executable(char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0)
		return path;
	free(path);
	return NULL;
}

char *
paths_program(const char *name)
{
	const char *libexec = setting("HOLDUP_LIBEXEC");
	char self[PATH_MAX], *slash, *path;
	ssize_t len;

	if (libexec != NULL && (path = executable(join(libexec, name))) != NULL)
		return path;
	len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (len < 0)
		return NULL;
	self[len] = '\0';
	if ((slash = strrchr(self, '/')) == NULL)
		return NULL;
	*slash = '\0';
	if ((path = executable(xasprintf("%s/%s", self, name))) != NULL)
		return path;
	path = executable(
	    xasprintf("%s/../%.*s/%s", self, (int)strcspn(name, "-"), name, name));
	if (path != NULL)
		return path;
	if ((path = executable(xasprintf("%s/../libexec/holdup/%s", self, name))) != NULL)
		return path;
	if ((path = executable(xasprintf("%s/../sbin/%s", self, name))) != NULL)
		return path;
	return executable(xasprintf("%s/../../sbin/%s", self, name));
}
