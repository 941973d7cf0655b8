/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "holdupd/plan_in.h"
#include "lib/buf.h"
#include "lib/drivers.h"
#include "lib/state.h"
#include "lib/xmem.h"

#define PATIENCE_S 45        /* NUT's maxstartdelay */
#define FAR "remote"         /* the program for a UPS of another server */
#define FAR_TLS "remote-tls" /* the same with TLS */
#define MANY "dummy"         /* the program that serves any number of sections */

/* A driver's name becomes part of its socket's path, as the UPS's does, which the reader
 * of ups.conf has checked. */
static bool
name_ok(const char *driver)
{
	return state_name_ok(driver) && strchr(driver, '/') == NULL;
}

/* A global setting, the last one if there are several, or NULL. */
static const char *
global(const struct ups_conf *conf, const char *key)
{
	for (size_t i = conf->nglobals; i > 0; i--)
		if (strcmp(conf->globals[i - 1].key, key) == 0)
			return conf->globals[i - 1].value;
	return NULL;
}

static void
pairs_put(struct buf *text, const struct conf_pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(text, "%s = %s\n", pairs[i].key, pairs[i].value);
}

/* All that ups.conf says to a driver, for comparing; the caller frees. A clone looks at
 * the other sections too, for the driver of the UPS that it follows. */
static char *
told(const struct ups_conf *conf, const struct conf_ups *ups, const char *program)
{
	struct buf text = {0};
	char *copy;

	pairs_put(&text, conf->globals, conf->nglobals);
	buf_printf(&text, "[%s]\n", ups->name);
	pairs_put(&text, ups->pairs, ups->npairs);
	for (size_t i = 0; strcmp(program, MANY) == 0 && i < conf->nupses; i++) {
		const char *driver = conf_ups_get(&conf->upses[i], "driver");

		buf_printf(&text, "[%s] %s\n", conf->upses[i].name,
		    driver == NULL ? "" : driver);
	}
	copy = xstrdup(buf_str(&text));
	buf_free(&text);
	return copy;
}

static bool
wants_tls(const struct conf_ups *ups, const char *program)
{
	const char *word = conf_ups_get(ups, "tls");

	return strcmp(program, FAR) == 0 && word != NULL && strcasecmp(word, "no") != 0;
}

/* maxstartdelay: seconds that a driver may take before it is given up. */
static unsigned
patience(const struct ups_conf *conf, const struct conf_ups *ups)
{
	const char *text = conf_ups_get(ups, "maxstartdelay");
	char *end;
	long n;

	if (text == NULL && (text = global(conf, "maxstartdelay")) == NULL)
		return PATIENCE_S;
	errno = 0;
	n = strtol(text, &end, 10);
	return errno == 0 && *end == '\0' && n > 0 && n < 86400 ? (unsigned)n
								: PATIENCE_S;
}

static void
foreign_add(struct plan *plan, const struct ups_conf *conf, size_t row,
    const char *driver, const char *file, struct problems *problems)
{
	const struct conf_ups *ups = &conf->upses[row];

	if (conf_ups_get(ups, "user") != NULL)
		problems_add(problems, file, ups->line,
		    "[%s]: \"user\" counts only before the first section, for all "
		    "drivers of NUT",
		    ups->name);
	plan->foreigns =
	    xreallocarray(plan->foreigns, plan->nforeigns + 1, sizeof(*plan->foreigns));
	plan->foreigns[plan->nforeigns++] = (struct plan_foreign){
	    .driver = xstrdup(driver),
	    .ups = xstrdup(ups->name),
	    .row = (long)row,
	    .told = told(conf, ups, driver),
	    .patience_s = patience(conf, ups),
	};
}

static void
driver_add(struct plan *plan, const struct ups_conf *conf, size_t row, const char *file,
    struct problems *problems)
{
	const struct conf_ups *ups = &conf->upses[row];
	const char *driver = conf_ups_get(ups, "driver"), *program;

	if (driver == NULL || *driver == '\0') /* the reader has said so */
		return;
	if (!name_ok(driver)) {
		problems_add(problems, file, ups->line,
		    "[%s]: \"%s\" cannot be the name of a driver; a UPS on USB has "
		    "driver = usbhid-ups",
		    ups->name, driver);
		return;
	}
	if ((program = drivers_own(driver)) == NULL) {
		foreign_add(plan, conf, row, driver, file, problems);
		return;
	}
	plan->drivers =
	    xreallocarray(plan->drivers, plan->ndrivers + 1, sizeof(*plan->drivers));
	plan->drivers[plan->ndrivers++] = (struct plan_driver){
	    .socket = xasprintf("%s-%s", driver, ups->name),
	    .ups = xstrdup(ups->name),
	    .row = (long)row,
	    .program = program,
	    .tls = wants_tls(ups, program),
	    .told = told(conf, ups, program),
	};
}

