/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "out/http.h"
#include "out/queue.h"
#include "out/schedule.h"
#include "out/worker.h"

struct worker {
	const struct publisher *publisher;
	const struct holdup_conf *conf;
	int queue_fd;
	struct http *http;
	struct schedule schedule;
	enum verdict server; /* what the log says of the server */
	bool *refused;       /* … and of each value */
	struct http_reply reply;
};

/* Takes all that is in the queue: of each value the newest counts. False at its end. */
static bool
drain(struct worker *w)
{
	struct queue_msg msg;
	int got;

	while ((got = queue_recv(w->queue_fd, &msg)) > 0)
		schedule_set(&w->schedule, msg.row, msg.text);
	return got == 0;
}

/* Waits for the queue, or for the time at which something is to be told. */
static void
rest(const struct worker *w, uint64_t ms)
{
	struct pollfd queue = {.fd = w->queue_fd, .events = POLLIN};

	if (poll(&queue, 1, ms == SCHEDULE_NEVER ? -1 : (int)ms) < 0 && errno != EINTR)
		log_fatal_errno("%s: cannot wait", w->publisher->name);
}

/* One line when the server, or a value, fares differently than before. */
static void
report(struct worker *w, size_t i, enum verdict verdict, const char *cause)
{
	const char *name = w->publisher->name;
	enum verdict server = verdict == VERDICT_REFUSED ? VERDICT_OK : verdict;
	bool refused = verdict == VERDICT_REFUSED;

	if (server != w->server && server != VERDICT_OK)
		log_warn("%s: %s", name, cause);
	else if (server != w->server)
		log_info("%s: it %s", name,
		    w->server == VERDICT_NONE ? "answers" : "answers again");
	w->server = server;
	if (server != VERDICT_OK)
		return;
	if (refused && !w->refused[i])
		log_warn("%s: %s", name, cause);
	w->refused[i] = refused;
}

static void
tell(struct worker *w, size_t i)
{
	const struct publisher *p = w->publisher;
	const char *text = w->schedule.items[i].text;
	struct http_request request = {0};
	enum verdict verdict;
	char cause[512];

	p->request(w->conf, i, text, &request);
	http_get(w->http, &request, &w->reply);
	verdict = p->verdict(w->conf, i, &w->reply, cause, sizeof(cause));
	log_debug("%s: value %zu = %s: HTTP %ld, verdict %d", p->name, i, text,
	    w->reply.status, (int)verdict);
	report(w, i, verdict, cause);
	schedule_done(&w->schedule, i, verdict, boottime_ms());
	buf_free(&request.url);
}

void
worker_run(const struct publisher *p, const struct holdup_conf *c, int queue_fd)
{
	struct worker w = {.publisher = p, .conf = c, .queue_fd = queue_fd};

	w.http = http_new();
	w.refused = xcalloc(p->count(c), sizeof(*w.refused));
	schedule_init(&w.schedule, p->count(c));
	while (drain(&w)) {
		size_t i;
		uint64_t wait = schedule_wait(&w.schedule, boottime_ms(), &i);

		if (wait == 0)
			tell(&w, i);
		else
			rest(&w, wait);
	}
	buf_free(&w.reply.body);
	schedule_free(&w.schedule);
	free(w.refused);
	http_free(w.http);
}
