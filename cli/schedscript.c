/* SPDX-License-Identifier: ISC */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/schedscript.h"
#include "lib/log.h"
#include "lib/xmem.h"

pid_t
schedscript_start(const char *cmdscript, const char *word, const struct timer_event *e)
{
	pid_t pid = fork();
	sigset_t none;
	char *text;

	if (pid != 0)
		return pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	text = xasprintf("%s %s", cmdscript, word);
	if (close_range(STDERR_FILENO + 1, ~0U, 0) == 0 &&
	    setenv("UPSNAME", e->ups, 1) == 0 && setenv("NOTIFYTYPE", e->type, 1) == 0 &&
	    setenv("NOTIFYMSG", e->message, 1) == 0)
		execl("/bin/sh", "sh", "-c", text, (char *)NULL);
	log_warn_errno("cannot run CMDSCRIPT for %s", word);
	_exit(127);
}

void
schedscript_ended(const char *word, int status)
{
	if (WIFSIGNALED(status))
		log_warn(
		    "CMDSCRIPT for %s was ended by signal %d", word, WTERMSIG(status));
	else if (WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127)
		log_warn(
		    "CMDSCRIPT for %s could not be run (status %d): look at its path "
		    "and permissions",
		    word, WEXITSTATUS(status));
	else if (status != 0)
		log_warn(
		    "CMDSCRIPT for %s ended with status %d", word, WEXITSTATUS(status));
}
