/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/parts.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define ARGS_MAX 8
#define STOP_MS 5000
#define STOP_STEP_MS 20
#define LAST_LINE_MAX 300

/* In the child: arranges descriptors and runs the program. */
static void
become(char *program, char **argv, int log, pid_t parent)
{
	int null = open("/dev/null", O_RDONLY);
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(null, STDIN_FILENO);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	execv(program, argv);
	_exit(127);
}

int
part_start(struct part *p, const char *name, char *const *args, const char *logdir,
    char *cause, size_t size)
{
	char *program = paths_program(name), *argv[ARGS_MAX + 2];
	pid_t parent = getpid();
	int log, n = 0;

	memset(p, 0, sizeof(*p));
	p->name = name;
	if (program == NULL) {
		snprintf(cause, size,
		    "the program '%s' is not there; HOLDUP_LIBEXEC can name its folder",
		    name);
		return -1;
	}
	p->log = xasprintf("%s/%s.log", logdir, name);
	log = open(p->log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0640);
	if (log == -1) {
		snprintf(cause, size, "cannot write %s: %s", p->log, strerror(errno));
		free(program);
		return -1;
	}
	argv[n++] = program;
	while (*args != NULL && n <= ARGS_MAX)
		argv[n++] = *args++;
	argv[n] = NULL;
	p->pid = fork();
	if (p->pid == 0)
		become(program, argv, log, parent);
	if (p->pid == -1) {
		snprintf(cause, size, "cannot start %s: %s", name, strerror(errno));
		p->pid = 0;
	}
	close(log);
	free(program);
	return p->pid > 0 ? 0 : -1;
}

/* The last line of the log that says something. */
static void
last_line(const char *path, char *out, size_t size)
{
	char line[LAST_LINE_MAX];
	FILE *f = fopen(path, "re");

	out[0] = '\0';
	if (f == NULL)
		return;
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '\0')
			snprintf(out, size, "%s", line);
	}
	fclose(f);
}

bool
part_ended(struct part *p, char *cause, size_t size)
{
	char line[LAST_LINE_MAX], how[48];
	int status;

	if (p->pid == 0 || waitpid(p->pid, &status, WNOHANG) != p->pid)
		return false;
	p->pid = 0;
	if (WIFSIGNALED(status))
		snprintf(how, sizeof(how), "was killed by signal %d", WTERMSIG(status));
	else
		snprintf(how, sizeof(how), "ended with status %d", WEXITSTATUS(status));
	last_line(p->log, line, sizeof(line));
	snprintf(cause, size, "%s %s; its log %s", p->name, how,
	    line[0] != '\0' ? "ends: " : "is empty");
	snprintf(cause + strlen(cause), size - strlen(cause), "%s", line);
	return true;
}

void
part_stop(struct part *p)
{
	const struct timespec step = {.tv_nsec = STOP_STEP_MS * 1000000L};

	if (p->pid > 0)
		kill(p->pid, SIGTERM);
	for (int waited = 0; p->pid > 0; waited += STOP_STEP_MS) {
		if (waitpid(p->pid, NULL, WNOHANG) == p->pid) {
			p->pid = 0;
			break;
		}
		if (waited >= STOP_MS)
			kill(p->pid, SIGKILL);
		nanosleep(&step, NULL);
	}
	free(p->log);
	p->log = NULL;
}
