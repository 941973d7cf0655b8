/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/client.h"
#include "cli/machines.h"
#include "cli/model.h"
#include "cli/target.h"
#include "cli/term.h"
#include "cli/view.h"
#include "lib/phrase.h"

/* Lines of an answer go into the model, BEGIN and END by hand. */
static void
take(void *arg, const struct words *w)
{
	model_line(arg, w, 0);
}

static void
frame(struct model *m, const char *word, const char *ups)
{
	char line[WORDS_LINE_MAX];
	struct words w;
	const char *why;
	int len = snprintf(line, sizeof(line), "%s LIST VAR %s", word, ups);

	if (words_split(&w, WORDS_PROTOCOL, line, (size_t)len, &why) == 0)
		model_line(m, &w, 0);
}

/* Asks for everything about one UPS. Returns 0, or -1 with the server's reason. */
static int
read_ups(struct client *c, struct model *m, const char *ups, char *cause, size_t size)
{
	client_arg(c, "LIST");
	client_arg(c, "VAR");
	client_arg(c, ups);
	frame(m, "BEGIN", ups);
	if (client_list(c, take, m, cause, size) != 0) {
		model_error(m, ups, client_error(c), 0);
		return client_error(c)[0] != '\0' ? 0 : -1;
	}
	frame(m, "END", ups);
	return 0;
}

static bool
is_listed(const struct model *m, const char *ups)
{
	for (size_t i = 0; i < m->nupses; i++)
		if (strcasecmp(m->upses[i]->name, ups) == 0)
			return true;
	return false;
}

/* A further name of a UPS is in no list; one that answers to it is added to the model. */
static int
ask_further(struct client *c, struct model *m, const char *ups, char *cause, size_t size)
{
	struct words answer;

	client_arg(c, "GET");
	client_arg(c, "UPSDESC");
	client_arg(c, ups);
	if (client_ask(c, &answer, cause, size) != 0)
		return client_error(c)[0] != '\0' ? 0 : -1;
	if (answer.argc > 2)
		model_add(m, ups, answer.argv[2]);
	return 0;
}

static int
read_all(
    struct client *c, struct model *m, const struct target *t, char *cause, size_t size)
{
	client_arg(c, "LIST");
	client_arg(c, "UPS");
	if (client_list(c, take, m, cause, size) != 0)
		return -1;
	if (t->ups != NULL && !is_listed(m, t->ups) &&
	    ask_further(c, m, t->ups, cause, size) != 0)
		return -1;
	for (size_t i = 0; i < m->nupses; i++)
		if (t->ups == NULL || strcasecmp(t->ups, m->upses[i]->name) == 0)
			if (read_ups(c, m, m->upses[i]->name, cause, size) != 0)
				return -1;
	return 0;
}

static json_t *
to_json(const struct model_ups *u)
{
	static const char *const links[] = {
	    [MODEL_UNKNOWN] = "unknown",
	    [MODEL_OK] = "ok",
	    [MODEL_STALE] = "stale",
	    [MODEL_LOST] = "lost",
	};
	const char *status = state_get(u->state, "ups.status");
	json_t *vars = json_object();
	char words[256];

	for (size_t i = 0; i < u->state->nvars; i++)
		json_object_set_new(
		    vars, u->state->vars[i]->name, json_string(u->state->vars[i]->text));
	return json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:s?, s:o}", "name", u->name,
	    "description", u->desc != NULL ? u->desc : "", "data", links[u->link],
	    "error", u->error, "status", status, "words",
	    status != NULL ? phrase_status(words, sizeof(words), status) : NULL,
	    "variables", vars);
}

static void
print_json(const struct model *m, const struct machines *machines, const struct target *t)
{
	json_t *list = json_array(), *all;

	for (size_t i = 0; i < m->nupses; i++)
		if (t->ups == NULL || strcasecmp(t->ups, m->upses[i]->name) == 0)
			json_array_append_new(list, to_json(m->upses[i]));
	all = json_pack("{s:s, s:s, s:o, s:o}", "host", t->host, "port", t->port, "upses",
	    list, "machines", machines_json(machines));
	json_dumpf(all, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	putchar('\n');
	json_decref(all);
}

static void
print_text(const struct model *m, const struct machines *machines, const struct target *t)
{
	const struct view_style style = term_style(STDOUT_FILENO);
	struct buf out = {0};

	for (size_t i = 0; i < m->nupses; i++) {
		if (t->ups != NULL && strcasecmp(t->ups, m->upses[i]->name) != 0)
			continue;
		if (out.len > 0)
			buf_puts(&out, "\n");
		view_ups(&out, m->upses[i], &style);
	}
	if (machines->count > 0)
		buf_puts(&out, "\n");
	machines_view(&out, machines, &style);
	fputs(buf_str(&out), stdout);
	buf_free(&out);
}

/* Says which UPSes there are when the wanted one is not among them. */
static int
found(const struct model *m, const struct target *t)
{
	if (m->nupses == 0)
		return cli_complain(
		    "the server %s:%s has no UPS; ups.conf names them, and "
		    "'holdup probe' shows what is plugged in",
		    t->host, t->port);
	if (t->ups == NULL || is_listed(m, t->ups))
		return 0;
	fprintf(
	    stderr, "holdup: no UPS '%s' on %s:%s; there is", t->ups, t->host, t->port);
	for (size_t i = 0; i < m->nupses; i++)
		fprintf(stderr, "%s %s", i > 0 ? "," : "", m->upses[i]->name);
	fputc('\n', stderr);
	return 1;
}

static int
show(const struct target *t, bool json)
{
	char cause[CLIENT_CAUSE_MAX];
	struct machines machines = {0};
	struct model m = {0};
	struct client *c;
	int result;

	c = client_open(t->host, t->port, cause, sizeof(cause));
	if (c == NULL)
		return cli_complain("no NUT server on %s:%s (%s). Start one with: holdup "
				    "demo",
		    t->host, t->port, cause);
	if (read_all(c, &m, t, cause, sizeof(cause)) != 0 ||
	    machines_ask(c, &machines, cause, sizeof(cause)) != 0)
		result = cli_complain("%s:%s: %s", t->host, t->port, cause);
	else if ((result = found(&m, t)) == 0)
		json ? print_json(&m, &machines, t) : print_text(&m, &machines, t);
	machines_free(&machines);
	client_close(c);
	model_free(&m);
	return result;
}

int
cmd_status(int argc, char **argv)
{
	const char *text = NULL;
	bool json = false;
	struct target t;
	int result;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else if (argv[i][0] == '-' || text != NULL)
			return cli_usage("status");
		else
			text = argv[i];
	}
	if (target_local(&t, text, false) != 0)
		return cli_complain(
		    "'%s' is no UPS; it should look like ups@host:port", text);
	result = show(&t, json);
	target_free(&t);
	return result;
}
