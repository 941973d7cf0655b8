/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "lib/xmem.h"

#define BETWEEN '\f' /* parts the files */
#define FOLDERS 2

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A folder from the files that follow each other; *at is moved behind them. */
static struct check_conf *
folder(const uint8_t *data, size_t size, size_t *at, size_t number)
{
	struct check_conf *c = xcalloc(1, sizeof(*c));

	c->folder = xasprintf("%zu", number);
	for (size_t i = 0; i < CHECK_FILES; i++) {
		const uint8_t *end =
		    *at < size ? memchr(&data[*at], BETWEEN, size - *at) : NULL;
		size_t len = end != NULL ? (size_t)(end - &data[*at]) : size - *at;

		c->files[i].path = xasprintf("%zu/%s", number, check_names[i]);
		c->files[i].mode = 0644;
		c->files[i].text = xcalloc(len + 1, 1);
		memcpy(c->files[i].text, &data[*at], len);
		c->files[i].len = len;
		*at += len + (end != NULL);
	}
	c->others = xcalloc(1, sizeof(*c->others));
	c->others[c->nothers++] = xstrdup("upsd.user");
	return c;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct check_conf *confs[FOLDERS];
	struct check_list found = {0};
	size_t at = 0;

	for (size_t i = 0; i < FOLDERS; i++)
		confs[i] = folder(data, size, &at, i);
	check_all(confs, FOLDERS, &found);
	check_list_free(&found);
	for (size_t i = 0; i < FOLDERS; i++) {
		check_free(confs[i]);
		free(confs[i]);
	}
	return 0;
}
