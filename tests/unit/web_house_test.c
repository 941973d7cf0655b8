/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "web/metrics.h"
#include "web/state_json.h"

static void
apply(struct feed *f, const char *line)
{
	assert_int_not_equal(feed_apply(f, line, strlen(line)).kind, FEED_BROKEN);
}

static void
begin(struct feed *f)
{
	static const char *const lines[] = {"BEGIN 1", "UPS a \"A\\\"a\"",
	    "a SETINFO ups.status \"OL CHRG\"", "a SETINFO ups.load 50",
	    "a SETINFO ups.realpower.nominal 200", "a SETINFO battery.charge 88",
	    "a SETINFO battery.runtime x", "a SETINFO ups.temperature 31.5",
	    "a SETINFO ups.mfr \"M \\\\ \\\"m\\\"\"",
	    "a SETINFO ups.model \"\xe9\xc3\xa9\"", "a DATAOK", "UPS b \"\"", "END 1"};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		apply(f, lines[i]);
}

static void
test_ups(void **state)
{
	struct feed f = {0};
	struct house h = {0};
	struct page_ups u;

	begin(&f);
	house_look(&h, &f, 100);
	house_ups(&h, f.upses[0], &u);
	assert_int_equal(u.mains, PAGE_MAINS_ON);
	assert_true(isnan(u.since));
	assert_true(u.watts == 100 && u.watts_estimated);
	assert_true(u.charge == 88 && isnan(u.runtime) && u.temperature == 31.5);
	apply(&f, "2 a DELINFO ups.realpower.nominal");
	apply(&f, "3 a SETINFO ups.power.nominal 500");
	house_ups(&h, f.upses[0], &u);
	assert_true(u.watts == 150 && u.watts_estimated);
	apply(&f, "4 a SETINFO ups.realpower 120");
	apply(&f, "5 a SETINFO ups.status \"OB DISCHRG\"");
	house_look_ups(&h, f.upses[0], 200);
	house_ups(&h, f.upses[0], &u);
	assert_int_equal(u.mains, PAGE_MAINS_OFF);
	assert_true(u.since == 200 && u.watts == 120 && !u.watts_estimated);
	assert_false(u.estimated);
	apply(&f, "6 a SETINFO driver.state estimated");
	house_ups(&h, f.upses[0], &u);
	assert_true(u.estimated);
	/* What is lost is unknown, and so is since when it was what it is then. */
	apply(&f, "7 a LOST");
	house_look_ups(&h, f.upses[0], 300);
	apply(&f, "8 a DATAOK");
	house_look_ups(&h, f.upses[0], 400);
	house_ups(&h, f.upses[0], &u);
	assert_int_equal(u.mains, PAGE_MAINS_OFF);
	assert_true(isnan(u.since));
	assert_true(house_drops(&h, "a") == 1 && house_drops(&h, "none") == 0);
	house_since(&h, "a", PAGE_MAINS_ON, 50);
	house_since(&h, "a", PAGE_MAINS_OFF, 60);
	house_ups(&h, f.upses[0], &u);
	assert_true(u.since == 60);
	house_ups(&h, f.upses[1], &u);
	assert_int_equal(u.mains, PAGE_MAINS_UNKNOWN);
	house_free(&h);
	feed_clear(&f);
}

static void
add_event(struct house *h, int64_t id)
{
	const struct page_event told = {
	    .at = (double)id, .kind = "onbatt", .text = "<x>"};
	struct house_event e = house_event_copy(id, &told);

	house_event_add(h, &e);
}

static void
test_json(void **state)
{
	struct feed f = {0};
	struct house h = {0};
	struct buf out = {0};
	json_t *root, *ups, *events;

	begin(&f);
	house_look(&h, &f, 100);
	for (int64_t id = 1; id <= HOUSE_EVENTS + 3; id++)
		add_event(&h, id);
	state_json(&out, &h, 123.5);
	assert_null(strchr(buf_str(&out), '\n'));
	root = json_loads(buf_str(&out), 0, NULL);
	assert_non_null(root);
	assert_int_equal(json_integer_value(json_object_get(root, "version")), 1);
	ups = json_array_get(json_object_get(root, "upses"), 0);
	assert_string_equal(json_string_value(json_object_get(ups, "desc")), "A\"a");
	assert_string_equal(json_string_value(json_object_get(ups, "mains")), "on");
	events = json_object_get(root, "events");
	assert_int_equal(json_array_size(events), HOUSE_EVENTS);
	assert_int_equal(
	    json_integer_value(json_object_get(json_array_get(events, 0), "id")),
	    HOUSE_EVENTS + 3);
	json_decref(root);
	/* Before core has told anything. */
	buf_clear(&out);
	house_free(&h);
	state_json(&out, &h, 1);
	root = json_loads(buf_str(&out), 0, NULL);
	assert_int_equal(json_array_size(json_object_get(root, "upses")), 0);
	json_decref(root);
	buf_free(&out);
	feed_clear(&f);
}

static void
expect_line(struct buf *out, const char *line)
{
	if (strstr(buf_str(out), line) == NULL)
		fail_msg("no %s in:\n%s", line, buf_str(out));
}

static void
test_metrics(void **state)
{
	static const struct metrics_counts counts[2] = {
	    {3, 120.5, 4, 7.2e9}, {0, 0, 0, NAN}};
	static const struct page_machine machine = {
	    .name = "nas", .stands = "told", .there = true, .off = NAN};
	struct feed f = {0};
	struct house h = {0};
	struct buf out = {0};

	begin(&f);
	house_look(&h, &f, 100);
	h.machines = &machine;
	h.nmachines = 1;
	metrics_write(&out, &h, counts, true);
	expect_line(&out, "# TYPE holdup_outages counter\n");
	expect_line(&out, "\nholdup_outages_total{ups=\"a\"} 3\n");
	expect_line(&out, "# UNIT holdup_ups_energy_joules joules\n");
	expect_line(&out, "\nholdup_ups_energy_joules_total{ups=\"a\"} 7200000000\n");
	expect_line(&out, "\nholdup_battery_charge_ratio{ups=\"a\"} 0.88\n");
	expect_line(&out, "\nholdup_ups_status{ups=\"a\",flag=\"CHRG\"} 1\n");
	expect_line(&out, "\nholdup_ups_status{ups=\"b\",flag=\"OL\"} 0\n");
	expect_line(&out, "\nholdup_ups_up{ups=\"b\"} 0\n");
	expect_line(&out, "# TYPE holdup_ups info\n");
	expect_line(&out, "mfr=\"M \\\\ \\\"m\\\"\",");
	expect_line(&out, "model=\"\xef\xbf\xbd\xc3\xa9\","); /* Latin-1, UTF-8 */
	expect_line(&out, "\nholdup_machine_state{machine=\"nas\",state=\"told\"} 1\n");
	expect_line(&out, "\nholdup_protected 0\n");
	assert_null(strstr(buf_str(&out), "holdup_machine_off_seconds{"));
	assert_null(strstr(buf_str(&out), "joules_total{ups=\"b\"}"));
	assert_string_equal(buf_str(&out) + out.len - 6, "# EOF\n");
	buf_clear(&out);
	metrics_write(&out, &h, NULL, false);
	expect_line(&out, "# TYPE holdup_ups_info gauge\n");
	expect_line(&out, "# TYPE holdup_outages_total counter\n");
	assert_null(strstr(buf_str(&out), "holdup_outages_total{"));
	assert_null(strstr(buf_str(&out), "# EOF"));
	buf_free(&out);
	house_free(&h);
	feed_clear(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ups),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_metrics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
