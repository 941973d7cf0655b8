/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/frame.h"
#include "cli/term.h"
#include "cli/ui.h"
#include "lib/xmem.h"

#define REDRAW '\f'    /* Ctrl-L: something else has written on the screen */
#define FRAME_US 30000 /* changes within this become one picture */

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP};

#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

struct ui {
	struct event_base *base;
	const struct model *model;
	bool screen;
	const struct ui_ops *ops;
	void *arg;
	struct event *frame, *keys, *signals[SIGNALS];
	struct buf out, picture;
	struct frame shown;
	unsigned long printed; /* events that are out, away from a terminal */
};

/* Writes all of it: a terminal may take less than asked. */
static void
put(struct buf *out)
{
	ssize_t n;

	while (out->len > 0) {
		n = write(STDOUT_FILENO, buf_head(out), out->len);
		if (n <= 0 && errno != EINTR && errno != EAGAIN)
			break;
		if (n > 0)
			buf_consume(out, (size_t)n);
	}
	buf_clear(out);
}

/* One line for each event that came since. */
static void
print_events(struct ui *ui)
{
	const struct model_event *e;

	for (; ui->printed < ui->model->nevents; ui->printed++) {
		e = model_event(ui->model, ui->model->nevents - 1 - ui->printed);
		if (e != NULL)
			view_event(&ui->out, e);
	}
	put(&ui->out);
}

static void
draw(evutil_socket_t fd, short what, void *arg)
{
	struct ui *ui = arg;
	struct view_screen screen = {0};
	struct view_style style;

	(void)fd;
	(void)what;
	if (!ui->screen) {
		print_events(ui);
		return;
	}
	style = term_style(STDOUT_FILENO);
	if (ui->ops->draw != NULL) {
		ui->ops->draw(ui->arg, &ui->picture, &style);
	} else {
		ui->ops->fill(ui->arg, &screen);
		view_screen(&ui->picture, ui->model, &screen, &style);
	}
	frame_draw(&ui->shown, &ui->out, buf_str(&ui->picture), style.columns, style.rows,
	    style.utf8);
	buf_clear(&ui->picture);
	put(&ui->out);
}

void
ui_changed(struct ui *ui)
{
	const struct timeval soon = {.tv_usec = FRAME_US};

	if (!event_pending(ui->frame, EV_TIMEOUT, NULL))
		event_add(ui->frame, &soon);
}

static void
keys(evutil_socket_t fd, short what, void *arg)
{
	struct ui *ui = arg;
	char pressed[64];
	ssize_t n = read(fd, pressed, sizeof(pressed));

	(void)what;
	if (n <= 0) {
		event_base_loopbreak(ui->base);
		return;
	}
	/* Arrow keys and their like come as sequences; they mean nothing here. */
	if (pressed[0] == '\033')
		return;
	for (ssize_t i = 0; i < n; i++) {
		if (pressed[i] == 'q') {
			event_base_loopbreak(ui->base);
			return;
		}
		if (pressed[i] == REDRAW) {
			frame_forget(&ui->shown);
			ui_changed(ui);
		} else if (ui->ops->key != NULL)
			ui->ops->key(ui->arg, pressed[i]);
	}
}

static void
signalled(evutil_socket_t number, short what, void *arg)
{
	struct ui *ui = arg;

	(void)what;
	if (number == SIGWINCH) {
		frame_forget(&ui->shown);
		ui_changed(ui);
	} else if (number == SIGTSTP) {
		if (ui->screen)
			term_restore();
		raise(SIGSTOP);
		if (ui->screen)
			term_take();
		frame_forget(&ui->shown);
		ui_changed(ui);
	} else {
		event_base_loopbreak(ui->base);
	}
}

struct ui *
ui_new(struct event_base *base, const struct model *model, bool screen,
    const struct ui_ops *ops, void *arg)
{
	struct ui *ui = xcalloc(1, sizeof(*ui));

	ui->base = base;
	ui->model = model;
	ui->screen = screen;
	ui->ops = ops;
	ui->arg = arg;
	ui->frame = evtimer_new(base, draw, ui);
	for (size_t i = 0; i < SIGNALS; i++) {
		ui->signals[i] = evsignal_new(base, signals[i], signalled, ui);
		event_add(ui->signals[i], NULL);
	}
	if (screen) {
		term_take();
		ui->keys = event_new(base, STDIN_FILENO, EV_READ | EV_PERSIST, keys, ui);
		event_add(ui->keys, NULL);
	}
	ui_changed(ui);
	return ui;
}

void
ui_free(struct ui *ui)
{
	if (ui == NULL)
		return;
	if (ui->screen)
		term_restore();
	else
		print_events(ui);
	event_free(ui->frame);
	for (size_t i = 0; i < SIGNALS; i++)
		event_free(ui->signals[i]);
	if (ui->keys != NULL)
		event_free(ui->keys);
	buf_free(&ui->out);
	buf_free(&ui->picture);
	frame_free(&ui->shown);
	free(ui);
}
