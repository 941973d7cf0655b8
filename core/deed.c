/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/hub_in.h"
#include "lib/buf.h"
#include "lib/ctl.h"
#include "lib/dserver.h"
#include "lib/log.h"

#define SELF_ADDRESS "127.0.0.1"
#define FAR_FSD "driver.fsd" /* commands that remote takes from us alone */
#define FAR_LEAVE "driver.logout"
#define ESTIMATED "estimated" /* driver.state meanwhile */

/* Tells holdupd, where there is one. */
static void
tell(struct hub *h, const struct ctl_msg *msg, const char *what)
{
	if (h->ctl_fd < 0 || ctl_send(h->ctl_fd, msg) == 0)
		return;
	/* A full queue needs no words: holdupd has heartbeats to read. */
	if (errno != EAGAIN || msg->type != CTL_HEARTBEAT)
		log_warn_errno("cannot tell holdupd: %s", what);
}

static void
do_save(struct hub *h, const struct policy_action *a)
{
	keep_save(h->keep, h->policy);
}

static void
do_keep(struct hub *h, const struct policy_action *a)
{
	keep_save(h->memory, h->policy);
}

static void
do_log(struct hub *h, const struct policy_action *a)
{
	if (a->warn)
		log_warn("%s", a->text);
	else
		log_info("%s", a->text);
}

void
deed_far_fsd(struct hub *h, size_t row)
{
	struct hub_ups *hu = &h->upses[row];

	if (hu->model == NULL || hu->model->view != FEED_VIEW_FSD)
		return;
	for (size_t i = 0; i < h->conf.nmonitors; i++) {
		const struct policy_monitor *m = &h->conf.monitors[i];

		if (m->row == (long)row && m->far && m->primary)
			source_instcmd(hu->source, FAR_FSD, NULL, 0);
	}
}

static void
do_view(struct hub *h, const struct policy_action *a)
{
	struct feed_ups *u = h->upses[a->row].model;
	const char *machine =
	    a->plan == POLICY_EVERYBODY ? "*" : h->conf.plans[a->plan].name;
	struct buf line = {0};

	if (u == NULL)
		return;
	feed_view_set(u, machine, a->view);
	feed_view_line(&line, machine, a->view);
	hub_change(h, u, buf_str(&line));
	buf_free(&line);
	deed_far_fsd(h, a->row);
}

/* The account that upsmon would use here: that of the first MONITOR line of this UPS. */
static const char *
self_account(const struct hub *h, size_t row)
{
	for (size_t i = 0; i < h->conf.nmonitors; i++)
		if (h->conf.monitors[i].row == (long)row)
			return h->monitors->monitors[i].user;
	return "-";
}

/* Tells the feed a value that no driver has told. */
static void
set_estimate(struct hub *h, struct feed_ups *u, const char *name, const char *value)
{
	struct buf line = {0};

	if (!state_set(u->state, name, value))
		return;
	buf_printf(&line, "SETINFO %s ", name);
	buf_quoted(&line, value);
	hub_change(h, u, buf_str(&line));
	buf_free(&line);
}

static void
set_number(struct hub *h, struct feed_ups *u, const char *name, double number)
{
	char text[32];

	if (isnan(number))
		return;
	snprintf(text, sizeof(text), "%.0f", number);
	set_estimate(h, u, name, text);
}

/* Values go on though the driver is silent; one that did not tell all anew when it came
 * back is asked for what was overwritten. */
static void
do_estimate(struct hub *h, const struct policy_action *a)
{
	struct hub_ups *hu = &h->upses[a->row];
	const char *state;

	if (hu->model == NULL)
		return;
	state = state_get(hu->model->state, "driver.state");
	hu->estimated = a->on;
	if (a->on) {
		set_number(h, hu->model, "battery.charge", a->charge);
		set_number(h, hu->model, "battery.runtime", a->runtime);
		set_estimate(h, hu->model, "driver.state", ESTIMATED);
		if (hu->source_is != FEED_OK &&
		    state_get(hu->model->state, "ups.status") == NULL)
			set_estimate(h, hu->model, "ups.status", "OB");
	} else if (state != NULL && strcmp(state, ESTIMATED) == 0)
		source_refresh(hu->source);
	hub_show_source(h, hu);
}

static void
do_self(struct hub *h, const struct policy_action *a)
{
	struct hub_ups *hu = &h->upses[a->row];

	if (hu->model == NULL)
		return;
	if (hu->self != 0)
		hub_count_out(h, hu->model, hu->self);
	hu->self =
	    a->on ? hub_count_in(h, hu->model, self_account(h, a->row), SELF_ADDRESS) : 0;
}

