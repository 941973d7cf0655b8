/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "out/herald.h"

#define WALL INT64_C(1795456800000)
#define BOOT UINT64_C(5000000)

/* A herald with his outbox, and what he has told. */
struct world {
	struct outbox *box;
	struct herald *herald;
	struct feed feed;
	struct watch_now now;
	uint64_t id; /* of the last event that was looked at */
	enum herald_haste haste;
	char told[64];
};

static void
on_changed(void *arg, enum herald_haste haste)
{
	struct world *w = arg;

	w->haste = haste;
	outbox_safe(w->box, outbox_last(w->box));
}

static void
on_energy(void *arg, const char *ups, uint64_t wh)
{
	struct world *w = arg;

	snprintf(w->told, sizeof(w->told), "%s %d", ups, (int)wh);
}

static void
begin(struct world *w, const struct buf *file)
{
	struct buf damaged = {0};

	w->box = outbox_new("boot");
	outbox_reader(w->box, "mqtt", UINT64_MAX);
	if (file != NULL)
		outbox_load(w->box, buf_head(file), file->len, &damaged);
	w->herald = herald_new(w->box, on_changed, w);
	herald_begin(w->herald);
	w->id = outbox_taken(w->box, 0);
}

static void
end(struct world *w)
{
	herald_free(w->herald);
	outbox_free(w->box);
	feed_clear(&w->feed);
}

/* The feed says lines, one after the other, at this moment. */
static void
feed(struct world *w, const char *lines)
{
	for (const char *lf; (lf = strchr(lines, '\n')) != NULL; lines = lf + 1) {
		struct feed_change c = feed_apply(&w->feed, lines, (size_t)(lf - lines));

		assert_int_not_equal(c.kind, FEED_BROKEN);
		if (w->feed.whole)
			herald_feed(w->herald, &w->feed, &c, w->now);
	}
}

static void
pass(struct world *w, int64_t ms)
{
	w->now.wall_ms += ms;
	w->now.boot_ms += (uint64_t)ms;
}

/* The next event must be of this kind. */
static struct event
next(struct world *w, enum kind kind)
{
	const char *line = outbox_next(w->box, 0, &w->id);
	struct event e;

	assert_non_null(line);
	assert_int_equal(event_read(&e, line, strlen(line) - 1), 0);
	assert_string_equal(kind_word(e.kind), kind_word(kind));
	return e;
}

static void
assert_fact(const struct event *e, const char *name, const char *wanted)
{
	const char *value = event_fact(e, name);

	if (wanted == NULL)
		assert_null(value);
	else {
		assert_non_null(value);
		assert_string_equal(value, wanted);
	}
}

#define SNAPSHOT(status)                                                              \
	"BEGIN 0\nUPS q \"x\"\nq SETINFO battery.charge \"100\"\nq SETINFO ups.load " \
	"\"50\"\nq SETINFO ups.realpower \"360\"\nq SETINFO ups.status \"" status     \
	"\"\nq DATAOK\nEND 0\n"

/* An outage, in the middle of which `out` is started anew. */
static void
test_outage(void **state)
{
	struct world w = {.now = {WALL, BOOT}};
	struct buf file = {0};
	struct event e;

	begin(&w, NULL);
	feed(&w, SNAPSHOT("OL"));
	pass(&w, 1000);
	feed(&w, "1 q SETINFO ups.status \"OB\"\n");
	e = next(&w, KIND_ONBATT);
	assert_int_equal(w.haste, HERALD_NOW);
	assert_true(e.at_ms == WALL + 1000 && e.id == (uint64_t)WALL + 1000);
	assert_fact(&e, "ups.status", "OB");
	assert_fact(&e, "outage.kind", "outage");
	assert_fact(&e, "outage.seconds", NULL);
	outbox_heard(w.box, w.now.wall_ms);
	outbox_take(w.box, 0, e.id);
	outbox_snapshot(w.box, &file);
	end(&w);

	pass(&w, 9000);
	begin(&w, &file);
	w.feed = (struct feed){0};
	feed(&w, SNAPSHOT("OB"));
	assert_null(outbox_next(w.box, 0, &w.id));
	pass(&w, 2000);
	feed(&w, "1 q SETINFO battery.charge \"80\"\n2 q SETINFO ups.status \"OL\"\n");
	e = next(&w, KIND_ONLINE);
	assert_fact(&e, "outage.kind", "outage");
	assert_fact(&e, "outage.seconds", "11");
	assert_fact(&e, "outage.began", "1795456801000");
	assert_fact(&e, "outage.charge.low", "80");
	assert_fact(&e, "battery.charge", "80");
	assert_null(outbox_next(w.box, 0, &w.id));
	end(&w);
	buf_free(&file);
}

static void
test_others(void **state)
{
	struct world w = {.now = {WALL, BOOT}};
	struct event e;

	begin(&w, NULL);
	herald_say(w.herald, KIND_START, "Begin", w.now);
	e = next(&w, KIND_START);
	assert_int_equal(e.nfacts, 0);
	feed(&w, SNAPSHOT("OL"));
	feed(&w, "1 * MACHINE nas on \"\"\n2 * MACHINE nas left \"it said so\"\n"
		 "3 q DEED history - NEWS untested \"It is late.\" 0\n"
		 "4 q DEED history - NEWS nonsense \"x\" 0\n"
		 "5 q DEED admin ::1 FSD - \"\" 0\n");
	e = next(&w, KIND_MACHINE);
	assert_fact(&e, "machine.name", "nas");
	assert_fact(&e, "machine.stand", "left");
	assert_fact(&e, "machine.why", "it said so");
	e = next(&w, KIND_UNTESTED);
	assert_string_equal(e.text, "It is late.");
	assert_string_equal(e.ups, "q");
	e = next(&w, KIND_DEED);
	assert_string_equal(e.who, "admin@::1");
	assert_null(outbox_next(w.box, 0, &w.id));
	/* The clock is set: what nobody has taken moves with it, and the file is old. */
	pass(&w, 60000);
	w.now.wall_ms += 86400000;
	herald_time(w.herald, &w.feed, w.now);
	e = next(&w, KIND_CLOCK);
	w.id = 0;
	e = next(&w, KIND_START);
	assert_int_equal(e.at_ms, WALL + 86400000);
	end(&w);
}

static void
test_energy(void **state)
{
	struct world w = {.now = {WALL, BOOT}};
	struct outbox *old;

	begin(&w, NULL);
	feed(&w, SNAPSHOT("OL"));
	for (int i = 0; i < 100; i++) {
		pass(&w, 10000);
		herald_count(w.herald, w.now.boot_ms);
	}
	herald_written(w.herald, on_energy, &w);
	assert_string_equal(w.told, ""); /* it is not in the outbox */
	herald_keep(w.herald, w.now.boot_ms);
	herald_written(w.herald, on_energy, &w);
	assert_string_equal(w.told, "q 100");
	w.told[0] = '\0';
	herald_written(w.herald, on_energy, &w);
	assert_string_equal(w.told, "");
	herald_energies(w.herald, on_energy, &w);
	assert_string_equal(w.told, "q 100");
	/* What the disk had, and gave late, is added. */
	old = outbox_new_like(w.box);
	outbox_energy(old, "q", 1000);
	herald_adopt(w.herald, old, w.now.boot_ms);
	pass(&w, 10000);
	herald_keep(w.herald, w.now.boot_ms);
	herald_written(w.herald, on_energy, &w);
	assert_string_equal(w.told, "q 1101");
	outbox_free(old);
	end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_outage),
	    cmocka_unit_test(test_others),
	    cmocka_unit_test(test_energy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
