/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/words.h"
#include "lib/xmem.h"
#include "out/outbox_in.h"
#include "out/wire.h"

/*
 * The lines of the file, in batches:
 *
 *     BOOT id                         what follows was written in that run of the machine
 *     HEARD ms                        the feed was heard last
 *     LAST id                         of an event
 *     READER name id                  he has taken all up to that one
 *     KEPT name key value
 *     UPS name flags wh battery_ms [why began ms charge_began charge_low voltage_low load wh]
 *     EVENT …                         as on the wire
 *     = 1a2b3c4d                      CRC-32 of the batch up to here
 */

#define END_WORD "= "
#define END_BYTES 11 /* "= 1a2b3c4d\n" */
#define OTHER_BOOT "-"

/* CRC-32 of IEEE 802.3, bit by bit: a batch is short. */
static uint32_t
checksum(const char *bytes, size_t len)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < len; i++) {
		crc ^= (unsigned char)bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~crc;
}

/* Ends the batch that began at `start` of the buffer; nothing is no batch. */
static void
seal(struct buf *out, size_t start)
{
	if (out->len > start)
		buf_printf(out, END_WORD "%08" PRIx32 "\n",
		    checksum(buf_head(out) + start, out->len - start));
}

/* " 97.5", or " -" for what is not known. */
static void
add_number(struct buf *out, double n)
{
	if (isfinite(n))
		buf_printf(out, " %.3f", n);
	else
		buf_puts(out, " -");
}

static void
add_ups(struct buf *out, const struct outbox_one *u)
{
	const struct watch_outage *o = &u->outage;

	buf_puts(out, "UPS");
	event_word(out, u->name);
	buf_printf(out, " %u", u->flags);
	add_number(out, u->wh);
	buf_printf(out, " %" PRId64, u->battery_ms);
	if (u->open) {
		buf_printf(out, " %d %" PRId64 " %" PRIu64, (int)o->why, o->began, o->ms);
		add_number(out, o->charge_began);
		add_number(out, o->charge_low);
		add_number(out, o->voltage_low);
		add_number(out, o->load);
		add_number(out, o->wh);
	}
	buf_puts(out, "\n");
}

static void
add_reader(struct buf *out, const struct outbox_reader *r)
{
	buf_puts(out, "READER");
	event_word(out, r->name);
	buf_printf(out, " %" PRIu64 "\n", r->taken);
}

static void
add_boot(struct buf *out, const char *boot)
{
	buf_puts(out, "BOOT");
	event_word(out, boot);
	buf_puts(out, "\n");
}

/* All that there is to write is. */
static void
written(struct outbox *b)
{
	b->boot_written = true;
	b->heard_changed = false;
	for (size_t i = 0; i < b->nupses; i++)
		b->upses[i].changed = false;
	for (size_t i = 0; i < b->nitems; i++)
		b->items[i].written = true;
	for (size_t i = 0; i < b->nreaders; i++)
		b->readers[i].changed = false;
	buf_clear(&b->lines);
	b->overflows = false;
}

bool
outbox_commit(struct outbox *b, struct buf *out)
{
	size_t start = out->len;

	if (!b->boot_written)
		add_boot(out, b->boot);
	for (size_t i = 0; i < b->nupses; i++)
		if (b->upses[i].changed)
			add_ups(out, &b->upses[i]);
	for (size_t i = 0; i < b->nitems; i++)
		if (!b->items[i].written)
			buf_puts(out, b->items[i].line);
	for (size_t i = 0; i < b->nreaders; i++)
		if (b->readers[i].changed)
			add_reader(out, &b->readers[i]);
	buf_add(out, buf_head(&b->lines), b->lines.len);
	if (out->len > start && b->heard_changed)
		buf_printf(out, "HEARD %" PRId64 "\n", b->heard_ms);
	seal(out, start);
	if (out->len == start)
		return false;
	written(b);
	return true;
}

