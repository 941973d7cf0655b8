/* SPDX-License-Identifier: ISC */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/*
 * The command line's subcommands. main.c holds the table; each row is one cmd_*.c file.
 * A subcommand gets argv with its own name first and returns the exit status.
 *
 * There are two programs with that table, as a machine that only hangs on a UPS needs the
 * smaller half: `holdup`, and `cli-server`, which `holdup` becomes for a command that it
 * was linked without, or that can do more there. What a program was linked without is NULL.
 */
#define CLI_COMMAND __attribute__((weak))

struct command {
	const char *name;
	const char *synopsis; /* what follows the name, for "usage:" */
	const char *summary;  /* one line for the overview */
	const char *help;     /* the rest of --help: options and examples, whole lines */
	int (*run)(int argc, char **argv);
};

CLI_COMMAND int cmd_status(int argc, char **argv);
CLI_COMMAND int cmd_setup(int argc, char **argv);
CLI_COMMAND int cmd_check(int argc, char **argv);
CLI_COMMAND int cmd_clients(int argc, char **argv);
CLI_COMMAND int cmd_history(int argc, char **argv);
CLI_COMMAND int cmd_report(int argc, char **argv);
CLI_COMMAND int cmd_notify(int argc, char **argv);
CLI_COMMAND int cmd_watch(int argc, char **argv);
CLI_COMMAND int cmd_demo(int argc, char **argv);
CLI_COMMAND int cmd_probe(int argc, char **argv);
CLI_COMMAND int cmd_sim(int argc, char **argv);
CLI_COMMAND int cmd_doctor(int argc, char **argv);
CLI_COMMAND int cmd_drill(int argc, char **argv);
CLI_COMMAND int cmd_passwd(int argc, char **argv);
CLI_COMMAND int cmd_upsc(int argc, char **argv);
CLI_COMMAND int cmd_upscmd(int argc, char **argv);
CLI_COMMAND int cmd_upsrw(int argc, char **argv);
CLI_COMMAND int cmd_upsd(int argc, char **argv);
CLI_COMMAND int cmd_upslog(int argc, char **argv);
CLI_COMMAND int cmd_upsmon(int argc, char **argv);
CLI_COMMAND int cmd_upssched(int argc, char **argv);
CLI_COMMAND int cmd_upsdrvctl(int argc, char **argv);
int cmd_help(int argc, char **argv);
int cmd_version(int argc, char **argv);

/* What "NAME --help" prints, on standard output. Returns 0. */
int cli_help(const char *name);

/* Ends an argument error: "usage: …" and where help is, on standard error. Returns 1. */
int cli_usage(const char *name);

/* One line on standard error, "holdup: " in front. Returns 1, an exit status. */
int cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
