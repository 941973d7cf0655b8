/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_upssched.h"
#include "lib/notify.h"
#include "lib/xmem.h"

#define DEBUG_MAX 100
#define SECONDS_MAX (365 * 24 * 3600)
#define AT_ARGS 4 /* type, UPS, verb, and what the verb concerns */

static const struct {
	const char *name;
	bool seconds, instead; /* what may follow the timer's name */
} verbs[] = {
    [AT_START_TIMER] = {"START-TIMER", true, false},
    [AT_START_TIMER_SHARED] = {"START-TIMER-SHARED", true, false},
    [AT_CANCEL_TIMER] = {"CANCEL-TIMER", false, true},
    [AT_CANCEL_TIMER_MATCHED] = {"CANCEL-TIMER-MATCHED", false, true},
    [AT_EXECUTE] = {"EXECUTE", false, false},
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static void
at_free(struct conf_at *at)
{
	free(at->type);
	free(at->ups);
	free(at->name);
	free(at->instead);
}

static bool
take_verb(struct conf_at *at, const struct conf_line *line, const char *word)
{
	const char *names[VERBS + 1] = {NULL}, *near;

	for (size_t i = 0; i < VERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(word, verbs[i].name) == 0) {
			at->verb = (enum conf_at_verb)i;
			return true;
		}
	}
	near = conf_nearest(word, names);
	if (near != NULL)
		conf_fault(line,
		    "AT has no command \"%.40s\", did you mean \"%s\"? The line is "
		    "ignored",
		    word, near);
	else
		conf_fault(line,
		    "AT has no command \"%.40s\", there are START-TIMER, "
		    "START-TIMER-SHARED, CANCEL-TIMER, CANCEL-TIMER-MATCHED and EXECUTE: "
		    "the line is ignored",
		    word);
	return false;
}

/* As NUT reads it: "30s" means 30 too. */
static bool
take_seconds(struct conf_at *at, const struct conf_line *line, const char *word)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(word, &end, 10);
	if (end == word || errno != 0 || n < 0 || n > SECONDS_MAX) {
		conf_fault(line,
		    "%s %.40s takes seconds from 0 to %d, not \"%.40s\": the line is "
		    "ignored",
		    verbs[at->verb].name, at->name, SECONDS_MAX, word);
		return false;
	}
	if (*end != '\0')
		conf_fault(line, "\"%.40s\" is read as %ld seconds", word, n);
	at->seconds = (int)n;
	return true;
}

/* A type that nobody tells of is a slip in most cases; but upsmon may be newer than this. */
static void
check_type(const struct conf_line *line, const char *type)
{
	const char *names[NOTIFY_TYPES + 1] = {NULL}, *near;

	for (int i = 0; i < NOTIFY_TYPES; i++)
		names[i] = notify_name((enum notify_type)i);
	if (notify_type(type) < 0 && (near = conf_nearest(type, names)) != NULL)
		conf_fault(line,
		    "\"%.40s\" is told by no upsmon known here, did you mean \"%s\"?",
		    type, near);
}

/* AT type ups command name [seconds, or what is told instead] */
static void
take_at(void *conf, const struct conf_line *line, int first)
{
	struct upssched_conf *c = conf;
	char *const *args = &line->words->argv[first];
	int n = line->words->argc - first, used = AT_ARGS;
	struct conf_at at = {.line = line->line};

	if (n < AT_ARGS || *args[3] == '\0') {
		conf_fault(line,
		    "AT needs a type, a UPS or *, a command and its timer, for example: "
		    "AT ONBATT * START-TIMER onbatt 30. The line is ignored");
		return;
	}
	if (!take_verb(&at, line, args[2]))
		return;
	check_type(line, args[0]);
	at.type = xstrdup(args[0]);
	at.ups = xstrdup(args[1]);
	at.name = xstrdup(args[3]);
	if (verbs[at.verb].seconds &&
	    !take_seconds(&at, line, n > used ? args[used] : "")) {
		at_free(&at);
		return;
	}
	if (verbs[at.verb].instead && n > used && *args[used] != '\0')
		at.instead = xstrdup(args[used]);
	if (verbs[at.verb].seconds || verbs[at.verb].instead)
		used++;
	if (n > used)
		conf_fault(line, "%s takes no \"%.40s\": that part is ignored",
		    verbs[at.verb].name, args[used]);
	c->ats = xreallocarray(c->ats, c->nats + 1, sizeof(*c->ats));
	c->ats[c->nats++] = at;
}

#define TEXT(field) CONF_TEXT(upssched_conf, field)

/* All words of the file. */
static const struct conf_row rows[] = {
    {"AT", 0, WORDS_MAX, CONF_TAKE(take_at)},
    {"CMDSCRIPT", 1, 1, TEXT(cmdscript)},
    {"DEBUG_MIN", 1, 1, CONF_NUMBER(upssched_conf, debug_min, 0, DEBUG_MAX)},
    {"LOCKFN", 1, 1, TEXT(lockfn)},
    {"PIPEFN", 1, 1, TEXT(pipefn)},
    {.name = NULL},
};

static void
take_line(void *conf, const struct conf_line *line)
{
	conf_by_table(rows, conf, line);
}

/* What the AT lines cannot do without. */
static void
check(const struct upssched_conf *c, const char *file, struct problems *p)
{
	bool timers = false;

	for (size_t i = 0; i < c->nats; i++)
		timers |= c->ats[i].verb != AT_EXECUTE;
	if (c->nats > 0 && c->cmdscript == NULL)
		problems_add(p, file, 0,
		    "there is no CMDSCRIPT, so no AT line does anything. Write for "
		    "example: CMDSCRIPT /etc/nut/upssched-cmd");
	if (timers && c->pipefn == NULL)
		problems_add(p, file, 0,
		    "there is no PIPEFN, so there are no timers. Write for example: "
		    "PIPEFN /run/nut/upssched.pipe");
	if (timers && c->lockfn == NULL)
		problems_add(p, file, 0,
		    "there is no LOCKFN, so there are no timers. Write for example: "
		    "LOCKFN /run/nut/upssched.lock");
}

void
upssched_conf_read(struct upssched_conf *c, const char *file, const char *text,
    size_t len, struct problems *p)
{
	*c = (struct upssched_conf){0};
	conf_walk(file, text, len, p, take_line, c);
	check(c, file, p);
}

void
upssched_conf_free(struct upssched_conf *c)
{
	for (size_t i = 0; i < c->nats; i++)
		at_free(&c->ats[i]);
	free(c->ats);
	free(c->cmdscript);
	free(c->pipefn);
	free(c->lockfn);
	*c = (struct upssched_conf){0};
}

bool
conf_at_matches(const struct conf_at *at, const char *type, const char *ups)
{
	return strcasecmp(at->type, type) == 0 &&
	       (strcmp(at->ups, "*") == 0 || strcmp(at->ups, ups) == 0);
}
