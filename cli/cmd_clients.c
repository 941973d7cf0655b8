/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/client.h"
#include "cli/line.h"
#include "cli/target.h"
#include "cli/term.h"
#include "lib/xmem.h"

#define FILE_COLUMNS 1000 /* where no terminal cuts the lines */

/* The words of LIST READER for people (conf_profiles[] of lib/conf_holdup.h). */
static const struct {
	const char *word, *name;
} kinds[] = {
    {"checkups", "check_ups"},
    {"collectd", "collectd"},
    {"full", "as configured"},
    {"gonut", "nut_exporter, Telegraf"},
    {"holdup", "holdup"},
    {"homeassistant", "Home Assistant"},
    {"hon95", "HON95's exporter"},
    {"netdata", "Netdata"},
    {"nodenut", "node-nut"},
    {"peanut", "PeaNUT"},
    {"pynut", "PyNUT"},
    {"qnap", "QNAP"},
    {"rups", "holdup, rups, nut_webgui"},
    {"stranger", "a reader"},
    {"synology", "Synology"},
    {"truenas", "TrueNAS"},
    {"upsc", "upsc"},
    {"upsmon", "upsmon"},
    {"winnut", "WinNUT"},
};

/* One line of LIST READER, or, of another server, of LIST CLIENT. */
struct who {
	char *address, *kind, *account, *asks;
	long long ago, requests, failed; /* -1: not told */
};

struct listing {
	char *ups;
	struct who *who;
	size_t count;
};

static const char *
kind_name(const char *word)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].word, word) == 0)
			return kinds[i].name;
	return word;
}

static struct who *
add(struct listing *l)
{
	l->who = xreallocarray(l->who, l->count + 1, sizeof(*l->who));
	return &l->who[l->count++];
}

/* READER ups address kind "account" seconds requests failed "questions" */
static void
take_reader(void *arg, const struct words *w)
{
	if (w->argc < 9)
		return;
	*add(arg) = (struct who){
	    .address = xstrdup(w->argv[2]),
	    .kind = xstrdup(w->argv[3]),
	    .account = xstrdup(w->argv[4]),
	    .ago = atoll(w->argv[5]),
	    .requests = atoll(w->argv[6]),
	    .failed = atoll(w->argv[7]),
	    .asks = xstrdup(w->argv[8]),
	};
}

/* True when somebody who is logged in is known from there. */
static bool
is_known(const struct listing *l, const char *address)
{
	for (size_t i = 0; i < l->count; i++)
		if (*l->who[i].account != '\0' && strcmp(l->who[i].address, address) == 0)
			return true;
	return false;
}

/* CLIENT ups address: a login. A server that is not ours tells no more; one of ours counts
 * its own machine, which reads nothing over the network. */
static void
take_client(void *arg, const struct words *w)
{
	if (w->argc < 3 || is_known(arg, w->argv[2]))
		return;
	*add(arg) = (struct who){
	    .address = xstrdup(w->argv[2]),
	    .kind = xstrdup("upsmon"),
	    .account = xstrdup(""),
	    .asks = xstrdup(""),
	    .ago = -1,
	    .requests = -1,
	    .failed = -1,
	};
}

static void
listing_clear(struct listing *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->who[i].address);
		free(l->who[i].kind);
		free(l->who[i].account);
		free(l->who[i].asks);
	}
	free(l->who);
	free(l->ups);
	*l = (struct listing){0};
}

/* Who was there last comes first. */
static int
compare(const void *a, const void *b)
{
	const struct who *x = a, *y = b;

	if (x->ago != y->ago)
		return x->ago < y->ago ? -1 : 1;
	return strcmp(x->address, y->address);
}

