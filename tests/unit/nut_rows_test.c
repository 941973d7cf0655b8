/* SPDX-License-Identifier: ISC */
#include "made_device.h"

/*
 * nut_rows.txt has what NUT's usbhid-ups 2.8.5 makes of a field, for each maker that it
 * knows: one device of that maker for each line, which has this field alone, and says at
 * it what the line says. Lines:
 *	device VENDOR PRODUCT MANUFACTURER|NAME
 *	var|rw PATH VARIABLE NUMBER [TEXT]	the variable is there, and reads so; may be set
 *	cmd PATH COMMAND			the command is offered
 *	set|clear PATH VARIABLE WORDS		1, or 0, raises them in the variable
 * What holdup does otherwise on purpose (docs/devices.md, "Where NUT is wrong") is not among
 * them.
 */
#define ROWS SOURCE_ROOT "/tests/unit/nut_rows.txt"
#define LINE_MAX_LEN 512
#define PRESENT "UPS.PowerSummary.PresentStatus.ACPresent"

struct line {
	char kind[8], path[256], name[64];
	unsigned number;
	char text[128];
};

/* A device with mains, or that one field alone; `raw` is what it says there, and the index
 * of the one string that it has. */
static struct device *
device_of(const struct line *l, const struct hidups_ident *ident, unsigned raw)
{
	const bool only = strcmp(l->path, PRESENT) == 0 || strcmp(l->text, "OL") == 0;
	const uint8_t bits = strstr(l->path, "PresentStatus") != NULL ? 8 : 16;
	const struct made_field fields[MADE_FIELDS] = {
	    {l->path, 1, bits, 0, 0, false},
	    {only ? NULL : PRESENT, 2, 8, 0, 0, false},
	};
	struct device *dev = made_device(fields, ident);
	char bytes[32];

	hidups_string(dev->ups, (uint8_t)raw, "text");
	if (!only)
		report(dev, HID_FEATURE, "0201");
	snprintf(bytes, sizeof(bytes), bits == 8 ? "01 %02x" : "01 %02x %02x", raw & 0xff,
	    raw >> 8);
	report(dev, HID_FEATURE, bytes);
	return dev;
}

/* True when all of `words` stand in `text`, from one word's beginning to another's end. */
static bool
has_words(const char *text, const char *words)
{
	const size_t len = strlen(words);

	for (const char *at = text; at != NULL && (at = strstr(at, words)) != NULL; at++)
		if ((at == text || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static bool
is_flag(const struct line *l, const struct hidups_ident *ident, unsigned raw)
{
	struct device *dev = device_of(l, ident, raw);
	bool raised = has_words(state_get(dev->state, l->name), l->text);

	close_device(dev);
	return raised;
}

/* NULL, or what is wrong. */
static const char *
fault_of(const struct line *l, const struct hidups_ident *ident)
{
	struct device *dev;
	const struct state_var *v;
	const char *fault = NULL;

	if (strcmp(l->kind, "set") == 0 || strcmp(l->kind, "clear") == 0) {
		const bool by_1 = l->kind[0] == 's';

		return is_flag(l, ident, 1) != by_1   ? "wrong with 1"
		       : is_flag(l, ident, 0) == by_1 ? "wrong with 0"
						      : NULL;
	}
	dev = device_of(l, ident, l->number);
	v = state_var(dev->state, l->name);
	if (strcmp(l->kind, "cmd") == 0)
		fault = state_cmd_has(dev->state, l->name) ? NULL : "not offered";
	else if (v == NULL)
		fault = "not there";
	else if (l->text[0] != '\0' && strcmp(v->text, l->text) != 0)
		fault = "another text";
	else if (l->kind[0] == 'r' && !(v->flags & STATE_RW))
		fault = "not to be set";
	close_device(dev);
	return fault;
}

/* Takes a line apart; false for one that is none. */
static bool
read_line(const char *text, struct line *l)
{
	int used = 0;

	*l = (struct line){.number = 1};
	if (sscanf(text, "%7s %255s %63s%n", l->kind, l->path, l->name, &used) != 3)
		return false;
	text += used;
	if (l->kind[0] == 'v' || l->kind[0] == 'r') {
		if (sscanf(text, "%u%n", &l->number, &used) != 1)
			return false;
		text += used;
	}
	snprintf(l->text, sizeof(l->text), "%s", text + (*text == ' '));
	return true;
}

static void
test_rows(void **state)
{
	struct hidups_ident ident = {.name = ""};
	char text[LINE_MAX_LEN];
	unsigned bad = 0, rows = 0;
	FILE *f = fopen(ROWS, "r");

	assert_non_null(f);
	while (fgets(text, sizeof(text), f) != NULL) {
		struct line l;
		const char *fault = "no such line";

		text[strcspn(text, "\n")] = '\0';
		if (text[0] == '#')
			continue;
		if (strncmp(text, "device ", 7) == 0) {
			ident = (struct hidups_ident){.serial = "S"};
			assert_int_equal(sscanf(text, "device %hx %hx %127[^|]|%127[^\n]",
					     &ident.vendor, &ident.product,
					     ident.manufacturer, ident.name),
			    4);
			continue;
		}
		rows++;
		if (read_line(text, &l) && (fault = fault_of(&l, &ident)) == NULL)
			continue;
		print_error(
		    "%04x:%04x %s: %s\n", ident.vendor, ident.product, text, fault);
		bad++;
	}
	fclose(f);
	assert_int_equal(bad, 0);
	assert_true(rows > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
