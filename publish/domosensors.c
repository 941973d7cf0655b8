/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/phrase.h"
#include "publish/domosensors.h"

#define NUMBER_MAX 1e6 /* no value of a UPS is greater */
#define STATUS_MAX 512
#define POWER_FACTOR 0.6 /* W of a VA, as history estimates it */

/* The colours of an alert. */
enum lamp { LAMP_GREY, LAMP_GREEN, LAMP_YELLOW, LAMP_ORANGE, LAMP_RED };

/* Reads a decimal number of the size that a value has. */
static bool
number(const char *text, double *n)
{
	char *end;

	if (text == NULL || text[strspn(text, "-.0123456789")] != '\0')
		return false;
	*n = strtod(text, &end);
	return end != text && *end == '\0' && fabs(*n) <= NUMBER_MAX;
}

static bool
heard(const struct feed_ups *u)
{
	return u != NULL && u->source == FEED_OK;
}

/* The first of two variables that is a number. */
static bool
first_number(const struct feed_ups *u, const char *const variables[2], double *n)
{
	for (size_t i = 0; i < 2 && variables[i] != NULL; i++)
		if (number(state_get(u->state, variables[i]), n))
			return true;
	return false;
}

bool
domosensor_number(const struct feed_ups *u, const char *const variables[2], int decimals,
    char *text, size_t size)
{
	double n;

	if (!heard(u) || !first_number(u, variables, &n))
		return false;
	snprintf(text, size, "%.*f", decimals, n);
	return true;
}

int
domosensor_battery(const struct feed_ups *u)
{
	static const char *const charge[2] = {"battery.charge"};
	double n;

	if (!heard(u) || !first_number(u, charge, &n) || n < 0 || n > 100)
		return -1;
	return (int)lround(n);
}

static bool
value_number(const struct domosensor *s, const struct domo_ups *u, struct domo_value *v)
{
	v->nvalue = 0;
	return domosensor_number(
	    u->ups, s->variables, s->decimals, v->svalue, sizeof(v->svalue));
}

/* Real power, told or by the load. */
static bool
watts(const struct feed_ups *u, double *w)
{
	static const char *const told[2] = {"ups.realpower"},
				 *const load[2] = {"ups.load"},
				 *const full[2] = {"ups.realpower.nominal"},
				 *const apparent[2] = {"ups.power.nominal"};
	double percent, most;

	if (!heard(u))
		return false;
	if (first_number(u, told, w))
		return true;
	if (!first_number(u, load, &percent))
		return false;
	if (!first_number(u, full, &most)) {
		if (!first_number(u, apparent, &most))
			return false;
		most *= POWER_FACTOR;
	}
	*w = percent / 100 * most;
	return true;
}

static bool
value_watts(const struct domosensor *s, const struct domo_ups *u, struct domo_value *v)
{
	double w;

	v->nvalue = 0;
	if (!watts(u->ups, &w))
		return false;
	snprintf(v->svalue, sizeof(v->svalue), "%.*f", s->decimals, w);
	return true;
}

/* Watts now, and the counter in watt hours, from which Domoticz makes days and years. */
static bool
value_energy(const struct domosensor *s, const struct domo_ups *u, struct domo_value *v)
{
	double w;

	v->nvalue = 0;
	if (!u->energy || !watts(u->ups, &w))
		return false;
	snprintf(v->svalue, sizeof(v->svalue), "%.*f;%llu.0", s->decimals, w,
	    (unsigned long long)u->wh);
	return true;
}

/* The status as whoever asks is shown it, or NULL when the UPS is not heard. */
static const char *
status_of(const struct feed_ups *u, char *out, size_t size)
{
	return heard(u) ? feed_status(u, u->view, out, size) : NULL;
}

/* The status in words, and why there is none. */
static bool
status_words(const struct domo_ups *u, char *text, size_t size)
{
	char out[STATUS_MAX];
	const char *status = status_of(u->ups, out, sizeof(out));

	if (status != NULL)
		phrase_status(text, size, status);
	else if (u->ups == NULL)
		snprintf(text, size, "Nothing is known of it");
	else if (u->ups->source == FEED_OK)
		return false;
	else
		snprintf(text, size, "No communication with the UPS");
	return true;
}

static bool
value_status(const struct domosensor *s, const struct domo_ups *u, struct domo_value *v)
{
	v->nvalue = 0;
	return status_words(u, v->svalue, sizeof(v->svalue));
}

