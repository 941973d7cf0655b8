/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "history/batteries.h"
#include "history/store.h"
#include "history/watch.h"
#include "lib/boottime.h"
#include "lib/conf_holdup.h"
#include "lib/corelink.h"
#include "lib/fdarg.h"
#include "lib/feed.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/request.h"
#include "lib/sandbox.h"
#include "lib/words.h"

#define FEED_QUEUE 1024 /* nothing is ever said to core there */
#define REQUEST_QUEUE 65536
#define LOOK_MS 60000 /* between two looks at the calendar */

struct options {
	int conf_fd;
	const char *folder;
};

struct history {
	struct event_base *base;
	struct event *timer;
	struct corelink *feed, *requests;
	struct feed model;
	struct watch *watch;
	struct store *store;
	struct batteries *batteries;
	uint64_t look_ms; /* boot: the next look at the calendar */
	unsigned long id; /* of the last request */
};

static void
usage(FILE *to)
{
	fputs("usage: history [-DV] -O FD -d FOLDER\n"
	      "  -O  holdup.conf\n"
	      "  -d  where the history is kept\n"
	      "  -D  say more\n"
	      "  -V  print the version and exit\n"
	      "holdupd starts this program and opens the descriptor for it.\n",
	    to);
}

static struct watch_now
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (struct watch_now){
	    (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000, boottime_ms()};
}

/* When something is due next; at once, but after the lines that came together, where an
 * event waits. */
static void
arm(struct history *h)
{
	uint64_t due = watch_due(h->watch);
	struct timeval left;

	if (store_due(h->store) < due)
		due = store_due(h->store);
	if (h->look_ms < due)
		due = h->look_ms;
	left = boottime_until(due);
	event_add(h->timer, &left);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct history *h = arg;
	struct watch_now at = now();

	if (at.boot_ms >= watch_due(h->watch))
		watch_time(h->watch, &h->model, at);
	if (at.boot_ms >= h->look_ms) {
		/* A test that core cannot be asked for waits. */
		if (h->model.whole && corelink_io(h->requests) != NULL)
			batteries_look(h->batteries, h->watch, &h->model, at);
		h->look_ms = at.boot_ms + LOOK_MS;
	}
	store_pace(h->store, watch_battery(h->watch));
	store_time(h->store, at);
	arm(h);
}

static void
on_sample(void *arg, const char *ups, unsigned series, struct watch_now at, double value)
{
	store_sample(((struct history *)arg)->store, ups, series, at, value);
}

static void
on_flags(void *arg, const char *ups, unsigned flags)
{
	store_flags(((struct history *)arg)->store, ups, flags);
}

static void
on_outage(void *arg, const char *ups, struct watch_outage *o)
{
	store_outage(((struct history *)arg)->store, ups, o);
}

static void
on_clock(void *arg, int64_t from_ms, int64_t to_ms)
{
	batteries_clock(((struct history *)arg)->batteries, now());
}

static void
on_learned(
    void *arg, const char *ups, const struct learn_point *p, const struct learn_result *r)
{
	struct history *h = arg;
	struct watch_facts facts = {0};

	store_learned(h->store, ups, p);
	watch_facts(h->watch, ups, &facts);
	batteries_learned(h->batteries, ups, r, facts.discharges);
}

/* Says something to core, where it is there. Returns the number of the request. */
static unsigned long
ask_core(struct history *h, struct request r)
{
	struct buf line = {0};
	struct lineio *io = corelink_io(h->requests);

	r.id = ++h->id;
	request_format(&line, &r);
	if (io != NULL)
		lineio_send(io, buf_head(&line), line.len);
	buf_free(&line);
	return r.id;
}

/* Tells everybody what is known here alone. */
static void
tell(struct history *h, const char *ups, enum kind kind, const char *text)
{
	ask_core(h, (struct request){.account = "history",
			.verb = REQUEST_NEWS,
			.ups = ups,
			.name = kind_word(kind),
			.value = text});
}

static void
on_event(void *arg, const struct watch_event *e)
{
	struct history *h = arg;

	batteries_event(h->batteries, e);
	store_event(h->store, e);
	if (e->kind == KIND_LEARNED)
		tell(h, e->ups, e->kind, e->text);
}

static void
on_publish(void *arg, const char *ups, const char *variable, const char *value)
{
	ask_core(arg, (struct request){.account = "history",
			  .verb = REQUEST_LEARNED,
			  .ups = ups,
			  .name = variable,
			  .value = value});
}

static const struct watch_ops watch_ops = {
    .sample = on_sample,
    .flags = on_flags,
    .event = on_event,
    .outage = on_outage,
    .clock = on_clock,
    .learned = on_learned,
    .publish = on_publish,
};

static void
say(struct history *h, const char *ups, enum kind kind, const char *text)
{
	store_event(h->store,
	    &(struct watch_event){.kind = kind, .ups = ups, .text = text, .at = now()});
}

static void
on_order(void *arg, const char *ups, const char *command)
{
	unsigned long id = ask_core(arg, (struct request){.account = "calendar",
					     .verb = REQUEST_INSTCMD,
					     .ups = ups,
					     .name = command});

	log_info("ups %s: the calendar orders %s (request %lu)", ups, command, id);
}

static void
on_changed(void *arg, const char *ups, const struct tables_battery *battery)
{
	store_battery(((struct history *)arg)->store, ups, battery);
}

static void
on_late(void *arg, const char *ups, const char *text)
{
	say(arg, ups, KIND_UNTESTED, text);
	tell(arg, ups, KIND_UNTESTED, text);
}

static const struct batteries_ops batteries_ops = {
    .order = on_order, .changed = on_changed, .late = on_late};

