/* SPDX-License-Identifier: ISC */
/* The worst descriptors that anybody could think of: what does a parse cost? */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "hid/desc.h"
#include "hid/hidups.h"

#define DEVICE_MS_MAX 1000 /* 30 ms on a PC; a sanitizer, a small machine */

extern void __asan_init(void) __attribute__((weak));

/* A descriptor in the making: `head`, then `part` again and again as long as there is room
 * for `tail`. */
struct worst {
	const char *name;
	const uint8_t *head;
	size_t head_len;
	const uint8_t *part;
	size_t part_len;
	size_t times; /* 0: until it is full */
	const uint8_t *tail;
	size_t tail_len;
	const char *refused; /* words of the cause; NULL: it is accepted */
};

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__})
#define NOTHING NULL, 0
#define UPS 0x05, 0x84, 0x09, 0x04, 0xa1, 0x01
#define END 0xc0
#define TEN(...)                                                                      \
	__VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, \
	    __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__
#define IN 0xa1, 0x82 /* a numbered collection: two nodes of a path */

static const struct worst worst[] = {
    {"collections in collections", BYTES(UPS), BYTES(IN), 0, NOTHING, "nest deeper"},
    {"as deep as allowed, again and again", BYTES(UPS),
	BYTES(TEN(IN), IN, IN, IN, IN, TEN(END), END, END, END, END), 0, BYTES(END),
	NULL},
    {"collections side by side", NOTHING, BYTES(0xa1, 0x01, END), 0, NOTHING,
	"top-level collections"},
    {"a range of all usages for 65535 elements", BYTES(UPS),
	BYTES(
	    0x1a, 0x00, 0x00, 0x2a, 0xff, 0xff, 0x75, 0x01, 0x96, 0xff, 0xff, 0xb1, 0x02),
	0, BYTES(END), "bits long"},
    {"the same for as many as a report has bits", BYTES(UPS),
	BYTES(
	    0x1a, 0x00, 0x00, 0x2a, 0xff, 0xff, 0x75, 0x01, 0x96, 0x00, 0x80, 0xb1, 0x02),
	0, BYTES(END), "fields"},
    {"as many fields as allowed, at the deepest place",
	BYTES(UPS, TEN(IN), IN, IN, IN, IN),
	BYTES(
	    0x1a, 0x00, 0x00, 0x2a, 0xff, 0xff, 0x75, 0x08, 0x96, 0x00, 0x10, 0xb1, 0x02),
	1, BYTES(TEN(END), END, END, END, END, END), NULL},
    {"wide elements without end", BYTES(UPS),
	BYTES(0x09, 0x30, 0x77, 0xff, 0xff, 0xff, 0xff, 0x97, 0xff, 0xff, 0xff, 0xff,
	    0xb1, 0x02),
	0, BYTES(END), "bits long"},
    {"elements of no bits", BYTES(UPS, 0x75, 0x00, 0x97, 0xff, 0xff, 0xff, 0xff),
	BYTES(0x09, 0x30, 0xb1, 0x02), 0, BYTES(END), NULL},
    {"ranges of 32 bits, over and over", BYTES(UPS, 0x75, 0x01, 0x95, 0x10),
	BYTES(TEN(0x1b, 0, 0, 0, 0, 0x2b, 0xff, 0xff, 0xff, 0xff), 0x81, 0x00), 0,
	BYTES(END), NULL},
    {"a field of each element of padding", BYTES(UPS, 0x75, 0x01, 0x95, 0x01),
	BYTES(0x09, 0x30, 0xb1, 0x02), 4095, BYTES(END), NULL},
    {"fields, one by one, beyond all reports", BYTES(UPS, 0x75, 0x01, 0x95, 0x01),
	BYTES(0x09, 0x30, 0xb1, 0x02), 0, BYTES(END), "fields"},
    {"items without data", BYTES(UPS), BYTES(0x80, 0x90, 0xb0), 0, BYTES(END), NULL},
    {"push upon push", BYTES(UPS), BYTES(0xa4), 0, BYTES(END), "pushes"},
    {"push and pop", BYTES(UPS), BYTES(TEN(0xa4), TEN(0xb4)), 0, BYTES(END), NULL},
    {"delimiters", BYTES(UPS), BYTES(0xa9, 1, 0x09, 1, 0x09, 2, 0xa9, 0, 0x81, 2), 0,
	BYTES(END), NULL},
    {"long items", BYTES(UPS), BYTES(0xfe, 0, 0), 0, BYTES(END), NULL},
    {"reserved items", BYTES(UPS), BYTES(0xf0, 0xdc, 0x3c, 0xf8), 0, BYTES(END), NULL},
};

