/* SPDX-License-Identifier: ISC */
#include <crypt.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/secret.h"
#include "lib/conf_users.h"
#include "lib/judgesock.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define WANTED_MS 100 /* what a guess shall cost; a login waits for it once */

/* Schemes by preference: a name for people, crypt_gensalt(3)'s prefix, and the costs from
 * which to choose. Each cost of yescrypt takes twice the time and memory of the one below;
 * 16 MB at 5. */
static const struct scheme {
	const char *name, *prefix;
	unsigned long least, most, factor;
} schemes[] = {
    {"yescrypt", "$y$", 1, 7, 0},
    {"SHA-512", "$6$", 5000, 5120000, 2},
};

/* The hash of a text, which the caller does not free: overwritten by the next call. NULL
 * when this machine's crypt(5) does not know the scheme. */
static const char *
hash(const char *text, const char *salt)
{
	static struct crypt_data data;
	const char *made = crypt_rn(text, salt, &data, (int)sizeof(data));

	return made == NULL || made[0] == '*' ? NULL : made;
}

/* Milliseconds of this processor that one hash takes at this cost, whoever else is busy here;
 * -1: it cannot be made. */
static double
measure(const struct scheme *scheme, unsigned long cost)
{
	char salt[CRYPT_GENSALT_OUTPUT_SIZE];
	struct timespec from, to;

	if (crypt_gensalt_rn(scheme->prefix, cost, NULL, 0, salt, sizeof(salt)) == NULL)
		return -1;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	if (hash("measured", salt) == NULL)
		return -1;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	return (double)(to.tv_sec - from.tv_sec) * 1e3 +
	       (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

/* The greatest cost that takes no more than what is wanted, by doubling; *ms is what it
 * takes. 0: the scheme is not there. */
static unsigned long
fit(const struct scheme *scheme, double *ms)
{
	unsigned long cost = scheme->least, next;
	double took = measure(scheme, cost);

	if ((*ms = took) < 0)
		return 0;
	while (cost < scheme->most && took * 1.5 < WANTED_MS) {
		next = scheme->factor > 0 ? cost * scheme->factor : cost + 1;
		if ((took = measure(scheme, next)) < 0)
			break;
		*ms = took;
		cost = next;
	}
	return cost;
}

/* Asks twice on a terminal, else takes one line as it comes. NULL after a message. */
static char *
ask_new(void)
{
	char *password = secret_password(), *again;

	if (password == NULL || *password == '\0') {
		free(password);
		cli_complain("no password was given");
		return NULL;
	}
	if (strlen(password) >= JUDGE_PASSWORD_MAX) {
		free(password);
		cli_complain(
		    "a password has at most %d characters", JUDGE_PASSWORD_MAX - 1);
		return NULL;
	}
	if (!isatty(STDIN_FILENO))
		return password;
	again = secret_again();
	if (again == NULL || strcmp(password, again) != 0) {
		free(password);
		password = NULL;
		cli_complain("the two are not the same");
	}
	free(again);
	return password;
}

/* Prints the line for upsd.users, and around it, for people only, what to do with it. */
static int
make(const char *user)
{
	char salt[CRYPT_GENSALT_OUTPUT_SIZE], *password = ask_new(), *path;
	const struct scheme *scheme = schemes;
	unsigned long cost;
	const char *made;
	double ms;

	if (password == NULL)
		return 1;
	while ((cost = fit(scheme, &ms)) == 0)
		if (++scheme == schemes + sizeof(schemes) / sizeof(schemes[0]))
			return cli_complain(
			    "this machine's crypt(5) knows no good scheme");
	if (crypt_gensalt_rn(scheme->prefix, cost, NULL, 0, salt, sizeof(salt)) == NULL ||
	    (made = hash(password, salt)) == NULL)
		return cli_complain("cannot hash it: %s", strerror(errno));
	explicit_bzero(password, strlen(password));
	free(password);
	path = paths_conf("upsd.users");
	fprintf(stderr,
	    "%s, cost %lu: a login, or a guess, takes about %.0f ms of this machine.\n"
	    "Put this into section [%s] of %s, in place of its password:\n",
	    scheme->name, cost, ms, user == NULL ? "user" : user, path);
	printf("password = %s\n", made);
	free(path);
	return 0;
}

/* What upsd.users has for this user, which the caller frees; NULL after a message. */
static char *
stored(const char *user)
{
	char *path = paths_conf("upsd.users"), *text, *password = NULL;
	struct problems problems = {0};
	const struct conf_user *u;
	struct users_conf conf;
	size_t len;

	if ((text = conf_slurp(path, &len)) == NULL) {
		cli_complain("%s: %s", path, strerror(errno));
		free(path);
		return NULL;
	}
	users_conf_read(&conf, path, text, len, &problems);
	u = users_conf_find(&conf, user);
	if (u == NULL)
		cli_complain("%s has no user %s", path, user);
	else if (u->password == NULL)
		cli_complain("%s: user %s has no password", path, user);
	else
		password = xstrdup(u->password);
	users_conf_free(&conf);
	problems_free(&problems);
	free(text);
	free(path);
	return password;
}

/* Says whether a password is that of a user, or of a hash. */
static int
check(const char *what)
{
	char *have = conf_password_hashed(what) ? xstrdup(what) : stored(what), *said;
	const char *made = NULL;
	int result;

	if (have == NULL)
		return 1;
	said = secret_password();
	if (said != NULL && conf_password_hashed(have) &&
	    (made = hash(said, have)) == NULL)
		result =
		    cli_complain("that is no hash that this machine's crypt(5) knows");
	else if (said != NULL && (made != NULL ? strcmp(made, have) == 0
					       : conf_password_same(have, said)))
		result = puts("right") == EOF;
	else
		result = cli_complain("wrong");
	free(have);
	free(said);
	return result;
}

int
cmd_passwd(int argc, char **argv)
{
	bool checks = argc > 1 && strcmp(argv[1], "--check") == 0;

	if (checks && argc == 3)
		return check(argv[2]);
	if (checks || argc > 2 || (argc == 2 && argv[1][0] == '-'))
		return cli_usage("passwd");
	return make(argc > 1 ? argv[1] : NULL);
}
