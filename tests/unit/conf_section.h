/* SPDX-License-Identifier: ISC */
#ifndef TESTS_CONF_SECTION_H
#define TESTS_CONF_SECTION_H

#include "lib/conf_holdup.h"
#include "tests/unit/conf_read.h"

/* What the tests of holdup.conf's sections share. */

/* Reads one without a fault; *c is to be freed. */
static inline void
reads(struct holdup_conf *c, const char *text)
{
	struct problems p = {0};

	holdup_conf_read(c, "f", text, strlen(text), &p);
	for (size_t i = 0; i < p.count; i++)
		fail_msg("%d: %s", p.list[i].line, p.list[i].text);
	problems_free(&p);
}

/* One fault each, first among those it brings: the line it is in, whether the section is of
 * use all the same. */
struct section_fault {
	const char *text;
	int line;
	bool wanted;
	const char *problem;
};

/* Each is found, with no more than `most` problems, none of which tells a secret ("geheim"). */
static inline void
assert_faults(const struct section_fault *faults, size_t n, size_t most,
    bool (*is_wanted)(const struct holdup_conf *))
{
	for (size_t i = 0; i < n; i++) {
		const struct section_fault *f = &faults[i];
		struct problems p = {0};
		struct holdup_conf c;

		holdup_conf_read(&c, "f", f->text, strlen(f->text), &p);
		if (p.count == 0 || p.count > most)
			fail_msg("%zu faults are found in: %s", p.count, f->text);
		assert_problem(&p, p.count, 0, f->line, f->problem);
		assert_int_equal(is_wanted(&c), f->wanted);
		for (size_t k = 0; k < p.count; k++)
			assert_null(strstr(p.list[k].text, "geheim"));
		holdup_conf_free(&c);
		problems_free(&p);
	}
}

#endif
