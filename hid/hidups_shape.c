/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "hid/hidups.h"
#include "hid/hidups_in.h"

#define LBRB_MODEL_S 3 /* for the models below */
#define REMARK_S 30    /* between two remarks, where no charge is known */

#define FLAG(f) (1u << (f))
#define LOW_FLAGS \
	(FLAG(STATUS_LOW) | FLAG(STATUS_TIME_EXPIRED) | FLAG(STATUS_SHUTDOWN_IMMINENT))
#define REPLACE_FLAGS (FLAG(STATUS_REPLACE) | FLAG(STATUS_NO_BATTERY))

/* APC's small ones of 2023 and later say low and replace for a second or two, out of the
 * blue, on mains (NUT's issues 2347, 2565, 2944, 3006). Parts of the product string: one
 * that begins a word, and its end. */
static const struct {
	const char *begins, *ends;
} flickers[] = {
    {"BX", "MI"},
    {"BVK", "M2"},
    {"BK", "M2-CH"},
    {"BK", "M2_CH"},
};

void
hidups_options(struct hidups *u, const struct hidups_options *o)
{
	u->options = *o;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);

	return len >= tail && strcmp(text + len - tail, end) == 0;
}

static bool
has_word(const char *text, const char *begin)
{
	const char *at = text;

	while ((at = strstr(at, begin)) != NULL && at != text && at[-1] != ' ')
		at++;
	return at != NULL;
}

static bool
flickers_by_model(const struct hidups_ident *ident)
{
	if (strcmp(ident->manufacturer, "APC") != 0 &&
	    strcmp(ident->manufacturer, "American Power Conversion") != 0)
		return false;
	for (size_t i = 0; i < sizeof(flickers) / sizeof(flickers[0]); i++)
		if (has_word(ident->name, flickers[i].begins) &&
		    ends_with(ident->name, flickers[i].ends))
			return true;
	return false;
}

/* Seconds for which LB and RB on mains must last. */
static long
delay_s(const struct hidups *u)
{
	if (u->options.lbrb_log_delay_sec != HIDUPS_UNSAID)
		return u->options.lbrb_log_delay_sec;
	return flickers_by_model(&u->ident) ? LBRB_MODEL_S : 0;
}

/* What on mains and discharging at once means. */
static void
shape_discharge(const struct hidups_options *o, struct status *st)
{
	if (!status_is(st, STATUS_ONLINE) || !status_is(st, STATUS_DISCHARGING))
		return;
	if (o->onlinedischarge_calibration)
		status_put(st, STATUS_CALIBRATION, true);
	if (o->onlinedischarge_battery)
		status_put(st, STATUS_ONLINE, false);
}

/* True when LB and RB of now are to be waited out; on battery they count at once. */
static bool
waits(const struct hidups *u, const struct status *st)
{
	return delay_s(u) > 0 && status_is(st, STATUS_ONLINE) &&
	       (status_is(st, STATUS_CALIBRATION) ||
		   u->options.lbrb_log_delay_without_calibrating);
}

/* True when a flag that stands since then has not stood long enough. */
static bool
too_young(const struct hidups *u, uint64_t since_ms, uint64_t now_ms)
{
	return since_ms == 0 || now_ms - since_ms <= (uint64_t)delay_s(u) * 1000;
}

void
hidups_shape(const struct hidups *u, struct status *st, double charge)
{
	const struct hidups_options *o = &u->options;

	shape_discharge(o, st);
	if (waits(u, st)) {
		if (too_young(u, u->shape.low_ms, u->shape.now_ms))
			st->set &= ~LOW_FLAGS;
		if (too_young(u, u->shape.replace_ms, u->shape.now_ms))
			st->set &= ~REPLACE_FLAGS;
	}
	if (o->lowbatt > 0 && status_on_battery(st) && charge <= (double)o->lowbatt)
		status_put(st, STATUS_LOW, true);
}

/* Notes since when a flag stands; true when its time of waiting is over just now. */
static bool
watch(const struct hidups *u, uint64_t *since_ms, bool stands, uint64_t now_ms)
{
	if (!stands)
		*since_ms = 0;
	else if (*since_ms == 0)
		*since_ms = now_ms;
	else
		return too_young(u, *since_ms, u->shape.now_ms) &&
		       !too_young(u, *since_ms, now_ms);
	return false;
}

bool
hidups_clock(struct hidups *u, uint64_t now_ms)
{
	struct status st = hidups_gather(u);
	uint32_t set = st.set & st.known;
	bool low, replace;

	shape_discharge(&u->options, &st);
	low = watch(u, &u->shape.low_ms, waits(u, &st) && (set & LOW_FLAGS) != 0, now_ms);
	replace = watch(
	    u, &u->shape.replace_ms, waits(u, &st) && (set & REPLACE_FLAGS) != 0, now_ms);
	u->shape.now_ms = now_ms;
	return low || replace;
}

/* True when the charge has moved since the last remark, and is one to worry about. */
static bool
charge_moved(const struct hidups *u, double charge)
{
	return charge > 0 &&
	       charge < (double)u->options.onlinedischarge_log_throttle_hovercharge &&
	       charge != u->shape.remark_charge;
}

/* True when the last remark is long enough ago; the first one of a device without a charge
 * waits for nothing. */
static bool
remark_due(const struct hidups *u, double charge)
{
	long every_s = u->options.onlinedischarge_log_throttle_sec;

	if (u->shape.remark_ms == 0)
		return isnan(charge);
	if (every_s == HIDUPS_UNSAID && isnan(charge))
		every_s = REMARK_S;
	return every_s >= 0 &&
	       u->shape.now_ms - u->shape.remark_ms >= (uint64_t)every_s * 1000;
}

bool
hidups_remark(struct hidups *u, char *out, size_t size)
{
	const struct hidups_options *o = &u->options;
	struct status st = hidups_gather(u);
	double charge = hidups_charge(u);

	if (!status_is(&st, STATUS_ONLINE) || !status_is(&st, STATUS_DISCHARGING)) {
		u->shape.remark_ms = 0;
		u->shape.remark_charge = -1;
		return false;
	}
	if (o->onlinedischarge_battery || o->onlinedischarge_calibration ||
	    status_is(&st, STATUS_CALIBRATION) ||
	    !(charge_moved(u, charge) || remark_due(u, charge)))
		return false;
	u->shape.remark_ms = u->shape.now_ms;
	if (!isnan(charge))
		u->shape.remark_charge = charge;
	snprintf(out, size,
	    "on mains and discharging at once: if that is how it calibrates, ups.conf "
	    "may "
	    "say onlinedischarge_calibration; if the mains is away then, "
	    "onlinedischarge_battery");
	return true;
}
