/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "mqtt/condition.h"
#include "mqtt/state_json.h"
#include "mqtt/values.h"

/* What is gone is deleted when it is missing for so long while its driver is there, for a
 * driver that starts tells what it knows bit by bit. */
#define GONE_MS 10000
#define FOUND_MAX 65536 /* topics that were found at the broker, of one UPS */

/* A topic of a UPS that the broker may keep. */
struct item {
	char *tail;       /* "battery/charge" */
	bool seen;        /* it is there, at this look */
	uint64_t gone_ms; /* since when it is not; 0: it was there at the last look */
};

/* What is known of a UPS here, one of the feed or one whose topics may be left. */
struct holder {
	char word[TOPIC_WORD_MAX]; /* that stands for its name */
	struct item *items;        /* sorted by tail */
	size_t nitems;
	bool look;        /* something has changed */
	uint64_t gone_ms; /* since when the feed has no such UPS; 0: it has */
	char *said;       /* its JSON object as it was told last, without the time */
	char *status;     /* … and status and link in it */
	bool energetic;
	uint64_t wh;
	bool discharged; /* it had an outage */
	int64_t began_ms;
	uint64_t seconds;
};

struct values {
	const struct topics *topics;
	struct wanted *wanted;
	struct holder **holders;
	size_t nholders;
	bool look;        /* all of them */
	uint64_t next_ms; /* when something may be deleted; UINT64_MAX: never */
	struct buf json;
};

struct values *
values_new(const struct topics *t, struct wanted *w)
{
	struct values *v = xcalloc(1, sizeof(*v));

	v->topics = t;
	v->wanted = w;
	v->next_ms = UINT64_MAX;
	return v;
}

static void
holder_free(struct holder *h)
{
	for (size_t i = 0; i < h->nitems; i++)
		free(h->items[i].tail);
	free(h->items);
	free(h->said);
	free(h->status);
	free(h);
}

void
values_free(struct values *v)
{
	if (v == NULL)
		return;
	for (size_t i = 0; i < v->nholders; i++)
		holder_free(v->holders[i]);
	free(v->holders);
	buf_free(&v->json);
	free(v);
}

/* The holder of a word; made where there is none. */
static struct holder *
holder_of(struct values *v, const char *word)
{
	struct holder *h;

	for (size_t i = 0; i < v->nholders; i++)
		if (strcmp(v->holders[i]->word, word) == 0)
			return v->holders[i];
	h = xcalloc(1, sizeof(*h));
	snprintf(h->word, sizeof(h->word), "%s", word);
	v->holders = xreallocarray(v->holders, v->nholders + 1, sizeof(struct holder *));
	return v->holders[v->nholders++] = h;
}

static struct holder *
holder_named(struct values *v, const char *ups)
{
	char word[TOPIC_WORD_MAX];

	return holder_of(v, topic_word(word, ups));
}

