/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hid/match.h"

#define DEVICES 4

/* Two UPSes of one kind, one of another, and a mouse in front of them. */
static struct bus_device devices[DEVICES] = {
    {.path = "/dev/hidraw0", .ident = {.vendor = 0x1d6b, .product = 0x104}},
    {.path = "/dev/hidraw1",
	.power = true,
	.bus = "001",
	.number = "004",
	.port = "002",
	.ident = {0x051d, 2, 0x90, "American Power Conversion",
	    "Back-UPS CS 500 FW:808.q10 .I USB FW:q10 ", "  4B0634P02341  "}},
    {.path = "/dev/hidraw2",
	.power = true,
	.bus = "001",
	.number = "005",
	.port = "003",
	.ident = {0x051d, 2, 0x90, "American Power Conversion",
	    "Back-UPS CS 500 FW:808.q10 .I USB FW:q10 ", "5B0634P09999"}},
    {.path = "/dev/hidraw10",
	.power = true,
	.bus = "002",
	.number = "003",
	.ident = {0x0463, 0xffff, 0x100, "EATON", "Ellipse (PRO) 650", ""}},
};

static const struct bus_list list = {devices, DEVICES};

/* Number of the device that one option chooses, -1 for none. */
static int
chosen(const char *key, const char *regex)
{
	struct match *m = match_new();
	struct match_choice c = {.match = m};
	const struct bus_device *d;
	char cause[128];

	if (key != NULL)
		assert_int_equal(match_add(m, key, regex, cause, sizeof(cause)), 1);
	d = match_choose(&c, &list);
	match_free(m);
	return d == NULL ? -1 : (int)(d - devices);
}

static void
options(void **state)
{
	assert_int_equal(chosen(NULL, NULL), 1);
	assert_int_equal(chosen("vendorid", "051D"), 1);
	assert_int_equal(chosen("vendorid", "0463"), 3);
	assert_int_equal(chosen("vendorid", "463"), -1);
	assert_int_equal(chosen("productid", "f*"), 3);
	assert_int_equal(chosen("vendor", "eaton"), 3);
	assert_int_equal(chosen("vendor", "eato"), -1);
	assert_int_equal(chosen("product", ".*Back-UPS.*"), 1);
	assert_int_equal(
	    chosen("product", "Back-UPS CS 500 FW:808.q10 .I USB FW:q10"), 1);
	assert_int_equal(chosen("Serial", "4B0634P02341"), 1);
	assert_int_equal(chosen("serial", "5B.*"), 2);
	assert_int_equal(chosen("bus", "00[2-3]"), 3);
	assert_int_equal(chosen("device", "005"), 2);
	assert_int_equal(chosen("busport", "003"), 2);
	assert_int_equal(chosen("vendorid", "1d6b"), -1); /* the mouse never */
}

static void
faults(void **state)
{
	struct match *m = match_new();
	char cause[128] = "";

	assert_int_equal(match_add(m, "pollfreq", "30", cause, sizeof(cause)), 0);
	assert_int_equal(match_add(m, "serial", "(", cause, sizeof(cause)), -1);
	assert_true(strlen(cause) > 0);
	/* The last one of a key counts. */
	assert_int_equal(match_add(m, "serial", "x", cause, sizeof(cause)), 1);
	assert_int_equal(match_add(m, "serial", "5.*", cause, sizeof(cause)), 1);
	assert_true(match_device(m, &devices[2]));
	assert_false(match_device(m, &devices[1]));
	match_free(m);
}

static void
hints(void **state)
{
	struct match *m = match_new();
	struct match_choice c = {.match = m, .port = "/dev/hidraw2"};

	assert_ptr_equal(match_choose(&c, &list), &devices[2]);
	c.port = "/dev/hidraw0"; /* no power device */
	assert_ptr_equal(match_choose(&c, &list), &devices[1]);
	c.port = "auto";
	assert_ptr_equal(match_choose(&c, &list), &devices[1]);
	match_free(m);
}

/* What another section names is its own, but for one that has no other choice, names it
 * as well, or had it before. */
