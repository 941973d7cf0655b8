/* SPDX-License-Identifier: ISC */
/*
 * Eaton and MGE give a product ("ELLIPSE") and a model ("600"), which together are the
 * name on the box. Names and the series with a true battery voltage: NUT (mge-hid). Where
 * NUT knows single models of a series, all of the series have the voltage here.
 */
#include <stdio.h>
#include <string.h>

#include "hid/map_mge.h"

/* The name is `before`, the model without `skip` characters at its beginning and `cut` at
 * its end, and `after`. */
static const struct series {
	const char *product; /* NULL ends the table */
	const char *models;  /* parted by bars; NULL: any */
	bool volts;
	const char *before, *after;
	size_t skip, cut;
} series[] = {
    {"ELLIPSE", "300|500|650|800|1200", false, "ellipse ", "", 0, 0},
    {"ELLIPSE", "600|750|1000|1500", false, "Ellipse ", "", 0, 0},
    {"ellipse", "PR500|PR650|PR800|PR1200", false, "ellipse premium ", "", 2, 0},
    {"PROTECTIONCENTER", "420|500|675", false, "Protection Center ", "", 0, 0},
    {"Evolution", "500|800|1100|1500|2200|3000", false, "Pulsar Evolution ", "", 0, 0},
    {"Evolution", "3000XL", false, "Pulsar Evolution ", " XL", 0, 2},
    {"Evolution", NULL, true, "Evolution ", "", 0, 0},
    {"Eaton 5P", "650|850|1150|1550", true, "5P ", "", 0, 0},
    {"Eaton 5P", NULL, true, "Eaton 5P ", "", 0, 0},
    {"Eaton 5PX", NULL, true, "Eaton 5PX ", "", 0, 0},
    {"Eaton 5SC", NULL, true, "Eaton 5SC ", "", 0, 0},
    /* The blank at the end tells the 5S from the Ellipse PRO (NUT issue 2380). */
    {"Ellipse PRO", "1200 |1500 |1600 ", true, "Eaton 5S", "", 0, 1},
    {"Eaton 9E",
	"1000|1000i|1000iau|1000ir|2000|2000i|2000iau|2000ir|3000|3000i|3000iau|3000ir|"
	"3000ixl|3000ixlau",
	true, "9E", "", 0, 0},
    {"Eaton 9E", NULL, true, "Eaton 9E ", "", 0, 0},
    {"unknown", "1000|2000|3000", true, "9E", "i (presumed)", 0, 0},
    {"Eaton 9SX",
	"700i|1000i|1000im|1500i|2000i|3000i|3000im|1000ir|1500ir|2000ir|3000ir", true,
	"9SX", "", 0, 0},
    {"Eaton 9SX", NULL, true, "Eaton 9SX ", "", 0, 0},
    {"Eaton 9PX",
	"1000irt2u|1500irt2u|1500irtm|2200irt2u|2200irt3u|3000irt2u|3000irt3u|3000irtm",
	true, "9px", "", 0, 0},
    {"Eaton 9PX", NULL, true, "Eaton 9PX ", "", 0, 0},
    {"PULSAR M", NULL, true, "PULSAR M ", "", 0, 0},
    {"EX", "2200|3000|3000 XL", true, "EX ", "", 0, 0},
    {"PULSAR", "MX4000|MX5000", false, "Pulsar MX ", " RT", 2, 0},
    {"NOVA AVR", "500|600|625|1100|1250", false, "Nova ", " AVR", 0, 0},
    {"EXtreme", "1500CCLA", false, "Pulsar EXtreme ", " CLA", 0, 3},
    {"EXtreme", NULL, false, "Pulsar EXtreme ", "", 0, 0},
    {"EX", "700RT|1000RT|1500RT|2200RT|3200RT", false, "Pulsar EX ", " RT", 0, 2},
    {"EX", "5RT31|7RT31|11RT31", false, "EX ", " RT 3:1", 0, 4},
    {"EX", "5RT|7RT|11RT", false, "EX ", " RT", 0, 2},
    {"GALAXY", "3000_10|3000_15|3000_20|3000_30", false, "Galaxy 3000 ", " kVA", 5, 0},
    {0},
};

/* True when `model` is one of a list. */
static bool
listed(const char *models, const char *model)
{
	size_t len = strlen(model);

	for (; models != NULL; models = strchr(models, '|')) {
		models += *models == '|';
		if (strncmp(models, model, len) == 0 &&
		    (models[len] == '|' || models[len] == '\0'))
			return true;
	}
	return false;
}

bool
mge_model(char *out, size_t size, const char *product, const char *model)
{
	size_t plen = strlen(product), len = strlen(model);
	const struct series *s;

	for (s = series; s->product != NULL; s++)
		if (strcmp(s->product, product) == 0 &&
		    (s->models == NULL || listed(s->models, model)))
			break;
	if (s->product != NULL && len > s->skip + s->cut)
		snprintf(out, size, "%s%.*s%s", s->before, (int)(len - s->skip - s->cut),
		    model + s->skip, s->after);
	else if (len == 0 || (plen >= len && strcmp(product + plen - len, model) == 0))
		snprintf(out, size, "%s", product);
	else
		snprintf(out, size, "%s %s", product, model);
	return s->volts;
}
