/* SPDX-License-Identifier: ISC */
/*
 * Every recording of a real device against what NUT decoded from it: the place of each
 * value exactly, the value within 1e-6.
 */
#include <dirent.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/desc.h"
#include "hid/report.h"
#include "hid/usages.h"
#include "lib/recording.h"
#include "lib/xmem.h"

#define RECORDINGS_MIN 30
#define VALUES_MIN 1500

/* Descriptors that are to be refused. */
static const char *const refused[] = {
    "0764_0501_vp1600elcd-corrupt-read.json",
};

/* Values that NUT got wrong, and what the bytes say: the maximum of 255 is left over from
 * an earlier item, NUT keeps only 8 of the 16 bits (NUT issue 3540, hid/README.md 2.8). */
static const struct nut_wrong {
	const char *name;
	long report_id, offset;
	double nut, truth;
} nut_wrong[] = {
    {"05dd_a0a0_minuteman.json", 24, 0, 0.000209, 0.001233},
    {"05dd_a0a0_minuteman.json", 27, 0, 0.000193, 0.001217},
    {"1cb0_0032_legrand-ups.json", 24, 0, 0.00011, 0.002414},
    {"1cb0_0032_legrand-ups.json", 27, 0, 0.000104, 0.002408},
};

static char folder[PATH_MAX];

struct tally {
	int recordings, places, values;
};

static enum hid_type
type_of(const char *text)
{
	if (strcmp(text, "Input") == 0)
		return HID_INPUT;
	return strcmp(text, "Output") == 0 ? HID_OUTPUT : HID_FEATURE;
}

static long
member(const json_t *row, const char *key)
{
	return (long)json_integer_value(json_object_get(row, key));
}

/* The field that stands where the row says. */
static const struct hid_field *
field_at(const struct hid_desc *d, const json_t *row)
{
	enum hid_type type = type_of(json_string_value(json_object_get(row, "type")));
	size_t i;

	for (i = 0; i < d->nfields; i++) {
		const struct hid_field *f = &d->fields[i];

		if (f->type == type && f->report_id == member(row, "report_id") &&
		    f->offset == (uint32_t)member(row, "offset") &&
		    f->size == (uint32_t)member(row, "size"))
			return f;
	}
	return NULL;
}

static void
check_path(const struct hid_field *f, const json_t *row, const char *where)
{
	char path[HID_DEPTH_MAX * 9 + 10] = "";
	size_t i;

	for (i = 0; i < f->depth; i++)
		sprintf(path + strlen(path), "%s%08x", i == 0 ? "" : ".", f->usages[i]);
	if (strcmp(path, json_string_value(json_object_get(row, "usages"))) != 0)
		fail_msg("%s: path %s", where, path);
}

/* The value to expect where NUT's is `nut`. */
static double
truth(const char *name, const json_t *row, double nut)
{
	size_t i;

	for (i = 0; i < sizeof(nut_wrong) / sizeof(nut_wrong[0]); i++) {
		const struct nut_wrong *w = &nut_wrong[i];

		if (strcmp(w->name, name) == 0 &&
		    w->report_id == member(row, "report_id") &&
		    w->offset == member(row, "offset") && fabs(w->nut - nut) < 1e-9)
			return w->truth;
	}
	return nut;
}

static void
check_value(const struct hid_field *f, const json_t *row, double want, const char *where)
{
	const char *hex = json_string_value(json_object_get(row, "report"));
	double got;
	uint8_t bytes[HID_REPORT_BITS_MAX / 8 + 1];
	size_t len;
	int64_t raw;

	for (len = 0; hex[2 * len] != '\0'; len++)
		sscanf(hex + 2 * len, "%2hhx", &bytes[len]);
	if (!hid_report_get(f, bytes + 1, len - 1, &raw))
		fail_msg("%s: report too short", where);
	got = hid_report_scale(f, raw);
	if (fabs(got - want) > 1e-6)
		fail_msg("%s: %.9g instead of %.9g", where, got, want);
}

static void
check_rows(
    const struct hid_desc *d, const json_t *rows, const char *name, struct tally *t)
{
	size_t i;

	for (i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const struct hid_field *f = field_at(d, row);
		double nut = json_number_value(json_object_get(row, "value"));
		char where[512];

		snprintf(where, sizeof(where), "%s: %s, %s report %ld, offset %ld", name,
		    json_string_value(json_object_get(row, "path")),
		    json_string_value(json_object_get(row, "type")),
		    member(row, "report_id"), member(row, "offset"));
		if (f == NULL)
			fail_msg("%s: no such field", where);
		check_path(f, row, where);
		t->places++;
		if (!json_is_string(json_object_get(row, "report")))
			continue;
		check_value(f, row, truth(name, row, nut), where);
		t->values++;
	}
}

static bool
is_refused(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (strcmp(name, refused[i]) == 0)
			return true;
	return false;
}

/* Writing a recording and reading that gives the same again. */
static void
check_round_trip(const struct recording *r, const char *name)
{
	char cause[256] = "", *first = recording_write(r), *second;
	struct recording *copy =
	    recording_read(first, strlen(first), cause, sizeof(cause));

	if (copy == NULL)
		fail_msg("%s, written and read: %s", name, cause);
	second = recording_write(copy);
	assert_string_equal(first, second);
	assert_int_equal(copy->descriptor_len, r->descriptor_len);
	assert_int_equal(copy->nreports, r->nreports);
	recording_free(copy);
	free(first);
	free(second);
}

static void
check_recording(const char *name, struct tally *t)
{
	char path[PATH_MAX + 300], cause[256] = "", *text;
	json_error_t error;
	struct recording *r;
	struct hid_desc *d;
	json_t *root;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	root = json_load_file(path, 0, &error);
	if (root == NULL)
		fail_msg("%s: %s", path, error.text);
	text = json_dumps(root, 0);
	r = recording_read(text, strlen(text), cause, sizeof(cause));
	if (r == NULL)
		fail_msg("%s: %s", name, cause);
	check_round_trip(r, name);
	d = hid_desc_parse(r->descriptor, r->descriptor_len, cause, sizeof(cause));
	if (is_refused(name))
		assert_null(d);
	else if (d == NULL)
		fail_msg("%s: %s", name, cause);
	else
		check_rows(d, json_object_get(root, "expected"), name, t);
	t->recordings++;
	hid_desc_free(d);
	recording_free(r);
	free(text);
	json_decref(root);
}

static void
test_recordings(void **state)
{
	struct tally t = {0};
	struct dirent *entry;
	DIR *dir = opendir(folder);

	while ((entry = readdir(dir)) != NULL) {
		const char *dot = strrchr(entry->d_name, '.');

		if (dot != NULL && strcmp(dot, ".json") == 0)
			check_recording(entry->d_name, &t);
	}
	closedir(dir);
	assert_in_range(t.recordings, RECORDINGS_MIN, INT_MAX);
	assert_in_range(t.values, VALUES_MIN, INT_MAX);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_recordings),
	};
	const char *shared = getenv("HOLDUP_SHARED");
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s/hid",
	    shared == NULL ? SOURCE_ROOT "/../shared" : shared);
	dir = opendir(folder);
	if (dir == NULL) {
		printf("no recordings in %s\n", folder);
		return 77;
	}
	closedir(dir);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
