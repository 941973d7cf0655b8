/* SPDX-License-Identifier: ISC */
#ifndef TESTS_SETUP_FOLD_H
#define TESTS_SETUP_FOLD_H

/* For the tests of setup/: a configuration in memory. */

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/xmem.h"
#include "setup/box.h"
#include "setup/setup.h"

/* One folder; texts[] by enum check_name, NULL: not there. */
static struct check_conf *
fold(char *const *texts)
{
	struct check_conf *c = xcalloc(1, sizeof(*c));

	c->folder = xstrdup("");
	for (size_t i = 0; i < CHECK_FILES; i++) {
		c->files[i].path = xstrdup(check_names[i]);
		c->files[i].mode = 0640;
		if (texts == NULL || texts[i] == NULL)
			continue;
		c->files[i].text = xstrdup(texts[i]);
		c->files[i].len = strlen(texts[i]);
	}
	return c;
}

static void
unfold(struct check_conf *c)
{
	check_free(c);
	free(c);
}

/* Composes on these texts, and puts what is new in their place. Returns how many files have
 * changed. */
static size_t
compose(const struct setup_answers *a, char **texts, struct setup_result *r)
{
	struct check_conf *there = fold(texts);
	struct check_list found = {0};
	size_t changed = 0;

	check_read(there, &found);
	check_list_free(&found);
	setup_compose(a, there, r);
	for (size_t i = 0; i < CHECK_FILES; i++)
		if (r->texts[i] != NULL) {
			free(texts[i]);
			texts[i] = xstrdup(r->texts[i]);
			changed++;
		}
	unfold(there);
	return changed;
}

static void
texts_free(char **texts)
{
	for (size_t i = 0; i < CHECK_FILES; i++) {
		free(texts[i]);
		texts[i] = NULL;
	}
}

#endif
