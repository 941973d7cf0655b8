/* SPDX-License-Identifier: ISC */
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/secret.h"
#include "lib/xmem.h"

#define ENTRY_MAX 4096 /* bytes of an entry of the user database */

/* Prompts on standard error, reads one line of standard input, without its LF. */
static char *
ask(const char *prompt, bool echo)
{
	struct termios saved, quiet;
	bool hidden = !echo && tcgetattr(STDIN_FILENO, &saved) == 0;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	fputs(prompt, stderr);
	fflush(stderr);
	if (hidden) {
		quiet = saved;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		quiet.c_lflag |= ECHONL;
		/* Ctrl-C must not leave the terminal silent. */
		quiet.c_lflag &= ~(tcflag_t)ISIG;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	len = getline(&line, &cap, stdin);
	if (hidden)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved);
	if (len > 0 && memchr(line, '\003', (size_t)len) != NULL)
		len = -1;
	if (len == -1) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

char *
secret_user(void)
{
	struct passwd entry, *me = NULL;
	char text[ENTRY_MAX], *prompt, *answer;

	if (getpwuid_r(getuid(), &entry, text, sizeof(text), &me) != 0)
		me = NULL;
	prompt = xasprintf("Username (%s): ", me != NULL ? me->pw_name : "");
	answer = ask(prompt, true);
	free(prompt);
	if (answer != NULL && answer[0] == '\0' && me != NULL) {
		free(answer);
		answer = xstrdup(me->pw_name);
	}
	return answer;
}

char *
secret_password(void)
{
	return ask("Password: ", false);
}

char *
secret_again(void)
{
	return ask("The same again: ", false);
}

char *
secret_ask(const char *prompt)
{
	return ask(prompt, true);
}
