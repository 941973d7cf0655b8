/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/nutlike.h"
#include "cli/secret.h"
#include "lib/xmem.h"

struct setting {
	char *name, *value;
};

struct settings {
	struct setting *list;
	size_t count;
};

static void
collect(void *arg, const struct words *w)
{
	struct settings *s = arg;

	if (w->argc < 4)
		return;
	s->list = xreallocarray(s->list, s->count + 1, sizeof(*s->list));
	s->list[s->count++] =
	    (struct setting){.name = xstrdup(w->argv[2]), .value = xstrdup(w->argv[3])};
}

/* One line "Option:" or a range for each allowed value; arg is the present value. */
static void
print_enum(void *arg, const struct words *w)
{
	const char *now = arg;

	if (w->argc >= 4)
		printf("Option: \"%s\"%s\n", w->argv[3],
		    strcmp(w->argv[3], now) == 0 ? " SELECTED" : "");
}

static void
print_range(void *arg, const struct words *w)
{
	const char *now = arg;
	long value = strtol(now, NULL, 10);

	if (w->argc < 5)
		return;
	printf("Option: \"%s-%s\"%s\n", w->argv[3], w->argv[4],
	    value >= strtol(w->argv[3], NULL, 10) && value <= strtol(w->argv[4], NULL, 10)
		? " SELECTED"
		: "");
}

/* LIST ENUM or LIST RANGE of a variable; silent where the server has none. */
static void
options(struct client *c, const char *what, const char *ups, const struct setting *s,
    void (*print)(void *arg, const struct words *w))
{
	char cause[CLIENT_CAUSE_MAX];

	client_arg(c, "LIST");
	client_arg(c, what);
	client_arg(c, ups);
	client_arg(c, s->name);
	if (client_list(c, print, s->value, cause, sizeof(cause)) != 0)
		printf("Value: %s\n", s->value);
}

/* The lines behind the description: what may be set, and what is set. */
static void
print_kind(
    struct client *c, const char *ups, const struct setting *s, const struct words *type)
{
	const char *word = "", *number = NULL;

	for (int i = 3; i < type->argc; i++) {
		if (strncmp(type->argv[i], "STRING:", 7) == 0)
			number = type->argv[i] + 7;
		if (strcmp(type->argv[i], "RW") != 0 && word[0] == '\0')
			word = type->argv[i];
	}
	if (strcmp(word, "ENUM") == 0 || strcmp(word, "RANGE") == 0) {
		printf("Type: %s\n", word);
		options(c, word, ups, s, word[0] == 'E' ? print_enum : print_range);
		return;
	}
	printf("Type: %s\n", number != NULL || word[0] == '\0' ? "STRING" : word);
	if (number != NULL)
		printf("Maximum length: %s\n", number);
	printf("Value: %s\n", s->value);
}

/* One block for a variable that can be set. */
static void
print_setting(struct client *c, const char *ups, const struct setting *s)
{
	char cause[CLIENT_CAUSE_MAX];
	struct words answer;

	printf("[%s]\n", s->name);
	client_arg(c, "GET");
	client_arg(c, "DESC");
	client_arg(c, ups);
	client_arg(c, s->name);
	if (client_ask(c, &answer, cause, sizeof(cause)) == 0 && answer.argc > 3)
		printf("%s\n", answer.argv[3]);
	else
		puts("Description unavailable");
	client_arg(c, "GET");
	client_arg(c, "TYPE");
	client_arg(c, ups);
	client_arg(c, s->name);
	if (client_ask(c, &answer, cause, sizeof(cause)) == 0)
		print_kind(c, ups, s, &answer);
	else
		printf("Type: UNKNOWN\nValue: %s\n", s->value);
	putchar('\n');
}

static int
list(struct client *c, const char *ups)
{
	char cause[CLIENT_CAUSE_MAX];
	struct settings s = {0};
	int result = 0;

	client_arg(c, "LIST");
	client_arg(c, "RW");
	client_arg(c, ups);
	if (client_list(c, collect, &s, cause, sizeof(cause)) != 0)
		result = nutlike_error(cause);
	for (size_t i = 0; i < s.count; i++) {
		if (result == 0)
			print_setting(c, ups, &s.list[i]);
		free(s.list[i].name);
		free(s.list[i].value);
	}
	free(s.list);
	return result;
}

/* `assignment` is "VAR=VALUE", or "VAR": then the value is asked for. */
static int
set(struct client *c, const char *ups, char *assignment, const struct nutlike_options *o)
{
	char *value = strchr(assignment, '='), *prompt, *asked = NULL;
	int result;

	if (value != NULL)
		*value++ = '\0';
	if (nutlike_begin(c, o) != 0)
		return 1;
	if (value == NULL) {
		prompt = xasprintf("Enter new value for %s: ", assignment);
		value = asked = secret_ask(prompt);
		free(prompt);
	}
	if (value == NULL)
		return nutlike_error("Error reading from stdin!");
	client_arg(c, "SET");
	client_arg(c, "VAR");
	client_arg(c, ups);
	client_arg(c, assignment);
	client_arg(c, value);
	result = nutlike_finish(c, o);
	free(asked);
	return result;
}

int
cmd_upsrw(int argc, char **argv)
{
	struct nutlike_options o = {.patience = NUTLIKE_PATIENCE};
	char *assignment = NULL;
	struct target t;
	struct client *c;
	int option, result;

	while ((option = getopt(argc, argv, "+ls:" NUTLIKE_LETTERS)) != -1) {
		if (option == 'l')
			assignment = NULL;
		else if (option == 's')
			assignment = optarg;
		else if ((result = nutlike_option(&o, option, "upsrw")) != -1)
			return result;
	}
	argc -= optind;
	argv += optind;
	if (argc < 1)
		return cli_usage("upsrw");
	if ((c = nutlike_open(&t, argv[0])) == NULL)
		return 1;
	result = assignment == NULL ? list(c, t.ups) : set(c, t.ups, assignment, &o);
	client_close(c);
	target_free(&t);
	return result;
}
