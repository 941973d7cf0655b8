/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "setup/apcupsd.h"
#include "setup/undo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a take-over reads: apcupsd.conf; what systemctl prints; setup.undo, of which what is
 * read must come out again. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct setup_answers answers = {0};
	struct check_list said = {0};
	struct units units;
	struct unit_steps steps = {0};
	struct undo undo, again;
	struct buf text = {0};
	char *copy = xcalloc(size + 1, 1);

	if (size > 0)
		memcpy(copy, data, size);
	apcupsd_read("a", copy, size, &answers, &said);
	setup_answers_free(&answers);
	check_list_free(&said);
	units_read(&units, copy, copy);
	units_take(&units, &steps);
	units_back(&units, &steps);
	unit_steps_free(&steps);
	units_free(&units);
	undo_read(&undo, copy, size);
	for (size_t i = 0; i < undo.nfiles; i++)
		undo_add_file(&text, undo.files[i].path, undo.files[i].copy);
	for (size_t i = 0; i < undo.units.count; i++)
		undo_add_unit(&text, &undo.units.list[i]);
	undo_read(&again, buf_str(&text), text.len);
	if (again.nfiles != undo.nfiles || again.units.count != undo.units.count)
		abort();
	undo_free(&again);
	undo_free(&undo);
	buf_free(&text);
	free(copy);
	return 0;
}
