/* SPDX-License-Identifier: ISC */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hid/hidups.h"
#include "hid/io.h"
#include "lib/conf.h"
#include "lib/recording.h"
#include "lib/xmem.h"

/*
 * What devices cost, each beside the least that anybody could do in its place:
 *
 *   device SOCKET RECORDING…
 *
 * "parse": descriptors of the recordings per second; the least is to go from item to item.
 * "report": their reports per second, taken in by struct hidups; the least is to compare
 * each with the one before it and keep a copy. Both in seconds of this process.
 * "poll": seconds for all mapped reports of the virtual device at SOCKET and NUT's
 * variables of them, then those of this process alone; the least are as many questions and
 * answers of that size over a socket, to one that only echoes.
 */

#define TURN_SECONDS 0.5
#define TURNS 3 /* the best one counts */
#define POLLS 200

struct device {
	struct recording *recording;
	struct hid_desc *desc;
	struct hidups *ups;
	uint8_t *last; /* of the least: the report before */
};

struct devices {
	struct device *list;
	size_t count, bytes, reports;
};

static double
now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Those that can be parsed. */
static void
load(struct devices *all, char **paths, int count)
{
	char cause[256];
	size_t len;

	all->list = xcalloc((size_t)count + 1, sizeof(*all->list));
	for (int i = 0; i < count; i++) {
		char *text = conf_slurp(paths[i], &len);
		struct device *d = &all->list[all->count];

		if (text == NULL)
			err(1, "%s", paths[i]);
		d->recording = recording_read(text, len, cause, sizeof(cause));
		if (d->recording == NULL)
			errx(1, "%s: %s", paths[i], cause);
		d->desc = hid_desc_parse(d->recording->descriptor,
		    d->recording->descriptor_len, cause, sizeof(cause));
		free(text);
		if (d->desc == NULL) {
			recording_free(d->recording);
			continue;
		}
		d->ups = hidups_new(d->desc, &d->recording->ident);
		d->last = xcalloc(1, HID_REPORT_BITS_MAX / 8 + 1);
		all->bytes += d->recording->descriptor_len;
		all->reports += d->recording->nreports;
		all->count++;
	}
	if (all->count == 0)
		errx(1, "no recordings");
}

static void
unload(struct devices *all)
{
	for (size_t i = 0; i < all->count; i++) {
		hidups_free(all->list[i].ups);
		hid_desc_free(all->list[i].desc);
		recording_free(all->list[i].recording);
		free(all->list[i].last);
	}
	free(all->list);
}

static size_t
parse_all(struct devices *all)
{
	char cause[256];

	for (size_t i = 0; i < all->count; i++) {
		const struct recording *r = all->list[i].recording;

		hid_desc_free(hid_desc_parse(
		    r->descriptor, r->descriptor_len, cause, sizeof(cause)));
	}
	return all->count;
}

/* The least: the length of each item is in its first byte. */
static size_t
walk_all(struct devices *all)
{
	static const uint8_t sizes[] = {1, 2, 3, 5};
	static volatile size_t items;

	for (size_t i = 0; i < all->count; i++) {
		const struct recording *r = all->list[i].recording;
		size_t at = 0, n = 0;

		for (; at < r->descriptor_len; at += sizes[r->descriptor[at] & 3])
			n++;
		items += n;
	}
	return all->count;
}

static size_t
take_all(struct devices *all)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct recording *r = all->list[i].recording;

		for (size_t j = 0; j < r->nreports; j++)
			hidups_report(all->list[i].ups, r->reports[j].type,
			    r->reports[j].bytes, r->reports[j].len);
	}
	return all->reports;
}

static size_t
compare_all(struct devices *all)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct recording *r = all->list[i].recording;
		uint8_t *last = all->list[i].last;

		for (size_t j = 0; j < r->nreports; j++)
			if (memcmp(last, r->reports[j].bytes, r->reports[j].len) != 0)
				memcpy(last, r->reports[j].bytes, r->reports[j].len);
	}
	return all->reports;
}

/* How often a second something can be done; the best turn counts. */
static double
rate(struct devices *all, size_t (*act)(struct devices *))
{
	double best = 0;

	for (int turn = 0; turn < TURNS; turn++) {
		double began = now(CLOCK_PROCESS_CPUTIME_ID), took;
		size_t done = 0;

		do {
			done += act(all);
			took = now(CLOCK_PROCESS_CPUTIME_ID) - began;
		} while (took < TURN_SECONDS);
		if ((double)done / took > best)
			best = (double)done / took;
	}
	return best;
}

