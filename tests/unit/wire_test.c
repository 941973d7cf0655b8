/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "out/energy.h"
#include "out/facts.h"
#include "out/link.h"
#include "out/publishers.h"
#include "out/wire.h"

static void
test_event(void **data)
{
	static const char line[] =
	    "EVENT 1795456800123 1795456800124 onbatt qnapups \"admin@::1 x\" "
	    "\"On battery: \\\"a\\\\b\\\" and so on.\" battery.charge=100 "
	    "\"ups.status=OB DISCHRG\" \"ups.alarm=a\\\"=b\"\n";
	struct event e = {.id = 1795456800123, .at_ms = 1795456800124}, again;
	struct buf out = {0};

	e.kind = KIND_ONBATT;
	event_cut(e.ups, sizeof(e.ups), "qnapups");
	event_cut(e.who, sizeof(e.who), "admin@::1\tx");
	event_cut(e.text, sizeof(e.text), "On battery: \"a\\b\" and\nso on.");
	event_fact_add(&e, "battery.charge", "100");
	event_fact_add(&e, "ups.status", "OB DISCHRG");
	event_fact_add(&e, "ups.alarm", "a\"=b");
	event_fact_add(&e, "a=b", "no name");
	event_fact_add(&e, "", "no name");
	event_format(&out, &e);
	assert_string_equal(buf_str(&out), line);
	assert_int_equal(event_read(&again, line, strlen(line) - 1), 0);
	assert_int_equal(again.id, e.id);
	assert_int_equal(again.at_ms, e.at_ms);
	assert_int_equal(again.kind, KIND_ONBATT);
	assert_string_equal(again.text, "On battery: \"a\\b\" and so on.");
	assert_string_equal(event_fact(&again, "ups.alarm"), "a\"=b");
	assert_string_equal(event_fact(&again, "battery.charge"), "100");
	assert_null(event_fact(&again, "battery"));
	assert_null(event_fact(&again, "battery.charge="));
	buf_free(&out);
}

static void
test_event_bounds(void **data)
{
	char quotes[EVENT_FACT_MAX + 1] = "";
	struct event e = {.id = UINT64_MAX, .kind = KIND_STOP}, again;
	struct buf out = {0};

	memset(e.text, '"', EVENT_TEXT_MAX);
	memset(e.who, '"', sizeof(e.who) - 1);
	memset(e.ups, '"', sizeof(e.ups) - 1);
	memset(quotes, '"', EVENT_FACT_MAX - 2);
	for (size_t i = 0; i < EVENT_FACTS_MAX + 3; i++)
		event_fact_add(&e, "a", quotes);
	assert_int_equal(e.nfacts, EVENT_FACTS_MAX);
	event_fact_add(&e, "ab", quotes);
	event_format(&out, &e);
	assert_in_range(out.len, EVENT_LINE_MAX - 500, EVENT_LINE_MAX + 1);
	assert_int_equal(event_read(&again, buf_head(&out), out.len - 1), 0);
	assert_int_equal(again.id, UINT64_MAX);
	assert_true(again.nfacts < EVENT_FACTS_MAX);
	/* Cut between two letters. */
	event_cut(e.ups, 4, "aüü");
	assert_string_equal(e.ups, "aü");
	event_cut(e.ups, 3, "aüü");
	assert_string_equal(e.ups, "a");
	buf_free(&out);
}

static void
test_event_bad(void **data)
{
	static const char *const lines[] = {
	    "",
	    "EVENT",
	    "EVENT 1 2 onbatt a -",
	    "EVENT -1 2 onbatt a - x",
	    "EVENT 1 2x onbatt a - x",
	    "EVENT 1 99999999999999999999 onbatt a - x",
	    "EVENT 1 2 flood a - x",
	    "EVENT 1 2 onbatt a - x fact",
	    "EVENT 1 2 onbatt a - x =fact",
	    "EVENT 1 2 onbatt a - \"x",
	    "EVENTS 1 2 onbatt a - x",
	};
	struct event e;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(event_read(&e, lines[i], strlen(lines[i])), -1);
}

