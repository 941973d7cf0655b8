/* SPDX-License-Identifier: ISC */
#ifndef TESTS_CONF_READ_H
#define TESTS_CONF_READ_H

#include <stdio.h>
#include <string.h>

#include "lib/conf.h"

/* What the tests of the configuration readers share. */

/* The article's files are part of the source, word for word. */
#define ARTICLE SOURCE_ROOT "/tests/article/"

/* A problem of this line whose text holds `part`, and how many problems there are. */
static inline void
assert_problem(
    const struct problems *p, size_t count, size_t i, int line, const char *part)
{
	assert_int_equal(p->count, count);
	assert_int_equal(p->list[i].line, line);
	assert_string_equal(p->list[i].file, "f");
	if (strstr(p->list[i].text, part) == NULL)
		fail_msg("\"%s\" does not hold \"%s\"", p->list[i].text, part);
}

#endif
