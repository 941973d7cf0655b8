/* SPDX-License-Identifier: ISC */
#include "history/wait.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"

#define ROOM_FIRST 256

/* Twice the room, with the samples from its beginning on. */
static void
grow(struct wait *w)
{
	size_t room = w->room == 0 ? ROOM_FIRST : 2 * w->room;
	struct wait_sample *samples;

	if (room > WAIT_SAMPLES)
		room = WAIT_SAMPLES;
	samples = xreallocarray(NULL, room, sizeof(*samples));
	for (size_t i = 0; i < w->nsamples; i++)
		samples[i] = *wait_sample_at(w, i);
	free(w->samples);
	w->samples = samples;
	w->room = room;
	w->first = 0;
}

void
wait_sample(struct wait *w, struct wait_sample s)
{
	if (w->nsamples == w->room && w->room < WAIT_SAMPLES)
		grow(w);
	if (w->nsamples == w->room) {
		w->first = (w->first + 1) % w->room;
		w->nsamples--;
		w->lost_samples++;
	}
	w->samples[(w->first + w->nsamples++) % w->room] = s;
}

const struct wait_sample *
wait_sample_at(const struct wait *w, size_t i)
{
	return &w->samples[(w->first + i) % w->room];
}

void
wait_forget(struct wait *w, int64_t from)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->nsamples; i++) {
		struct wait_sample s = *wait_sample_at(w, i);

		if (s.at < from)
			w->samples[(w->first + kept++) % w->room] = s;
	}
	w->nsamples = kept;
}

static void
event_free(struct wait_event *e)
{
	free(e->who);
	free(e->text);
}

void
wait_event(struct wait *w, int ups, const struct watch_event *e)
{
	if (w->nevents == WAIT_EVENTS) {
		event_free(&w->events[0]);
		memmove(&w->events[0], &w->events[1],
		    (WAIT_EVENTS - 1) * sizeof(w->events[0]));
		w->nevents--;
		w->lost_events++;
	}
	w->events[w->nevents++] = (struct wait_event){
	    .at = e->at.wall_ms,
	    .ups = ups,
	    .kind = e->kind,
	    .who = e->who != NULL ? xstrdup(e->who) : NULL,
	    .text = xstrdup(e->text),
	};
}

void
wait_outage(struct wait *w, int ups, const struct watch_outage *o)
{
	for (size_t i = 0; i < w->noutages; i++)
		if (w->outages[i].ups == ups && w->outages[i].outage.began == o->began) {
			w->outages[i].outage = *o;
			return;
		}
	if (w->noutages == WAIT_ROWS)
		memmove(&w->outages[0], &w->outages[1],
		    --w->noutages * sizeof(w->outages[0]));
	w->outages[w->noutages++] = (struct wait_outage){ups, *o};
}

void
wait_point(struct wait *w, int ups, const struct learn_point *p)
{
	if (w->npoints == WAIT_ROWS)
		memmove(
		    &w->points[0], &w->points[1], --w->npoints * sizeof(w->points[0]));
	w->points[w->npoints++] = (struct wait_point){ups, *p};
}

void
wait_samples_written(struct wait *w)
{
	w->first = w->nsamples = 0;
	w->lost_samples = 0;
}

void
wait_written(struct wait *w)
{
	for (size_t i = 0; i < w->nevents; i++)
		event_free(&w->events[i]);
	w->nevents = w->noutages = w->npoints = 0;
	w->lost_events = 0;
}

void
wait_clear(struct wait *w)
{
	wait_written(w);
	free(w->samples);
	*w = (struct wait){0};
}
