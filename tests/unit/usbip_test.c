/* SPDX-License-Identifier: ISC */
/* The wire of USB/IP, and what waits on the device for a host. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hid/hidups.h"
#include "lib/buf.h"
#include "sim/urbs.h"
#include "sim/usbip.h"

#define ZEROS8 "\0\0\0\0\0\0\0\0"
#define ZEROS24 ZEROS8 ZEROS8 ZEROS8
#define BYTES(text) text, sizeof(text) - 1

/* The head of a command to the device, and the rest of one that has no data. */
#define HEAD(command, direction, endpoint) \
	"\0\0\0" command "\0\0\1\2\0\1\0\1\0\0\0" direction "\0\0\0" endpoint
#define SETUP_GET_REPORT "\xa1\x01\x0c\x03\x02\x00\x08\x00"

struct row {
	const char *name;
	const char *bytes;
	size_t len;
	bool imported;
	ssize_t read; /* 0: more is to come */
	enum usbip_verb verb;
	const char *cause; /* a part of it */
};

static const struct row rows[] = {
    {"nothing", BYTES(""), false, 0, 0, NULL},
    {"devlist", BYTES("\x01\x11\x80\x05\0\0\0\0"), false, 8, USBIP_DEVLIST, NULL},
    {"a part of it", BYTES("\x01\x11\x80\x05\0\0\0"), false, 0, 0, NULL},
    {"the next behind it", BYTES("\x01\x11\x80\x05\0\0\0\0\x01\x11"), false, 8,
	USBIP_DEVLIST, NULL},
    {"import", BYTES("\x01\x11\x80\x03\0\0\0\0" ZEROS24 ZEROS8), false, 40, USBIP_IMPORT,
	NULL},
    {"a part of that", BYTES("\x01\x11\x80\x03\0\0\0\0" ZEROS24), false, 0, 0, NULL},
    {"another version", BYTES("\x01\x06\x80\x05\0\0\0\0"), false, -1, 0, "version 0106"},
    {"an answer", BYTES("\x01\x11\x00\x05\0\0\0\0"), false, -1, 0, "0005"},
    {"HTTP", BYTES("GET / HTTP/1.1\r\n"), false, -1, 0, "version 4745"},
    {"a command before the import", BYTES(HEAD("\1", "\1", "\0")), false, -1, 0,
	"version"},

    {"control in",
	BYTES(HEAD("\1", "\1", "\0") ZEROS8 ZEROS8 "\0\0\0\0" SETUP_GET_REPORT), true, 48,
	USBIP_SUBMIT, NULL},
    {"a part of that", BYTES(HEAD("\1", "\1", "\0") ZEROS24 "\0\0\0"), true, 0, 0, NULL},
    {"interrupt in",
	BYTES(HEAD("\1", "\1",
	    "\1") "\0\0\0\0\0\0\0\x08\0\0\0\0\xff\xff\xff\xff\0\0\0\x0a" ZEROS8),
	true, 48, USBIP_SUBMIT, NULL},
    {"control out with its data",
	BYTES(
	    HEAD("\1", "\0", "\0") "\0\0\0\0\0\0\0\x02" ZEROS8 ZEROS8 "\0\0\0\0\x0c\x07"),
	true, 50, USBIP_SUBMIT, NULL},
    {"control out without all of it",
	BYTES(HEAD("\1", "\0", "\0") "\0\0\0\0\0\0\0\x02" ZEROS8 ZEROS8 "\0\0\0\0\x0c"),
	true, 0, 0, NULL},
    {"the longest",
	BYTES(HEAD("\1", "\1", "\0") "\0\0\0\0\0\1\0\0" ZEROS8 ZEROS8 "\0\0\0\0"), true,
	48, USBIP_SUBMIT, NULL},
    {"too long",
	BYTES(HEAD("\1", "\0", "\0") "\0\0\0\0\0\1\0\1" ZEROS8 ZEROS8 "\0\0\0\0"), true,
	-1, 0, "65537 bytes"},
    {"negative",
	BYTES(HEAD("\1", "\1", "\0") "\0\0\0\0\xff\xff\xff\xff" ZEROS8 ZEROS8 "\0\0\0\0"),
	true, -1, 0, "is more than"},
    {"isochronous",
	BYTES(HEAD("\1", "\1", "\1") "\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\1\0\0\0\0" ZEROS8),
	true, -1, 0, "isochronous"},
    {"unlink", BYTES(HEAD("\2", "\0", "\0") "\0\0\1\1" ZEROS24), true, 48, USBIP_UNLINK,
	NULL},
    {"an answer to a host", BYTES(HEAD("\3", "\0", "\0") ZEROS24 "\0\0\0\0"), true, -1, 0,
	"00000003 is no command"},
    {"another device", BYTES("\0\0\0\1\0\0\1\2\0\1\0\2" ZEROS24 ZEROS8 "\0\0\0\0"), true,
	-1, 0, "asks 10002"},
};