/* What a word of the status makes of the lamp; without any it is green. */
static const struct {
	const char *word;
	enum lamp lamp;
} lamps[] = {
    {"FSD", LAMP_RED},
    {"LB", LAMP_RED},
    {"OFF", LAMP_RED},
    {"OVER", LAMP_RED},
    {"OB", LAMP_ORANGE},
    {"BYPASS", LAMP_ORANGE},
    {"ALARM", LAMP_ORANGE},
    {"RB", LAMP_YELLOW},
    {"HB", LAMP_YELLOW},
    {"CAL", LAMP_YELLOW},
};

/* The condition as a colour, with the status in words. */
static bool
value_lamp(const struct domosensor *s, const struct domo_ups *u, struct domo_value *v)
{
	char out[STATUS_MAX];
	const char *status = status_of(u->ups, out, sizeof(out));
	enum lamp lamp = status == NULL ? LAMP_GREY : LAMP_GREEN;

	for (size_t i = 0; status != NULL && i < sizeof(lamps) / sizeof(lamps[0]); i++)
		if (state_status_has(status, lamps[i].word) && lamps[i].lamp > lamp)
			lamp = lamps[i].lamp;
	v->nvalue = (int)lamp;
	return status_words(u, v->svalue, sizeof(v->svalue));
}

/* On while the status has the word of variables[0]. */
static bool
value_word(const struct domosensor *s, const struct domo_ups *u, struct domo_value *v)
{
	char out[STATUS_MAX];
	const char *status = status_of(u->ups, out, sizeof(out));

	v->svalue[0] = '\0';
	v->nvalue = status != NULL && state_status_has(status, s->variables[0]);
	return status != NULL;
}

/* On while the UPS is heard. */
static bool
value_link(const struct domosensor *s, const struct domo_ups *u, struct domo_value *v)
{
	v->svalue[0] = '\0';
	v->nvalue = heard(u->ups);
	return true;
}

#define PERCENTAGE 0xF306, "Percentage", NULL
#define VOLTAGE 0xF308, "Voltage", NULL
#define CURRENT 0xF317, "Current", NULL
#define POWER 0xF801, "Electric", NULL
#define ENERGY 0xF31D, "kWh", NULL
#define TEMPERATURE 0x5005, "LaCrosse TX3", NULL
#define TEXT 0xF313, "Text", NULL
#define ALERT 0xF316, "Alert", NULL
#define SWITCH 0xF449, "Switch", NULL
#define CUSTOM(unit) 0xF31F, "Custom Sensor", unit

const struct domosensor domosensors[DOMOSENSORS] = {
    {"condition", "condition", ALERT, true, value_lamp, {NULL}, 0},
    {"onbattery", "on battery", SWITCH, true, value_word, {"OB"}, 0},
    {"status", "status", TEXT, true, value_status, {NULL}, 0},
    {"charge", "charge", PERCENTAGE, false, value_number, {"battery.charge"}, 1},
    {"load", "load", PERCENTAGE, false, value_number, {"ups.load"}, 1},
    {"runtime", "runtime", CUSTOM("s"), false, value_number, {"battery.runtime"}, 0},
    {"temperature", "temperature", TEMPERATURE, false, value_number,
	{"battery.temperature", "ups.temperature"}, 1},
    {"watts", "power", POWER, false, value_watts, {NULL}, 0},
    {"energy", "energy", ENERGY, false, value_energy, {NULL}, 0},
    {"vin", "input voltage", VOLTAGE, false, value_number, {"input.voltage"}, 1},
    {"vout", "output voltage", VOLTAGE, false, value_number, {"output.voltage"}, 1},
    {"vbat", "battery voltage", VOLTAGE, false, value_number, {"battery.voltage"}, 2},
    {"iin", "input current", CURRENT, false, value_number, {"input.current"}, 2},
    {"iout", "output current", CURRENT, false, value_number, {"output.current"}, 2},
    {"ibat", "battery current", CURRENT, false, value_number, {"battery.current"}, 2},
    {"fin", "input frequency", CUSTOM("Hz"), false, value_number, {"input.frequency"}, 1},
    {"fout", "output frequency", CUSTOM("Hz"), false, value_number, {"output.frequency"},
	1},
    {"ambient", "ambient temperature", TEMPERATURE, false, value_number,
	{"ambient.temperature"}, 1},
    {"replace", "replace battery", SWITCH, true, value_word, {"RB"}, 0},
    {"link", "communication", SWITCH, true, value_link, {NULL}, 0},
};
