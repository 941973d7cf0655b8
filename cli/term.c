/* SPDX-License-Identifier: ISC */
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/term.h"

#define COLUMNS_MAX 132 /* wider lines are hard to read */
#define COLUMNS_MIN 20
#define ROWS_MIN 6

static struct termios saved;
static volatile sig_atomic_t taken;

static bool
smart(void)
{
	const char *term = getenv("TERM");

	return term != NULL && term[0] != '\0' && strcmp(term, "dumb") != 0;
}

struct view_style
term_style(int fd)
{
	const char *no_color = getenv("NO_COLOR");
	struct view_style style = {.columns = 80, .rows = 24};
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
		style.columns = size.ws_col > COLUMNS_MAX ? COLUMNS_MAX : size.ws_col;
		style.rows = size.ws_row;
	}
	if (style.columns < COLUMNS_MIN)
		style.columns = COLUMNS_MIN;
	if (style.rows < ROWS_MIN)
		style.rows = ROWS_MIN;
	style.colour = isatty(fd) && smart() && (no_color == NULL || no_color[0] == '\0');
	style.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	return style;
}

bool
term_usable(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && smart();
}

void
term_restore(void)
{
	static const char back[] = "\033[0m\033[?25h\033[?1049l";

	if (!taken)
		return;
	taken = 0;
	(void)!write(STDOUT_FILENO, back, sizeof(back) - 1);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
}

/* A bug must not cost the user the terminal too. */
static void
fault(int signal_number)
{
	term_restore();
	raise(signal_number);
}

void
term_take(void)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
	static const char take[] = "\033[?1049h\033[?25l\033[H\033[2J";
	static bool prepared;
	struct sigaction action = {.sa_handler = fault, .sa_flags = (int)SA_RESETHAND};
	struct termios raw;

	if (taken || tcgetattr(STDIN_FILENO, &saved) != 0)
		return;
	if (!prepared) {
		for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
			sigaction(faults[i], &action, NULL);
		atexit(term_restore);
		prepared = true;
	}
	raw = saved;
	raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	taken = 1;
	(void)!write(STDOUT_FILENO, take, sizeof(take) - 1);
}
