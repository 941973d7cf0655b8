/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/nutlike.h"

#define JSON_STYLE (JSON_INDENT(2) | JSON_PRESERVE_ORDER)

/* How lines of a list are shown: which words, or into which JSON object. */
struct printer {
	json_t *json; /* NULL: as text */
	int name, value;
};

static void
print_line(void *arg, const struct words *w)
{
	const struct printer *p = arg;
	const char *value;

	if (w->argc <= p->name || w->argc <= p->value)
		return;
	value = p->value > 0 ? w->argv[p->value] : NULL;
	if (p->json != NULL)
		json_object_set_new(p->json, w->argv[p->name],
		    value != NULL ? json_string(value) : json_true());
	else if (value != NULL)
		printf("%s: %s\n", w->argv[p->name], value);
	else
		printf("%s\n", w->argv[p->name]);
}

/* LIST of something, one line each. */
static int
list(struct client *c, const char *what, const char *ups, struct printer p)
{
	char cause[CLIENT_CAUSE_MAX];

	client_arg(c, "LIST");
	client_arg(c, what);
	if (ups != NULL)
		client_arg(c, ups);
	if (client_list(c, print_line, &p, cause, sizeof(cause)) != 0)
		return nutlike_error(cause);
	if (p.json != NULL) {
		json_dumpf(p.json, stdout, JSON_STYLE);
		putchar('\n');
	}
	return 0;
}

static int
one(struct client *c, const char *ups, const char *var, json_t *json)
{
	char cause[CLIENT_CAUSE_MAX];
	struct words answer;

	client_arg(c, "GET");
	client_arg(c, "VAR");
	client_arg(c, ups);
	client_arg(c, var);
	if (client_ask(c, &answer, cause, sizeof(cause)) != 0)
		return nutlike_error(cause);
	if (answer.argc < 4)
		return nutlike_error("Invalid response from the server");
	if (json != NULL) {
		json_object_set_new(json, var, json_string(answer.argv[3]));
		json_dumpf(json, stdout, JSON_STYLE);
		putchar('\n');
	} else {
		puts(answer.argv[3]);
	}
	return 0;
}

int
cmd_upsc(int argc, char **argv)
{
	struct target t;
	struct client *c;
	json_t *json = NULL;
	int option, form = 'v', result;

	while ((option = getopt(argc, argv, "+lLchjV")) != -1) {
		switch (option) {
		case 'l':
		case 'L':
		case 'c':
			form = option;
			break;
		case 'j':
			if (json == NULL)
				json = json_object();
			break;
		case 'V':
			return nutlike_version("upsc");
		default:
			return cli_usage("upsc");
		}
	}
	argc -= optind;
	argv += optind;
	c = nutlike_open(&t, argc > 0 ? argv[0] : NULL, form == 'l' || form == 'L');
	if (c == NULL)
		return 1;
	if (form == 'l')
		result = list(c, "UPS", NULL, (struct printer){json, 1, 0});
	else if (form == 'L')
		result = list(c, "UPS", NULL, (struct printer){json, 1, 2});
	else if (form == 'c')
		result = list(c, "CLIENT", t.ups, (struct printer){json, 2, 0});
	else if (argc > 1)
		result = one(c, t.ups, argv[1], json);
	else
		result = list(c, "VAR", t.ups, (struct printer){json, 2, 3});
	client_close(c);
	target_free(&t);
	json_decref(json);
	return result;
}