static void
test_reading(void **state)
{
	struct usbip_request r;
	char cause[128];
	ssize_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];

		cause[0] = '\0';
		n = usbip_read((const uint8_t *)row->bytes, row->len, row->imported, &r,
		    cause, sizeof(cause));
		if (n != row->read || (n > 0 && r.verb != row->verb) ||
		    (n == -1 && strstr(cause, row->cause) == NULL))
			fail_msg(
			    "%s: %zd, verb %d, '%s'", row->name, n, (int)r.verb, cause);
	}
}

static const struct row *
row_named(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	fail_msg("no row '%s'", name);
	return NULL;
}

static void
read_row(const char *name, struct usbip_request *r)
{
	const struct row *row = row_named(name);
	char cause[128];

	assert_true(usbip_read((const uint8_t *)row->bytes, row->len, row->imported, r,
			cause, sizeof(cause)) > 0);
}

/* Big-endian all around the little-endian setup packet. */
static void
test_fields(void **state)
{
	struct usbip_request r;

	(void)state;
	read_row("control in", &r);
	assert_int_equal(r.seqnum, 0x102);
	assert_true(r.in && r.endpoint == 0 && r.len == 0);
	assert_int_equal(r.setup.type, 0xa1);
	assert_int_equal(r.setup.request, 1);
	assert_int_equal(r.setup.value, 0x030c);
	assert_int_equal(r.setup.index, 2);
	assert_int_equal(r.setup.length, 8);
	read_row("control out with its data", &r);
	assert_true(!r.in && r.len == 2);
	assert_memory_equal(r.data, "\x0c\x07", 2);
	read_row("interrupt in", &r);
	assert_true(r.in && r.endpoint == 1 && r.length == 8);
	read_row("unlink", &r);
	assert_int_equal(r.victim, 0x101);
}

static const struct hidups_ident ident = {
    .vendor = 0x051d, .product = 2, .version = 0x0106, .name = "Back-UPS"};

static void
test_introduction(void **state)
{
	static const char numbers[] =
	    "\0\0\0\1\0\0\0\1\0\0\0\2\x05\x1d\0\2\1\6\0\0\0\1\1\1";
	struct buf out = {0};

	(void)state;
	usbip_write_devlist(&out, NULL);
	assert_int_equal(out.len, 12);
	assert_memory_equal(buf_head(&out), "\1\x11\0\5\0\0\0\0\0\0\0\0", 12);
	buf_clear(&out);

	usbip_write_devlist(&out, &ident);
	assert_int_equal(out.len, 12 + 312 + 4);
	assert_memory_equal(buf_head(&out), "\1\x11\0\5\0\0\0\0\0\0\0\1", 12);
	assert_string_equal(buf_head(&out) + 12 + 256, USBIP_BUSID);
	assert_memory_equal(buf_head(&out) + 12 + 288, numbers, 24);
	assert_memory_equal(buf_head(&out) + 12 + 312, "\3\0\0\0", 4);
	buf_clear(&out);

	usbip_write_import(&out, USBIP_OK, &ident);
	assert_int_equal(out.len, 8 + 312);
	assert_memory_equal(buf_head(&out), "\1\x11\0\3\0\0\0\0", 8);
	assert_memory_equal(buf_head(&out) + 8 + 288, numbers, 24);
	buf_clear(&out);

	usbip_write_import(&out, USBIP_BUSY, &ident);
	assert_int_equal(out.len, 8);
	assert_memory_equal(buf_head(&out), "\1\x11\0\3\0\0\0\2", 8);
	buf_free(&out);
}

static void
test_answers(void **state)
{
	struct buf out = {0};

	(void)state;
	usbip_write_submit(&out, 0x102, 0, (const uint8_t *)"abc", 3);
	assert_int_equal(out.len, 48 + 3);
	assert_memory_equal(buf_head(&out),
	    "\0\0\0\3\0\0\1\2" ZEROS8 "\0\0\0\0\0\0\0\0\0\0\0\3" ZEROS8 ZEROS8
	    "\0\0\0\0abc",
	    51);
	buf_clear(&out);
	usbip_write_submit(&out, 0x102, 0, NULL, 3);
	assert_int_equal(out.len, 48);
	assert_int_equal(buf_head(&out)[27], 3);
	buf_clear(&out);
	usbip_write_submit(&out, 0x102, -EPIPE, NULL, 0);
	assert_memory_equal(buf_head(&out) + 20, "\xff\xff\xff\xe0\0\0\0\0", 8);
	buf_clear(&out);
	usbip_write_unlink(&out, 0x103, -ECONNRESET);
	assert_int_equal(out.len, 48);
	assert_memory_equal(buf_head(&out),
	    "\0\0\0\4\0\0\1\3" ZEROS8 "\0\0\0\0\xff\xff\xff\x98" ZEROS24, 48);
	buf_free(&out);
}

