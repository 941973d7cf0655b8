/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/names.h"
#include "lib/names_table.h"
#include "lib/state.h"

#define TEXT_MAX 160

const char *const names_identity[] = {
    "device.mfr",
    "device.model",
    "device.serial",
    "device.type",
    "ups.mfr",
    "ups.model",
    "ups.productid",
    "ups.serial",
    "ups.vendorid",
    NULL,
};

/* A name without its indexes and phases, and what those say in words. */
struct plain {
	char name[STATE_NAME_MAX + 2];
	char suffix[64];
};

static int
compare(const void *key, const void *row)
{
	return strcmp(key, ((const struct name *)row)->name);
}

static const char *
find(const char *name, const struct name *table, size_t count)
{
	const struct name *row = bsearch(name, table, count, sizeof(*table), compare);

	return row == NULL ? NULL : row->text;
}

/* True for L1, L2, L3, N and two of them with a hyphen between. */
static bool
is_phase(const char *part, size_t len)
{
	static const char *const phases[] = {
	    "L1", "L2", "L3", "N", "L1-L2", "L2-L3", "L3-L1", "L1-N", "L2-N", "L3-N"};

	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
		if (strlen(phases[i]) == len && memcmp(phases[i], part, len) == 0)
			return true;
	return false;
}

/* The second lines of a UPS, whose measurements are those of the first. */
static bool
is_line(const char *part, size_t len)
{
	static const char *const lines[] = {"bypass", "inverter", "servicebypass"};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strlen(lines[i]) == len && memcmp(lines[i], part, len) == 0)
			return true;
	return false;
}

static void
suffix_add(struct plain *p, const char *label, const char *part, size_t len)
{
	size_t used = strlen(p->suffix);

	snprintf(p->suffix + used, sizeof(p->suffix) - used, ", %s%.*s", label, (int)len,
	    part);
}

/* Parts with single dots between them. */
static bool
well_formed(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= STATE_NAME_MAX && name[0] != '.' &&
	       name[len - 1] != '.' && strstr(name, "..") == NULL;
}

/* Takes indexes and phases (and lines, if wanted) out of a name. */
static void
simplify(struct plain *p, const char *name, bool lines)
{
	size_t out = 0;

	p->name[0] = p->suffix[0] = '\0';
	if (!well_formed(name))
		return;
	while (*name != '\0') {
		size_t len = strcspn(name, ".");

		if (is_phase(name, len))
			suffix_add(p, "phase ", name, len);
		else if (lines && is_line(name, len))
			suffix_add(p, "", name, len);
		else if (strspn(name, "0123456789") < len) {
			if (out > 0)
				p->name[out++] = '.';
			memcpy(p->name + out, name, len);
			out += len;
		}
		name += len;
		name += *name == '.' ? 1 : 0;
	}
	p->name[out] = '\0';
}

/* The row of a name; what is said of an outlet holds for a group of them. */
static const char *
find_grouped(const char *name, const struct name *table, size_t count)
{
	static const char group[] = "outlet.group.";
	const char *found = find(name, table, count);
	struct plain p;

	if (found != NULL || strncmp(name, group, sizeof(group) - 1) != 0)
		return found;
	snprintf(p.name, sizeof(p.name), "outlet.%s", name + sizeof(group) - 1);
	return find(p.name, table, count);
}

const char *
names_var(const char *name)
{
	static char text[TEXT_MAX];
	struct plain p;
	const char *found;

	simplify(&p, name, false);
	found = find_grouped(p.name, names_vars, names_nvars);
	if (found == NULL) {
		simplify(&p, name, true);
		found = find(p.name, names_vars, names_nvars);
	}
	if (found == NULL && (strncmp(name, "driver.parameter.", 17) == 0 ||
				 strncmp(name, "driver.flag.", 12) == 0))
		return "Setting of the driver, as in ups.conf";
	if (found == NULL || p.suffix[0] == '\0')
		return found;
	snprintf(text, sizeof(text), "%s%s", found, p.suffix);
	return text;
}

const char *
names_cmd(const char *name)
{
	struct plain p;

	simplify(&p, name, false);
	return find_grouped(p.name, names_cmds, names_ncmds);
}
