/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/misses.h"

#define HERE "192.0.2.1"

/* The row of an address, or NULL. */
static const struct miss *
row(const struct misses *m, const char *address, enum miss_sort sort)
{
	for (size_t i = 0; i < MISSES_MAX; i++)
		if (m->list[i].last != 0 && m->list[i].sort == sort &&
		    strcmp(m->list[i].address, address) == 0)
			return &m->list[i];
	return NULL;
}

/* One row for each address and sort, with the last name; what came right is over. */
static void
test_rows(void **state)
{
	static struct misses m;

	misses_add(&m, HERE, MISS_UPS, "nas", 0);
	misses_add(&m, HERE, MISS_UPS, "ups1", 7000);
	misses_add(&m, HERE, MISS_ACCOUNT, "admin", 8000);
	assert_int_equal(row(&m, HERE, MISS_UPS)->count, 2);
	assert_int_equal(row(&m, HERE, MISS_UPS)->last, 7000);
	assert_string_equal(row(&m, HERE, MISS_UPS)->name, "ups1");
	assert_int_equal(row(&m, HERE, MISS_ACCOUNT)->count, 1);
	misses_over(&m, HERE, MISS_ACCOUNT, "another");
	misses_over(&m, "192.0.2.2", MISS_ACCOUNT, "admin");
	assert_non_null(row(&m, HERE, MISS_ACCOUNT));
	misses_over(&m, HERE, MISS_ACCOUNT, "admin");
	assert_null(row(&m, HERE, MISS_ACCOUNT));
	assert_non_null(row(&m, HERE, MISS_UPS));
	assert_string_equal(miss_word(MISS_UPS), "ups");
	assert_string_equal(miss_word(MISS_ACCOUNT), "account");
}

/* More addresses than rows: the oldest gives way, whatever names are asked for. */
static void
test_full(void **state)
{
	static struct misses m;
	char address[32], name[2 * MISS_NAME_MAX];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (unsigned i = 0; i <= MISSES_MAX; i++) {
		snprintf(address, sizeof(address), "10.0.0.%u", i);
		misses_add(&m, address, MISS_UPS, name, i + 1);
	}
	assert_null(row(&m, "10.0.0.0", MISS_UPS));
	assert_non_null(row(&m, "10.0.0.1", MISS_UPS));
	assert_int_equal(strlen(row(&m, "10.0.0.1", MISS_UPS)->name), MISS_NAME_MAX - 1);
	misses_over(&m, "10.0.0.1", MISS_UPS, name);
	assert_null(row(&m, "10.0.0.1", MISS_UPS));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