void
plan_drivers_read(struct plan *plan, const struct ups_conf *conf, const char *file,
    struct problems *problems)
{
	const char *folder = global(conf, "driverpath"), *user = global(conf, "user");

	plan->driver_folder = folder == NULL ? NULL : xstrdup(folder);
	plan->driver_user = user == NULL ? NULL : xstrdup(user);
	for (size_t i = 0; i < conf->nupses; i++)
		driver_add(plan, conf, i, file, problems);
}

/* The one UPS of a program of ours. */
static void
child_single(struct plan *plan, size_t driver, bool debug)
{
	const struct plan_driver *d = &plan->drivers[driver];
	const bool tls = d->tls && plan->far_tls;
	struct plan_child *c =
	    plan_child_add(plan, tls ? FAR_TLS : d->program, PLAN_USER_HOLDUP);

	free(c->name); /* the one takes the place of the other */
	c->name = xasprintf("%s %s", d->program, d->ups);
	c->row = d->row;
	c->told = xstrdup(d->told);
	plan_arg(c, "-a");
	plan_arg(c, d->ups);
	plan_fd_option(c, "-C", PLAN_FD_UPS_CONF, 0);
	plan_fd_option(c, "-S", PLAN_FD_DRIVER, driver);
	if (tls && plan->far_authorities)
		plan_fd_option(c, "-A", PLAN_FD_FAR_AUTHORITIES, 0);
	if (tls && plan->far_certificate)
		plan_fd_option(c, "-T", PLAN_FD_FAR_CERTIFICATE, 0);
	if (debug)
		plan_arg(c, "-D");
}

/* One program for all of its sections, or for as many as it can have descriptors. */
static void
child_many(struct plan *plan, const bool *driver_ok, bool debug)
{
	struct buf numbers = {0}, text = {0};
	struct plan_child *c = NULL;

	for (size_t i = 0; i < plan->ndrivers; i++) {
		if (!driver_ok[i] || strcmp(plan->drivers[i].program, MANY) != 0)
			continue;
		if (c == NULL) {
			c = plan_child_add(plan, MANY, PLAN_USER_HOLDUP);
			plan_fd_option(c, "-C", PLAN_FD_UPS_CONF, 0);
		} else if (c->nfds == PLAN_FDS_MAX) {
			break;
		}
		buf_printf(&numbers, "%s%d", numbers.len > 0 ? "," : "",
		    plan_fd(c, PLAN_FD_DRIVER, i));
		buf_puts(&text, plan->drivers[i].told);
	}
	if (c != NULL) {
		c->told = xstrdup(buf_str(&text));
		plan_arg(c, "-S");
		plan_arg(c, buf_str(&numbers));
		if (debug)
			plan_arg(c, "-D");
	}
	buf_free(&numbers);
	buf_free(&text);
}

static void
child_foreign(struct plan *plan, const struct plan_foreign *f)
{
	struct plan_child *c = plan_child_add(plan, f->driver, PLAN_USER_DRIVER);

	free(c->name);
	c->name = xasprintf("%s %s", f->driver, f->ups);
	c->row = f->row;
	c->told = xstrdup(f->told);
	c->foreign = true;
	c->folder = plan->driver_folder == NULL ? NULL : xstrdup(plan->driver_folder);
	c->socket = xasprintf("%s-%s", f->driver, f->ups);
	if (plan->driver_state != NULL)
		c->elsewhere = xasprintf("%s/%s", plan->driver_state, c->socket);
	c->silence_s = plan_silence_s(plan);
	c->patience_s = f->patience_s;
	plan_arg(c, "-a");
	plan_arg(c, f->ups);
	plan_arg(c, "-F");
}

void
plan_drivers_children(struct plan *plan, const bool *driver_ok, bool debug)
{
	for (size_t i = 0; i < plan->ndrivers; i++)
		if (driver_ok[i] && strcmp(plan->drivers[i].program, MANY) != 0)
			child_single(plan, i, debug);
	child_many(plan, driver_ok, debug);
	for (size_t i = 0; i < plan->nforeigns; i++)
		child_foreign(plan, &plan->foreigns[i]);
}

bool
plan_drives(const struct plan *plan, const struct plan_child *c, long row)
{
	if (c->row == row)
		return true;
	for (size_t i = 0; i < c->nfds; i++)
		if (c->fds[i].kind == PLAN_FD_DRIVER &&
		    plan->drivers[c->fds[i].index].row == row)
			return true;
	return false;
}

void
plan_drivers_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->ndrivers; i++) {
		free(plan->drivers[i].socket);
		free(plan->drivers[i].ups);
		free(plan->drivers[i].told);
	}
	for (size_t i = 0; i < plan->nforeigns; i++) {
		free(plan->foreigns[i].driver);
		free(plan->foreigns[i].ups);
		free(plan->foreigns[i].told);
	}
	free(plan->drivers);
	free(plan->foreigns);
	free(plan->driver_folder);
	free(plan->driver_user);
	free(plan->driver_state);
}
