/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/conf_holdup.h"
#include "lib/task.h"

/* Rows of tasks, and keys of actions. */

/* Each machine and verb has a row of its own, which tells them again. */
static void
rows(void **state)
{
	enum task_verb verb = TASK_VERBS;
	size_t machine = 0;

	assert_int_equal(task_row(0, TASK_TELL), TASK_ROWS);
	for (size_t i = 0; i < CONF_MACHINES_MAX; i++)
		for (enum task_verb v = 0; v < TASK_VERBS; v++) {
			assert_int_equal(task_row(i, v), TASK_ROWS + i * TASK_VERBS + v);
			assert_true(task_of_row(task_row(i, v), &machine, &verb));
			assert_int_equal(machine, i);
			assert_int_equal(verb, v);
		}
	assert_false(task_of_row(TASK_ROWS - 1, &machine, &verb));
	assert_false(task_of_row(0, &machine, &verb));
	assert_true(task_of_row(UINT32_MAX, &machine, &verb));
	assert_true(machine >= CONF_MACHINES_MAX);
}

/* A machine that moves takes its rows and keys along, and nothing else of them changes. */
static void
moves(void **state)
{
	assert_int_equal(task_row_at(task_row(3, TASK_WAKE), 7), task_row(7, TASK_WAKE));
	assert_int_equal(
	    task_row_at(task_row(255, TASK_PROBE), 0), task_row(0, TASK_PROBE));
	assert_int_equal(task_key_at(0x80000000, 1), 0x80200000);
	assert_int_equal(task_key_at(0xffffffff, 0), 0xe01fffff);
	assert_int_equal(task_key_at(task_key_at(0xa00003a9, 255), 4), 0xa08003a9);
}

static void
names(void **state)
{
	assert_string_equal(task_name(TASK_TELL), "tell");
	assert_string_equal(task_name(TASK_WAKE), "wake");
	assert_string_equal(task_name(TASK_PROBE), "probe");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows),
	    cmocka_unit_test(moves),
	    cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
