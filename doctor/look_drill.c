/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "cli/drill_ask.h"
#include "doctor/look.h"
#include "lib/xmem.h"

/* What `holdup check` says is said there. */
static bool
is_known(const struct drill_known *k, const char *text)
{
	for (size_t i = 0; i < k->problems.count; i++)
		if (strstr(text, k->problems.list[i].text) != NULL)
			return true;
	return false;
}

static void
collect(const struct drill_known *k, const struct drill_story *story,
    const struct drill_faults *faults, struct facts_drill *f)
{
	f->faults = xcalloc(faults->count + 1, sizeof(*f->faults));
	for (size_t i = 0; i < faults->count; i++) {
		const struct drill_fault *one = &faults->list[i];

		if (!is_known(k, one->text))
			f->faults[f->nfaults++] = (struct facts_fault){
			    .machine =
				one->plan < 0 ? NULL : k->holdup.machines[one->plan].name,
			    .text = one->text,
			    .grave = one->grave,
			};
	}
	f->alive = xcalloc(story->nresults + 1, sizeof(*f->alive));
	for (size_t i = 0; i < story->nresults; i++)
		if (story->results[i].alive)
			f->alive[f->nalive++] = story->results[i].name;
}

void
look_drill(struct doctor *d, struct doctor_report *r)
{
	struct facts_drill f = {.asked = d->client != NULL};
	struct drill_faults faults = {0};
	struct drill_story story = {0};
	struct drill_setting setting;
	struct drill_known known;
	char cause[256];

	if (!f.asked || drill_ask(&known, cause, sizeof(cause)) < 0) {
		f.cause = f.asked ? cause : NULL;
		judge_drill(&f, r);
		return;
	}
	setting = drill_known_setting(&known);
	drill_run(&setting, &story);
	drill_check(&known, &drill_tries, &story, &faults);
	collect(&known, &story, &faults, &f);
	judge_drill(&f, r);
	free(f.faults);
	free(f.alive);
	drill_faults_free(&faults);
	drill_free(&story);
	drill_known_free(&known);
}