/* What the next transfer gets, in `text`: "" when none can be answered. */
static uint32_t
next(struct urbs *u, char text[static 16])
{
	const uint8_t *bytes;
	uint32_t seqnum = 0;
	size_t len = 0;

	if (urbs_next(u, &seqnum, &bytes, &len))
		memcpy(text, bytes, len);
	text[len] = '\0';
	return seqnum;
}

static void
report(struct urbs *u, const char *text)
{
	urbs_report(u, (const uint8_t *)text, strlen(text), true);
}

static void
test_reports_wait(void **state)
{
	struct urbs u;
	char text[16];

	(void)state;
	urbs_init(&u);
	report(&u, "1old");
	report(&u, "2");
	report(&u, "1new");
	assert_int_equal(next(&u, text), 0);
	assert_true(urbs_poll(&u, 7, 8) && urbs_poll(&u, 8, 8) && urbs_poll(&u, 9, 8));
	assert_int_equal(next(&u, text), 7);
	assert_string_equal(text, "2");
	assert_int_equal(next(&u, text), 8);
	assert_string_equal(text, "1new");
	assert_int_equal(next(&u, text), 0);
	report(&u, "3");
	assert_int_equal(next(&u, text), 9);
	urbs_report(&u, (const uint8_t *)"ab", 2, false); /* without ids all are one */
	urbs_report(&u, (const uint8_t *)"xy", 2, false);
	assert_true(urbs_poll(&u, 10, 8) && urbs_poll(&u, 11, 8));
	assert_int_equal(next(&u, text), 10);
	assert_string_equal(text, "xy");
	assert_int_equal(next(&u, text), 0);
	urbs_clear(&u);
}

/* One that is longer than a transfer comes in pieces of one report. */
static void
test_pieces(void **state)
{
	struct urbs u;
	char text[16];

	(void)state;
	urbs_init(&u);
	report(&u, "1abcdef");
	assert_true(urbs_poll(&u, 1, 4));
	assert_int_equal(next(&u, text), 1);
	assert_string_equal(text, "1abc");
	report(&u, "1uvwxyz");
	assert_true(urbs_poll(&u, 2, 4) && urbs_poll(&u, 3, 4) && urbs_poll(&u, 4, 4));
	assert_int_equal(next(&u, text), 2);
	assert_string_equal(text, "def");
	assert_int_equal(next(&u, text), 3);
	assert_string_equal(text, "1uvw");
	urbs_clear(&u);
	assert_int_equal(next(&u, text), 0);
}

static void
test_taken_back(void **state)
{
	struct urbs u;
	char text[16];

	(void)state;
	urbs_init(&u);
	assert_true(urbs_control(&u, 1) && urbs_control(&u, 2) && urbs_poll(&u, 3, 8) &&
		    urbs_poll(&u, 4, 8));
	assert_true(urbs_unlink(&u, 1));
	assert_false(urbs_unlink(&u, 1));
	assert_false(urbs_answer(&u, 1));
	assert_true(urbs_answer(&u, 2));
	assert_false(urbs_unlink(&u, 2));
	assert_true(urbs_unlink(&u, 3));
	report(&u, "5");
	assert_int_equal(next(&u, text), 4);
	assert_false(urbs_unlink(&u, 4));
	urbs_clear(&u);
}

static void
test_bounds(void **state)
{
	struct urbs u;
	uint32_t n;

	(void)state;
	urbs_init(&u);
	for (n = 0; urbs_control(&u, n); n++)
		;
	assert_int_equal(n, URBS_CONTROLS_MAX);
	for (n = 0; urbs_poll(&u, n, 8); n++)
		;
	assert_int_equal(n, URBS_POLLS_MAX);
	urbs_clear(&u);
	assert_true(urbs_control(&u, 1));
	urbs_clear(&u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reading),
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_introduction),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_reports_wait),
	    cmocka_unit_test(test_pieces),
	    cmocka_unit_test(test_taken_back),
	    cmocka_unit_test(test_bounds),
	};

	cmocka_set_message_output(CM_OUTPUT_STDOUT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
