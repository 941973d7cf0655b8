/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "holdupd/plan_in.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define WEB "web"

static bool
is_wildcard(const struct conf_web_listen *l)
{
	return l->address != NULL && l->address[strspn(l->address, "0.:")] == '\0';
}

/* Those that are wildcards, or those that are none. */
static void
pages_add(struct plan *plan, const struct conf_web *web, bool wild)
{
	for (size_t i = 0; i < web->nlistens; i++) {
		const struct conf_web_listen *l = &web->listens[i];

		if (is_wildcard(l) != wild)
			continue;
		if (l->path == NULL) {
			plan_listen_add(&plan->pages, &plan->npages, plan->call.family,
			    l->address, l->port);
			continue;
		}
		plan->pages =
		    xreallocarray(plan->pages, plan->npages + 1, sizeof(*plan->pages));
		plan->pages[plan->npages++] =
		    (struct plan_listen){.path = xstrdup(l->path)};
	}
}

void
plan_pages(struct plan *plan, const struct conf_web *web)
{
	char port[16];

	snprintf(port, sizeof(port), "%d", CONF_WEB_PORT);
	/* What a wildcard covers is left out, wherever it stands. */
	pages_add(plan, web, true);
	pages_add(plan, web, false);
	if (web->nlistens > 0)
		return;
	plan_listen_add(
	    &plan->pages, &plan->npages, plan->call.family, "127.0.0.1", port);
	plan_listen_add(&plan->pages, &plan->npages, plan->call.family, "::1", port);
}

/* The command line of web; its listeners come last. */
static void
web_args(struct plan *plan, struct plan_child *c, const bool *listen_ok)
{
	plan_fd_option(c, "-C", PLAN_FD_UPS_CONF, 0);
	plan_fd_option(c, "-M", PLAN_FD_UPSMON_CONF, 0);
	plan_fd_option(c, "-U", PLAN_FD_UPSD_USERS, 0);
	plan_fd_option(c, "-O", PLAN_FD_HOLDUP_CONF, 0);
	if (plan->page_certificate)
		plan_fd_option(c, "-T", PLAN_FD_PAGE_CERTIFICATE, 0);
	c->idle = !plan_listen_args(c, PLAN_FD_PAGE, plan->npages, listen_ok);
	if (plan->debug)
		plan_arg(c, "-D");
}

void
plan_web(struct plan *plan, const bool *listen_ok)
{
	for (size_t i = 0; i < plan->nchildren; i++) {
		struct plan_child *c = &plan->children[i];

		if (strcmp(c->argv[0], WEB) != 0)
			continue;
		plan_args_clear(c);
		web_args(plan, c, listen_ok);
	}
}

static void
child_history(struct plan *plan, bool debug)
{
	struct plan_child *c = plan_child_add(plan, "history", PLAN_USER_OUT);
	char *folder = paths_memory("history");

	plan_fd_option(c, "-O", PLAN_FD_HOLDUP_CONF, 0);
	plan_arg(c, "-d");
	plan_arg(c, folder);
	if (debug)
		plan_arg(c, "-D");
	free(folder);
}

void
plan_web_children(struct plan *plan, bool debug)
{
	if (plan->history)
		child_history(plan, debug);
	if (plan->web)
		web_args(plan, plan_child_add(plan, WEB, PLAN_USER_WEB), NULL);
}

void
plan_web_free(struct plan *plan)
{
	plan_listens_cut(plan->pages, &plan->npages, 0);
	free(plan->pages);
}
