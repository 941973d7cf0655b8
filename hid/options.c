/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hid/options.h"
#include "lib/xmem.h"

#define INTERVAL_S 2
#define FULL_S 30
#define SECONDS_MAX 86400
#define HOLD "driver.link.hold"
#define OTHERS "it is for who starts this driver, or shows it"
#define KERNEL "the kernel has chosen it: this driver uses hidraw"

enum kind {
	IDLE,    /* without a meaning here; the row says why */
	FLAG,    /* a bool */
	NUMBER,  /* a long within a range */
	SECONDS, /* milliseconds, written as seconds */
	TEXT,
};

#define AT(member) .at = offsetof(struct options, member)
#define RANGE(from, to) .min = (from), .max = (to)

/* Every word that NUT has for usbhid-ups, besides those of match.c, override.* and
 * default.*. */
static const struct row {
	const char *name;
	enum kind kind;
	size_t at;       /* of FLAG, NUMBER, SECONDS, TEXT */
	long min, max;   /* of NUMBER */
	const char *why; /* of IDLE */
} rows[] = {
    {"port", TEXT, AT(port)},
    {"pollinterval", SECONDS, AT(interval_ms)},
    {"pollfreq", SECONDS, AT(full_ms)},
    {"pollonly", FLAG, AT(pollonly)},
    {"ondelay", TEXT, AT(ondelay)},
    {"offdelay", TEXT, AT(offdelay)},
    {"lowbatt", NUMBER, AT(ups.lowbatt), RANGE(0, 100)},
    {"ignorelb", FLAG, AT(ignorelb)},
    {"explore", FLAG, AT(explore)},
    {"allow_killpower", FLAG, AT(allow_killpower)},
    {"sdcommands", TEXT, AT(sdcommands)},
    {"debug_min", NUMBER, AT(debug_min), RANGE(0, 9)},
    {"waitbeforereconnect", NUMBER, AT(waitbeforereconnect), RANGE(0, SECONDS_MAX)},
    {"interruptonly", FLAG, AT(ups.interruptonly)},
    {"interruptsize", NUMBER, AT(interruptsize), RANGE(1, HID_REPORT_BITS_MAX / 8)},
    {"interrupt_pipe_no_events_tolerance", NUMBER, AT(quiet_polls), RANGE(-1, INT_MAX)},
    {"onlinedischarge", FLAG, AT(ups.onlinedischarge_battery)},
    {"onlinedischarge_battery", FLAG, AT(ups.onlinedischarge_battery)},
    {"onlinedischarge_onbattery", FLAG, AT(ups.onlinedischarge_battery)},
    {"onlinedischarge_calibration", FLAG, AT(ups.onlinedischarge_calibration)},
    {"onlinedischarge_log_throttle_sec", NUMBER, AT(ups.onlinedischarge_log_throttle_sec),
	RANGE(-SECONDS_MAX, SECONDS_MAX)},
    {"onlinedischarge_log_throttle_hovercharge", NUMBER,
	AT(ups.onlinedischarge_log_throttle_hovercharge), RANGE(1, 100)},
    {"lbrb_log_delay_sec", NUMBER, AT(ups.lbrb_log_delay_sec), RANGE(0, SECONDS_MAX)},
    {"lbrb_log_delay_without_calibrating", FLAG,
	AT(ups.lbrb_log_delay_without_calibrating)},
    {"powercom_sdcmd_byte_order_fallback", FLAG,
	AT(ups.powercom_sdcmd_byte_order_fallback)},
    {"powercom_sdcmd_discrete_delay", FLAG, AT(ups.powercom_sdcmd_discrete_delay)},

    {"driver", IDLE, .why = OTHERS},
    {"desc", IDLE, .why = OTHERS},
    {"sdorder", IDLE, .why = OTHERS},
    {"maxstartdelay", IDLE, .why = OTHERS},
    {"maxretry", IDLE, .why = OTHERS},
    {"retrydelay", IDLE, .why = OTHERS},
    {"nowait", IDLE, .why = OTHERS},
    {"user", IDLE, .why = OTHERS},
    {"group", IDLE, .why = OTHERS},
    {"chroot", IDLE, .why = OTHERS},
    {"driverpath", IDLE, .why = OTHERS},
    {"statepath", IDLE, .why = OTHERS},
    {"synchronous", IDLE, .why = "this driver never waits for who reads it"},
    {"nolock", IDLE, .why = "the lock of the node ends with the process: none is left"},
    {"sddelay", IDLE, .why = "obsolete in NUT, too"},
    {"maxreport", IDLE, .why = "every report is asked for with room for the longest"},
    {"disable_fix_report_desc", IDLE,
	.why = "what NUT repairs, the range of a number, never counts here"},
    {"subdriver", IDLE, .why = "the table is chosen by what the device is and says"},
    {"allow_duplicates", IDLE, .why = "a device in use is passed over in any case"},
    {"usb_set_altinterface", IDLE, .why = KERNEL},
    {"usb_config_index", IDLE, .why = KERNEL},
    {"usb_hid_rep_index", IDLE, .why = KERNEL},
    {"usb_hid_desc_index", IDLE, .why = KERNEL},
    {"usb_hid_ep_in", IDLE, .why = KERNEL},
    {"usb_hid_ep_out", IDLE, .why = KERNEL},
    {"langid_fix", IDLE, .why = "the language is the first that the device names"},
    {"noscanlangid", IDLE, .why = "the language is the first that the device names"},
    {"LIBUSB_DEBUG", IDLE, .why = "libusb is not used"},
    {"winhid", IDLE, .why = "of Windows"},
    {"notification", IDLE, .why = "of the serial protocol SHUT"},
};

