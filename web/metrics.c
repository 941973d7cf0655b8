/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "lib/utf8.h"
#include "web/metrics.h"

enum kind { GAUGE, COUNTER, INFO };

/* What a writer of samples has. */
struct writer {
	struct buf *out;
	const struct house *house;
	const struct page_ups *upses; /* by row of the model */
	size_t nupses;
	const struct metrics_counts *counts;
};

/* A family: its name without _total or _info, and who writes its samples: a number of
 * page_ups by `offset` and `scale`, or a function. */
struct family {
	const char *name, *unit, *help; /* unit NULL: none */
	enum kind kind;
	double scale; /* 0: `samples` writes them */
	size_t offset;
	void (*samples)(const struct writer *w, const struct family *f);
};

/* A label's value, as both formats want it escaped. One byte that is no UTF-8, and the whole
 * scrape would be refused. */
static void
add_escaped(struct buf *out, const char *text)
{
	for (size_t len; *text != '\0'; text += len > 0 ? len : 1) {
		len = utf8_len(text);
		if (len == 0)
			buf_puts(out, UTF8_REPLACEMENT);
		else if (*text == '\n')
			buf_puts(out, "\\n");
		else if (*text == '"' || *text == '\\')
			buf_printf(out, "\\%c", *text);
		else
			buf_add(out, text, len);
	}
}

static void
begin_sample(const struct writer *w, const struct family *f)
{
	static const char *const ends[] = {
	    [GAUGE] = "", [COUNTER] = "_total", [INFO] = "_info"};

	buf_printf(w->out, "%s%s{", f->name, ends[f->kind]);
}

/* `first`: nothing stands between the braces yet. */
static void
add_label(const struct writer *w, const char *name, const char *value, bool first)
{
	buf_printf(w->out, "%s%s=\"", first ? "" : ",", name);
	add_escaped(w->out, value == NULL ? "" : value);
	buf_puts(w->out, "\"");
}

/* Twelve digits: 0.94 reads as that, and what is counted does not stand still when it is
 * large. */
static void
end_sample(const struct writer *w, double value)
{
	buf_printf(w->out, "} %.12g\n", value);
}

/* One sample of one UPS; none where the value is not known. */
static void
sample(const struct writer *w, const struct family *f, size_t row, double value)
{
	if (!isfinite(value))
		return;
	begin_sample(w, f);
	add_label(w, "ups", w->upses[row].name, true);
	end_sample(w, value);
}

static void
write_figures(const struct writer *w, const struct family *f)
{
	for (size_t i = 0; i < w->nupses; i++) {
		const char *at = (const char *)&w->upses[i] + f->offset;

		sample(w, f, i, *(const double *)(const void *)at * f->scale);
	}
}

static void
write_build(const struct writer *w, const struct family *f)
{
	begin_sample(w, f);
	add_label(w, "version", HOLDUP_VERSION, true);
	end_sample(w, 1);
}

static void
write_info(const struct writer *w, const struct family *f)
{
	static const char *const labels[][2] = {
	    {"mfr", "ups.mfr"},
	    {"model", "ups.model"},
	    {"serial", "ups.serial"},
	    {"driver", "driver.name"},
	};

	for (size_t i = 0; i < w->nupses; i++) {
		begin_sample(w, f);
		add_label(w, "ups", w->upses[i].name, true);
		for (size_t k = 0; k < sizeof(labels) / sizeof(labels[0]); k++)
			add_label(w, labels[k][0],
			    state_get(w->upses[i].state, labels[k][1]), false);
		end_sample(w, 1);
	}
}

static void
write_up(const struct writer *w, const struct family *f)
{
	for (size_t i = 0; i < w->nupses; i++)
		sample(w, f, i, w->upses[i].source == FEED_OK);
}

