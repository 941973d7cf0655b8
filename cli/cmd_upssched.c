/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/nutlike.h"
#include "cli/schedask.h"
#include "cli/schedscript.h"
#include "cli/schedtalk.h"
#include "lib/conf_upssched.h"
#include "lib/log.h"

#define ANSWER_MAX 512

struct sched {
	struct upssched_conf conf;
	struct timer_event event; /* what upsmon has called us for */
	int debug;
};

/* Runs CMDSCRIPT and waits for its end. 0, or 1 when it could not be run. */
static int
execute(const struct sched *s, const char *word)
{
	pid_t pid = schedscript_start(s->conf.cmdscript, word, &s->event);
	int status;

	if (pid < 0) {
		log_warn_errno("cannot run CMDSCRIPT for %s", word);
		return 1;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	schedscript_ended(word, status);
	return 0;
}

/* A question that an AT line makes of the event. */
static void
compose(struct buf *question, const struct sched *s, const struct conf_at *at)
{
	switch (at->verb) {
	case AT_START_TIMER:
	case AT_START_TIMER_SHARED:
		schedtalk_start(question, at->name, at->seconds, &s->event,
		    at->verb == AT_START_TIMER_SHARED);
		break;
	case AT_CANCEL_TIMER:
		schedtalk_cancel(question, at->name, NULL);
		break;
	case AT_CANCEL_TIMER_MATCHED:
		schedtalk_cancel(question, at->name, s->event.ups);
		break;
	case AT_EXECUTE:
		break;
	}
}

/* Starts or cancels a timer. 0, or 1 after a message. */
static int
timer(const struct sched *s, const struct conf_at *at)
{
	const bool start =
	    at->verb == AT_START_TIMER || at->verb == AT_START_TIMER_SHARED;
	char answer[ANSWER_MAX];
	struct buf question = {0};
	enum schedask_result result;

	if (s->conf.pipefn == NULL || s->conf.lockfn == NULL)
		return 1; /* which has been said */
	compose(&question, s, at);
	result = schedask(&s->conf, buf_str(&question), start, s->debug, stdout, answer,
	    sizeof(answer));
	buf_free(&question);
	if (result == SCHEDASK_FAILED ||
	    (result == SCHEDASK_ANSWERED && strncmp(answer, "ERR", 3) == 0)) {
		log_warn("timer %s: %s", at->name, answer);
		return 1;
	}
	if (!start && at->instead != NULL &&
	    (result == SCHEDASK_NOBODY || schedtalk_count(answer) == 0))
		return execute(s, at->instead);
	return 0;
}

/* All lines that are meant by the event, in their order. */
static int
handle(const struct sched *s)
{
	int status = 0;

	for (size_t i = 0; i < s->conf.nats; i++) {
		const struct conf_at *at = &s->conf.ats[i];

		if (!conf_at_matches(at, s->event.type, s->event.ups))
			continue;
		log_debug("%s %s: line %d", s->event.type, s->event.ups, at->line);
		if (at->verb == AT_EXECUTE)
			status |= execute(s, at->name);
		else
			status |= timer(s, at);
	}
	return status;
}

static int
list(const struct sched *s)
{
	char answer[ANSWER_MAX];
	struct buf question = {0};
	enum schedask_result result;

	if (s->conf.pipefn == NULL)
		return cli_complain("upssched.conf has no PIPEFN");
	schedtalk_list(&question);
	result = schedask(&s->conf, buf_str(&question), false, s->debug, stdout, answer,
	    sizeof(answer));
	buf_free(&question);
	if (result == SCHEDASK_NOBODY)
		return cli_complain("no timer of upssched is running");
	return result == SCHEDASK_ANSWERED ? 0 : cli_complain("%s", answer);
}

/* Reads upssched.conf, and says what is wrong in it. */
static int
configure(struct sched *s)
{
	struct problems problems = {0};
	size_t len;
	char *text = nutlike_conf("upssched.conf", &len);

	if (text == NULL)
		return 1;
	upssched_conf_read(&s->conf, "upssched.conf", text, len, &problems);
	free(text);
	if (s->conf.debug_min > s->debug)
		s->debug = s->conf.debug_min;
	log_init("upssched", s->debug);
	problems_each(&problems, log_warn);
	problems_free(&problems);
	return 0;
}

static int
run(struct sched *s, bool listing)
{
	const char *ups = getenv("UPSNAME"), *type = getenv("NOTIFYTYPE");

	if (!listing && (ups == NULL || type == NULL)) {
		printf(
		    "Error: environment variables UPSNAME and NOTIFYTYPE must be set.\n"
		    "This program should only be run from upsmon(8), as NOTIFYCMD.\n");
		return 1;
	}
	if (configure(s) != 0)
		return 1;
	if (listing)
		return list(s);
	if (s->conf.cmdscript == NULL)
		return 1; /* which has been said */
	s->event.ups = ups;
	s->event.type = type;
	return handle(s);
}

int
cmd_upssched(int argc, char **argv)
{
	struct sched s = {.event = {.message = ""}};
	bool listing = false;
	int option, status;

	while ((option = getopt(argc, argv, "+DVhl")) != -1) {
		switch (option) {
		case 'D':
			s.debug++;
			break;
		case 'V':
			return nutlike_version("upssched");
		case 'h':
			return cli_help("upssched");
		case 'l':
			listing = true;
			break;
		default:
			return cli_usage("upssched");
		}
	}
	if (optind < argc)
		s.event.message = argv[optind];
	status = run(&s, listing);
	upssched_conf_free(&s.conf);
	return status;
}
