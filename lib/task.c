/* SPDX-License-Identifier: ISC */
#include "lib/task.h"

static const char *const names[TASK_VERBS] = {
    [TASK_TELL] = "tell",
    [TASK_WAKE] = "wake",
    [TASK_PROBE] = "probe",
};

uint32_t
task_row(size_t machine, enum task_verb verb)
{
	return (uint32_t)(TASK_ROWS + machine * TASK_VERBS + verb);
}

bool
task_of_row(uint32_t row, size_t *machine, enum task_verb *verb)
{
	if (row < TASK_ROWS)
		return false;
	*machine = (row - TASK_ROWS) / TASK_VERBS;
	*verb = (enum task_verb)((row - TASK_ROWS) % TASK_VERBS);
	return true;
}

uint32_t
task_row_at(uint32_t row, size_t machine)
{
	return task_row(machine, (enum task_verb)((row - TASK_ROWS) % TASK_VERBS));
}

uint32_t
task_key_at(uint32_t key, size_t machine)
{
	return (key & ~(TASK_KEY_MACHINE_MASK << TASK_KEY_MACHINE)) |
	       ((uint32_t)machine & TASK_KEY_MACHINE_MASK) << TASK_KEY_MACHINE;
}

const char *
task_name(enum task_verb verb)
{
	return names[verb];
}
