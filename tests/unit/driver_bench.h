/* SPDX-License-Identifier: ISC */
#ifndef TESTS_DRIVER_BENCH_H
#define TESTS_DRIVER_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/driver.h"

/* What the tests of hid/driver.h share: a device of a few reports, and ups.conf. */

/* Status bits, charge, limit, beeper: reports 1, 2, 4, 5. */
static const uint8_t bench_descriptor[] = {0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x09, 0x24,
    0xa1, 0x00, 0x85, 0x01, 0x09, 0x02, 0xa1, 0x00, 0x05, 0x85, 0x09, 0xd0, 0x09, 0x44,
    0x09, 0x45, 0x09, 0x42, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x04, 0xb1, 0x22,
    0x09, 0xd0, 0x09, 0x44, 0x09, 0x45, 0x09, 0x42, 0x81, 0x22, 0x95, 0x04, 0xb1, 0x03,
    0xc0, 0x85, 0x02, 0x05, 0x85, 0x09, 0x66, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x01,
    0xb1, 0x22, 0x85, 0x04, 0x09, 0x29, 0xb1, 0x22, 0x85, 0x05, 0x05, 0x84, 0x09, 0x5a,
    0xb1, 0x22, 0xc0, 0xc0};

enum { STATUS = 1, CHARGE = 2, LIMIT = 4, BEEPER = 5 };

/* That device's descriptor, taken apart. */
static inline struct hid_desc *
bench_desc(void)
{
	char cause[128];
	struct hid_desc *d = hid_desc_parse(
	    bench_descriptor, sizeof(bench_descriptor), cause, sizeof(cause));

	assert_non_null(d);
	return d;
}

/* The options of a section without a fault. */
static inline void
bench_options(struct options *o, const char *conf)
{
	struct problems p = {0};
	struct ups_conf c;

	ups_conf_read(&c, "ups.conf", conf, strlen(conf), &p);
	options_read(o, &c, &c.upses[0], "ups.conf", &p);
	assert_int_equal(p.count, 0);
	ups_conf_free(&c);
	problems_free(&p);
}

#endif