static void
named_elsewhere(void **state)
{
	char first[] = "/dev/hidraw1", serial[] = "/dev/ttyS0";
	char *nodes[] = {serial, first, NULL};
	struct match *m = match_new();
	struct match_choice c = {.match = m, .port = "auto", .elsewhere = nodes};
	struct bus_list only = {&devices[1], 1};

	assert_ptr_equal(match_choose(&c, &list), &devices[2]);
	assert_ptr_equal(match_choose(&c, &only), &devices[1]);
	c.port = "/dev/hidraw1";
	assert_ptr_equal(match_choose(&c, &list), &devices[1]);
	c.port = "auto";
	c.last = &devices[1].ident;
	assert_ptr_equal(match_choose(&c, &list), &devices[1]);
	match_free(m);
}

/* Who was there before comes first; another kind never takes its place. */
static void
return_of_a_device(void **state)
{
	struct match *m = match_new();
	struct match_choice c = {.match = m, .last = &devices[2].ident};
	struct bus_list others = {&devices[3], 1}, same = {&devices[1], 1};

	assert_ptr_equal(match_choose(&c, &list), &devices[2]);
	c.port = "/dev/hidraw1";
	assert_ptr_equal(match_choose(&c, &list), &devices[2]);
	assert_ptr_equal(match_choose(&c, &same), &devices[1]);
	assert_null(match_choose(&c, &others));
	match_free(m);
}

/* Two of a kind without serial numbers are told apart by where they hang. */
static void
twins(void **state)
{
	struct bus_device two[] = {
	    {.path = "/dev/hidraw1",
		.power = true,
		.place = "1-2",
		.port = "002",
		.ident = {.vendor = 0x0764, .product = 0x0501}},
	    {.path = "/dev/hidraw2",
		.power = true,
		.place = "1-1.4",
		.port = "004",
		.ident = {.vendor = 0x0764, .product = 0x0501}},
	};
	const struct bus_list both = {two, 2}, one = {two, 1};
	struct match *m = match_new();
	struct match_choice c = {.match = m};
	char cause[128];

	assert_int_equal(match_twins(&c, &both, &two[0]), 1);
	assert_ptr_equal(match_choose(&c, &both), &two[0]);
	two[0].taken = true; /* by another section */
	assert_ptr_equal(match_choose(&c, &both), &two[1]);
	two[0].taken = false;
	/* The second one was ours: its node may change, its place does not. */
	c.last = &two[1].ident;
	c.place = "1-1.4";
	assert_ptr_equal(match_choose(&c, &both), &two[1]);
	/* While it is away, the other one is not taken for it; in the end it may be. */
	c.patient = true;
	assert_null(match_choose(&c, &one));
	c.patient = false;
	assert_ptr_equal(match_choose(&c, &one), &two[0]);
	assert_int_equal(match_add(m, "busport", "004", cause, sizeof(cause)), 1);
	assert_null(match_choose(&c, &one));
	assert_int_equal(match_twins(&c, &both, &two[1]), 0);
	match_free(m);
}

/* What a program holds cannot be used; what is no UPS only to explore it. */
static void
others(void **state)
{
	struct bus_device d = {.path = "/dev/hidraw1", .ident = {.vendor = 0x1234}};
	const struct bus_list list_of_one = {&d, 1};
	struct match *m = match_new();
	struct match_choice c = {.match = m};

	assert_null(match_choose(&c, &list_of_one));
	c.any = true;
	assert_ptr_equal(match_choose(&c, &list_of_one), &d);
	d.claimed = true;
	assert_null(match_choose(&c, &list_of_one));
	match_free(m);
}

static void
quoting(void **state)
{
	char out[32];

	assert_string_equal(match_quote(out, sizeof(out), " Ellipse (PRO) 6\\5\" "),
	    "Ellipse .PRO. 6.5.");
	assert_string_equal(match_quote(out, 5, "abcdefgh"), "abcd");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(options),
	    cmocka_unit_test(faults),
	    cmocka_unit_test(hints),
	    cmocka_unit_test(named_elsewhere),
	    cmocka_unit_test(return_of_a_device),
	    cmocka_unit_test(twins),
	    cmocka_unit_test(others),
	    cmocka_unit_test(quoting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