/* Reads a whole number; false when it is none or outside. */
static bool
number(const char *text, long min, long max, long *n)
{
	char *end;

	errno = 0;
	*n = strtol(text, &end, 10);
	return errno == 0 && end != text && *end == '\0' && *n >= min && *n <= max;
}

static void
replace(char **text, const char *value)
{
	free(*text);
	*text = xstrdup(value);
}

static void
take_row(struct options *o, const struct row *row, const struct conf_pair *pair,
    const char *file, struct problems *p)
{
	void *at = (char *)o + row->at;
	const bool seconds = row->kind == SECONDS;
	const long min = seconds ? 1 : row->min, max = seconds ? SECONDS_MAX : row->max;
	long n;

	switch (row->kind) {
	case IDLE:
		problems_add(&o->notes, file, pair->line, "%s: no effect: %s", pair->key,
		    row->why);
		break;
	case FLAG:
		*(bool *)at = true;
		break;
	case TEXT:
		replace(at, pair->value);
		break;
	case NUMBER:
	case SECONDS:
		if (!number(pair->value, min, max, &n))
			problems_add(p, file, pair->line,
			    "%s = %s: a number from %ld to %ld is meant; left out",
			    pair->key, pair->value, min, max);
		else if (seconds)
			*(uint64_t *)at = (uint64_t)n * 1000;
		else
			*(long *)at = n;
		break;
	}
}

/* Takes a key of the table; false when it is not there. */
static bool
take_known(
    struct options *o, const struct conf_pair *pair, const char *file, struct problems *p)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcasecmp(rows[i].name, pair->key) == 0) {
			take_row(o, &rows[i], pair, file, p);
			return true;
		}
	}
	return false;
}

/* Keeps "override.x" or "default.x"; false when the key has no such beginning. */
static bool
take_variable(struct state *s, const char *prefix, const struct conf_pair *pair,
    const char *file, struct problems *p)
{
	size_t len = strlen(prefix);

	if (strncasecmp(pair->key, prefix, len) != 0)
		return false;
	if (state_name_ok(pair->key + len))
		state_set(s, pair->key + len, pair->value);
	else
		problems_add(p, file, pair->line,
		    "%s: no variable can have this name; left out", pair->key);
	return true;
}

/* Remembers what the file said, as clients see it. */
static void
show(struct options *o, const struct conf_pair *pair)
{
	char *name;

	if (strcasecmp(pair->key, "driver") == 0 || strcasecmp(pair->key, "desc") == 0)
		return;
	if (*pair->value == '\0') {
		name = xasprintf("driver.flag.%s", pair->key);
		state_set(o->driver, name, "enabled");
	} else {
		name = xasprintf("driver.parameter.%s", pair->key);
		state_set(o->driver, name, pair->value);
	}
	free(name);
}

static void
take(
    struct options *o, const struct conf_pair *pair, const char *file, struct problems *p)
{
	char cause[128];
	int matching;

	matching = match_add(o->match, pair->key, pair->value, cause, sizeof(cause));
	if (matching == -1) {
		problems_add(p, file, pair->line,
		    "%s = %s is no regular expression (%s); taken as plain text",
		    pair->key, pair->value, cause);
		return;
	}
	if (matching == 0 && !take_known(o, pair, file, p) &&
	    !take_variable(o->overrides, "override.", pair, file, p) &&
	    !take_variable(o->defaults, "default.", pair, file, p)) {
		problems_add(p, file, pair->line,
		    "%s means nothing to this driver; left out", pair->key);
		return;
	}
	show(o, pair);
}

/* What NUT calls shutdown.default. */
static const char *const default_ways[] = {
    "shutdown.return", "shutdown.reboot", "load.off.delay"};

#define DEFAULT_WAYS (sizeof(default_ways) / sizeof(default_ways[0]))

static void
add_way(struct options *o, const char *name)
{
	if (o->nways < OPTIONS_WAYS_MAX)
		o->ways[o->nways++] = name;
}

