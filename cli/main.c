/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/lookout_in.h"
#include "lib/conf.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"

/* clang-format off */
#define DAEMON_HELP \
	"  -F         stay in the foreground; -FF: and write the pid file\n" \
	"  -B         go to the background, also with -D\n" \
	"  -D         log more, and stay in the foreground; -Dh: what TLS there is\n" \
	"  -u USER    be that user, where started as root\n" \
	"  -V         version\n"

static const struct command commands[] = {
	{ "status", "[--json] [UPS[@HOST[:PORT]]]", "every UPS at a glance (the default)",
	    "  --json     the same for programs: state, words and all variables\n"
	    "\n"
	    "Without @HOST the server of this machine is asked: the first LISTEN of\n"
	    "NUT_CONFPATH/upsd.conf, else localhost:3493. Use @HOST alone for all its UPSes.\n",
	    cmd_status },
	{ "watch", "[UPS[@HOST[:PORT]]]", "the same, live, with what happens",
	    "Changes appear as they happen where the server can push them, else every 2 s.\n"
	    "q quits. Without a terminal it prints one line per event.\n",
	    cmd_watch },
	{ "clients", "[--json] [-u USER [-p PASS]] [UPS[@HOST[:PORT]]]",
	    "everybody who reads a UPS, logged in or not",
	    "  --json   the same for programs\n"
	    "  -u USER  account of upsd.users, which a server asks for that is elsewhere\n"
	    "  -p PASS  its password (asked for when missing)\n"
	    "\n"
	    "Of a server that is not ours only those are known who are logged in.\n",
	    cmd_clients },
	{ "setup", "[--mode server|standalone|secondary] [--ups NAME] [--lan | --no-lan]\n"
	    "                    [--nas MAKE=ADDRESS]... [--domoticz URL] [--mqtt URL]\n"
	    "                    [--from apcupsd[=FILE]] [OPTION...]\n"
	    "       holdup setup --join [UPS@]HOST[:PORT] [--user NAME] [--password WORD]\n"
	    "       holdup setup --undo",
	    "finds the UPS, asks, and writes the configuration",
	    "  --mode MODE              what this machine is to be\n"
	    "  --ups NAME               the name of the (first) UPS (ups)\n"
	    "  --lan, --no-lan          other machines of this network may use it, or not\n"
	    "  --nas MAKE=ADDRESS       a qnap, synology, truenas or unraid that hangs on it\n"
	    "  --domoticz URL, --domoticz-user NAME, --domoticz-password WORD\n"
	    "                           makes and feeds sensors there: http://192.168.0.20:8080\n"
	    "  --mqtt URL, --mqtt-user NAME, --mqtt-password WORD\n"
	    "                           a broker, for Home Assistant: mqtt://192.168.0.5\n"
	    "  --join UPS@HOST          this machine hangs on a UPS of that one, and logs in\n"
	    "                           there with --user and --password\n"
	    "  --from apcupsd[=FILE]    what apcupsd.conf says is taken over\n"
	    "  --undo                   gives back what a take-over from NUT has changed\n"
	    "  --folder DIR             another folder than NUT_CONFPATH; nothing is started\n"
	    "  --dry-run                shows what would be written, and writes nothing\n"
	    "  --yes                    asks nothing, and takes what Enter would take\n"
	    "  --json                   the outcome for programs; asks nothing\n"
	    "\n"
	    "What is there stays, and is added to; each file that is changed is kept as a copy.\n"
	    "A password - is asked for. At the end it says what to type on the other machines.\n",
	    cmd_setup },
	{ "check", "[--json] [FOLDER...]",
	    "what is wrong in the configuration, and what to write instead",
	    "  --json   the same for programs\n"
	    "\n"
	    "FOLDER is one with ups.conf, upsd.conf, upsd.users, upsmon.conf and so on, of NUT or\n"
	    "of holdup; without it NUT_CONFPATH. With several, of a server and of those that\n"
	    "hang on it, names and passwords are compared too. Nothing is changed.\n"
	    "Exit status: 0 nothing is wrong, 1 warnings, 2 errors.\n",
	    cmd_check },
	{ "doctor", "[--json]\n"
	    "       holdup doctor --bundle FILE.tar.gz",
	    "what is wrong with this machine, and what to type",
	    "  --json         the same for programs\n"
	    "  --bundle FILE  pack what somebody else needs to help, without secrets:\n"
	    "                 the report, configuration, log, device, and values\n"
	    "\n"
	    "Looks at devices, processes, ports, clock, disk and the running server, and\n"
	    "changes nothing. root sees most.\n"
	    "Exit status: 0 nothing is wrong, 1 warnings, 2 errors.\n",
	    cmd_doctor },
	{ "drill", "[--json] [--story] [--real-time] [MACHINE...]",
	    "what would happen if the mains failed now; cuts nothing",
	    "  --story      what would be in the log, with its times\n"
	    "  --real-time  the same, each line at its time\n"
	    "  --json       the report for programs\n"
	    "\n"
	    "The configuration in NUT_CONFPATH lives through an outage, with what the running\n"
	    "server tells of its UPSes and of who is there. What can be tried without harm is\n"
	    "tried. Machines of holdup.conf that are named are told for real, go down, and are\n"
	    "woken again. Exit status 1: somebody would be cut alive.\n",
	    cmd_drill },
	{ "demo", "[--dir D] [--nut-port P] [--for SECONDS] [--speed N] [--real]",
	    "a virtual UPS and everything that serves it, to play with",
	    "  --dir D        keep configuration (D/etc), sockets (D/run) and logs (D/log)\n"
	    "                 here; without it a temporary folder that goes away again\n"
	    "  --nut-port P   serve on this port; without it 3493, or a free one\n"
	    "  --for SECONDS  run that long without a terminal, then end\n"
	    "  --speed N      let one second be N in the virtual UPS\n"
	    "  --real         the UPS on this machine's USB instead of a virtual one\n"
	    "\n"
	    "Everything runs in that folder, as you, on loopback; this machine's power is\n"
	    "never touched.\n",
	    cmd_demo },
	{ "probe", "[--json]\n"
	    "       holdup probe --record FILE [DEVICE]\n"
	    "       holdup probe --replay FILE --fields | --vars | --commands | --quirks\n"
	    "                    [--json]",
	    "HID power devices on this machine",
	    "  --record FILE [DEVICE]    write the device's descriptor and reports to FILE\n"
	    "  --replay FILE --fields    the fields of a recording, one a line:\n"
	    "                            feature|input ID OFFSET SIZE USAGES VALUE PATH\n"
	    "  --replay FILE --vars      its variables as upsc prints them\n"
	    "  --replay FILE --commands  what may be ordered and set, one a line:\n"
	    "                            cmd NAME BYTES | rw NAME WHAT_IT_TAKES BYTES\n"
	    "  --replay FILE --quirks    numbers that are mended, and why, one a line:\n"
	    "                            PATH FACTOR REASON\n"
	    "  --json                    the same for programs\n",
	    cmd_probe },
	{ "sim", "COMMAND...\n"
	    "       holdup sim --usbip[=ADDRESS:PORT] [--body FILE] [OPTION...]",
	    "steer the virtual UPS: unplug, plug, load 60%, help",
	    "The command goes to NUT_STATEPATH/sim.ctl; 'holdup sim help' lists them all.\n"
	    "  --usbip[=ADDRESS:PORT]  be a virtual UPS that a Linux machine can attach as a\n"
	    "                          USB device (127.0.0.1:3240)\n"
	    "  --body FILE             be this recorded device\n"
	    "\n"
	    "holdup-sim(8) has all options of the virtual UPS.\n",
	    cmd_sim },
	{ "history", "[--json] [--since TIME] [UPS]\n"
	    "       holdup history events [--json] [--since TIME] [UPS]\n"
	    "       holdup history export [--csv | --json] [--from TIME] [--to TIME]\n"
	    "                      [--ups UPS] [VARIABLE...]",
	    "outages, events and values that were kept",
	    "  --since, --from, --to  2026-11-22, '2026-11-22 23:14', 23:14, or 7d, 12h, 90m\n"
	    "                         (ago)\n"
	    "  --json                 for programs\n"
	    "  events                 what happened, the last 50 without --since\n"
	    "  export                 values, as fine as they were kept: time (UTC), UPS,\n"
	    "                         variable, value, which is empty where none was known\n"
	    "\n"
	    "Values of each change are kept for a day, and around outages for ever; means of\n"
	    "minutes for a month, of hours for ever.\n",
	    cmd_history },
	{ "report", "[--json] [ID | last]",
	    "one outage as a page",
	    "What happened, who went down when, and what the battery did: of the last outage,\n"
	    "or of one that 'holdup history' lists.\n"
	    "  --json   the same for programs\n",
	    cmd_report },
	{ "notify", "[--json] [--test] [NAME...]",
	    "who is told by phone, mail or program, and a message to try it",
	    "Without --test: the channels of holdup.conf, what each has told last, and what\n"
	    "waits; and NOTIFYCMD of upsmon.conf.\n"
	    "  --test  one message by each of them, or by those that are named, now; exit\n"
	    "          status 1 when one was not delivered. NOTIFYCMD gets NOTIFYTYPE TEST.\n"
	    "  --json  for programs\n",
	    cmd_notify },
	{ "passwd", "[USER] | --check USER|HASH",
	    "a password of upsd.users that nobody can read",
	    "Asks for it twice, or takes one line of standard input, and prints the line\n"
	    "for upsd.users: 'password = $y$...'. What it costs to try a password is fitted\n"
	    "to this machine: about 100 ms.\n"
	    "  --check USER|HASH  say whether a password is that user's, or fits that hash\n",
	    cmd_passwd },
	{ "upsc", "[-cj] [-W SECS] UPS[@HOST[:PORT]] [VARIABLE]\n"
	    "       upsc [-j] -l | -L [HOST[:PORT]]",
	    "variables of a UPS, as NUT's upsc",
	    "  -l         names of the UPSes on a server, one per line\n"
	    "  -L         the same with their descriptions\n"
	    "  -j         JSON\n"
	    "  -c         clients that are logged in to this UPS\n"
	    "  -W SECS    how long to wait for a connection (5)\n"
	    "  -V         version\n"
	    "\n"
	    "Prints all variables, or the value of the one that is named.\n",
	    cmd_upsc },
	{ "upscmd", "[-lw] [-u USER] [-p PASS] [-t SECS] UPS [COMMAND [VALUE]]",
	    "instant commands, as NUT's upscmd",
	    "  -l           list the commands that this UPS has\n"
	    "  -u USER      account of upsd.users (asked for when missing)\n"
	    "  -p PASS      its password (asked for when missing)\n"
	    "  -w           wait until the driver says how it went\n"
	    "  -t SECS      wait no longer than this (10)\n"
	    "  -W SECS      how long to wait for a connection (5)\n"
	    "  -V           version\n",
	    cmd_upscmd },
	{ "upsrw", "[-lw] [-s VAR=VALUE] [-u USER] [-p PASS] [-t SECS] UPS",
	    "settings of a UPS, as NUT's upsrw",
	    "  -l            list what can be set (also without -s)\n"
	    "  -s VAR=VALUE  set it (the value is asked for when missing)\n"
	    "  -u USER       account of upsd.users (asked for when missing)\n"
	    "  -p PASS       its password (asked for when missing)\n"
	    "  -w            wait until the driver says how it went\n"
	    "  -t SECS       wait no longer than this (10)\n"
	    "  -W SECS       how long to wait for a connection (5)\n"
	    "  -V            version\n",
	    cmd_upsrw },
	{ "upsd", "[-F | -B] [-46Dq] [-u USER]\n"
	    "       upsd -c reload|stop [-P PID]",
	    "the server alone, in the place of NUT's upsd",
	    DAEMON_HELP
	    "  -4, -6     listen on IPv4 only, on IPv6 only\n"
	    "  -q         log less\n"
	    "  -c reload  the configuration is read again\n"
	    "  -c stop    it ends\n"
	    "  -P PID     the process to tell, instead of that of upsd.pid or holdupd.pid\n"
	    "\n"
	    "The drivers of ups.conf are started by somebody else. There is no -r: the\n"
	    "programs that serve are confined without it.\n",
	    cmd_upsd },
	{ "upsmon", "[-F | -B] [-Dp] [-u USER]\n"
	    "       upsmon -c fsd|reload|stop [-P PID] | -K",
	    "the monitor alone, in the place of NUT's upsmon",
	    DAEMON_HELP
	    "  -p         NOTIFYCMD runs as root\n"
	    "  -c fsd     the machines of this UPS go down now, this one too\n"
	    "  -c reload  the configuration is read again\n"
	    "  -c stop    it ends\n"
	    "  -c suspend this machine is about to sleep: people are told\n"
	    "  -P PID     the process to tell, instead of that of upsmon.pid or holdupd.pid\n"
	    "  -K         exit status 0 when POWERDOWNFLAG is set, else 1\n"
	    "\n"
	    "Each MONITOR line is another machine's to it, localhost too.\n",
	    cmd_upsmon },
	{ "upslog", "[-BDFN] [-i SECS] [-d COUNT] [-f FORMAT] [-u USER]\n"
	    "       [-p PIDBASE] [-W SECS] -s UPS -l FILE | -m UPS,FILE...",
	    "writes lines of values to files, as NUT's upslog",
	    "  -s UPS -l FILE  this UPS into this file, - is standard output\n"
	    "  -m UPS,FILE     the same, any number of times; UPS may be *, all of a server\n"
	    "  -i SECS         between two lines (30)\n"
	    "  -d COUNT        end after that many lines\n"
	    "  -f FORMAT       %TIME @Y@m@d @H@M@S%, %ETIME%, %HOST%, %UPSHOST%, %PID%,\n"
	    "                  %VAR ups.status%, %t a tab, %% a percent sign\n"
	    "  -N              each line begins with the name of its UPS\n"
	    "  -F, -B          in the foreground, as with -D or -; in the background\n"
	    "  -u USER         be that user, where started as root\n"
	    "  -p PIDBASE      the pid file is PIDBASE.pid (upslog.pid)\n"
	    "  -W SECS         how long to wait for a connection\n"
	    "  -V              version\n"
	    "\n"
	    "SIGHUP opens the files anew, SIGUSR1 writes a line at once.\n",
	    cmd_upslog },
	{ "upssched", "[-D] [MESSAGE]\n"
	    "       upssched -l",
	    "timers for NOTIFYCMD, as NUT's upssched",
	    "  -l  the timers that run: name, when, in how many seconds, types, UPSes,\n"
	    "      messages, with tabs between\n"
	    "  -D  log more\n"
	    "  -V  version\n"
	    "\n"
	    "upsmon calls it, with UPSNAME and NOTIFYTYPE in its environment; upssched.conf\n"
	    "says what is to be done.\n",
	    cmd_upssched },
	{ "upsdrvctl", "[-BDFdt] [-u USER] start|stop|status|shutdown|late|list\n"
	    "                 [UPS]\n"
	    "       upsdrvctl -c reload|reload-or-exit|exit [UPS]",
	    "starts drivers and cuts the output, as NUT's upsdrvctl",
	    "  shutdown [UPS]  tell every UPS of ups.conf, or one, to cut its output and to\n"
	    "                  come back with the mains, by sdorder (-1: not at all)\n"
	    "  late            the same, for the last act of a shutdown: where the mains is\n"
	    "                  back, waits for the cut; status 3: that did not come\n"
	    "  list [UPS]      the names of ups.conf (also -l)\n"
	    "  start [UPS]     start drivers, holdup's or NUT's\n"
	    "  stop [UPS]      end what was started so\n"
	    "  status [UPS]    what runs, by its pid file and by its socket\n"
	    "  -c WORD         tell drivers of NUT by a signal\n"
	    "  -B, -F, -FF     drivers in the background, in the foreground, with pid files\n"
	    "  -t              only print what would be done\n"
	    "  -u USER         drivers are that user, where started as root\n"
	    "  -D, -Dd         debug level; the same for drivers\n"
	    "  -V              version\n"
	    "\n"
	    "Where holdupd serves this machine it starts and stops the drivers itself.\n",
	    cmd_upsdrvctl },
	{ "help", "[COMMAND]", "this text, or one command's", "", cmd_help },
	{ "version", "", "the version", "", cmd_version },
};
/* clang-format on */

