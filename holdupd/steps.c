/* SPDX-License-Identifier: ISC */
#include "holdupd/steps.h"

enum { COMMAND, AGAIN, POWEROFF, FORCE };

static const struct step steps[] = {
    [COMMAND] = {.argv = {"/bin/sh", "-c", STEPS_COMMAND}},
    [AGAIN] = {.argv = {"/bin/sh", "-c", STEPS_COMMAND}},
    /* systemd 257 lets inhibitors stop root too, unless it is told to ignore them. */
    [POWEROFF] = {.argv = {"systemctl", "poweroff", "-i"}},
    [FORCE] = {.argv = {"systemctl", "poweroff", "--force"}, .last = true},
};

struct step
steps_get(size_t n, const char *command, bool harmless)
{
	struct step step = steps[n < FORCE ? n : FORCE];
	bool written = n <= AGAIN && command != NULL;

	if (written)
		step.argv[2] = command;
	step.only_log = harmless && !written;
	return step;
}
