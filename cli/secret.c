/* SPDX-License-Identifier: ISC */
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/secret.h"
#include "lib/buf.h"
#include "lib/xmem.h"

#define ENTRY_MAX 4096 /* bytes of an entry of the user database */
#define INTERRUPT 3    /* Ctrl-C */

/* Reads up to the end of the line; false at the end of input, and where somebody gave up. */
static bool
read_line(struct buf *line)
{
	int c;

	while ((c = getc(stdin)) != EOF && c != '\n' && c != INTERRUPT)
		buf_add(line, &(char){(char)c}, 1);
	return c == '\n' || (c == EOF && line->len > 0);
}

/* Prompts on standard error, reads one line of standard input, without its LF. */
static char *
ask(const char *prompt, bool echo)
{
	struct termios saved, quiet;
	bool hidden = !echo && tcgetattr(STDIN_FILENO, &saved) == 0, got;
	struct buf line = {0};
	char *text = NULL;

	fputs(prompt, stderr);
	fflush(stderr);
	if (hidden) {
		quiet = saved;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		quiet.c_lflag |= ECHONL;
		/* Ctrl-C must not leave the terminal silent: it ends the line instead. */
		quiet.c_lflag &= ~(tcflag_t)ISIG;
		quiet.c_cc[VEOL] = INTERRUPT;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	got = read_line(&line);
	if (hidden)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved);
	if (got) {
		text = xstrdup(buf_str(&line));
		text[strcspn(text, "\r")] = '\0';
	}
	if (line.data != NULL)
		explicit_bzero(line.data, line.cap);
	buf_free(&line);
	return text;
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