/* All flags at all times, so that an alert sees 0 before it sees 1. */
static void
write_status(const struct writer *w, const struct family *f)
{
	static const char *const flags[] = {"OL", "OB", "LB", "RB", "CHRG", "DISCHRG",
	    "BYPASS", "OVER", "TRIM", "BOOST", "OFF", "FSD", "TEST", "CAL", "ALARM"};

	for (size_t i = 0; i < w->nupses; i++) {
		const char *status = w->upses[i].status;

		for (size_t k = 0; k < sizeof(flags) / sizeof(flags[0]); k++) {
			begin_sample(w, f);
			add_label(w, "ups", w->upses[i].name, true);
			add_label(w, "flag", flags[k], false);
			end_sample(w,
			    status != NULL && state_status_has(status, flags[k]) ? 1 : 0);
		}
	}
}

static void
write_logins(const struct writer *w, const struct family *f)
{
	for (size_t i = 0; i < w->nupses; i++)
		sample(w, f, i, (double)w->house->feed->upses[i]->nlogins);
}

static void
write_drops(const struct writer *w, const struct family *f)
{
	for (size_t i = 0; i < w->nupses; i++)
		sample(w, f, i, house_drops(w->house, w->upses[i].name));
}

/* A number of struct metrics_counts. */
static void
write_counts(const struct writer *w, const struct family *f)
{
	for (size_t i = 0; w->counts != NULL && i < w->nupses; i++) {
		const char *at = (const char *)&w->counts[i] + f->offset;

		sample(w, f, i, *(const double *)(const void *)at);
	}
}

static void
write_protected(const struct writer *w, const struct family *f)
{
	buf_printf(w->out, "%s %d\n", f->name, w->house->protected ? 1 : 0);
}

static void
write_stands(const struct writer *w, const struct family *f)
{
	static const char *const states[] = {"on", "told", "leaving", "off", "waking"};

	for (size_t i = 0; i < w->house->nmachines; i++) {
		const struct page_machine *m = &w->house->machines[i];

		for (size_t k = 0; k < sizeof(states) / sizeof(states[0]); k++) {
			begin_sample(w, f);
			add_label(w, "machine", m->name, true);
			add_label(w, "state", states[k], false);
			end_sample(w, strcmp(m->stands, states[k]) == 0);
		}
	}
}

static void
write_there(const struct writer *w, const struct family *f)
{
	for (size_t i = 0; i < w->house->nmachines; i++) {
		begin_sample(w, f);
		add_label(w, "machine", w->house->machines[i].name, true);
		end_sample(w, w->house->machines[i].there);
	}
}

static void
write_off(const struct writer *w, const struct family *f)
{
	for (size_t i = 0; i < w->house->nmachines; i++) {
		const struct page_machine *m = &w->house->machines[i];

		if (!isfinite(m->off))
			continue;
		begin_sample(w, f);
		add_label(w, "machine", m->name, true);
		end_sample(w, m->off);
	}
}

#define FIGURE(field, scale) GAUGE, scale, offsetof(struct page_ups, field), NULL
#define COUNT(field) COUNTER, 0, offsetof(struct metrics_counts, field), write_counts
#define GAUGE_BY(function) GAUGE, 0, 0, function
#define INFO_BY(function) INFO, 0, 0, function
#define PERCENT 0.01