static const char *called = "holdup "; /* in front of a subcommand in messages */

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct command *
find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static void
overview(FILE *out)
{
	fputs("usage: holdup [COMMAND] [ARGUMENTS]\n\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].summary);
	fputs(
	    "\n'holdup COMMAND --help' says more. To see it all at work: holdup demo\n"
	    "NUT_CONFPATH and NUT_STATEPATH name another installation than /etc/nut and "
	    "/run/nut.\n",
	    out);
}

static void
explain(const struct command *c)
{
	printf("usage: %s%s %s\n\n%s\n", called, c->name, c->synopsis, c->summary);
	if (c->help[0] != '\0')
		printf("\n%s", c->help);
}

/* Says what was meant by a word that is no subcommand. */
static int
unknown(const char *name)
{
	const char *names[COMMANDS + 1] = {NULL}, *near;

	for (size_t i = 0; i < COMMANDS; i++)
		names[i] = commands[i].name;
	near = conf_nearest(name, names);
	if (near != NULL)
		return cli_complain("no command '%s'; did you mean '%s'?", name, near);
	return cli_complain(
	    "no command '%s'; 'holdup help' lists them, 'holdup status %s' shows a UPS",
	    name, name);
}

int
cmd_help(int argc, char **argv)
{
	const struct command *c;

	if (argc < 2) {
		overview(stdout);
		return 0;
	}
	if ((c = find(argv[1])) == NULL)
		return unknown(argv[1]);
	explain(c);
	return 0;
}

int
cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("holdup " HOLDUP_VERSION);
	return 0;
}

