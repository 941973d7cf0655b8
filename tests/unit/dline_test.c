/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/dline.h"

static enum dline_kind
say(struct state *s, const char *line)
{
	struct words w;
	const char *why;

	assert_int_equal(words_split(&w, WORDS_PROTOCOL, line, strlen(line), &why), 0);
	return dline_apply(s, &w, 0);
}

/* What drivers of NUT say, in the order in which usbhid-ups says it. */
static void
test_nut_driver(void **state)
{
	struct state *s = state_new();
	const struct state_var *v;

	assert_int_equal(say(s, "SETINFO ups.status \"OL CHRG\""), DLINE_CHANGED);
	assert_int_equal(say(s, "SETINFO ups.status \"OL CHRG\""), DLINE_SAME);
	assert_int_equal(say(s, "SETINFO ups.delay.shutdown \"20\""), DLINE_CHANGED);
	assert_int_equal(
	    say(s, "SETFLAGS ups.delay.shutdown RW STRING IMMUTABLE"), DLINE_CHANGED);
	assert_int_equal(say(s, "SETAUX ups.delay.shutdown \"10\""), DLINE_CHANGED);
	assert_int_equal(say(s, "ADDRANGE ups.delay.shutdown 0 600"), DLINE_CHANGED);
	assert_int_equal(say(s, "ADDENUM ups.delay.shutdown \"20\""), DLINE_CHANGED);
	assert_int_equal(say(s, "ADDCMD load.off"), DLINE_CHANGED);
	assert_int_equal(say(s, "ADDCMD load.off"), DLINE_SAME);
	assert_int_equal(say(s, "DATAOK"), DLINE_DATAOK);
	assert_int_equal(say(s, "DATASTALE"), DLINE_DATASTALE);
	assert_int_equal(say(s, "DUMPDONE"), DLINE_DUMPDONE);
	assert_int_equal(say(s, "PONG"), DLINE_PONG);
	assert_int_equal(say(s, "TRACKING 1bd31808-cb49 0"), DLINE_TRACKING);
	v = state_var(s, "ups.delay.shutdown");
	assert_int_equal(v->flags, STATE_RW | STATE_STRING);
	assert_int_equal(v->aux, 10);
	assert_int_equal(v->ranges[0].max, 600);
	assert_int_equal(say(s, "DELRANGE ups.delay.shutdown 0 600"), DLINE_CHANGED);
	assert_int_equal(say(s, "DELENUM ups.delay.shutdown 20"), DLINE_CHANGED);
	assert_int_equal(say(s, "DELCMD load.off"), DLINE_CHANGED);
	assert_int_equal(say(s, "DELINFO ups.status"), DLINE_CHANGED);
	assert_int_equal(say(s, "DELINFO ups.status"), DLINE_SAME);
	state_free(s);
}

static void
test_bad(void **state)
{
	static const char *const bad[] = {"SETINFO a", "SETINFO \"a b\" c", "DELINFO",
	    "SETAUX a x", "SETAUX a -1", "SETAUX a 99999999999999999999", "ADDRANGE a 1",
	    "ADDRANGE a 1 2x", "ADDENUM a", "ADDCMD", "ADDCMD \"\"", "TRACKING 1"};
	struct state *s = state_new();

	state_set(s, "a", "1");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(say(s, bad[i]), DLINE_BAD);
	assert_int_equal(say(s, ""), DLINE_UNKNOWN);
	assert_int_equal(say(s, "PID 7"), DLINE_UNKNOWN);
	assert_int_equal(s->nvars, 1);
	state_free(s);
}

/* A driver that runs wild does not fill the memory. */
static void
test_limits(void **state)
{
	struct state *s = state_new();
	struct buf line = {0};
	enum dline_kind last[3] = {0};

	state_set(s, "a", "1");
	for (int i = 0; i < 5000; i++) {
		buf_clear(&line);
		buf_printf(&line, "SETINFO v%d 1", i);
		last[0] = say(s, buf_str(&line));
		buf_clear(&line);
		buf_printf(&line, "ADDCMD c%d", i);
		last[1] = say(s, buf_str(&line));
		buf_clear(&line);
		buf_printf(&line, "ADDENUM a %d", i);
		last[2] = say(s, buf_str(&line));
	}
	for (int i = 0; i < 3; i++)
		assert_int_equal(last[i], DLINE_BAD);
	assert_int_equal(say(s, "SETINFO a 2"), DLINE_CHANGED);
	buf_free(&line);
	state_free(s);
}