/* What publishers asked to be kept. */
static void
snapshot_kept(struct buf *out, const struct outbox_reader *r)
{
	for (size_t k = 0; k < r->nkept; k++) {
		buf_puts(out, "KEPT");
		event_word(out, r->name);
		event_word(out, r->kept[k].key);
		event_word(out, r->kept[k].value);
		buf_puts(out, "\n");
	}
}

/* A batch of each: what one of them loses by damage is little. */
void
outbox_snapshot(struct outbox *b, struct buf *out)
{
	bool here = false;
	size_t start = out->len;

	buf_printf(out, "HEARD %" PRId64 "\n", b->heard_ms);
	add_boot(out, OTHER_BOOT);
	seal(out, start);
	for (size_t i = 0; i < b->nreaders; i++) {
		start = out->len;
		add_reader(out, &b->readers[i]);
		snapshot_kept(out, &b->readers[i]);
		seal(out, start);
	}
	for (size_t i = 0; i < b->nitems; i++) {
		start = out->len;
		if (b->items[i].here && !here)
			add_boot(out, b->boot);
		here = here || b->items[i].here;
		buf_puts(out, b->items[i].line);
		seal(out, start);
	}
	for (size_t i = 0; i < b->nupses; i++) {
		start = out->len;
		if (!here)
			add_boot(out, b->boot);
		here = true;
		add_ups(out, &b->upses[i]);
		seal(out, start);
	}
	start = out->len;
	if (!here)
		add_boot(out, b->boot);
	buf_printf(out, "LAST %" PRIu64 "\n", b->last);
	seal(out, start);
	written(b);
}

/* While the file is read. */
struct load {
	struct outbox *b;
	bool here; /* lines are of this boot */
};

/* Reads a whole decimal number without a sign. */
static bool
number(const char *text, uint64_t max, uint64_t *n)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*n = strtoull(text, &end, 10);
	return *end == '\0' && errno == 0 && *n <= max;
}

static double
real(const char *text)
{
	char *end;
	double n = strtod(text, &end);

	return end == text || *end != '\0' || !isfinite(n) ? NAN : n;
}

static struct outbox_reader *
reader_named(struct outbox *b, const char *name)
{
	for (size_t i = 0; i < b->nreaders; i++)
		if (strcmp(b->readers[i].name, name) == 0)
			return &b->readers[i];
	return NULL;
}

static void
load_reader(struct load *l, const struct words *w)
{
	struct outbox_reader *r = w->argc == 3 ? reader_named(l->b, w->argv[1]) : NULL;

	if (r != NULL && number(w->argv[2], UINT64_MAX, &r->taken))
		r->known = true;
}

static void
load_kept(struct load *l, const struct words *w)
{
	struct outbox_reader *r = w->argc == 4 ? reader_named(l->b, w->argv[1]) : NULL;

	if (r != NULL && strlen(w->argv[2]) <= WIRE_KEY_MAX &&
	    strlen(w->argv[3]) <= WIRE_VALUE_MAX)
		outbox_keep(l->b, (size_t)(r - l->b->readers), w->argv[2], w->argv[3]);
}

/* The words of an open outage, behind those of its UPS. */
static bool
load_outage(struct watch_outage *o, char *const *args)
{
	uint64_t why, began;

	if (!number(args[0], WATCH_BY_CALIBRATION, &why) ||
	    !number(args[1], INT64_MAX, &began) || !number(args[2], INT64_MAX, &o->ms))
		return false;
	o->why = (enum watch_why)why;
	o->began = (int64_t)began;
	o->charge_began = real(args[3]);
	o->charge_low = real(args[4]);
	o->voltage_low = real(args[5]);
	o->load = real(args[6]);
	o->wh = real(args[7]);
	return true;
}

