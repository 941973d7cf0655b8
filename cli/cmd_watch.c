/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/live.h"
#include "cli/term.h"
#include "cli/ui.h"
#include "lib/xmem.h"

struct watch {
	struct target target;
	struct model model;
	struct live *live;
	struct ui *ui;
	bool screen, complained;
	char side[96];
};

static void
changed(void *arg)
{
	struct watch *w = arg;

	/* A screen shows it as long as it lasts; in a log once is enough. */
	if (!w->screen && !w->complained && live_problem(w->live) != NULL) {
		cli_complain("%s", live_problem(w->live));
		w->complained = true;
	}
	ui_changed(w->ui);
}

static void
fill(void *arg, struct view_screen *screen)
{
	struct watch *w = arg;

	snprintf(w->side, sizeof(w->side), "%.64s:%.16s", w->target.host, w->target.port);
	screen->title = "holdup watch";
	screen->side = w->side;
	screen->notice = live_problem(w->live);
	screen->clients = true;
	screen->keys = "q quit";
}

int
cmd_watch(int argc, char **argv)
{
	static const struct ui_ops ops = {.fill = fill};
	struct watch w = {0};
	struct event_base *base;

	if (argc > 2 || (argc == 2 && argv[1][0] == '-'))
		return cli_usage("watch");
	if (target_local(&w.target, argc > 1 ? argv[1] : NULL, false) != 0)
		return cli_complain(
		    "'%s' is no UPS; it should look like ups@host:port", argv[1]);
	base = event_base_new();
	w.screen = term_usable();
	w.ui = ui_new(base, &w.model, w.screen, &ops, &w);
	w.live = live_new(base, &w.target, &w.model, true, changed, &w);
	event_base_dispatch(base);
	ui_free(w.ui);
	live_free(w.live);
	model_free(&w.model);
	target_free(&w.target);
	event_base_free(base);
	return 0;
}
