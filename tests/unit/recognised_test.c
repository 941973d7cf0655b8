/* SPDX-License-Identifier: ISC */
/* What is a UPS: descriptors of many kinds, and every recording of a real device. */
#include <dirent.h>
#include <jansson.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/desc.h"
#include "lib/recording.h"

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__})

/* Parts of descriptors. A charge in percent of the Battery System page: */
#define CHARGE 0x05, 0x85, 0x09, 0x66, 0x15, 0, 0x25, 100, 0x75, 8, 0x95, 1, 0x81, 2
/* what a keyboard or a pen says of the battery inside it: charging, and how much is left; */
#define INSIDE                                                                        \
	0x05, 0x85, 0x09, 0x44, 0x15, 0, 0x25, 1, 0x75, 1, 0x95, 1, 0x81, 2, 0x95, 7, \
	    0x81, 3, 0x09, 0x65, 0x25, 100, 0x75, 8, 0x95, 1, 0x81, 2
#define UPS 0x05, 0x84, 0x09, 0x04, 0xa1, 1, 0x85, 12, CHARGE, 0xc0
#define BATTERY_SYSTEM 0x05, 0x85, 0x09, 0x01, 0xa1, 1, 0x85, 13, CHARGE, 0xc0
#define VENDOR                                                                           \
	0x06, 0, 0xff, 0x09, 1, 0xa1, 1, 0x85, 14, 0x15, 0, 0x26, 255, 0, 0x75, 8, 0x95, \
	    8, 0x09, 1, 0x81, 2, 0xc0
#define VOLUME                                                                      \
	0x05, 0x0c, 0x09, 1, 0xa1, 1, 0x85, 15, 0x15, 0, 0x25, 1, 0x09, 0xe9, 0x09, \
	    0xea, 0x75, 1, 0x95, 2, 0x81, 2, 0x95, 6, 0x81, 3, 0xc0
/* the keyboard of HID 1.11, appendix E.6, still open; */
#define KEYBOARD                                                                      \
	0x05, 1, 0x09, 6, 0xa1, 1, 0x85, 1, 0x05, 7, 0x19, 224, 0x29, 231, 0x15, 0,   \
	    0x25, 1, 0x75, 1, 0x95, 8, 0x81, 2, 0x95, 6, 0x75, 8, 0x25, 101, 0x19, 0, \
	    0x29, 101, 0x81, 0
/* the mouse of E.10, still open; */
#define MOUSE                                                                            \
	0x05, 1, 0x09, 2, 0xa1, 1, 0x85, 2, 0x09, 1, 0xa1, 0, 0x05, 9, 0x19, 1, 0x29, 3, \
	    0x15, 0, 0x25, 1, 0x95, 3, 0x75, 1, 0x81, 2, 0x95, 5, 0x81, 3, 0x05, 1,      \
	    0x09, 0x30, 0x09, 0x31, 0x15, 0x81, 0x25, 0x7f, 0x75, 8, 0x95, 2, 0x81, 6,   \
	    0xc0
/* a pen on a tablet, still open. */
#define PEN                                                                            \
	0x05, 0x0d, 0x09, 2, 0xa1, 1, 0x85, 3, 0x09, 0x20, 0xa1, 0, 0x09, 0x42, 0x09,  \
	    0x44, 0x15, 0, 0x25, 1, 0x75, 1, 0x95, 2, 0x81, 2, 0x95, 6, 0x81, 3, 0x05, \
	    1, 0x09, 0x30, 0x09, 0x31, 0x26, 255, 0x7f, 0x75, 16, 0x95, 2, 0x81, 2, 0xc0

