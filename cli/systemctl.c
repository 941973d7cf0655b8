/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/systemctl.h"
#include "lib/buf.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define ARGS_MAX 64
#define READ_AT_ONCE 4096

/* The program; NULL: none that we may call. */
static const char *
program(void)
{
	const char *fake = getenv("HOLDUP_SYSTEMCTL");

	if (!paths_private())
		return "systemctl";
	return fake != NULL && *fake != '\0' ? fake : NULL;
}

bool
systemctl_there(void)
{
	struct stat st;

	if (paths_private())
		return program() != NULL;
	return geteuid() == 0 && stat("/run/systemd/system", &st) == 0;
}

/* Reads to the end. */
static char *
all_of(int fd)
{
	struct buf text = {0};
	char *copy;
	ssize_t n;

	while ((n = read(fd, buf_room(&text, READ_AT_ONCE), READ_AT_ONCE)) > 0 ||
	       (n == -1 && errno == EINTR))
		if (n > 0)
			buf_grew(&text, (size_t)n);
	copy = xstrdup(text.len > 0 ? buf_str(&text) : "");
	buf_free(&text);
	return copy;
}

/* Starts it with standard output at `fd`; -1 after a message. */
static pid_t
begin(const char *name, const char *const *args, int fd)
{
	const char *argv[ARGS_MAX + 2] = {name};
	posix_spawn_file_actions_t actions;
	size_t n = 1;
	pid_t pid;
	int failed;

	while (*args != NULL && n <= ARGS_MAX)
		argv[n++] = *args++;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
	/* posix_spawn() takes them as execv() does, and changes nothing. */
	failed =
	    /* NOLINTNEXTLINE(performance-no-int-to-ptr) */
	    posix_spawnp(&pid, name, &actions, NULL, (char **)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failed == 0)
		return pid;
	cli_complain("cannot run %s: %s", name, strerror(failed));
	return -1;
}

int
systemctl(const char *const *args, char **out)
{
	const char *name = program();
	int ends[2], status = -1;
	pid_t pid;
	char *text;

	if (out != NULL)
		*out = NULL;
	if (name == NULL || pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	pid = begin(name, args, ends[1]);
	close(ends[1]);
	text = all_of(ends[0]);
	close(ends[0]);
	while (pid != -1 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	if (out != NULL)
		*out = text;
	else
		free(text);
	return pid != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
