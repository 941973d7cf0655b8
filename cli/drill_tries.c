/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/drill_ask.h"
#include "run/command.h"

static const char *
program(const char *path)
{
	return access(path, X_OK) == 0 ? NULL : strerror(errno);
}

/* A probe of run's, once. */
static bool
answers(const struct conf_machine *m)
{
	pid_t pid = m->off == CONF_OFF_TCP ? command_connect(m->address, m->off_port)
					   : command_ping(m->address);
	int status;

	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

const struct drill_tries drill_tries = {program, answers};