static int
ask(struct client *c, struct listing *l, char *cause, size_t size)
{
	static const struct {
		const char *what;
		void (*take)(void *arg, const struct words *w);
	} ways[] = {{"READER", take_reader}, {"CLIENT", take_client}};

	for (size_t i = 0; i < 2; i++) {
		client_arg(c, "LIST");
		client_arg(c, ways[i].what);
		client_arg(c, l->ups);
		/* A server that is not ours knows no READER. */
		if (client_list(c, ways[i].take, l, cause, size) < 0 &&
		    (i == 1 || strcmp(client_error(c), "INVALID-ARGUMENT") != 0))
			return -1;
	}
	if (l->count > 0)
		qsort(l->who, l->count, sizeof(*l->who), compare);
	return 0;
}

/* "now", "12 s ago", "3 h ago"; "" when it is not told. */
static const char *
ago(char *out, size_t size, long long s)
{
	if (s < 0)
		return "";
	if (s < 2)
		return "now";
	if (s < 120)
		snprintf(out, size, "%lld s ago", s);
	else if (s < 7200)
		snprintf(out, size, "%lld min ago", s / 60);
	else if (s < 172800)
		snprintf(out, size, "%lld h ago", s / 3600);
	else
		snprintf(out, size, "%lld days ago", s / 86400);
	return out;
}

/* Columns as wide as what stands in them. */
struct widths {
	int address, name, account;
};

static void
widen(int *width, const char *text)
{
	if ((int)strlen(text) > *width)
		*width = (int)strlen(text);
}

static struct line
begin(struct buf *out, const struct view_style *style)
{
	return (struct line){out, style->columns, style->colour, style->utf8};
}

static void
row(struct buf *out, const struct view_style *style, const struct widths *wide,
    const struct who *w)
{
	struct line l = begin(out, style);
	char when[32];

	line_printf(&l, LINE_PLAIN, "  %-*s  %-*s  %-*s  %-11s", wide->address,
	    w->address, wide->name, kind_name(w->kind), wide->account, w->account,
	    ago(when, sizeof(when), w->ago));
	if (w->requests >= 0)
		line_printf(&l, LINE_PLAIN, " %9lld", w->requests);
	if (w->failed > 0)
		line_printf(&l, LINE_BAD, "  %lld failed %s", w->failed,
		    w->failed == 1 ? "login" : "logins");
	line_printf(&l, LINE_PLAIN, "  %s", w->asks);
	buf_puts(out, "\n");
}

static void
print_text(const struct listing *l)
{
	struct view_style style = term_style(STDOUT_FILENO);
	struct widths wide = {7, 10, 7};
	struct buf out = {0};
	struct line head;
	size_t logins = 0;

	if (!isatty(STDOUT_FILENO))
		style.columns = FILE_COLUMNS;
	for (size_t i = 0; i < l->count; i++) {
		logins += l->who[i].account[0] != '\0' || l->who[i].ago < 0;
		widen(&wide.address, l->who[i].address);
		widen(&wide.name, kind_name(l->who[i].kind));
		widen(&wide.account, l->who[i].account);
	}
	head = begin(&out, &style);
	line_text(&head, LINE_BOLD, l->ups);
	if (l->count == 0)
		line_text(&head, LINE_PLAIN, "  nobody has read it");
	else
		line_printf(&head, LINE_PLAIN, "  %zu %s, %zu logged in", l->count,
		    l->count == 1 ? "client" : "clients", logins);
	buf_puts(&out, "\n");
	head = begin(&out, &style);
	if (l->count > 0) {
		line_printf(&head, LINE_DIM, "  %-*s  %-*s  %-*s  %-11s  readings  asks",
		    wide.address, "address", wide.name, "what it is", wide.account,
		    "account", "last seen");
		buf_puts(&out, "\n");
	}
	for (size_t i = 0; i < l->count; i++)
		row(&out, &style, &wide, &l->who[i]);
	fputs(buf_str(&out), stdout);
	buf_free(&out);
}

static json_t *
number(long long n)
{
	return n < 0 ? json_null() : json_integer(n);
}

