/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "check/check.h"
#include "lib/conf.h"

/* Ends of names that mean "not in use": editors, packages and people leave such copies. */
static const char *const copies[] = {"~", ".bak", ".dpkg-dist", ".dpkg-new", ".dpkg-old",
    ".old", ".orig", ".rpmnew", ".rpmsave", ".sample", ".save", ".swp", ".ucf-dist"};

/* Other files of NUT that may lie in the folder. */
static const char *const strangers[] = {
    "hosts.conf", "upsset.conf", "upsstats.html", "upsstats-single.html"};

static bool
is_copy(const char *name)
{
	const size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
		const size_t end = strlen(copies[i]);

		if (len > end && strcmp(&name[len - end], copies[i]) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
		if (strcmp(name, strangers[i]) == 0)
			return true;
	return false;
}

/* A file whose name is nearly right is read by nobody, and its author thinks it is. */
void
check_misplaced(const struct check_conf *c, struct check_list *out)
{
	for (size_t i = 0; i < c->nothers; i++) {
		const char *name = c->others[i], *meant;

		if (is_copy(name) || (meant = conf_nearest(name, check_names)) == NULL)
			continue;
		for (size_t k = 0; k < CHECK_FILES; k++)
			if (strcmp(meant, check_names[k]) == 0)
				check_add(out,
				    c->files[k].text == NULL ? CHECK_ERROR
							     : CHECK_WARNING,
				    c->files[k].path, 0,
				    "%s: beside it lies \"%s\", which is read by nobody: "
				    "%s",
				    c->files[k].text == NULL ? "it is not there"
							     : "it is read",
				    name,
				    c->files[k].text == NULL
					? "rename that file"
					: "take over what is in that file");
	}
}
