/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dummy/entry.h"
#include "lib/xmem.h"

#define SECONDS_MAX 86400

/* The words of `mode`; NUT before 2.8 had the one of a dummy that loops. */
static const struct {
	const char *word;
	enum entry_mode mode;
} modes[] = {
    {"dummy-once", ENTRY_ONCE},
    {"dummy-loop", ENTRY_LOOP},
    {"dummy", ENTRY_LOOP},
    {"repeater", ENTRY_REPEATER},
};

/* How driver.parameter.mode says it. */
static const char *const mode_words[] = {
    [ENTRY_ONCE] = "dummy-once",
    [ENTRY_LOOP] = "dummy-loop",
    [ENTRY_REPEATER] = "repeater",
};

bool
entry_is_ours(const char *driver)
{
	return strcmp(driver, "dummy-ups") == 0 || strcmp(driver, "clone") == 0 ||
	       strcmp(driver, "clone-outlet") == 0;
}

/* A word of the section, or NULL. The caller frees. */
static char *
text_of(const struct conf_ups *ups, const char *key)
{
	const char *text = conf_ups_get(ups, key);

	return text == NULL || *text == '\0' ? NULL : xstrdup(text);
}

static long
number_of(const struct conf_ups *ups, const char *key, long fallback, long max,
    const char *file, struct problems *p)
{
	const char *text = conf_ups_get(ups, key);
	char *end;
	long n;

	if (text == NULL)
		return fallback;
	errno = 0;
	n = strtol(text, &end, 10);
	if (errno == 0 && end != text && *end == '\0' && n >= 0 && n <= max)
		return n;
	problems_add(p, file, ups->line,
	    "[%s]: %s = %s: a number from 0 to %ld is meant; the line is ignored",
	    ups->name, key, text, max);
	return fallback;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0;
}

/* What `mode` says, else what the port looks like. */
static enum entry_mode
mode_of(
    const struct conf_ups *ups, const char *port, const char *file, struct problems *p)
{
	const char *word = conf_ups_get(ups, "mode");

	if (word != NULL) {
		for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
			if (strcasecmp(modes[i].word, word) == 0)
				return modes[i].mode;
		problems_add(p, file, ups->line,
		    "[%s]: mode = %s: dummy-once, dummy-loop or repeater is meant; its "
		    "port decides",
		    ups->name, word);
	}
	if (strchr(port, '@') != NULL)
		return ENTRY_REPEATER;
	return ends_with(port, ".dev") ? ENTRY_ONCE : ENTRY_LOOP;
}

static void
dummy_read(struct entry *e, const struct conf_ups *ups, const char *port,
    const char *folder, const char *file, struct problems *p)
{
	e->mode = mode_of(ups, port, file, p);
	state_set(e->shown, "driver.parameter.mode", mode_words[e->mode]);
	if (e->mode != ENTRY_REPEATER)
		e->path = *port == '/' ? xstrdup(port) : xasprintf("%s/%s", folder, port);
}

/* Whether `port` is that section, by its name or by the name of its socket. */
static bool
is_meant(const struct conf_ups *real, const char *port)
{
	const char *driver = conf_ups_get(real, "driver");
	char *socket;
	bool same;

	if (driver == NULL)
		return false;
	socket = xasprintf("%s-%s", driver, real->name);
	same = strcmp(real->name, port) == 0 || strcmp(socket, port) == 0;
	free(socket);
	return same;
}

/* Finds the section that a clone follows; a socket that no section has is taken for a
 * driver of somebody else. Returns -1 with the cause. */
static int
real_find(struct entry *e, const struct ups_conf *conf, const struct conf_ups *ups,
    const char *port, char *cause, size_t size)
{
	const char *hyphen = strrchr(port, '-');

	for (size_t i = 0; i < conf->nupses; i++) {
		const struct conf_ups *real = &conf->upses[i];

		if (real == ups || !is_meant(real, port))
			continue;
		e->real_ups = xstrdup(real->name);
		e->real_driver = xstrdup(conf_ups_get(real, "driver"));
		return 0;
	}
	if (hyphen != NULL && hyphen > port && hyphen[1] != '\0' &&
	    strchr(port, '/') == NULL) {
		e->real_ups = xstrdup(hyphen + 1);
		e->real_driver = xstrndup(port, (size_t)(hyphen - port));
		return 0;
	}
	snprintf(cause, size,
	    "port \"%.200s\" is no other UPS of ups.conf: write its name, or that of its "
	    "driver socket, for example usbhid-ups-qnapups",
	    port);
	return -1;
}