int
cli_help(const char *name)
{
	explain(find(name));
	return 0;
}

int
cli_usage(const char *name)
{
	const struct command *c = find(name);

	fprintf(stderr, "usage: %s%s %s\n'%s%s --help' says more\n", called, c->name,
	    c->synopsis, called, c->name);
	return 1;
}

int
cli_complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("holdup: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return 1;
}

/* Becomes the server's half, where it is installed and this is not it already. */
static void
become_server(const struct command *c, char **argv)
{
	char *path = paths_program("cli-server"), **with, name[] = "holdup";
	size_t n = 0;

	if (path == NULL)
		return;
	while (argv[n] != NULL)
		n++;
	with = xcalloc(n + 2, sizeof(*with));
	with[0] = name;
	memcpy(with + 1, argv, n * sizeof(*with));
	execv(path, with);
	free(with);
	free(path);
	cli_complain("cannot run %s: %s", c->name, strerror(errno));
}

static int
run(const struct command *c, int argc, char **argv)
{
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		explain(c);
		return 0;
	}
	if (c->run == NULL || (c->run == cmd_watch && lookout_look == NULL))
		become_server(c, argv);
	if (c->run == NULL)
		return cli_complain(
		    "'%s' is of the package that serves a UPS: install holdup", c->name);
	return c->run(argc, argv);
}

int
main(int argc, char **argv)
{
	static char status[] = "status";
	static char *bare[] = {status, NULL};
	const char *slash, *self = argc > 0 ? argv[0] : "holdup";
	const struct command *c;

	setlocale(LC_CTYPE, "");
	log_init("holdup", 0);
	signal(SIGPIPE, SIG_IGN);
	if ((slash = strrchr(self, '/')) != NULL)
		self = slash + 1;
	if (strncmp(self, "ups", 3) == 0 && (c = find(self)) != NULL) {
		called = "";
		return run(c, argc, argv);
	}
	if (argc < 2)
		return cmd_status(1, bare);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return cmd_help(1, argv);
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
		return cmd_version(1, argv);
	if (strcmp(argv[1], "--json") == 0)
		return cmd_status(argc, argv);
	if ((c = find(argv[1])) == NULL)
		return unknown(argv[1]);
	return run(c, argc - 1, argv + 1);
}