/* The place of a tail among the items: the first that is not before it. */
static size_t
item_place(const struct holder *h, const char *tail)
{
	size_t low = 0, high = h->nitems;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(h->items[middle].tail, tail) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct item *
item_of(struct holder *h, const char *tail)
{
	size_t i = item_place(h, tail);

	if (i < h->nitems && strcmp(h->items[i].tail, tail) == 0)
		return &h->items[i];
	h->items = xreallocarray(h->items, h->nitems + 1, sizeof(*h->items));
	memmove(&h->items[i + 1], &h->items[i], (h->nitems - i) * sizeof(*h->items));
	h->nitems++;
	h->items[i] = (struct item){.tail = xstrdup(tail)};
	return &h->items[i];
}

void
values_changed(struct values *v, const struct feed_change *c)
{
	switch (c->kind) {
	case FEED_NOTHING:
	case FEED_LOGINS:
	case FEED_READERS:
	case FEED_MACHINE:
	case FEED_DEED:
		return;
	default:
		if (c->ups == NULL)
			v->look = true;
		else
			holder_named(v, c->ups->name)->look = true;
	}
}

void
values_energy(struct values *v, const char *ups, uint64_t wh)
{
	struct holder *h = holder_named(v, ups);

	h->look |= !h->energetic || h->wh != wh;
	h->energetic = true;
	h->wh = wh;
}

void
values_outage(struct values *v, const char *ups, int64_t began_ms, uint64_t seconds)
{
	struct holder *h = holder_named(v, ups);

	h->look = h->discharged = true;
	h->began_ms = began_ms;
	h->seconds = seconds;
}

void
values_known(struct values *v, const char *word)
{
	holder_of(v, word)->look = true;
}

/* Orders that somebody left there are not ours to delete. */
static bool
foreign(const char *tail)
{
	return strncmp(tail, "command/", 8) == 0 || strncmp(tail, "set/", 4) == 0;
}

void
values_found(struct values *v, const char *topic)
{
	struct topics_parts parts;
	struct holder *h;

	if (!topics_split(v->topics, topic, &parts) || parts.ups[0] == '\0' ||
	    foreign(parts.tail) || strlen(topic) >= TOPIC_MAX)
		return;
	h = holder_of(v, parts.ups);
	if (h->nitems < FOUND_MAX)
		item_of(h, parts.tail);
	h->look = true;
}

/* Keeps a payload at a topic of a UPS. */
static void
put(struct values *v, struct holder *h, const char *tail, const char *payload,
    enum wanted_haste haste)
{
	char topic[TOPIC_MAX];
	struct item *item = item_of(h, tail);

	item->seen = true;
	item->gone_ms = 0;
	wanted_set(
	    v->wanted, topics_ups(v->topics, topic, h->word, tail), payload, haste);
}

/* Keeps the JSON object, if anything but its time is new. */
static void
put_object(struct values *v, struct holder *h, const struct feed_ups *u, int64_t wall_ms,
    enum wanted_haste haste)
{
	struct state_json json = {.site = v->topics->site,
	    .ups = u,
	    .at_ms = STATE_JSON_NEVER,
	    .energetic = h->energetic,
	    .wh = h->wh};

	buf_clear(&v->json);
	state_json_write(&v->json, &json);
	item_of(h, "state")->seen = true;
	if (h->said != NULL && strcmp(h->said, buf_str(&v->json)) == 0)
		return;
	free(h->said);
	h->said = xstrdup(buf_str(&v->json));
	buf_clear(&v->json);
	json.at_ms = wall_ms;
	state_json_write(&v->json, &json);
	put(v, h, "state", buf_str(&v->json), haste);
}

/* The status and what follows from it, before all else. */
static void
put_status(
    struct values *v, struct holder *h, const struct feed_ups *u, const char *status)
{
	put(v, h, "link", u->source == FEED_OK ? "online" : "offline", WANTED_FIRST);
	if (status == NULL)
		return;
	put(v, h, "ups/status", status, WANTED_FIRST);
	for (const struct condition_row *row = condition_rows; row->name != NULL; row++) {
		int is = condition_is(row, status);

		if (is >= 0)
			put(v, h, row->name, is ? "ON" : "OFF", WANTED_FIRST);
	}
	put(v, h, "condition", condition_word(status), WANTED_FIRST);
}

/* What is not among the variables of the UPS. */
static void
put_own(struct values *v, struct holder *h)
{
	char text[STATE_TIME_MAX];

	if (h->energetic) {
		snprintf(text, sizeof(text), "%.3f", (double)h->wh / 1000);
		put(v, h, "energy", text, WANTED_SOON);
	}
	if (!h->discharged)
		return;
	put(v, h, "outage/began", state_json_time(text, h->began_ms), WANTED_SOON);
	snprintf(text, sizeof(text), "%" PRIu64, h->seconds);
	put(v, h, "outage/seconds", text, WANTED_SOON);
}

static void
put_variables(struct values *v, struct holder *h, const struct state *s)
{
	char path[TOPIC_PATH_MAX];

	for (size_t i = 0; i < s->nvars; i++) {
		const struct state_var *var = s->vars[i];

		if (!topics_tells(var->name) || strcmp(var->name, "ups.status") == 0)
			continue;
		topic_path(path, var->name);
		/* A deletion it would be, and what is empty says nothing. */
		if (var->text[0] != '\0')
			put(v, h, path, var->text, WANTED_SOON);
	}
}

/* Deletes what is missing for long enough. */
static void
sweep(struct values *v, struct holder *h, uint64_t now_ms)
{
	char topic[TOPIC_MAX];
	size_t kept = 0;

	for (size_t i = 0; i < h->nitems; i++) {
		struct item *item = &h->items[i];

		if (!item->seen && item->gone_ms == 0)
			item->gone_ms = now_ms;
		if (!item->seen && now_ms - item->gone_ms >= GONE_MS) {
			wanted_drop(
			    v->wanted, topics_ups(v->topics, topic, h->word, item->tail));
			free(item->tail);
			continue;
		}
		if (!item->seen && item->gone_ms + GONE_MS < v->next_ms)
			v->next_ms = item->gone_ms + GONE_MS;
		h->items[kept++] = *item;
	}
	h->nitems = kept;
}

static void
look_at(struct values *v, struct holder *h, const struct feed_ups *u, uint64_t now_ms,
    int64_t wall_ms)
{
	char words[CONDITION_STATUS_MAX], is[CONDITION_STATUS_MAX + 8];
	const char *status = condition_status(u, words);
	bool news;

	h->look = false;
	h->gone_ms = 0;
	for (size_t i = 0; i < h->nitems; i++)
		h->items[i].seen = false;
	snprintf(is, sizeof(is), "%d %s", (int)u->source, status == NULL ? "" : status);
	news = h->status == NULL || strcmp(h->status, is) != 0;
	if (news) {
		free(h->status);
		h->status = xstrdup(is);
	}
	put_status(v, h, u, status);
	put_object(v, h, u, wall_ms, news ? WANTED_FIRST : WANTED_SOON);
	put_own(v, h);
	put_variables(v, h, u->state);
	/* The last event stays for as long as there is the UPS. */
	item_of(h, "event")->seen = true;
	if (u->source == FEED_OK)
		sweep(v, h, now_ms);
}

/* A UPS that the feed has not: it may be back at once (a reload), or never. Returns true
 * when nothing is left of it. */
static bool
look_for(struct values *v, struct holder *h, uint64_t now_ms)
{
	char topic[TOPIC_MAX];

	h->look = false;
	if (h->gone_ms == 0) {
		h->gone_ms = now_ms;
		if (h->nitems > 0)
			put(v, h, "link", "offline", WANTED_FIRST);
	}
	if (now_ms - h->gone_ms < GONE_MS) {
		if (h->gone_ms + GONE_MS < v->next_ms)
			v->next_ms = h->gone_ms + GONE_MS;
		return false;
	}
	for (size_t i = 0; i < h->nitems; i++)
		wanted_drop(
		    v->wanted, topics_ups(v->topics, topic, h->word, h->items[i].tail));
	return true;
}

/* The UPS of the feed with this word: the first of those that share it. */
static const struct feed_ups *
ups_of(const struct feed *f, const char *word)
{
	char its[TOPIC_WORD_MAX];

	for (size_t i = 0; i < f->nupses; i++)
		if (strcmp(topic_word(its, f->upses[i]->name), word) == 0)
			return f->upses[i];
	return NULL;
}

/* Says of the JSON object that was told last that it is not of now any more. */
static void
put_stale(struct values *v, struct holder *h, int64_t wall_ms)
{
	static const char online[] = "\"link\":\"online\"";
	const char *link = h->said == NULL ? NULL : strstr(h->said, online);
	char at[STATE_TIME_MAX];

	if (link == NULL)
		return;
	buf_clear(&v->json);
	buf_add(&v->json, h->said, (size_t)(link - h->said));
	buf_printf(&v->json, "\"at\":\"%s\",\"link\":\"offline\"%s",
	    state_json_time(at, wall_ms), link + sizeof(online) - 1);
	put(v, h, "state", buf_str(&v->json), WANTED_FIRST);
}

/* core is away: what is known is not of now, and nothing is gone. */
static void
look_away(struct values *v, int64_t wall_ms)
{
	for (size_t i = 0; i < v->nholders; i++) {
		struct holder *h = v->holders[i];

		if (h->status == NULL)
			continue;
		put(v, h, "link", "offline", WANTED_FIRST);
		put_stale(v, h, wall_ms);
		free(h->status);
		free(h->said);
		h->status = h->said = NULL;
	}
}

uint64_t
values_settle(struct values *v, const struct feed *f, uint64_t now_ms, int64_t wall_ms)
{
	bool due = v->next_ms <= now_ms;
	size_t kept = 0;

	if (!f->whole || f->nupses == 0) {
		if (v->look)
			look_away(v, wall_ms);
		v->look = false;
		return UINT64_MAX;
	}
	if (v->look)
		for (size_t i = 0; i < f->nupses; i++)
			holder_named(v, f->upses[i]->name);
	if (due)
		v->next_ms = UINT64_MAX;
	for (size_t i = 0; i < v->nholders; i++) {
		struct holder *h = v->holders[i];
		const struct feed_ups *u;

		v->holders[kept++] = h;
		if (!v->look && !due && !h->look)
			continue;
		if ((u = ups_of(f, h->word)) != NULL)
			look_at(v, h, u, now_ms, wall_ms);
		else if (look_for(v, h, now_ms)) {
			holder_free(h);
			kept--;
		}
	}
	v->nholders = kept;
	v->look = false;
	return v->next_ms == UINT64_MAX ? UINT64_MAX
	       : v->next_ms > now_ms    ? v->next_ms - now_ms
					: 0;
}