static int
clone_read(struct entry *e, const struct ups_conf *conf, const struct conf_ups *ups,
    const char *port, const char *file, struct problems *p, char *cause, size_t size)
{
	e->load_on = text_of(ups, "load.on");
	e->load_off = text_of(ups, "load.off");
	e->load_status = text_of(ups, "load.status");
	e->prefix = text_of(ups, "prefix");
	e->offdelay = number_of(ups, "offdelay", ENTRY_OFFDELAY_S, SECONDS_MAX, file, p);
	e->ondelay = number_of(ups, "ondelay", ENTRY_ONDELAY_S, SECONDS_MAX, file, p);
	e->mincharge = number_of(ups, "mincharge", -1, 100, file, p);
	e->minruntime = number_of(ups, "minruntime", -1, SECONDS_MAX, file, p);
	if (e->mode == ENTRY_OUTLET && e->prefix == NULL) {
		snprintf(cause, size,
		    "it has no prefix, write for example: prefix = outlet.1");
		return -1;
	}
	return real_find(e, conf, ups, port, cause, size);
}

/* The variable of a key default.x or override.x; NULL for other keys. */
static const char *
layer(const char *key)
{
	static const char *const prefixes[] = {"default.", "override."};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(key, prefixes[i], strlen(prefixes[i])) == 0)
			return key + strlen(prefixes[i]);
	return NULL;
}

/* What clients see of the section, as NUT's drivers show it. */
static void
show(struct entry *e, const struct ups_conf *conf, const struct conf_ups *ups)
{
	static const char *const hidden[] = {"driver", "desc", "password", NULL};

	state_set(e->shown, "driver.name", e->driver);
	state_set(e->shown, "driver.version", HOLDUP_VERSION);
	state_set(e->shown, "driver.parameter.pollinterval", "2");
	state_set(e->shown, "driver.parameter.synchronous", "auto");
	for (size_t i = 0; i < conf->nglobals; i++)
		if (strcmp(conf->globals[i].key, "pollinterval") == 0 ||
		    strcmp(conf->globals[i].key, "synchronous") == 0)
			state_setf(e->shown,
			    conf->globals[i].key[0] == 'p'
				? "driver.parameter.pollinterval"
				: "driver.parameter.synchronous",
			    "%s", conf->globals[i].value);
	for (size_t i = 0; i < ups->npairs; i++) {
		const struct conf_pair *pair = &ups->pairs[i];
		const bool flag = *pair->value == '\0';
		char *name;
		size_t k = 0;

		while (hidden[k] != NULL && strcmp(hidden[k], pair->key) != 0)
			k++;
		if (hidden[k] != NULL || layer(pair->key) != NULL)
			continue;
		name = xasprintf("driver.%s.%s", flag ? "flag" : "parameter", pair->key);
		state_set(e->shown, name, flag ? "enabled" : pair->value);
		free(name);
	}
}

/* default.x = y and override.x = y */
static void
lay_over(struct entry *e, const struct conf_ups *ups)
{
	for (size_t i = 0; i < ups->npairs; i++) {
		const struct conf_pair *pair = &ups->pairs[i];
		const char *name = layer(pair->key);

		if (name != NULL)
			state_set(*pair->key == 'd' ? e->shown : e->overrides, name,
			    pair->value);
	}
}

int
entry_read(struct entry *e, const struct ups_conf *conf, const struct conf_ups *ups,
    const char *folder, const char *file, struct problems *p, char *cause, size_t size)
{
	const char *driver = conf_ups_get(ups, "driver");
	const char *port = conf_ups_get(ups, "port");

	*e = (struct entry){.name = xstrdup(ups->name),
	    .driver = xstrdup(driver == NULL ? "" : driver),
	    .shown = state_new(),
	    .overrides = state_new()};
	if (!entry_is_ours(e->driver) || port == NULL || *port == '\0') {
		snprintf(cause, size,
		    "it needs driver = dummy-ups (or clone, clone-outlet) and a port");
		return -1;
	}
	show(e, conf, ups);
	lay_over(e, ups);
	if (strcmp(e->driver, "dummy-ups") == 0) {
		dummy_read(e, ups, port, folder, file, p);
		return 0;
	}
	e->mode = strcmp(e->driver, "clone") == 0 ? ENTRY_CLONE : ENTRY_OUTLET;
	return clone_read(e, conf, ups, port, file, p, cause, size);
}

void
entry_free(struct entry *e)
{
	free(e->name);
	free(e->driver);
	free(e->path);
	free(e->real_ups);
	free(e->real_driver);
	free(e->load_on);
	free(e->load_off);
	free(e->load_status);
	free(e->prefix);
	state_free(e->shown);
	state_free(e->overrides);
	*e = (struct entry){0};
}
