/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hid/options.h"
#include "lib/xmem.h"

#define INTERVAL_S 2
#define FULL_S 30
#define SECONDS_MAX 86400

enum kind {
	QUIET, /* another program's, or without meaning over hidraw */
	PORT,
	INTERVAL,
	FULL,
	POLLONLY,
	IGNORELB,
	ONDELAY,
	OFFDELAY,
};

static const struct {
	const char *name;
	enum kind kind;
} known[] = {
    {"port", PORT},
    {"pollinterval", INTERVAL},
    {"pollfreq", FULL},
    {"pollonly", POLLONLY},
    {"ignorelb", IGNORELB},
    {"ondelay", ONDELAY},
    {"offdelay", OFFDELAY},
    {"driver", QUIET},
    {"desc", QUIET},
    {"sdorder", QUIET},
    {"maxstartdelay", QUIET},
    {"maxretry", QUIET},
    {"retrydelay", QUIET},
    {"nolock", QUIET},
    {"nowait", QUIET},
    {"synchronous", QUIET},
    {"user", QUIET},
    {"group", QUIET},
    {"chroot", QUIET},
    {"driverpath", QUIET},
    {"statepath", QUIET},
    {"debug_min", QUIET},
    {"subdriver", QUIET},
    {"explore", QUIET},
    {"maxreport", QUIET},
    {"waitbeforereconnect", QUIET},
    {"disable_fix_report_desc", QUIET},
    {"usb_set_altinterface", QUIET},
    {"allow_duplicates", QUIET},
};

/* A number of seconds as milliseconds; the old value where it is none. */
static uint64_t
seconds(const struct conf_pair *pair, uint64_t old, const char *file, struct problems *p)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(pair->value, &end, 10);
	if (errno != 0 || end == pair->value || *end != '\0' || n < 1 ||
	    n > SECONDS_MAX) {
		problems_add(p, file, pair->line,
		    "%s = %s: seconds from 1 to %d are meant; %llu is used", pair->key,
		    pair->value, SECONDS_MAX, (unsigned long long)old / 1000);
		return old;
	}
	return (uint64_t)n * 1000;
}

static void
replace(char **text, const char *value)
{
	free(*text);
	*text = xstrdup(value);
}

/* Takes a key of the table; false when it is not there. */
static bool
take_known(
    struct options *o, const struct conf_pair *pair, const char *file, struct problems *p)
{
	size_t i, n = sizeof(known) / sizeof(known[0]);

	for (i = 0; i < n && strcasecmp(known[i].name, pair->key) != 0; i++)
		;
	if (i == n)
		return false;
	switch (known[i].kind) {
	case QUIET:
		break;
	case PORT:
		replace(&o->port, pair->value);
		break;
	case INTERVAL:
		o->interval_ms = seconds(pair, o->interval_ms, file, p);
		break;
	case FULL:
		o->full_ms = seconds(pair, o->full_ms, file, p);
		break;
	case POLLONLY:
		o->pollonly = true;
		break;
	case IGNORELB:
		o->ignorelb = true;
		break;
	case ONDELAY:
		replace(&o->ondelay, pair->value);
		break;
	case OFFDELAY:
		replace(&o->offdelay, pair->value);
		break;
	}
	return true;
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

void
options_read(struct options *o, const struct ups_conf *conf,
    const struct conf_ups *section, const char *file, struct problems *p)
{
	*o = (struct options){
	    .name = xstrdup(section->name),
	    .port = xstrdup("auto"),
	    .interval_ms = INTERVAL_S * 1000,
	    .full_ms = FULL_S * 1000,
	    .match = match_new(),
	    .overrides = state_new(),
	    .defaults = state_new(),
	    .driver = state_new(),
	};

	for (size_t i = 0; i < conf->nglobals; i++) {
		if (strcasecmp(conf->globals[i].key, "pollinterval") == 0)
			take(o, &conf->globals[i], file, p);
	}
	for (size_t i = 0; i < section->npairs; i++)
		take(o, &section->pairs[i], file, p);
	state_set(o->driver, "driver.parameter.port", o->port);
	state_setf(o->driver, "driver.parameter.pollinterval", "%llu",
	    (unsigned long long)o->interval_ms / 1000);
	state_setf(o->driver, "driver.parameter.pollfreq", "%llu",
	    (unsigned long long)o->full_ms / 1000);
}

void
options_free(struct options *o)
{
	free(o->name);
	free(o->port);
	free(o->ondelay);
	free(o->offdelay);
	match_free(o->match);
	state_free(o->overrides);
	state_free(o->defaults);
	state_free(o->driver);
}