static struct state *
sample(void)
{
	struct state *s = state_new();

	state_set(s, "battery.charge", "100");
	state_set(s, "battery.charge.low", "20");
	state_flags(s, "battery.charge.low", STATE_RW | STATE_NUMBER);
	state_range_add(s, "battery.charge.low", 10, 50);
	state_set(s, "input.sensitivity", "a \"b\\c\"");
	state_flags(s, "input.sensitivity", STATE_RW | STATE_STRING);
	state_aux(s, "input.sensitivity", 6);
	state_enum_add(s, "input.sensitivity", "low");
	state_enum_add(s, "input.sensitivity", "high");
	state_cmd_add(s, "load.off");
	return s;
}

static void
test_dump(void **state)
{
	struct state *s = sample();
	struct buf b = {0};

	assert_int_equal(dline_diff(&b, "ups ", NULL, s), 10);
	assert_string_equal(buf_str(&b),
	    "ups SETINFO battery.charge \"100\"\n"
	    "ups SETINFO battery.charge.low \"20\"\n"
	    "ups SETFLAGS battery.charge.low RW NUMBER\n"
	    "ups ADDRANGE battery.charge.low 10 50\n"
	    "ups SETINFO input.sensitivity \"a \\\"b\\\\c\\\"\"\n"
	    "ups SETFLAGS input.sensitivity RW STRING\n"
	    "ups SETAUX input.sensitivity 6\n"
	    "ups ADDENUM input.sensitivity \"low\"\n"
	    "ups ADDENUM input.sensitivity \"high\"\n"
	    "ups ADDCMD load.off\n");
	buf_free(&b);
	state_free(s);
}

static void
test_diff(void **state)
{
	struct state *from = sample(), *to = sample();
	struct buf b = {0};

	assert_int_equal(dline_diff(&b, "", from, to), 0);
	state_set(to, "battery.charge", "99");
	state_del(to, "battery.charge.low");
	state_enum_del(to, "input.sensitivity", "low");
	state_flags(to, "input.sensitivity", 0);
	state_aux(to, "input.sensitivity", 0);
	state_set(to, "ups.load", "7");
	state_cmd_del(to, "load.off");
	state_cmd_add(to, "load.on");
	assert_int_equal(dline_diff(&b, "", from, to), 10);
	assert_string_equal(buf_str(&b), "SETINFO battery.charge \"99\"\n"
					 "DELINFO battery.charge.low\n"
					 "SETFLAGS input.sensitivity\n"
					 "SETAUX input.sensitivity 0\n"
					 "DELENUM input.sensitivity \"low\"\n"
					 "DELENUM input.sensitivity \"high\"\n"
					 "ADDENUM input.sensitivity \"high\"\n"
					 "SETINFO ups.load \"7\"\n"
					 "DELCMD load.off\n"
					 "ADDCMD load.on\n");
	dline_copy(from, to);
	assert_int_equal(dline_diff(&b, "", from, to), 0);
	buf_free(&b);
	state_free(from);
	state_free(to);
}

/* One random change of one of a few things. */
static void
change(struct state *s)
{
	static const char *const names[] = {"a", "b", "b.c", "d"};
	static const char *const values[] = {"", "1", "x y", "\"\\"};
	const char *name = names[rand() % 4], *value = values[rand() % 4];

	switch (rand() % 9) {
	case 0:
		state_del(s, name);
		break;
	case 1:
		state_flags(s, name, (unsigned)rand() % 8);
		break;
	case 2:
		state_aux(s, name, rand() % 3);
		break;
	case 3:
		state_enum_add(s, name, value);
		break;
	case 4:
		state_enum_del(s, name, value);
		break;
	case 5:
		state_range_add(s, name, rand() % 2, rand() % 3);
		break;
	case 6:
		state_range_del(s, name, rand() % 2, rand() % 3);
		break;
	case 7:
		if (!state_cmd_add(s, name))
			state_cmd_del(s, name);
		break;
	default:
		state_set(s, name, value);
	}
}

/* However two states came about, the difference leads from one to the other. */
static void
test_random(void **state)
{
	struct state *from = state_new(), *to = state_new();
	struct buf a = {0}, b = {0};

	srand(1);
	for (int i = 0; i < 3000; i++) {
		for (int n = rand() % 12; n > 0; n--)
			change(to);
		dline_copy(from, to);
		buf_clear(&a);
		buf_clear(&b);
		dline_diff(&a, "", NULL, from);
		dline_diff(&b, "", NULL, to);
		assert_string_equal(buf_str(&a), buf_str(&b));
	}
	buf_free(&a);
	buf_free(&b);
	state_free(from);
	state_free(to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nut_driver),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_dump),
	    cmocka_unit_test(test_diff),
	    cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