static json_t *
to_json(const struct listing *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->count; i++) {
		const struct who *w = &l->who[i];

		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:s?, s:o, s:o, s:o, s:s}", "address",
			      w->address, "kind", w->kind, "account",
			      w->account[0] != '\0' ? w->account : NULL, "seconds_ago",
			      number(w->ago), "requests", number(w->requests),
			      "failed_logins", number(w->failed), "asks", w->asks));
	}
	return json_pack("{s:s, s:o}", "name", l->ups, "clients", list);
}

/* The names of the UPSes to be told of. */
struct names {
	char **list;
	size_t count;
};

static void
take_name(void *arg, const struct words *w)
{
	struct names *n = arg;

	if (w->argc < 2)
		return;
	n->list = xreallocarray(n->list, n->count + 1, sizeof(*n->list));
	n->list[n->count++] = xstrdup(w->argv[1]);
}

static int
read_names(struct client *c, const char *ups, struct names *n, char *cause, size_t size)
{
	if (ups != NULL) {
		n->list = xreallocarray(NULL, 1, sizeof(*n->list));
		n->list[n->count++] = xstrdup(ups);
		return 0;
	}
	client_arg(c, "LIST");
	client_arg(c, "UPS");
	return client_list(c, take_name, n, cause, size);
}

/* Tells of each; `all`, unless NULL, takes it as JSON instead. */
static int
tell(struct client *c, const struct names *n, json_t *all, char *cause, size_t size)
{
	for (size_t i = 0; i < n->count; i++) {
		struct listing l = {.ups = xstrdup(n->list[i])};
		int result = ask(c, &l, cause, size);

		if (result == 0 && all != NULL)
			json_array_append_new(all, to_json(&l));
		else if (result == 0) {
			if (i > 0)
				putchar('\n');
			print_text(&l);
		}
		listing_clear(&l);
		if (result != 0)
			return -1;
	}
	return 0;
}

/* Why it was not told, and what helps. */
static int
refused(const struct client *c, const struct target *t, const char *cause)
{
	if (strcmp(client_error(c), "ACCESS-DENIED") == 0)
		return cli_complain(
		    "%s:%s: %s; it tells who reads only to its own machine "
		    "and to who logs in: holdup clients -u USER",
		    t->host, t->port, cause);
	return cli_complain("%s:%s: %s", t->host, t->port, cause);
}

static int
show(const struct target *t, const char *user, const char *password, bool json)
{
	json_t *all = json ? json_array() : NULL;
	char cause[CLIENT_CAUSE_MAX];
	struct names names = {0};
	struct client *c;
	int result = 0;

	c = client_open(t->host, t->port, cause, sizeof(cause));
	if (c == NULL)
		return cli_complain(
		    "no NUT server on %s:%s (%s)", t->host, t->port, cause);
	if ((user != NULL &&
		client_login(c, user, password, cause, sizeof(cause)) != 0) ||
	    read_names(c, t->ups, &names, cause, sizeof(cause)) != 0 ||
	    tell(c, &names, all, cause, sizeof(cause)) != 0)
		result = refused(c, t, cause);
	else if (json) {
		json_t *whole = json_pack(
		    "{s:s, s:s, s:O}", "host", t->host, "port", t->port, "upses", all);

		json_dumpf(whole, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
		putchar('\n');
		json_decref(whole);
	}
	for (size_t i = 0; i < names.count; i++)
		free(names.list[i]);
	free(names.list);
	json_decref(all);
	client_close(c);
	return result;
}

int
cmd_clients(int argc, char **argv)
{
	const char *text = NULL, *user = NULL, *password = NULL;
	bool json = false;
	struct target t;
	int result;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else if (strcmp(argv[i], "-u") == 0 && i + 1 < argc)
			user = argv[++i];
		else if (strcmp(argv[i], "-p") == 0 && i + 1 < argc)
			password = argv[++i];
		else if (argv[i][0] == '-' || text != NULL)
			return cli_usage("clients");
		else
			text = argv[i];
	}
	if (target_local(&t, text, false) != 0)
		return cli_complain(
		    "'%s' is no UPS; it should look like ups@host:port", text);
	result = show(&t, user, password, json);
	target_free(&t);
	return result;
}
