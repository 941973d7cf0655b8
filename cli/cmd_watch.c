/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/live.h"
#include "cli/lookout.h"
#include "cli/term.h"
#include "cli/ui.h"
#include "lib/xmem.h"

struct watch {
	struct target target;
	struct model model;
	struct live *live;
	struct lookout *lookout;
	struct event *step; /* of the trends */
	struct trend *trends;
	size_t ntrends;
	struct ui *ui;
	enum overview_page page;
	unsigned long nevents; /* that were looked at */
	bool screen, complained;
	char side[96];
};

/* Each UPS has a trend, in the order of the model. */
static void
take_trends(struct watch *w)
{
	w->trends = xreallocarray(w->trends, w->model.nupses + 1, sizeof(*w->trends));
	for (; w->ntrends < w->model.nupses; w->ntrends++)
		trend_init(&w->trends[w->ntrends]);
	for (size_t i = 0; i < w->model.nupses; i++)
		if (w->model.upses[i]->told && w->model.upses[i]->link == MODEL_OK)
			trend_take(&w->trends[i], w->model.upses[i]->state);
}

static void
changed(void *arg)
{
	struct watch *w = arg;

	/* A screen shows it as long as it lasts; in a log once is enough. */
	if (!w->screen && !w->complained && live_problem(w->live) != NULL) {
		cli_complain("%s", live_problem(w->live));
		w->complained = true;
	}
	take_trends(w);
	if (w->lookout != NULL && w->nevents != w->model.nevents)
		lookout_soon(w->lookout);
	w->nevents = w->model.nevents;
	ui_changed(w->ui);
}

/* What was before this program began, where the history knows. */
static void
looked(void *arg)
{
	struct watch *w = arg;
	const struct lookout_data *d = lookout_data(w->lookout);

	for (size_t i = 0; i < d->npasts; i++)
		for (size_t k = 0; k < w->ntrends; k++)
			if (strcmp(d->pasts[i].ups, w->model.upses[k]->name) == 0)
				for (int line = 0; line < TREND_LINES; line++)
					trend_fill(&w->trends[k], (enum trend_line)line,
					    d->pasts[i].at[line], TREND_POINTS);
	ui_changed(w->ui);
}

static void
on_step(evutil_socket_t fd, short what, void *arg)
{
	struct watch *w = arg;

	for (size_t i = 0; i < w->ntrends; i++)
		trend_step(&w->trends[i]);
	ui_changed(w->ui);
}

static void
draw(void *arg, struct buf *out, const struct view_style *style)
{
	struct watch *w = arg;
	const struct lookout_data *d = lookout_data(w->lookout);
	const struct overview o = {.model = &w->model,
	    .trends = w->ntrends == w->model.nupses ? w->trends : NULL,
	    .machines = d->machines,
	    .nmachines = d->nmachines,
	    .outages = d->outages,
	    .noutages = d->noutages,
	    .powers = d->powers,
	    .npowers = d->npowers,
	    .page = w->page,
	    .now = (int64_t)time(NULL),
	    .title = "holdup watch",
	    .side = w->side,
	    .notice = live_problem(w->live)};

	overview_draw(out, &o, style);
}

static void
key(void *arg, char pressed)
{
	struct watch *w = arg;
	const int page = overview_page_of(pressed);

	if (page < 0)
		return;
	w->page = (enum overview_page)page;
	ui_changed(w->ui);
}

/* What only a screen shows. */
static void
begin_screen(struct watch *w, struct event_base *base)
{
	const struct timeval step = {.tv_sec = TREND_STEP_S};

	if (!w->screen)
		return;
	w->lookout = lookout_new(base, &w->target, &w->model, looked, w);
	w->step = event_new(base, -1, EV_PERSIST, on_step, w);
	event_add(w->step, &step);
}

static void
end_screen(struct watch *w)
{
	if (!w->screen)
		return;
	lookout_free(w->lookout);
	event_free(w->step);
}

int
cmd_watch(int argc, char **argv)
{
	static const struct ui_ops ops = {.draw = draw, .key = key};
	struct watch w = {0};
	struct event_base *base;

	if (argc > 2 || (argc == 2 && argv[1][0] == '-'))
		return cli_usage("watch");
	if (target_local(&w.target, argc > 1 ? argv[1] : NULL, false) != 0)
		return cli_complain(
		    "'%s' is no UPS; it should look like ups@host:port", argv[1]);
	base = event_base_new();
	snprintf(w.side, sizeof(w.side), "%.64s:%.16s", w.target.host, w.target.port);
	w.screen = term_usable();
	begin_screen(&w, base);
	w.ui = ui_new(base, &w.model, w.screen, &ops, &w);
	w.live = live_new(base, &w.target, &w.model, true, changed, &w);
	event_base_dispatch(base);
	ui_free(w.ui);
	live_free(w.live);
	end_screen(&w);
	free(w.trends);
	model_free(&w.model);
	target_free(&w.target);
	event_base_free(base);
	return 0;
}