static const struct family families[] = {
    {"holdup_build", NULL, "What serves this.", INFO_BY(write_build)},
    {"holdup_ups", NULL, "What the UPS is.", INFO_BY(write_info)},
    {"holdup_ups_up", NULL, "1: its data are fresh; 0: stale, or its driver is lost.",
	GAUGE_BY(write_up)},
    {"holdup_ups_status", NULL, "The flags of ups.status.", GAUGE_BY(write_status)},
    {"holdup_battery_charge_ratio", "ratio", "Charge.", FIGURE(charge, PERCENT)},
    {"holdup_battery_runtime_seconds", "seconds", "Runtime as the UPS tells it.",
	FIGURE(runtime, 1)},
    {"holdup_battery_runtime_learned_seconds", "seconds",
	"Runtime as discharges have taught it.", FIGURE(runtime_learned, 1)},
    {"holdup_battery_health_ratio", "ratio",
	"What is left of what the battery could when it was new.",
	FIGURE(health, PERCENT)},
    {"holdup_battery_voltage_volts", "volts", "Voltage of the battery.",
	FIGURE(voltage, 1)},
    {"holdup_battery_temperature_celsius", "celsius",
	"Temperature of the battery, or of the UPS.", FIGURE(temperature, 1)},
    {"holdup_ups_load_ratio", "ratio", "Load.", FIGURE(load, PERCENT)},
    {"holdup_ups_power_watts", "watts", "Real power that the load takes.",
	FIGURE(watts, 1)},
    {"holdup_ups_energy_joules", "joules", "Energy that the load has taken.",
	COUNT(joules)},
    {"holdup_input_voltage_volts", "volts", "Voltage of the mains.",
	FIGURE(input_voltage, 1)},
    {"holdup_input_frequency_hertz", "hertz", "Frequency of the mains.",
	FIGURE(input_frequency, 1)},
    {"holdup_output_voltage_volts", "volts", "Voltage that the load gets.",
	FIGURE(output_voltage, 1)},
    {"holdup_outages", NULL, "Times that the mains failed.", COUNT(outages)},
    {"holdup_outage_seconds", "seconds", "How long the mains was away altogether.",
	COUNT(outage_s)},
    {"holdup_transfers", NULL, "Times that the load went over to the battery.",
	COUNT(transfers)},
    {"holdup_ups_logins", NULL, "Clients that are logged in.", GAUGE_BY(write_logins)},
    {"holdup_link_drops", NULL, "Times that data of the UPS were lost or became stale.",
	COUNTER, 0, 0, write_drops},
    {"holdup_protected", NULL, "1: everybody would go down in time, as things are.",
	GAUGE_BY(write_protected)},
    {"holdup_machine_state", NULL, "How the machine stands.", GAUGE_BY(write_stands)},
    {"holdup_machine_there", NULL, "1: the machine is there.", GAUGE_BY(write_there)},
    {"holdup_machine_off_seconds", "seconds",
	"How long after the mains fails it would be off.", GAUGE_BY(write_off)},
    {"holdup_last_change_timestamp_seconds", "seconds",
	"When the mains became what it is.", FIGURE(since, 1)},
};

/* The lines that tell of a family, in the one format or the other. */
static void
write_head(struct buf *out, const struct family *f, bool openmetrics)
{
	static const char *const kinds[] = {
	    [GAUGE] = "gauge", [COUNTER] = "counter", [INFO] = "info"};
	static const char *const old_ends[] = {
	    [GAUGE] = "", [COUNTER] = "_total", [INFO] = "_info"};
	const char *end = openmetrics ? "" : old_ends[f->kind];

	buf_printf(out, "# HELP %s%s %s\n", f->name, end, f->help);
	buf_printf(out, "# TYPE %s%s %s\n", f->name, end,
	    openmetrics || f->kind != INFO ? kinds[f->kind] : "gauge");
	if (openmetrics && f->unit != NULL)
		buf_printf(out, "# UNIT %s %s\n", f->name, f->unit);
}

void
metrics_write(struct buf *out, const struct house *h, const struct metrics_counts *counts,
    bool openmetrics)
{
	struct page_facts facts;
	struct house_lists lists;
	struct writer w = {.out = out, .house = h, .counts = counts};

	house_facts(h, 0, &facts, &lists);
	w.upses = facts.upses;
	w.nupses = facts.nupses;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		write_head(out, &families[i], openmetrics);
		if (families[i].samples != NULL)
			families[i].samples(&w, &families[i]);
		else
			write_figures(&w, &families[i]);
	}
	if (openmetrics)
		buf_puts(out, "# EOF\n");
	house_lists_free(&lists);
}
