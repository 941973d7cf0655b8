/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "holdupd/shutdown.h"
#include "holdupd/spawn.h"
#include "holdupd/steps.h"
#include "lib/conf.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/powerflag.h"
#include "lib/xmem.h"

#define FAILED_WAIT_MS 1000

struct shutdown {
	bool begun, cut, harmless;
	char *command, *flag; /* as upsmon.conf had them at the beginning */
	size_t next;          /* step */
	bool at_end;          /* the last step has been taken, and is repeated */
	pid_t pid;            /* of the command that runs; 0: none */
	struct event *wait, *sigchld;
};

/* True when the environment of process 1 says so (container=…, as systemd and LXC). */
static bool
init_is_contained(void)
{
	static const char name[] = "container=";
	size_t len = 0;
	char *text = conf_slurp("/proc/1/environ", &len);
	bool found = false;

	for (size_t at = 0; at < len; at += strlen(&text[at]) + 1)
		found = found || strncmp(&text[at], name, sizeof(name) - 1) == 0;
	free(text);
	return found;
}

bool
shutdown_is_harmless(void)
{
	return paths_private() || geteuid() != 0 ||
	       access("/run/.containerenv", F_OK) == 0 ||
	       access("/.dockerenv", F_OK) == 0 || init_is_contained();
}

static void
wait_for(struct shutdown *s, long ms)
{
	const struct timeval time = {
	    .tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000 * 1000)};

	event_add(s->wait, &time);
}

/* A step that failed is not waited for; the last one is not repeated in a hurry. */
static void
failed(struct shutdown *s)
{
	wait_for(s, s->at_end ? STEPS_WAIT_MS : FAILED_WAIT_MS);
}

/* The step as somebody would type it. */
static void
step_text(const struct step *step, char *text, size_t size)
{
	if (strcmp(step->argv[0], "/bin/sh") == 0)
		snprintf(text, size, "%s", step->argv[2]);
	else
		snprintf(
		    text, size, "%s %s %s", step->argv[0], step->argv[1], step->argv[2]);
}

/* The only place from which anything is run that takes a machine down. */
static void
step_take(struct shutdown *s)
{
	struct step step = steps_get(s->next, s->command, s->harmless);
	char what[512];

	step_text(&step, what, sizeof(what));
	s->pid = 0;
	s->at_end = step.last;
	if (!step.last)
		s->next++;
	if (step.only_log) {
		log_warn("taking this machine down is left out in a private folder, in a "
			 "container and for ordinary users: %s",
		    what);
		if (!step.last)
			wait_for(s, STEPS_WAIT_MS);
		return;
	}
	log_warn("taking this machine down: %s", what);
	if ((s->pid = spawn_detached(step.argv)) < 0)
		log_warn_errno("cannot start %s", step.argv[0]);
	if (s->pid > 0)
		wait_for(s, STEPS_WAIT_MS);
	else
		failed(s);
}

static void
on_wait(evutil_socket_t fd, short what, void *arg)
{
	struct shutdown *s = arg;

	log_warn("this machine is still up: once more");
	step_take(s);
}

static void
on_sigchld(evutil_socket_t number, short what, void *arg)
{
	struct shutdown *s = arg;
	int status;

	if (s->pid <= 0 || waitpid(s->pid, &status, WNOHANG) != s->pid)
		return;
	s->pid = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	log_warn("the shutdown command failed (status 0x%04x)", (unsigned)status);
	failed(s);
}

struct shutdown *
shutdown_new(struct event_base *base)
{
	struct shutdown *s = xcalloc(1, sizeof(*s));

	s->harmless = shutdown_is_harmless();
	s->wait = evtimer_new(base, on_wait, s);
	s->sigchld = evsignal_new(base, SIGCHLD, on_sigchld, s);
	event_add(s->sigchld, NULL);
	return s;
}

void
shutdown_free(struct shutdown *s)
{
	event_free(s->wait);
	event_free(s->sigchld);
	free(s->command);
	free(s->flag);
	free(s);
}

static void
flag_set(struct shutdown *s)
{
	char cause[256];

	if (powerflag_set(s->flag, cause, sizeof(cause)) == 0)
		log_info("%s says that the UPS is to cut its output", s->flag);
	else
		log_warn("the UPS will not be told to cut its output: %s", cause);
}

void
shutdown_begin(struct shutdown *s, const struct upsmon_conf *conf, bool cut)
{
	if (!s->begun) {
		s->command =
		    conf->shutdowncmd == NULL ? NULL : xstrdup(conf->shutdowncmd);
		s->flag = powerflag_path(conf->powerdownflag);
	}
	if (cut && !s->cut)
		flag_set(s);
	s->cut = s->cut || cut;
	if (!s->begun)
		step_take(s);
	s->begun = true;
}

bool
shutdown_begun(const struct shutdown *s)
{
	return s->begun;
}
