/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/nutlike.h"
#include "lib/xmem.h"

#define JSON_STYLE (JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_ENCODE_ANY)

/* What is asked, and how the answer is shown. */
struct question {
	struct client *c;
	bool json;
	int name, value; /* the words of a line that are shown; value 0: there is none */
	json_t *result;
};

/* The sentence on standard error, and as JSON where that is wanted. Returns 1. */
static int
fail(const struct question *q, const char *sentence)
{
	json_t *object;

	if (q->json) {
		object = json_pack("{s:s}", "error", sentence);
		json_dumpf(object, stdout, JSON_STYLE);
		putchar('\n');
		json_decref(object);
	}
	return nutlike_error(sentence);
}

/* A value of a server need not be UTF-8: what JSON cannot hold is shown as '?'. */
static json_t *
text(const char *value)
{
	json_t *string = json_string(value);
	char *plain;

	if (string != NULL)
		return string;
	plain = xstrdup(value);
	for (char *at = plain; *at != '\0'; at++)
		if ((unsigned char)*at >= 0x80)
			*at = '?';
	string = json_string(plain);
	free(plain);
	return string;
}

static void
show_line(void *arg, const struct words *w)
{
	const struct question *q = arg;

	if (w->argc <= q->name || w->argc <= q->value)
		return;
	if (q->json && q->value > 0)
		json_object_set_new(q->result, w->argv[q->name], text(w->argv[q->value]));
	else if (q->json)
		json_array_append_new(q->result, text(w->argv[q->name]));
	else if (q->value > 0)
		printf("%s: %s\n", w->argv[q->name], w->argv[q->value]);
	else
		puts(w->argv[q->name]);
}

/* LIST of something: an array of names, or an object of names and values. */
static int
list(struct question *q, const char *what, const char *ups)
{
	char cause[CLIENT_CAUSE_MAX];
	int result = 0;

	client_arg(q->c, "LIST");
	client_arg(q->c, what);
	if (ups != NULL)
		client_arg(q->c, ups);
	q->result = q->value > 0 ? json_object() : json_array();
	if (client_list(q->c, show_line, q, cause, sizeof(cause)) != 0) {
		result = fail(q, cause);
	} else if (q->json) {
		json_dumpf(q->result, stdout, JSON_STYLE);
		putchar('\n');
	}
	json_decref(q->result);
	return result;
}

static int
one(struct question *q, const char *ups, const char *var)
{
	char cause[CLIENT_CAUSE_MAX];
	struct words answer;
	json_t *value;

	if (strchr(var, '.') == NULL)
		return fail(q, "old-style variable names are not supported");
	client_arg(q->c, "GET");
	client_arg(q->c, "VAR");
	client_arg(q->c, ups);
	client_arg(q->c, var);
	if (client_ask(q->c, &answer, cause, sizeof(cause)) != 0)
		return fail(q, cause);
	if (answer.argc < 4)
		return fail(q, "Invalid response from the server");
	if (q->json) {
		value = text(answer.argv[3]);
		json_dumpf(value, stdout, JSON_STYLE);
		putchar('\n');
		json_decref(value);
	} else {
		puts(answer.argv[3]);
	}
	return 0;
}

/* Asks what the option says, of a server or of a UPS. */
static int
ask(struct question *q, int form, const char *ups, const char *var)
{
	q->name = form == 'l' || form == 'L' ? 1 : 2;
	q->value = form == 'L' ? 2 : form == 'v' ? 3 : 0;
	switch (form) {
	case 'l':
	case 'L':
		return list(q, "UPS", NULL);
	case 'c':
		return list(q, "CLIENT", ups);
	default:
		return var != NULL ? one(q, ups, var) : list(q, "VAR", ups);
	}
}

int
cmd_upsc(int argc, char **argv)
{
	char cause[CLIENT_CAUSE_MAX];
	struct question q = {0};
	struct target t;
	int option, form = 'v', result;

	while ((option = getopt(argc, argv, "+lLchjVDW:")) != -1) {
		switch (option) {
		case 'l':
		case 'L':
		case 'c':
			form = option;
			break;
		case 'j':
			q.json = true;
			break;
		case 'h':
			return cli_help("upsc");
		case 'V':
			return nutlike_version("upsc");
		case 'D': /* there is nothing more to tell */
			break;
		case 'W':
			if (nutlike_timeout(optarg) != 0)
				return 1;
			break;
		default:
			return cli_usage("upsc");
		}
	}
	argc -= optind;
	argv += optind;
	q.c = nutlike_connect(&t, argc > 0 ? argv[0] : NULL, form == 'l' || form == 'L',
	    cause, sizeof(cause));
	if (q.c == NULL)
		return fail(&q, cause);
	result = ask(&q, form, t.ups, argc > 1 ? argv[1] : NULL);
	client_close(q.c);
	target_free(&t);
	return result;
}
