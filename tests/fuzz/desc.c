/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a report descriptor; what comes out is walked. None may cost more time or
 * memory than desc.h says.
 */
#include <sanitizer/allocator_interface.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hid/desc.h"
#include "hid/usages.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static double
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/*
 * What a parse keeps, counted in its own thread: the sanitizer's own sum is over all threads,
 * and libFuzzer has one more, which may just be starting.
 */
static _Thread_local long held;
static _Thread_local bool counting;

static void
taken(const volatile void *block, size_t size)
{
	if (block != NULL && counting)
		held += (long)size;
}

static void
given_back(const volatile void *block)
{
	if (block != NULL && counting)
		held -= (long)__sanitizer_get_allocated_size(block);
}

/* Parses, and watches what that costs. */
static struct hid_desc *
parse(const uint8_t *data, size_t size)
{
	double began = cpu_ms();
	struct hid_desc *d;
	char cause[80];

	held = 0;
	counting = true;
	d = hid_desc_parse(data, size, cause, sizeof(cause));
	counting = false;
	if (cpu_ms() - began > HID_DESC_MS_MAX)
		abort();
	if (held > (d == NULL ? 0 : HID_DESC_MEMORY_MAX) || (d != NULL && held == 0))
		abort();
	return d;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (__sanitizer_install_malloc_and_free_hooks(taken, given_back) == 0)
		abort();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hid_desc *d = parse(data, size);
	char path[200];
	size_t i;

	if (d == NULL)
		return 0;
	hid_desc_is_power(d);
	for (i = 0; i < d->nfields && i < 256; i++) {
		const struct hid_field *f = &d->fields[i];
		uint32_t usages[HID_DEPTH_MAX + 1];

		if (f->size < 1 || f->size > 32 ||
		    f->offset + f->size > d->bits[f->type][f->report_id])
			abort();
		if (hid_desc_find(d, f->type, f->usages, f->depth) == NULL)
			abort();
		hid_usage_path(path, sizeof(path), f->usages, f->depth);
		hid_usage_parse(path, usages, HID_DEPTH_MAX + 1);
		if (hid_desc_report_len(d, f->type, f->report_id) == 0)
			abort();
	}
	hid_desc_free(d);
	return 0;
}
