/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/notice_trace.h"

/* Stories: what happens, and what people are told of it when (docs/notify.md, 3). */

#define CONF(...)                                        \
	((struct conf_notify){.name = (char[]){"phone"}, \
	    .via = CONF_VIA_NTFY,                        \
	    .fold = 600,                                 \
	    .events = UINT64_MAX,                        \
	    .summary = true,                             \
	    __VA_ARGS__})

/* A story must be told in these words. */
static void
tells(struct conf_notify conf, const char *story, const char *wanted)
{
	struct trace t;

	trace_begin(&t, conf);
	trace_story(&t, story);
	assert_string_equal(buf_str(&t.out), wanted);
	trace_end(&t);
}

static void
outage(void **state)
{
	tells(CONF(),
	    "12:00:00 onbatt office battery.charge=100 battery.runtime=2520 : On "
	    "battery: the "
	    "mains is away, charge 100 %, load 23 %.\n"
	    "12:23:10 online office outage.kind=outage outage.seconds=1390 "
	    "outage.charge.low=43 outage.wh=121.6 : The mains is back after 23 min, "
	    "charge "
	    "43 %.\n"
	    "13:00:00 !end\n",
	    "12:00:00 Power failure: office | On battery: the mains is away, charge 100 "
	    "%, "
	    "load 23 %. About 42 min are left. / 12:00:00\n"
	    "12:23:10 Power is back: office | The mains is back after 23 min, charge 43 "
	    "%. "
	    "The battery went down to 43 %. 122 Wh were used. / 12:23:10\n");
}

static void
flaps(void **state)
{
	tells(CONF(),
	    "12:00:00 onbatt office\n"
	    "12:00:04 online office outage.seconds=4\n"
	    "12:01:00 onbatt office\n"
	    "12:01:03 online office outage.seconds=3\n"
	    "12:02:00 onbatt office\n"
	    "12:02:09 online office outage.seconds=9\n"
	    "12:30:00 !end\n",
	    "12:00:00 Power failure: office | onbatt / 12:00:00\n"
	    "12:00:04 Power is back: office | online / 12:00:04\n"
	    "12:10:00 2 more power failures: office | 2 more power failures until "
	    "12:02:09, "
	    "the longest 9 s. The mains is there. / It happened at 12:02:09, 8 min "
	    "before "
	    "this message.\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(outage),
	    cmocka_unit_test(flaps),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