static void
on_feed(void *arg, char *line, size_t len)
{
	struct history *h = arg;
	struct feed_change change;

	if (strncmp(line, "BEGIN ", 6) == 0)
		feed_clear(&h->model);
	change = feed_apply(&h->model, line, len);
	if (change.kind == FEED_BROKEN) {
		corelink_drop(h->feed, "it said what no feed says; connecting anew");
		return;
	}
	watch_feed(h->watch, &h->model, &change, now());
	store_pace(h->store, watch_battery(h->watch));
	arm(h);
}

static void
on_feed_lost(void *arg)
{
	struct history *h = arg;

	watch_gone(h->watch, now());
	arm(h);
}

static const struct corelink_ops feed_ops = {.line = on_feed, .lost = on_feed_lost};

/* What core answers: only a refusal is worth a word. */
static void
on_answer(void *arg, char *line, size_t len)
{
	struct words store;
	unsigned long id;
	const char *word;

	if (request_answer(&id, &word, &store, line, len) == 0 && word != NULL)
		log_warn("request %lu: core answers %s", id, word);
}

static void
on_requests_opened(void *arg)
{
	struct history *h = arg;

	watch_again(h->watch, now());
	arm(h);
}

/* What it had said may be forgotten: it is said again when core is back. */
static void
on_requests_lost(void *arg)
{
	(void)arg;
}

static const struct corelink_ops request_ops = {
    .line = on_answer, .opened = on_requests_opened, .lost = on_requests_lost};

static void
on_known(void *arg, const char *ups, const struct watch_known *known,
    const struct tables_battery *battery)
{
	struct history *h = arg;

	watch_know(h->watch, ups, known);
	if (battery != NULL)
		batteries_know(h->batteries, ups, battery);
}

static void
on_point(void *arg, const char *ups, const struct learn_point *p)
{
	watch_restore(((struct history *)arg)->watch, ups, p);
}

static const struct store_readers readers = {.ups = on_known, .point = on_point};

static void
on_term(evutil_socket_t fd, short what, void *arg)
{
	event_base_loopbreak(arg);
}

/* Keeps what the feed says until SIGTERM. */
static void
run(struct history *h)
{
	struct event *term = evsignal_new(h->base, SIGTERM, on_term, h->base);
	char *feed = paths_state("holdup.feed"), *requests = paths_state("holdup.req");
	struct watch_now end;

	h->timer = evtimer_new(h->base, on_timer, h);
	store_load(h->store, &readers, h);
	say(h, NULL, KIND_START, "History begins to be kept");
	h->feed = corelink_new(h->base, "feed", feed, FEED_QUEUE, &feed_ops, h);
	h->requests =
	    corelink_new(h->base, "requests", requests, REQUEST_QUEUE, &request_ops, h);
	event_add(term, NULL);
	arm(h);
	event_base_dispatch(h->base);

	/* What core has said by now. */
	event_base_loop(h->base, EVLOOP_NONBLOCK);
	corelink_free(h->feed);
	corelink_free(h->requests);
	/* ... holds at least for a millisecond. */
	end = now();
	end.wall_ms++;
	end.boot_ms++;
	watch_stop(h->watch, end);
	say(h, NULL, KIND_STOP, "History is not kept any more: it is stopped");
	event_free(term);
	event_free(h->timer);
	free(feed);
	free(requests);
}

static void
read_options(struct options *o, int argc, char **argv)
{
	int c;

	*o = (struct options){.conf_fd = -1};
	log_init("history", 0);
	while ((c = getopt(argc, argv, "DO:Vd:h")) != -1) {
		switch (c) {
		case 'D':
			log_init("history", 1);
			break;
		case 'O':
			o->conf_fd = fdarg(optarg, NULL);
			break;
		case 'V':
			puts("history (holdup) " HOLDUP_VERSION);
			exit(0);
		case 'd':
			o->folder = optarg;
			break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(1);
		}
	}
	if (optind == argc && o->conf_fd >= 0 && o->folder != NULL)
		return;
	usage(stderr);
	exit(1);
}

static struct calendar_conf
read_conf(int fd)
{
	struct holdup_conf conf;
	struct calendar_conf calendar;

	fdarg_conf(&conf, fd);
	calendar = (struct calendar_conf){
	    .quick_days = (unsigned)conf.tests.quick,
	    .deep_days = (unsigned)conf.tests.deep,
	    .from = (unsigned)conf.tests.from,
	    .to = (unsigned)conf.tests.to,
	};
	holdup_conf_free(&conf);
	return calendar;
}

/* What names this run of the machine. */
static void
read_boot(char boot[40])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, boot, 36) : -1;

	boot[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

int
main(int argc, char **argv)
{
	struct history h = {0};
	struct calendar_conf calendar;
	struct options options;
	char boot[40];

	read_options(&options, argc, argv);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	/* A limit of a file's size is an error like a full disk. */
	signal(SIGXFSZ, SIG_IGN);
	umask(0027);
	tzset();
	read_boot(boot);
	sandbox_enter_folders(
	    SANDBOX_HISTORY, (const char *const[]){options.folder, NULL});
	calendar = read_conf(options.conf_fd);

	h.base = event_base_new();
	h.watch = watch_new(&watch_ops, &h);
	h.batteries = batteries_new(&calendar, &batteries_ops, &h);
	h.store = store_new(options.folder, boot, now(), NULL, NULL);
	run(&h);
	store_free(h.store);
	batteries_free(h.batteries);
	watch_free(h.watch);
	feed_clear(&h.model);
	event_base_free(h.base);
	return 0;
}
