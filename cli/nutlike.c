/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/nutlike.h"
#include "lib/conf.h"
#include "lib/paths.h"

#define TRACK_MS 250 /* between two questions how a command went */
#define SECONDS_MAX 86400

int
nutlike_error(const char *sentence)
{
	fprintf(stderr, "Error: %s\n", sentence);
	return 1;
}

struct client *
nutlike_connect(struct target *t, const char *text, bool server, char *cause, size_t size)
{
	struct client *c;

	if ((text == NULL && !server) || target_local(t, text, server) != 0 ||
	    (!server && t->ups == NULL)) {
		snprintf(cause, size, "%s",
		    server ? "invalid hostname.\n"
			     "Required format: [hostname[:port]]"
			   : "invalid UPS definition.\n"
			     "Required format: upsname[@hostname[:port]]");
		return NULL;
	}
	c = client_open(t->host, t->port, cause, size);
	if (c == NULL)
		target_free(t);
	return c;
}

struct client *
nutlike_open(struct target *t, const char *text)
{
	char cause[CLIENT_CAUSE_MAX];
	struct client *c = nutlike_connect(t, text, false, cause, sizeof(cause));

	if (c == NULL)
		nutlike_error(cause);
	return c;
}

int
nutlike_version(const char *program)
{
	printf("Network UPS Tools %s 2.8.5 - holdup " HOLDUP_VERSION "\n", program);
	return 0;
}

void
nutlike_banner(const char *program)
{
	if (getenv("NUT_QUIET_INIT_BANNER") == NULL)
		nutlike_version(program);
}

char *
nutlike_conf(const char *name, size_t *len)
{
	char *path = paths_conf(name), *text = conf_slurp(path, len);

	if (text == NULL)
		fprintf(stderr, "Can't open %s: %s\n", path, strerror(errno));
	free(path);
	return text;
}

int
nutlike_become(const char *user)
{
	const struct passwd *pw;

	if (geteuid() != 0 || (user == NULL && paths_private()))
		return 0;
	if ((pw = getpwnam(user != NULL ? user : "nut")) == NULL)
		return user == NULL ? 0 : cli_complain("OS user %s not found", user);
	if (initgroups(pw->pw_name, pw->pw_gid) == 0 && setgid(pw->pw_gid) == 0 &&
	    setuid(pw->pw_uid) == 0)
		return 0;
	return cli_complain("cannot become %s: %s", pw->pw_name, strerror(errno));
}

/* -1 when the text is no number of seconds. */
static int
seconds(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	return end == text || *end != '\0' || n < 1 || n > SECONDS_MAX ? -1 : (int)n;
}

int
nutlike_timeout(const char *text)
{
	if (seconds(text) == -1)
		return nutlike_error("-W wants seconds, 1 to 86400");
	setenv(CLIENT_TIMEOUT, text, 1);
	return 0;
}

int
nutlike_option(struct nutlike_options *o, int option, const char *program)
{
	switch (option) {
	case 'u':
		o->user = optarg;
		return -1;
	case 'p':
		o->password = optarg;
		return -1;
	case 't':
		o->patience = seconds(optarg);
		return o->patience != -1 ? -1
					 : nutlike_error("-t wants seconds, 1 to 86400");
	case 'w':
		o->wait = true;
		return -1;
	case 'W':
		return nutlike_timeout(optarg) != 0 ? 1 : -1;
	case 'D': /* there is nothing more to tell */
		return -1;
	case 'h':
		return cli_help(program);
	case 'V':
		return nutlike_version(program);
	default:
		return cli_usage(program);
	}
}

int
nutlike_begin(struct client *c, const struct nutlike_options *o)
{
	char cause[CLIENT_CAUSE_MAX];
	struct words answer;

	if (client_login(c, o->user, o->password, cause, sizeof(cause)) != 0) {
		nutlike_error(cause);
		return -1;
	}
	if (!o->wait)
		return 0;
	client_arg(c, "SET");
	client_arg(c, "TRACKING");
	client_arg(c, "ON");
	if (client_ask(c, &answer, cause, sizeof(cause)) == 0)
		return 0;
	fprintf(stderr, "Can't wait for the result: %s\n", cause);
	return -1;
}

/* What NUT's programs say when a command or a setting was refused. */
static int
refused(const struct client *c, const char *cause)
{
	if (client_error(c)[0] != '\0')
		fprintf(
		    stderr, "Unexpected response from upsd: ERR %s\n", client_error(c));
	else
		nutlike_error(cause);
	return 1;
}

/* Asks until the driver has answered. */
static int
follow(struct client *c, const char *id, int wait)
{
	const struct timespec pause = {.tv_nsec = TRACK_MS * 1000000L};
	const time_t end = time(NULL) + wait;
	char cause[CLIENT_CAUSE_MAX];
	struct words answer;

	do {
		client_arg(c, "GET");
		client_arg(c, "TRACKING");
		client_arg(c, id);
		if (client_ask(c, &answer, cause, sizeof(cause)) != 0) {
			if (client_error(c)[0] == '\0')
				return nutlike_error(cause);
			fprintf(stderr, "ERR %s\n", client_error(c));
			return 1;
		}
		if (strcmp(answer.argv[0], "PENDING") != 0) {
			fprintf(stderr, "%s\n", answer.argv[0]);
			return strcmp(answer.argv[0], "SUCCESS") == 0 ? 0 : 1;
		}
		nanosleep(&pause, NULL);
	} while (time(NULL) < end);
	fprintf(stderr, "Can't receive status tracking information: timeout\n");
	return 1;
}

int
nutlike_finish(struct client *c, const struct nutlike_options *o)
{
	char cause[CLIENT_CAUSE_MAX], id[64];
	struct words answer;

	if (client_ask(c, &answer, cause, sizeof(cause)) != 0)
		return refused(c, cause);
	if (strcmp(answer.argv[0], "OK") != 0) {
		fprintf(stderr, "Unexpected response from upsd: %s\n", answer.argv[0]);
		return 1;
	}
	if (!o->wait || answer.argc < 3) {
		fprintf(stderr, "OK\n");
		return 0;
	}
	snprintf(id, sizeof(id), "%s", answer.argv[2]);
	return follow(c, id, o->patience);
}
