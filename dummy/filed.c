/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dummy/filed.h"
#include "dummy/player.h"
#include "lib/boottime.h"
#include "lib/conf.h"
#include "lib/dserver.h"
#include "lib/log.h"
#include "lib/xmem.h"

struct filed {
	const struct entry *entry;
	struct player *player;
	struct dserver *server;
	struct event *timer;
	struct stat seen; /* of the file as it was read */
	unsigned misses;  /* looks since there was one */
	bool read, told;  /* there was one; the loss is in the log */
};

/* Tells what has come of it, and waits for the next TIMER. */
static void
settle(struct filed *f)
{
	uint64_t now = boottime_ms(), next = player_next(f->player), wait;
	struct timeval time;

	dserver_publish(f->server);
	dserver_fresh(f->server, f->read && f->misses < FILED_MISSES);
	if (next == UINT64_MAX)
		return;
	wait = next > now ? next - now : 0;
	time.tv_sec = (time_t)(wait / 1000);
	time.tv_usec = (suseconds_t)(wait % 1000 * 1000);
	event_add(f->timer, &time);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct filed *f = arg;

	player_tick(f->player, boottime_ms());
	settle(f);
}

static enum dserver_status
on_instcmd(void *arg, const char *cmd, const char *value, unsigned long ticket)
{
	return DSERVER_UNKNOWN; /* NUT's lists load.off and does not do it either */
}

static enum dserver_status
on_set(void *arg, const char *var, const char *value, unsigned long ticket)
{
	struct filed *f = arg;
	enum dserver_status status = player_set(f->player, var, value);

	settle(f);
	return status;
}

static const struct dserver_ops filed_ops = {.instcmd = on_instcmd, .set = on_set};

struct filed *
filed_new(struct event_base *base, const struct entry *entry, int fd)
{
	struct filed *f = xcalloc(1, sizeof(*f));

	f->entry = entry;
	f->player = player_new(entry);
	f->server = dserver_new(base, fd, player_state(f->player), &filed_ops, f);
	f->timer = evtimer_new(base, on_timer, f);
	filed_look(f);
	settle(f);
	return f;
}

void
filed_free(struct filed *f)
{
	if (f == NULL)
		return;
	event_free(f->timer);
	dserver_free(f->server);
	player_free(f->player);
	free(f);
}

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* An editor may have moved it away for a moment: only the second look without it counts. */
static void
missed(struct filed *f)
{
	if ((!f->read || ++f->misses == FILED_MISSES) && !f->told) {
		log_warn_errno("ups %s: cannot read %s; its data are stale until that is "
			       "there",
		    f->entry->name, f->entry->path);
		f->told = true;
	}
	if (f->misses >= FILED_MISSES)
		settle(f);
}

void
filed_look(struct filed *f)
{
	struct problems problems = {0};
	struct script script;
	struct stat now;
	char *text = NULL;
	size_t len;

	if (stat(f->entry->path, &now) == 0 && f->read && f->misses == 0 &&
	    is_same(&now, &f->seen))
		return;
	if (stat(f->entry->path, &now) < 0 ||
	    (text = conf_slurp(f->entry->path, &len)) == NULL) {
		missed(f);
		return;
	}
	script_read(&script, f->entry->path, text, len, &problems);
	problems_each(&problems, log_warn);
	problems_free(&problems);
	free(text);
	if (f->told)
		log_info("ups %s: %s is there", f->entry->name, f->entry->path);
	f->seen = now;
	f->read = true;
	f->told = false;
	f->misses = 0;
	player_load(f->player, &script, boottime_ms());
	settle(f);
}