/* The device at a socket, ready to be polled. */
struct polled {
	struct io *io;
	struct hid_desc *desc;
	struct hidups *ups;
	struct state *state;
	uint8_t ids[256];
	size_t nids, lengths[256];
};

static void
open_polled(struct polled *p, const char *path)
{
	static uint8_t bytes[HID_DESC_BYTES_MAX];
	struct hidsock_info info;
	struct hidups_ident ident = {0};
	char cause[256];
	size_t len;

	if (io_sock_info(path, &info, bytes, sizeof(bytes), &len) != 0)
		err(1, "%s", path);
	ident.vendor = info.vendor;
	ident.product = info.product;
	if ((p->desc = hid_desc_parse(bytes, len, cause, sizeof(cause))) == NULL)
		errx(1, "%s: %s", path, cause);
	if ((p->io = io_open(path, "", IO_ASK)) == NULL)
		err(1, "%s", path);
	p->ups = hidups_new(p->desc, &ident);
	p->state = state_new();
	p->nids = hidups_polls(p->ups, true, p->ids);
}

static void
poll_once(struct polled *p)
{
	uint8_t bytes[HIDSOCK_DATA_MAX];

	for (size_t i = 0; i < p->nids; i++) {
		ssize_t len = p->io->ops->get(p->io, p->ids[i], bytes, sizeof(bytes));

		p->lengths[i] = len < 0 ? 0 : (size_t)len;
		if (len < 0)
			hidups_report_failed(p->ups, p->ids[i]);
		else
			hidups_report(p->ups, HID_FEATURE, bytes, (size_t)len);
	}
	hidups_vars(p->ups, p->state);
}

static void
close_polled(struct polled *p)
{
	state_free(p->state);
	hidups_free(p->ups);
	hid_desc_free(p->desc);
	io_close(p->io);
}

/* One that gives back what it is sent, as much as it is asked for. */
static pid_t
start_echo(int *fd)
{
	static uint8_t bytes[HIDSOCK_DATA_MAX];
	int pair[2];
	pid_t pid;
	size_t len;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		err(1, "socketpair");
	if ((pid = fork()) == -1)
		err(1, "fork");
	if (pid == 0) {
		close(pair[0]);
		while (recv(pair[1], bytes, sizeof(bytes), 0) > 0) {
			memcpy(&len, bytes, sizeof(len));
			if (send(pair[1], bytes, len, MSG_NOSIGNAL) < 0)
				break;
		}
		_exit(0);
	}
	close(pair[1]);
	*fd = pair[0];
	return pid;
}

/* The same questions and answers as a poll has. */
static void
echo_once(const struct polled *p, int fd)
{
	static uint8_t bytes[HIDSOCK_DATA_MAX];

	for (size_t i = 0; i < p->nids; i++) {
		size_t len = 8 + p->lengths[i];

		memcpy(bytes, &len, sizeof(len));
		if (send(fd, bytes, 8, MSG_NOSIGNAL) < 0 ||
		    recv(fd, bytes, sizeof(bytes), 0) <= 0)
			err(1, "the echo");
	}
}

static void
measure_polls(const char *path)
{
	struct polled p = {0};
	double wall, cpu, least;
	pid_t echo;
	int fd;

	open_polled(&p, path);
	echo = start_echo(&fd);
	poll_once(&p);
	wall = now(CLOCK_MONOTONIC);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	for (int i = 0; i < POLLS; i++)
		poll_once(&p);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	wall = now(CLOCK_MONOTONIC) - wall;
	least = now(CLOCK_MONOTONIC);
	for (int i = 0; i < POLLS; i++)
		echo_once(&p, fd);
	least = now(CLOCK_MONOTONIC) - least;
	close(fd);
	waitpid(echo, NULL, 0);
	printf("poll %.9f %.9f %.9f %zu\n", wall / POLLS, cpu / POLLS, least / POLLS,
	    p.nids);
	close_polled(&p);
}

int
main(int argc, char **argv)
{
	struct devices all = {0};

	if (argc < 3)
		errx(1, "usage: device SOCKET RECORDING...");
	load(&all, argv + 2, argc - 2);
	printf("parse %.0f %.0f %zu\n", rate(&all, parse_all), rate(&all, walk_all),
	    all.bytes / all.count);
	if (all.reports > 0)
		printf("report %.0f %.0f %zu\n", rate(&all, take_all),
		    rate(&all, compare_all), all.reports);
	unload(&all);
	measure_polls(argv[1]);
	return 0;
}