static void
load_ups(struct load *l, const struct words *w)
{
	uint64_t flags, battery_ms;
	struct outbox_one one = {.here = l->here}, *u;

	if ((w->argc != 5 && w->argc != 13) || !number(w->argv[2], UINT32_MAX, &flags) ||
	    !number(w->argv[4], INT64_MAX, &battery_ms))
		return;
	one.flags = (unsigned)flags;
	one.wh = real(w->argv[3]);
	one.wh = one.wh >= 0 ? one.wh : 0;
	one.battery_ms = (int64_t)battery_ms;
	one.open = w->argc == 13 && load_outage(&one.outage, &w->argv[5]);
	if ((u = outbox_one(l->b, w->argv[1])) == NULL)
		return;
	one.name = u->name;
	*u = one;
}

static void
load_event(struct load *l, const struct words *w)
{
	struct buf line = {0};
	struct event e;

	if (event_parse(&e, &w->argv[1], w->argc - 1) < 0 || e.id <= l->b->last)
		return;
	event_format(&line, &e);
	outbox_put(l->b, &e, l->here, xstrndup(buf_head(&line), line.len));
	buf_free(&line);
}

static void
load_last(struct load *l, const struct words *w)
{
	uint64_t id;

	if (w->argc == 2 && number(w->argv[1], UINT64_MAX, &id) && id > l->b->last)
		l->b->last = id;
}

static void
load_heard(struct load *l, const struct words *w)
{
	uint64_t ms;

	if (w->argc == 2 && number(w->argv[1], INT64_MAX, &ms))
		l->b->heard_ms = (int64_t)ms;
}

static void
load_boot(struct load *l, const struct words *w)
{
	l->here = w->argc == 2 && strcmp(w->argv[1], l->b->boot) == 0;
}

static const struct {
	const char *word;
	void (*load)(struct load *l, const struct words *w);
} rows[] = {
    {"EVENT", load_event},
    {"READER", load_reader},
    {"KEPT", load_kept},
    {"UPS", load_ups},
    {"HEARD", load_heard},
    {"LAST", load_last},
    {"BOOT", load_boot},
};

/* Takes the lines of a whole batch; one of a newer holdup is passed over. */
static void
load_batch(struct load *l, const char *text, const char *end)
{
	const char *lf, *why;
	struct words w;

	for (; (lf = memchr(text, '\n', (size_t)(end - text))) != NULL; text = lf + 1) {
		if (words_split(&w, WORDS_PROTOCOL, text, (size_t)(lf - text), &why) <
			0 ||
		    w.argc < 2)
			continue;
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (strcmp(w.argv[0], rows[i].word) == 0)
				rows[i].load(l, &w);
	}
}

/* The next line that ends a batch, from `text` on; NULL: there is none. */
static const char *
batch_end(const char *text, const char *end)
{
	while (end - text >= END_BYTES) {
		const char *lf;

		if (memcmp(text, END_WORD, strlen(END_WORD)) == 0)
			return text;
		if ((lf = memchr(text, '\n', (size_t)(end - text))) == NULL)
			return NULL;
		text = lf + 1;
	}
	return NULL;
}

size_t
outbox_load(struct outbox *b, const char *text, size_t len, struct buf *damaged)
{
	const char *end = text + len, *seal_at;
	struct load l = {.b = b};
	size_t n = 0;

	for (; (seal_at = batch_end(text, end)) != NULL; text = seal_at + END_BYTES) {
		char wanted[END_BYTES + 1];

		snprintf(wanted, sizeof(wanted), END_WORD "%08" PRIx32 "\n",
		    checksum(text, (size_t)(seal_at - text)));
		if (memcmp(seal_at, wanted, END_BYTES) == 0) {
			load_batch(&l, text, seal_at);
			continue;
		}
		buf_add(damaged, text, (size_t)(seal_at + END_BYTES - text));
		n++;
	}
	/* Where something is damaged it may have been his line: rather twice than never. */
	for (size_t i = 0; i < b->nreaders && n == 0; i++)
		if (!b->readers[i].known)
			b->readers[i].taken = b->last;
	outbox_sweep(b);
	b->safe = b->last;
	return n;
}
