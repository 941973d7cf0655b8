/* SPDX-License-Identifier: ISC */
#ifndef LIB_TASK_H
#define LIB_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What run does for a machine of holdup.conf (docs/plan.md, 7): rows behind those of
 * lib/notify.h, one for each machine (by its place in the file) and verb. core says the
 * row's number, run executes it; no text travels. Pure.
 */

enum task_verb {
	TASK_TELL,  /* run its hook: it is to go down */
	TASK_WAKE,  /* send the magic packet, or run its wake-hook */
	TASK_PROBE, /* ping it, or open a TCP connection: exit status 0, it answers */
	TASK_VERBS
};

#define TASK_ROWS 0x10000 /* the first row; all of lib/notify.h are below */

uint32_t task_row(size_t machine, enum task_verb verb);

/* The machine and verb of a row; false when it is none of a task. */
bool task_of_row(uint32_t row, size_t *machine, enum task_verb *verb);

/* The same row, or the key of an action (core/policy_task.c; it has the machine in these
 * bits), with the machine at another place of the file. */
#define TASK_KEY_MACHINE 21
#define TASK_KEY_MACHINE_MASK 0xffU
uint32_t task_row_at(uint32_t row, size_t machine);
uint32_t task_key_at(uint32_t key, size_t machine);

/* "tell", "wake", "probe" */
const char *task_name(enum task_verb verb);

#endif