/* Takes sdcommands apart, names with commas between them. */
static void
split_ways(struct options *o)
{
	char *rest = o->sdcommands, *name;

	while ((name = strsep(&rest, ", \t")) != NULL) {
		if (strcmp(name, "shutdown.default") == 0)
			for (size_t i = 0; i < DEFAULT_WAYS; i++)
				add_way(o, default_ways[i]);
		else if (*name != '\0')
			add_way(o, name);
	}
}

const char *
options_way(const struct options *o, size_t n)
{
	if (o->nways == 0)
		return n < DEFAULT_WAYS ? default_ways[n] : NULL;
	return n < o->nways ? o->ways[n] : NULL;
}

/* How long values are held: a variable of ours, set by words that NUT's driver bears. */
static void
read_hold(struct options *o, const struct conf_ups *section, const char *file,
    struct problems *p)
{
	const char *text = state_get(o->overrides, HOLD);
	long n;

	if (text == NULL)
		text = state_get(o->defaults, HOLD);
	if (text != NULL && number(text, 0, SECONDS_MAX, &n))
		o->hold_ms = (uint64_t)n * 1000;
	else if (text != NULL)
		problems_add(p, file, section->line,
		    "%s = %s: seconds from 0 to %d are meant; %d is used", HOLD, text,
		    SECONDS_MAX, OPTIONS_HOLD_S);
	state_del(o->overrides, HOLD);
	state_del(o->defaults, HOLD);
	state_setf(o->driver, HOLD, "%llu", (unsigned long long)o->hold_ms / 1000);
}

/* What only makes sense together. */
static void
complete(struct options *o, const struct conf_ups *section, const char *file,
    struct problems *p)
{
	o->any_device = o->explore && conf_ups_get(section, "vendorid") != NULL;
	if (o->explore && !o->any_device)
		problems_add(p, file, section->line,
		    "explore wants a vendorid beside it, or any HID device would do; "
		    "only "
		    "the fields of a UPS are logged");
	/* A limit of our own takes the place of the device's in battery.charge.low. */
	if (o->ups.lowbatt > 0 && state_get(o->overrides, "battery.charge.low") == NULL)
		state_setf(o->overrides, "battery.charge.low", "%ld", o->ups.lowbatt);
}

/* The nodes that are other sections' ports: theirs first of all. */
static char **
read_elsewhere(const struct ups_conf *conf, const struct conf_ups *section)
{
	char **nodes = xcalloc(conf->nupses + 1, sizeof(*nodes));
	const char *port;
	size_t n = 0;

	for (size_t i = 0; i < conf->nupses; i++) {
		port = conf_ups_get(&conf->upses[i], "port");
		if (&conf->upses[i] != section && port != NULL &&
		    strncmp(port, "/dev/", 5) == 0)
			nodes[n++] = xstrdup(port);
	}
	return nodes;
}

void
options_read(struct options *o, const struct ups_conf *conf,
    const struct conf_ups *section, const char *file, struct problems *p)
{
	*o = (struct options){
	    .name = xstrdup(section->name),
	    .port = xstrdup("auto"),
	    .elsewhere = read_elsewhere(conf, section),
	    .interval_ms = INTERVAL_S * 1000,
	    .full_ms = FULL_S * 1000,
	    .hold_ms = OPTIONS_HOLD_S * 1000,
	    .quiet_polls = -1,
	    .ups = HIDUPS_OPTIONS_NONE,
	    .match = match_new(),
	    .overrides = state_new(),
	    .defaults = state_new(),
	    .driver = state_new(),
	};

	for (size_t i = 0; i < conf->nglobals; i++) {
		if (strcasecmp(conf->globals[i].key, "pollinterval") == 0 ||
		    strcasecmp(conf->globals[i].key, "debug_min") == 0)
			take(o, &conf->globals[i], file, p);
	}
	for (size_t i = 0; i < section->npairs; i++)
		take(o, &section->pairs[i], file, p);
	complete(o, section, file, p);
	read_hold(o, section, file, p);
	split_ways(o);
	state_set(o->driver, "driver.parameter.port", o->port);
	state_setf(o->driver, "driver.parameter.pollinterval", "%llu",
	    (unsigned long long)o->interval_ms / 1000);
	state_setf(o->driver, "driver.parameter.pollfreq", "%llu",
	    (unsigned long long)o->full_ms / 1000);
	/* NUT has it in any case, and lets it be set. */
	state_set(
	    o->driver, "driver.flag.allow_killpower", o->allow_killpower ? "1" : "0");
	state_flags(o->driver, "driver.flag.allow_killpower", STATE_RW | STATE_NUMBER);
}

void
options_free(struct options *o)
{
	free(o->name);
	free(o->port);
	for (char **node = o->elsewhere; *node != NULL; node++)
		free(*node);
	free(o->elsewhere);
	free(o->ondelay);
	free(o->offdelay);
	free(o->sdcommands);
	match_free(o->match);
	state_free(o->overrides);
	state_free(o->defaults);
	state_free(o->driver);
	problems_free(&o->notes);
}