static const struct made {
	const char *name;
	bool ups;
	bool input_device;
	const uint8_t *bytes;
	size_t len;
} made[] = {
    {"a UPS", true, false, BYTES(UPS)},
    {"a battery system alone", true, false, BYTES(BATTERY_SYSTEM)},
    {"a UPS and its battery system", true, false, BYTES(UPS, BATTERY_SYSTEM)},
    {"a UPS beside a vendor's collection", true, false, BYTES(VENDOR, UPS)},
    {"a UPS with volume keys", true, false, BYTES(VOLUME, UPS)},
    {"Ellipse ECO, its short descriptor", true, false,
	BYTES(0x06, 0x84, 0x00, 0x09, 0x04, 0xa1, 0x01, 0x09, 0x01, 0x15, 0x00, 0x25,
	    0xff, 0x75, 0x08, 0x95, 0x05, 0x81, 0x00, 0x09, 0x03, 0x15, 0x00, 0x25, 0xff,
	    0x75, 0x08, 0x95, 0x0c, 0xb2, 0x02, 0x01, 0xc0)},
    /* Serial lines behind a converter: vendor's page only. */
    {"Prolink", false, false, BYTES(VENDOR)},
    /* It answers Megatec's questions through string descriptors, and no report. */
    {"MEC0003, items of power in page 0x86", false, false,
	BYTES(0x05, 0x86, 0x09, 0x04, 0xa1, 0x01, 0x05, 0x84, 0x09, 0x1e, 0xa1, 0x00,
	    CHARGE, 0xc0, 0xc0)},
    {"Apple's pad, its battery in a vendor's collection", false, false,
	BYTES(0x06, 0x00, 0xff, 0x09, 0x14, 0xa1, 0x01, 0x85, 0x90, 0x05, 0x84, INSIDE,
	    0xc0)},
    {"a headset: volume keys and a battery", false, false, BYTES(VOLUME, BATTERY_SYSTEM)},
    {"a battery beside a vendor's collection", false, false,
	BYTES(VENDOR, BATTERY_SYSTEM)},
    {"a power page without an application", false, false,
	BYTES(0x05, 0x84, 0x09, 0x04, 0xa1, 0, CHARGE, 0xc0)},
    {"a keyboard", false, true, BYTES(KEYBOARD, 0xc0)},
    {"a keyboard with its battery", false, true, BYTES(KEYBOARD, INSIDE, 0xc0)},
    {"a keyboard and a battery system", false, true,
	BYTES(KEYBOARD, 0xc0, BATTERY_SYSTEM)},
    {"an Arduino that is a UPS and a keyboard", false, true, BYTES(KEYBOARD, 0xc0, UPS)},
    {"the same the other way round", false, true, BYTES(UPS, KEYBOARD, 0xc0)},
    {"a keyboard inside a UPS", false, true,
	BYTES(0x05, 0x84, 0x09, 0x04, 0xa1, 1, KEYBOARD, 0xc0, 0xc0)},
    {"a mouse", false, true, BYTES(MOUSE, 0xc0)},
    {"a mouse with its battery, and a vendor's page", false, true,
	BYTES(MOUSE, 0x05, 0x06, 0x09, 0x20, 0x81, 2, 0xc0, VENDOR, BATTERY_SYSTEM)},
    {"a pen with its battery", false, true, BYTES(PEN, INSIDE, 0xc0)},
    {"a tablet and a battery system", false, true, BYTES(PEN, 0xc0, BATTERY_SYSTEM)},
    {"a tablet and a UPS", false, true, BYTES(PEN, 0xc0, UPS)},
    {"a game pad with its battery", false, true,
	BYTES(0x05, 1, 0x09, 5, 0xa1, 1, INSIDE, 0xc0, UPS)},
};

static void
test_made(void **state)
{
	char cause[200];

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		const struct made *m = &made[i];
		struct hid_desc *d =
		    hid_desc_parse(m->bytes, m->len, cause, sizeof(cause));

		if (d == NULL)
			fail_msg("%s: %s", m->name, cause);
		if (hid_desc_is_power(d) != m->ups)
			fail_msg("%s: %s", m->name, m->ups ? "no UPS" : "a UPS");
		if (d->input_device != m->input_device)
			fail_msg("%s: input device: %d", m->name, d->input_device);
		hid_desc_free(d);
	}
}

/* Recordings of what is no UPS, or cannot be told. */
static const char *const others[] = {
    "0001_0000_mec0003.json",
    "0665_5161_prolink-1250va-not-hid-ups.json",
    "0764_0501_vp1600elcd-corrupt-read.json",
};

static bool
is_other(const char *name)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i], name) == 0)
			return true;
	return false;
}

static void
check_recording(const char *folder, const char *name)
{
	char path[PATH_MAX + 300], cause[256] = "", *text;
	struct recording *r;
	struct hid_desc *d;
	json_t *root;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	root = json_load_file(path, 0, NULL);
	assert_non_null(root);
	text = json_dumps(root, 0);
	r = recording_read(text, strlen(text), cause, sizeof(cause));
	if (r == NULL)
		fail_msg("%s: %s", name, cause);
	d = hid_desc_parse(r->descriptor, r->descriptor_len, cause, sizeof(cause));
	if ((d != NULL && hid_desc_is_power(d)) == is_other(name))
		fail_msg("%s: %s", name, is_other(name) ? "a UPS" : "no UPS");
	if (d != NULL && d->input_device)
		fail_msg("%s: an input device", name);
	hid_desc_free(d);
	recording_free(r);
	free(text);
	json_decref(root);
}

/* The recordings in a folder; their number. */
static size_t
check_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t n = 0;

	if (dir == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL) {
		const char *dot = strrchr(entry->d_name, '.');

		if (dot != NULL && strcmp(dot, ".json") == 0) {
			check_recording(folder, entry->d_name);
			n++;
		}
	}
	closedir(dir);
	return n;
}

static void
test_bodies(void **state)
{
	assert_in_range(check_folder(SOURCE_ROOT "/sim/bodies"), 2, SIZE_MAX);
}

static void
test_recordings(void **state)
{
	const char *shared = getenv("HOLDUP_SHARED");
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s/hid",
	    shared == NULL ? SOURCE_ROOT "/../shared" : shared);
	if (check_folder(folder) == 0) {
		print_message("no recordings in %s\n", folder);
		skip();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_made),
	    cmocka_unit_test(test_bodies),
	    cmocka_unit_test(test_recordings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
