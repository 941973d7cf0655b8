/* SPDX-License-Identifier: ISC */
#ifndef TESTS_HIDUPS_DEVICE_H
#define TESTS_HIDUPS_DEVICE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/hidups.h"
#include "lib/recording.h"

/* A device under test: that of a recording, or one of a few fields made by hand. */

#define BODY SOURCE_ROOT "/sim/bodies/apc-back-ups-cs-500.json"
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct device {
	struct recording *recording; /* NULL: made by hand */
	struct hid_desc *desc;
	struct hidups *ups;
	struct state *state;
	char cause[200];
	struct hidups_write writes[HIDUPS_WRITES_MAX];
	size_t nwrites;
};

static inline void
hex(const char *text, uint8_t *bytes, size_t *len)
{
	int used;

	for (*len = 0; sscanf(text, " %2hhx%n", &bytes[*len], &used) == 1; text += used)
		++*len;
}

static inline void
report(struct device *dev, enum hid_type type, const char *text)
{
	uint8_t bytes[64];
	size_t len;

	hex(text, bytes, &len);
	hidups_report(dev->ups, type, bytes, len);
	hidups_vars(dev->ups, dev->state);
}

static inline struct device *
open_device(const char *descriptor, const struct hidups_ident *ident)
{
	struct device *dev = calloc(1, sizeof(*dev));
	uint8_t bytes[512];
	size_t len;

	hex(descriptor, bytes, &len);
	dev->desc = hid_desc_parse(bytes, len, dev->cause, sizeof(dev->cause));
	if (dev->desc == NULL)
		fail_msg("%s", dev->cause);
	dev->ups = hidups_new(dev->desc, ident);
	dev->state = state_new();
	return dev;
}

/* The body with all its reports and strings read. */
static inline struct device *
open_body(void)
{
	static char text[65536];
	struct device *dev = calloc(1, sizeof(*dev));
	FILE *file = fopen(BODY, "r");
	uint8_t indexes[16];
	size_t n, i;

	assert_non_null(file);
	n = fread(text, 1, sizeof(text), file);
	fclose(file);
	dev->recording = recording_read(text, n, dev->cause, sizeof(dev->cause));
	assert_non_null(dev->recording);
	dev->desc = hid_desc_parse(dev->recording->descriptor,
	    dev->recording->descriptor_len, dev->cause, sizeof(dev->cause));
	assert_non_null(dev->desc);
	dev->ups = hidups_new(dev->desc, &dev->recording->ident);
	dev->state = state_new();
	for (i = 0; i < dev->recording->nreports; i++)
		hidups_report(dev->ups, dev->recording->reports[i].type,
		    dev->recording->reports[i].bytes, dev->recording->reports[i].len);
	n = hidups_strings(dev->ups, indexes);
	for (i = 0; i < n; i++)
		hidups_string(dev->ups, indexes[i], dev->recording->strings[indexes[i]]);
	assert_int_equal(hidups_strings(dev->ups, indexes), 0);
	hidups_vars(dev->ups, dev->state);
	return dev;
}

static inline void
close_device(struct device *dev)
{
	state_free(dev->state);
	hidups_free(dev->ups);
	hid_desc_free(dev->desc);
	recording_free(dev->recording);
	free(dev);
}

static inline void
assert_var(const struct device *dev, const char *name, const char *want)
{
	const char *got = state_get(dev->state, name);

	if (got == NULL || want == NULL ? got != want : strcmp(got, want) != 0)
		fail_msg("%s: \"%s\" instead of \"%s\"", name, got == NULL ? "-" : got,
		    want == NULL ? "-" : want);
}

static inline void
assert_writes(const struct device *dev, const char *want)
{
	char got[200] = "";
	size_t i, j;

	for (i = 0; i < dev->nwrites; i++)
		for (j = 0; j < dev->writes[i].len; j++)
			sprintf(got + strlen(got), "%s%02x",
			    j > 0 ? " " : (i > 0 ? "; " : ""), dev->writes[i].bytes[j]);
	assert_string_equal(got, want);
}

static inline enum hidups_answer
command(struct device *dev, const char *name, const char *value)
{
	return hidups_command(dev->ups, name, value, dev->writes, &dev->nwrites,
	    dev->cause, sizeof(dev->cause));
}

static inline enum hidups_answer
set(struct device *dev, const char *name, const char *value)
{
	return hidups_set(dev->ups, name, value, dev->writes, &dev->nwrites, dev->cause,
	    sizeof(dev->cause));
}

#endif
