/* SPDX-License-Identifier: ISC */
#ifndef DOCTOR_PROCS_H
#define DOCTOR_PROCS_H

#include <stdbool.h>
#include <stddef.h>

#include "doctor/facts.h"

/* Processes and listeners, as /proc has them. `proc` is its path ("/proc"). */

/* The name of a process (as the kernel has it, 15 bytes), its parent and the seconds that it
 * runs. False when it is not there. */
struct procs_one {
	struct facts_process is;
	long parent;
	double age;
};
bool procs_read(const char *proc, long pid, struct procs_one *p);

/* The unit of systemd that it belongs to: "holdup.service"; "" for none. */
void procs_unit(const char *proc, long pid, char *unit, size_t size);

/* Those that have one of these names (NULL at the end), n at most. Returns how many. */
size_t procs_named(
    const char *proc, const char *const *names, struct facts_process *out, size_t n);

/* True when somebody listens on this TCP port at this address ("0.0.0.0" and "::" overlap
 * with all); `who` is he, pid 0 where that cannot be seen. */
bool procs_listens(
    const char *proc, const char *address, unsigned port, struct facts_process *who);

#endif