static void
do_notify(struct hub *h, const struct policy_action *a)
{
	struct ctl_msg msg = {.type = CTL_RUN, .run = {.row = a->notify, .id = a->id}};

	if (*a->text != '\0') {
		msg.type = CTL_TELL;
		msg.tell.row = a->notify;
		msg.tell.id = a->id;
		snprintf(msg.tell.text, sizeof(msg.tell.text), "%.*s", CTL_TEXT_MAX - 1,
		    a->text);
	}
	tell(h, &msg, "a notification");
}

static void
do_refresh(struct hub *h, const struct policy_action *a)
{
	if (h->upses[a->row].source != NULL)
		source_refresh(h->upses[a->row].source);
}

static void
do_restart(struct hub *h, const struct policy_action *a)
{
	const struct ctl_msg msg = {
	    .type = CTL_RESTART, .restart = {.row = (uint32_t)a->row}};

	tell(h, &msg, "a driver hangs");
}

static void
do_heartbeat(struct hub *h, const struct policy_action *a)
{
	const struct ctl_msg msg = {
	    .type = CTL_HEARTBEAT,
	    .heartbeat = {.seq = a->seq, .deadline_ms = a->deadline_ms, .cut = a->cut},
	};

	tell(h, &msg, "a heartbeat");
}

static void
do_shutdown(struct hub *h, const struct policy_action *a)
{
	const struct ctl_msg msg = {.type = CTL_SHUTDOWN, .shutdown = {.cut = a->cut}};

	tell(h, &msg, "this machine is to go down");
}

static void
do_stand(struct hub *h, const struct policy_action *a)
{
	const char *name = h->conf.plans[a->plan].name;
	const char *stand = policy_stands[a->stand];
	struct buf line = {0};

	if (!feed_machine_set(&h->feed, name, stand, a->text))
		return;
	feed_machine_line(&line, name, stand, a->text);
	feedout_change(h->out, "*", buf_str(&line), line.len);
	buf_free(&line);
}

/* What a driver is asked, for the log, and under which number its answer comes. */
static const struct {
	const char *text, *cmd, *var;
	unsigned long number;
} orders[] = {
    [POLICY_ORDER_DELAY] = {"to wait longer before a cut (ups.delay.shutdown)",
	.var = "ups.delay.shutdown", .number = ULONG_MAX},
    [POLICY_ORDER_CUT] = {"to cut its output (shutdown.return)", .cmd = "shutdown.return",
	.number = ULONG_MAX - 1},
    [POLICY_ORDER_CANCEL] = {"not to cut its output any more (shutdown.stop)",
	.cmd = "shutdown.stop", .number = ULONG_MAX - 2},
};

static void
do_order(struct hub *h, const struct policy_action *a)
{
	struct source *source = h->upses[a->row].source;
	char value[16];

	if (source == NULL)
		return;
	snprintf(value, sizeof(value), "%u", a->seconds);
	if (orders[a->order].var != NULL)
		source_set(source, orders[a->order].var, value, orders[a->order].number);
	else
		source_instcmd(
		    source, orders[a->order].cmd, NULL, orders[a->order].number);
}

bool
deed_tracked(struct hub_ups *hu, unsigned long number, unsigned long status)
{
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		if (orders[i].number != number)
			continue;
		if (status != DSERVER_DONE)
			log_warn("ups %s: it was asked %s, and refuses (status %lu)",
			    hu->model->name, orders[i].text, status);
		return true;
	}
	return false;
}

void
deed_far_leave(struct hub *h, size_t row)
{
	if (h->upses[row].leaves)
		source_instcmd(h->upses[row].source, FAR_LEAVE, NULL, 0);
}

static void
do_leave(struct hub *h, const struct policy_action *a)
{
	h->upses[a->row].leaves = h->upses[a->row].source != NULL;
	deed_far_leave(h, a->row);
}

static void (*const deeds[])(struct hub *h, const struct policy_action *a) = {
    [POLICY_SAVE] = do_save,
    [POLICY_LOG] = do_log,
    [POLICY_KEEP] = do_keep,
    [POLICY_STAND] = do_stand,
    [POLICY_TASK] = do_notify, /* a row is a row */
    [POLICY_ORDER] = do_order,
    [POLICY_ESTIMATE] = do_estimate,
    [POLICY_VIEW] = do_view,
    [POLICY_LEAVE] = do_leave,
    [POLICY_SELF] = do_self,
    [POLICY_NOTIFY] = do_notify,
    [POLICY_REFRESH] = do_refresh,
    [POLICY_RESTART] = do_restart,
    [POLICY_HEARTBEAT] = do_heartbeat,
    [POLICY_SHUTDOWN] = do_shutdown,
};

void
deed_do(struct hub *h, const struct policy_action *a)
{
	deeds[a->kind](h, a);
}