static const struct {
	struct wire_said said;
	const char *line;
} said[] = {
    {{.verb = WIRE_TAKEN, .id = 17}, "TAKEN 17\n"},
    {{.verb = WIRE_KEEP, .name = "a key", .value = ""}, "KEEP \"a key\" \"\"\n"},
    {{.verb = WIRE_ORDER, .number = 3, .ups = "q", .name = "load.off"},
	"ASK 3 INSTCMD q load.off\n"},
    {{.verb = WIRE_ORDER, .number = 3, .ups = "q", .name = "load.off", .value = "a b"},
	"ASK 3 INSTCMD q load.off \"a b\"\n"},
    {{.verb = WIRE_SET, .number = 4, .ups = "q", .name = "ups.id", .value = "x\"y"},
	"ASK 4 SET q ups.id \"x\\\"y\"\n"},
};

static void
assert_text(const char *got, const char *wanted)
{
	if (wanted == NULL)
		assert_null(got);
	else
		assert_string_equal(got, wanted);
}

static void
test_wire(void **data)
{
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		struct buf out = {0};
		struct wire_said s;
		struct words store;

		wire_say(&out, &said[i].said);
		assert_string_equal(buf_str(&out), said[i].line);
		assert_int_equal(wire_read(&s, &store, buf_head(&out), out.len - 1), 0);
		assert_int_equal(s.verb, said[i].said.verb);
		assert_int_equal(s.id, said[i].said.id);
		assert_int_equal(s.number, said[i].said.number);
		assert_text(s.ups, said[i].said.ups);
		assert_text(s.name, said[i].said.name);
		assert_text(s.value, said[i].said.value);
		buf_free(&out);
	}
}

static void
test_wire_bad(void **data)
{
	static const char *const lines[] = {
	    "",
	    "TAKEN",
	    "TAKEN x",
	    "TAKEN 1 2",
	    "TAKEN -1",
	    "KEEP a",
	    "KEEP \"\" b",
	    "KEEP a b c",
	    "ASK 1 INSTCMD q",
	    "ASK x INSTCMD q a",
	    "ASK 1 FSD q a",
	    "ASK 1 SET q a",
	    "ASK 1 INSTCMD \"q q\" a",
	    "ASK 1 INSTCMD q \"a b\"",
	    "ASK 1 INSTCMD q a b c",
	    "EVENT 1 2 onbatt a - x",
	};
	char line[2000];
	struct wire_said s;
	struct words store;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(wire_read(&s, &store, lines[i], strlen(lines[i])), -1);
	snprintf(line, sizeof(line), "KEEP a %0*d", WIRE_VALUE_MAX, 0);
	assert_int_equal(wire_read(&s, &store, line, strlen(line)), 0);
	snprintf(line, sizeof(line), "KEEP a %0*d", WIRE_VALUE_MAX + 1, 0);
	assert_int_equal(wire_read(&s, &store, line, strlen(line)), -1);
	snprintf(line, sizeof(line), "KEEP %0*d a", WIRE_KEY_MAX + 1, 0);
	assert_int_equal(wire_read(&s, &store, line, strlen(line)), -1);
}

/* What a publisher has heard, as text. */
struct heard {
	struct buf text;
	struct link *link;
};

static void
on_kept(void *arg, const char *key, const char *value)
{
	buf_printf(&((struct heard *)arg)->text, "kept %s=%s;", key, value);
}

static void
on_changed(void *arg, const struct feed *f, const struct feed_change *c)
{
	buf_printf(&((struct heard *)arg)->text, "feed %d %zu %d;", (int)c->kind,
	    f->nupses, f->whole);
}

static void
on_event(void *arg, const struct event *e)
{
	struct heard *h = arg;

	buf_printf(&h->text, "event %s;", kind_word(e->kind));
	link_take(h->link, e->id);
}

static void
on_energy(void *arg, const char *ups, uint64_t wh)
{
	buf_printf(&((struct heard *)arg)->text, "energy %s %d;", ups, (int)wh);
}