static size_t
build(const struct worst *w, uint8_t *bytes)
{
	size_t len = 0, n;

	if (w->head != NULL)
		memcpy(bytes, w->head, w->head_len);
	len = w->head_len;
	for (n = 0; (w->times == 0 || n < w->times) &&
		    len + w->part_len + w->tail_len <= HID_DESC_BYTES_MAX;
	     n++) {
		memcpy(bytes + len, w->part, w->part_len);
		len += w->part_len;
	}
	if (w->tail != NULL)
		memcpy(bytes + len, w->tail, w->tail_len);
	return len + w->tail_len;
}

/* CPU time of this process: a busy machine does not add to it. */
static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static size_t
allocated(void)
{
	struct mallinfo2 info = mallinfo2();

	return __asan_init != NULL ? 0 : info.uordblks + info.hblkhd;
}

static void
check(const char *name, const uint8_t *bytes, size_t len, const char *refused)
{
	size_t before = allocated(), memory;
	double began = now_ms(), ms;
	char cause[200] = "";
	struct hid_desc *d = hid_desc_parse(bytes, len, cause, sizeof(cause));

	ms = now_ms() - began;
	memory = allocated();
	memory = memory > before ? memory - before : 0; /* a cache may have given back */
	if (ms > HID_DESC_MS_MAX)
		fail_msg("%s: %.0f ms", name, ms);
	if (memory > HID_DESC_MEMORY_MAX)
		fail_msg("%s: %zu bytes", name, memory);
	if (refused == NULL ? d == NULL : strstr(cause, refused) == NULL)
		fail_msg("%s: \"%s\"", name, cause);
	hid_desc_free(d);
}

static void
test_worst(void **state)
{
	static uint8_t bytes[HID_DESC_BYTES_MAX];

	for (size_t i = 0; i < sizeof(worst) / sizeof(worst[0]); i++)
		check(worst[i].name, bytes, build(&worst[i], bytes), worst[i].refused);
}

/* As many single usages as are allowed, and elements that each have the last of them. */
static void
test_many_usages(void **state)
{
	static const uint8_t head[] = {UPS, 0x75, 0x01, 0x96, 0x00, 0x10};
	static uint8_t bytes[HID_DESC_BYTES_MAX];
	size_t len = sizeof(head);

	memcpy(bytes, head, sizeof(head));
	for (int i = 0; i < 256; i++) {
		bytes[len++] = 0x09;
		bytes[len++] = (uint8_t)i;
	}
	bytes[len++] = 0xb1;
	bytes[len++] = 0x02;
	bytes[len++] = END;
	check("256 usages, 4096 elements", bytes, len, NULL);
}

/* Every report there can be, of every type. */
static void
test_many_reports(void **state)
{
	static uint8_t bytes[HID_DESC_BYTES_MAX];
	static const uint8_t head[] = {UPS, 0x76, 0x00, 0x80, 0x95, 0x01};
	size_t len = sizeof(head);

	memcpy(bytes, head, sizeof(head));
	for (int i = 1; i < 256; i++) {
		const uint8_t report[] = {0x85, (uint8_t)i, 0x09, 0x30, 0x81, 0x02, 0x09,
		    0x31, 0x91, 0x02, 0x09, 0x32, 0xb1, 0x02};

		memcpy(bytes + len, report, sizeof(report));
		len += sizeof(report);
	}
	bytes[len++] = END;
	check("all reports, 4 kB each", bytes, len, NULL);
}

/* The worst that is accepted costs the rest of the program little too, whoever it says it
 * is: what is known of it, a report of each number, all variables. */
static void
test_whole_device(void **state)
{
	static const uint16_t vendors[] = {
	    0x051d, 0x0764, 0x0463, 0x09ae, 0x10af, 0x4321};
	static uint8_t bytes[HID_DESC_BYTES_MAX];
	const struct worst most = {NULL, BYTES(UPS, 0x09, 0x24, IN),
	    BYTES(0x1a, 0x00, 0x00, 0x2a, 0xff, 0xff, 0x75, 0x08, 0x96, 0x00, 0x10, 0xb1,
		0x02),
	    1, BYTES(END, END), NULL};
	uint8_t report[4096] = {0};
	char cause[200];
	struct hid_desc *d =
	    hid_desc_parse(bytes, build(&most, bytes), cause, sizeof(cause));

	assert_non_null(d);
	assert_int_equal(d->nfields, HID_FIELDS_MAX);
	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++) {
		const struct hidups_ident ident = {.vendor = vendors[i], .product = 2};
		double began = now_ms();
		struct hidups *u = hidups_new(d, &ident);
		struct state *s = state_new();

		for (int n = 0; n < 16; n++) {
			memset(report, n, sizeof(report));
			hidups_report(u, HID_FEATURE, report, sizeof(report));
		}
		hidups_vars(u, s);
		state_free(s);
		hidups_free(u);
		if (now_ms() - began > DEVICE_MS_MAX)
			fail_msg("vendor %04x: %.0f ms", vendors[i], now_ms() - began);
	}
	hid_desc_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_worst),
	    cmocka_unit_test(test_many_usages),
	    cmocka_unit_test(test_many_reports),
	    cmocka_unit_test(test_whole_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
