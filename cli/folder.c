/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "check/check.h"
#include "cli/cli.h"
#include "cli/folder.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define OTHERS_MAX 256

/* Reads one file, or says why it cannot be read. One that is not there is no fault. */
static void
read_file(struct check_file *f, const char *folder, const char *name)
{
	struct stat st;

	f->path = xasprintf("%s/%s", folder, name);
	f->text = conf_slurp(f->path, &f->len);
	if (f->text == NULL && errno == EFBIG)
		f->cause = xstrdup("it is larger than 1 MiB");
	else if (f->text == NULL && errno != ENOENT)
		f->cause = xasprintf("it cannot be read (%s)", strerror(errno));
	if (stat(f->path, &st) == 0)
		f->mode = st.st_mode & 07777;
}

static bool
is_ours(const char *name)
{
	for (size_t i = 0; i < CHECK_FILES; i++)
		if (strcmp(check_names[i], name) == 0)
			return true;
	return name[0] == '.';
}

struct check_conf *
folder_read(const char *folder)
{
	struct check_conf *c;
	const struct dirent *e;
	DIR *d = opendir(folder);

	if (d == NULL) {
		cli_complain("cannot read the folder %s: %s", folder, strerror(errno));
		return NULL;
	}
	c = xcalloc(1, sizeof(*c));
	c->folder = xstrdup(folder);
	while ((e = readdir(d)) != NULL && c->nothers < OTHERS_MAX)
		if (!is_ours(e->d_name)) {
			c->others =
			    xreallocarray(c->others, c->nothers + 1, sizeof(*c->others));
			c->others[c->nothers++] = xstrdup(e->d_name);
		}
	closedir(d);
	for (size_t i = 0; i < CHECK_FILES; i++)
		read_file(&c->files[i], folder, check_names[i]);
	return c;
}

char *
folder_own(void)
{
	char *own = paths_conf("");

	own[strlen(own) - (own[strlen(own) - 1] == '/')] = '\0';
	return own;
}