static void
on_asked(void *arg, unsigned long number, const char *answer)
{
	buf_printf(&((struct heard *)arg)->text, "asked %lu %s;", number, answer);
}

static const struct link_ops ops = {.kept = on_kept,
    .changed = on_changed,
    .event = on_event,
    .energy = on_energy,
    .asked = on_asked};

static void
say(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void
assert_heard(struct heard *h, const char *wanted)
{
	assert_string_equal(buf_str(&h->text), wanted);
	buf_clear(&h->text);
}

static void
test_link(void **data)
{
	struct heard h = {0};
	char text[256] = "";
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	h.link = link_new(fds[1], &ops, &h);
	assert_int_equal(link_fd(h.link), fds[1]);
	say(fds[0], "KEPT key \"a b\"\nBEGIN 7\nUPS EVENT \"x\"\nEVENT LO");
	assert_true(link_read(h.link));
	assert_heard(&h, "kept key=a b;");
	assert_false(link_feed(h.link)->whole);
	say(fds[0], "ST\nEND 7\n8 EVENT DATAOK\nENERGY EVENT 12\n");
	say(fds[0], "EVENT 5 6 start - - Begin\nASKED 1 OK\nASKED 1 DONE 0\nNEW x y\n");
	assert_true(link_read(h.link));
	snprintf(text, sizeof(text),
	    "feed %d 1 1;feed %d 1 1;energy EVENT 12;"
	    "event start;asked 1 OK;asked 1 DONE 0;",
	    (int)FEED_SNAPSHOT, (int)FEED_SOURCE);
	assert_heard(&h, text);
	assert_true(link_feed(h.link)->whole);
	/* Core is away: that is not a house without UPSes, but it may become one. */
	say(fds[0], "BEGIN 0\nEND 0\n");
	assert_true(link_read(h.link));
	assert_false(link_feed(h.link)->whole);
	say(fds[0], "1 UPS new \"x\"\n");
	assert_true(link_read(h.link));
	assert_true(link_feed(h.link)->whole);
	link_keep(h.link, "k", "v");
	assert_int_equal(link_ask(h.link, false, "q", "beeper.toggle", NULL), 1);
	assert_int_equal(link_ask(h.link, true, "q", "ups.id", "x"), 2);
	memset(text, 0, sizeof(text));
	assert_in_range(read(fds[0], text, sizeof(text) - 1), 1, 200);
	assert_string_equal(text, "TAKEN 5\nKEEP k v\nASK 1 INSTCMD q beeper.toggle\n"
				  "ASK 2 SET q ups.id x\n");
	close(fds[0]);
	assert_false(link_read(h.link));
	link_take(h.link, 9);
	assert_false(link_read(h.link));
	link_free(h.link);
	buf_free(&h.text);
}

static void
test_link_broken(void **data)
{
	static const char *const lines[] = {
	    "1 q DATAOK\n",
	    "EVENT 1 2 flood a - x\n",
	    "ENERGY q -1\n",
	    "KEPT a\n",
	    "ASKED 1\n",
	    "\"\n",
	};
	char *long_line = NULL;

	for (size_t i = 0; i <= sizeof(lines) / sizeof(lines[0]); i++) {
		struct heard h = {0};
		int fds[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
		h.link = link_new(fds[1], &ops, &h);
		if (i < sizeof(lines) / sizeof(lines[0]))
			say(fds[0], lines[i]);
		else {
			long_line = test_malloc(9001);
			memset(long_line, 'x', 9000);
			long_line[9000] = '\0';
			say(fds[0], long_line);
			test_free(long_line);
		}
		assert_false(link_read(h.link));
		close(fds[0]);
		link_free(h.link);
		buf_free(&h.text);
	}
}

static void
test_energy(void **data)
{
	struct energy e = {.wh = 100};

	energy_watts(&e, 360, 1000);
	assert_float_equal(energy_count(&e, 11000), 101, 1e-9);
	energy_watts(&e, NAN, 21000);
	assert_float_equal(energy_count(&e, 31000), 102, 1e-9);
	energy_watts(&e, 3600, 40000);
	/* The machine slept. */
	assert_float_equal(energy_count(&e, 40000 + ENERGY_GAP_MS), 102, 1e-9);
	energy_watts(&e, -5, 200000);
	assert_float_equal(energy_count(&e, 201000), 102, 1e-9);
	energy_watts(&e, 1e9, 201000);
	assert_float_equal(energy_count(&e, 202000), 102, 1e-9);
}

static void
test_facts(void **data)
{
	struct watch_outage o = {.why = WATCH_BY_TEST,
	    .ended = 100000,
	    .ms = 61700,
	    .charge_low = NAN,
	    .wh = 3.24};
	struct event e = {0};
	struct feed f = {0};
	struct feed_ups *u = feed_add(&f, "q", "x");

	state_set(u->state, "ups.status", "OB");
	state_set(u->state, "battery.temperature", "25");
	feed_view_set(u, "*", FEED_VIEW_FSD);
	facts_ups(&e, u);
	assert_int_equal(e.nfacts, 0); /* they are not of now */
	u->source = FEED_OK;
	facts_ups(&e, u);
	assert_int_equal(e.nfacts, 2);
	assert_string_equal(e.facts[0].text, "ups.status=FSD OB");
	assert_string_equal(event_fact(&e, "battery.temperature"), "25");
	facts_outage(&e, &o);
	assert_string_equal(event_fact(&e, "outage.kind"), "test");
	assert_string_equal(event_fact(&e, "outage.began"), "38300");
	assert_string_equal(event_fact(&e, "outage.seconds"), "62");
	assert_string_equal(event_fact(&e, "outage.wh"), "3.2");
	assert_null(event_fact(&e, "outage.charge.low"));
	e = (struct event){0};
	o.ended = 0;
	facts_outage(&e, &o);
	assert_int_equal(e.nfacts, 1);
	feed_clear(&f);
}

static void
test_publishers(void **data)
{
	static const char text[] =
	    "[mqtt]\nurl = mqtt://h\nevents = all -logins\n"
	    "[domoticz]\nurl = http://h:8080\n"
	    "[notify a]\nvia = ntfy\nurl = https://h/t\nevents = onbatt\n"
	    "[notify b]\nvia = ntfy\n"
	    "[notify c]\nvia = ntfy\nurl = https://h/t\nevents = machines\n";
	struct publisher p[PUBLISHERS_MAX];
	struct problems problems = {0};
	struct holdup_conf c;

	holdup_conf_read(&c, "f", text, strlen(text), &problems);
	assert_int_equal(publishers_wanted(&c, p), 4);
	assert_string_equal(p[0].name, "mqtt");
	assert_string_equal(p[0].program, "mqtt");
	assert_true(p[0].orders && p[0].tls && p[0].window == 16);
	assert_true(p[0].kinds & CONF_EVENTS_BIT(KIND_DEED));
	assert_false(p[0].kinds & CONF_EVENTS_BIT(KIND_LOGIN));
	assert_string_equal(p[1].name, "domoticz");
	assert_string_equal(p[1].program, "publish");
	assert_true(p[1].kinds == 0 && !p[1].orders && !p[1].tls);
	assert_string_equal(p[2].name, "notify.a");
	assert_true(
	    p[2].kinds == (CONF_EVENTS_BIT(KIND_ONBATT) | CONF_EVENTS_BIT(KIND_ONLINE)));
	assert_string_equal(p[3].name, "notify.c");
	assert_true(p[3].kinds == CONF_EVENTS_BIT(KIND_MACHINE));
	holdup_conf_free(&c);
	problems_free(&problems);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_event),
	    cmocka_unit_test(test_event_bounds),
	    cmocka_unit_test(test_event_bad),
	    cmocka_unit_test(test_wire),
	    cmocka_unit_test(test_wire_bad),
	    cmocka_unit_test(test_link),
	    cmocka_unit_test(test_link_broken),
	    cmocka_unit_test(test_energy),
	    cmocka_unit_test(test_facts),
	    cmocka_unit_test(test_publishers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
