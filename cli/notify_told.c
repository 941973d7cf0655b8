/* SPDX-License-Identifier: ISC */
#include "cli/notify_told.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/conf.h"
#include "lib/paths.h"
#include "lib/xmem.h"
#include "out/event.h"
#include "out/outbox.h"

struct notify_box {
	struct outbox *outbox;
	size_t readers[CONF_NOTIFIES_MAX];
};

/* NULL where there is none. */
static char *
slurp(size_t *len)
{
	char *path = paths_memory("out/outbox"), *text = conf_slurp(path, len);

	if (text == NULL && errno != ENOENT)
		cli_complain("what was told and what waits is not known: %s: %s%s", path,
		    strerror(errno),
		    errno == EACCES ? " (who may read it is in the group nut)" : "");
	free(path);
	return text;
}

struct notify_box *
notify_box_open(const struct holdup_conf *conf)
{
	struct notify_box *box = xcalloc(1, sizeof(*box));
	struct buf damaged = {0};
	size_t len;
	char *text = slurp(&len);

	box->outbox = outbox_new("");
	for (size_t i = 0; i < conf->nnotifies; i++) {
		char *name = xasprintf("notify.%s", conf->notifies[i].name);

		box->readers[i] =
		    outbox_reader(box->outbox, name, conf->notifies[i].events);
		free(name);
	}
	if (text != NULL)
		outbox_load(box->outbox, text, len, &damaged);
	buf_free(&damaged);
	free(text);
	return box;
}

void
notify_box_free(struct notify_box *box)
{
	outbox_free(box->outbox);
	free(box);
}

/* "1795456800123 no route to host": a moment, and what was so. */
static void
take_moment(int64_t *at, char **text, const char *value)
{
	char *rest;

	*at = strtoll(value, &rest, 10);
	free(*text);
	*text = xstrdup(*rest == ' ' ? rest + 1 : rest);
}

/* "17 1795456800123 ok The mains is back": the event that it was due to, the moment, whether
 * the receiver took it, its title. */
static void
take_told(struct notify_told *told, const char *value)
{
	const char *moment = strchr(value, ' '), *title;

	if (moment == NULL)
		return;
	take_moment(&told->at, &told->text, moment + 1);
	told->refused = strncmp(told->text, "refused", 7) == 0;
	if ((title = strchr(told->text, ' ')) != NULL)
		memmove(told->text, title + 1, strlen(title + 1) + 1);
}

/* True when the event is among the ranges of `done`, "=mark first-last first-last" in
 * hexadecimal (publish/notice.h): told, but not yet all before it. */
static bool
is_done(const char *done, uint64_t id)
{
	while ((done = strchr(done, ' ')) != NULL) {
		char *end;
		uint64_t first = strtoull(++done, &end, 16);

		if (*end == '-' && first <= id && id <= strtoull(end + 1, NULL, 16))
			return true;
	}
	return false;
}

void
notify_box_told(struct notify_told *told, const struct notify_box *box, size_t i)
{
	const size_t reader = box->readers[i];
	uint64_t id = outbox_taken(box->outbox, reader);
	const char *key, *value, *line, *done = "";
	struct event e;

	*told = (struct notify_told){.text = xstrdup(""), .fails = xstrdup("")};
	for (size_t k = 0; outbox_kept(box->outbox, reader, k, &key, &value); k++) {
		if (strcmp(key, "told") == 0)
			take_told(told, value);
		else if (strcmp(key, "fails") == 0)
			take_moment(&told->fails_at, &told->fails, value);
		else if (strcmp(key, "done") == 0)
			done = value;
	}
	while ((line = outbox_next(box->outbox, reader, &id)) != NULL) {
		if (!is_done(done, id) && told->waiting++ == 0 &&
		    event_read(&e, line, strcspn(line, "\n")) == 0)
			told->waiting_since = e.at_ms;
	}
}

void
notify_told_free(struct notify_told *told)
{
	free(told->text);
	free(told->fails);
}
