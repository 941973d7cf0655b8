/* SPDX-License-Identifier: ISC */
#include "drill/drill_json.h"

#include <math.h>

static json_t *
number(double n)
{
	return isnan(n) || isinf(n) ? json_null() : json_real(round(n * 10) / 10);
}

static json_t *
machine_json(const struct drill_known *k, const struct drill_result *r)
{
	return json_pack(
	    "{s:s, s:s?, s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:s, s:b, s:b, s:b}", "name",
	    r->name, "section", r->plan < 0 ? NULL : k->holdup.machines[r->plan].name,
	    "this_machine", r->self, "there", r->there, "stays_on", r->stays, "told_s",
	    number(r->told), "off_s", number(r->off), "charge_left_percent",
	    number(r->charge), "runtime_left_s", number(r->left), "because", r->why,
	    "stopping_time_assumed", r->assumed, "cut_alive", r->alive, "doubtful",
	    r->doubtful);
}

json_t *
drill_json(const struct drill_known *k, const struct drill_story *story,
    const struct drill_faults *faults, const struct drill_real *real, size_t nreal)
{
	json_t *machines = json_array(), *wrong = json_array(), *log = json_array(),
	       *told = json_array(), *outputs = json_array();

	for (size_t i = 0; i < story->nresults; i++)
		json_array_append_new(machines, machine_json(k, &story->results[i]));
	for (size_t i = 0; i < faults->count; i++) {
		const struct drill_fault *f = &faults->list[i];

		json_array_append_new(
		    wrong, json_pack("{s:s?, s:b, s:s}", "machine",
			       f->plan < 0 ? NULL : k->holdup.machines[f->plan].name,
			       "grave", f->grave, "text", f->text));
	}
	for (size_t i = 0; i < story->nlog; i++)
		json_array_append_new(log, json_string(story->log[i]));
	for (size_t row = 0; row < story->noutputs; row++)
		json_array_append_new(
		    outputs, json_pack("{s:s, s:o, s:s, s:b}", "ups", k->upses[row].name,
				 "off_s", number(story->outputs[row].end), "by",
				 story->outputs[row].cut ? "cut" : "battery",
				 "ordered_early", story->outputs[row].armed));
	for (size_t i = 0; i < nreal; i++)
		json_array_append_new(
		    told, json_pack("{s:s, s:o, s:s}", "machine",
			      k->holdup.machines[real[i].plan].name, "off_after_s",
			      number(real[i].took), "stands", real[i].stand));
	return json_pack("{s:o, s:o, s:o, s:s, s:b, s:i, s:o, s:o, s:o}", "machines",
	    machines, "outputs", outputs, "output_off_s", number(story->end),
	    "output_off_by", story->cut ? "cut" : "battery", "ordered_early",
	    story->armed, "cut_alive", (int)story->alive, "wrong", wrong, "log", log,
	    "told_for_real", told);
}
