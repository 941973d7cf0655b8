/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mqtt/condition.h"
#include "mqtt/entities.h"

/* What Domoticz's client for discovery does with an object id (hardware/MQTTAutoDiscover.cpp):
 * throws the entity away, or takes it for something else. */
static const char *const thrown[] = {"update_available", "power_on_behavior",
    "power_outage_memory", "update_state", "over-load_status", "linkquality", "last_seen",
    "sensitivity", "color_temp_startup", "requested_brightness_level",
    "requested_brightness_percent", "hardware_status", "connection_state", "log_level",
    "restart", "battery", "battery_low", "battery_level", "action", "occupancy", "motion",
    "contact", "smoke", "door-window", "door_state", "learned_ir_code", NULL};
static const char *const parts[] = {
    "_address", "_ssid", "_signal_sensor", "scene_state_scene", "dew_point", NULL};
static const char *const sensor_parts[] = {"sensitivity", "alarm", "_calibration", NULL};
/* A switch, or what is shown as one, is hidden with these. */
static const char *const switch_parts[] = {
    "battery", "_status", "_unknown", "tamper", "child_lock", "indicator_mode", NULL};

static bool
begins(const char *id, const char *with)
{
	return strncmp(id, with, strlen(with)) == 0;
}

static bool
ends(const char *id, const char *with)
{
	size_t len = strlen(id), tail = strlen(with);

	return len >= tail && strcmp(id + len - tail, with) == 0;
}

static void
check_parts(const char *id, const char *const *list)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (strstr(id, list[i]) != NULL)
			fail_msg("%s: Domoticz minds %s", id, list[i]);
}

static void
check_id(const char *id, enum entity_component component)
{
	for (size_t i = 0; thrown[i] != NULL; i++)
		assert_string_not_equal(id, thrown[i]);
	check_parts(id, parts);
	if (component == ENTITY_SENSOR) {
		check_parts(id, sensor_parts);
		if (ends(id, "_min") || ends(id, "_max") || begins(id, "min_") ||
		    begins(id, "max_"))
			fail_msg("%s: Domoticz takes it for a limit", id);
	} else {
		check_parts(id, switch_parts);
		if (begins(id, "action") || begins(id, "click"))
			fail_msg("%s: Domoticz takes it for a remote control", id);
	}
	assert_int_equal(
	    strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_*"), strlen(id));
}

/* No id twice, whatever stands for a `*`, and none that Domoticz minds. */
static void
test_ids(void **data)
{
	const char *ids[300];
	size_t n = 0;

	for (const struct entity_variable *e = entity_variables; e->id != NULL; e++) {
		check_id(e->id, ENTITY_SENSOR);
		ids[n++] = e->id;
	}
	for (const struct entity_own *e = entity_owns; e->id != NULL; e++) {
		check_id(e->id, e->component);
		ids[n++] = e->id;
	}
	for (const struct entity_own *e = entity_house; e->id != NULL; e++)
		check_id(e->id, e->component);
	for (const struct entity_pair *p = entity_pairs; p->id != NULL; p++) {
		check_id(p->id, ENTITY_SWITCH);
		ids[n++] = p->id;
		if (p->seen != NULL) {
			check_id(p->seen, ENTITY_BINARY);
			ids[n++] = p->seen;
		}
	}
	assert_true(n <= sizeof(ids) / sizeof(ids[0]));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(ids[i], ids[k]);
}

/* Each row is found by its variable, and has what its kind needs. */
static void
test_rows(void **data)
{
	char part[ENTITY_PART_MAX], name[ENTITY_ID_MAX];

	for (const struct entity_variable *e = entity_variables; e->id != NULL; e++) {
		entity_fill(name, sizeof(name), e->variable, "L1", false);
		assert_ptr_equal(entity_find(name, part), e);
		assert_string_equal(part, strchr(e->variable, '*') == NULL ? "" : "L1");
		assert_true((strchr(e->id, '*') != NULL) == (part[0] != '\0'));
		assert_true((strchr(e->name, '*') != NULL) == (part[0] != '\0'));
		/* Domoticz makes a text of what has no unit, and Home Assistant a number of
		 * what has one. */
		if (e->unit == NULL) {
			assert_true(e->class == NULL || strcmp(e->class, "date") == 0);
			assert_int_equal(e->digits, ENTITY_NO_DIGITS);
			assert_int_equal(e->flags & (ENTITY_FIXED | ENTITY_TOTAL), 0);
		}
		/* An icon only where the class has none. */
		if ((e->class == NULL) != (e->icon != NULL))
			fail_msg("%s: class or icon", e->id);
	}
}

/* Each of our own topics with ON and OFF is a condition that is published. */
static void
test_conditions(void **data)
{
	const struct condition_row *row;

	for (const struct entity_own *e = entity_owns; e->id != NULL; e++) {
		if (e->component != ENTITY_BINARY || strcmp(e->topic, "link") == 0)
			continue;
		for (row = condition_rows; row->name != NULL; row++)
			if (strcmp(row->name, e->topic) == 0)
				break;
		if (row->name == NULL)
			fail_msg("no condition is called %s", e->topic);
	}
}

static void
test_match(void **data)
{
	char part[ENTITY_PART_MAX], out[ENTITY_ID_MAX];

	assert_true(entity_match("input.*.voltage", "input.L1-N.voltage", part));
	assert_string_equal(part, "L1-N");
	assert_string_equal(entity_fill(out, sizeof(out), "input_*_voltage", part, true),
	    "input_l1_n_voltage");
	assert_string_equal(entity_fill(out, sizeof(out), "Input voltage *", part, false),
	    "Input voltage L1-N");
	assert_true(entity_match("outlet.*.status", "outlet.12.status", part));
	assert_string_equal(part, "12");
	assert_false(entity_match("outlet.*.status", "outlet.group.status", part));
	assert_false(entity_match("outlet.*.status", "outlet.status", part));
	assert_false(entity_match("input.*.voltage", "input.voltage", part));
	assert_false(entity_match("input.*.voltage", "input.L1.voltage.nominal", part));
	assert_false(entity_match(
	    "input.*.voltage", "input.L1-L2-L3-L1-L2-L3-L1-L2-L3.voltage", part));
	assert_null(entity_find("driver.name", part));
	assert_int_equal(entity_named("binary_sensor"), ENTITY_BINARY);
	assert_int_equal(entity_named("device"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_conditions),
	    cmocka_unit_test(test_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
