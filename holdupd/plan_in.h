/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_PLAN_IN_H
#define HOLDUPD_PLAN_IN_H

#include "holdupd/plan.h"

/*
 * What plan.c (listeners, and the children that every plan has), plan_drivers.c and
 * plan_web.c share; nobody else's business.
 */

/* Adds a child; it is valid until the next is added. */
struct plan_child *plan_child_add(
    struct plan *plan, const char *program, enum plan_user user);

/* Adds a word to its command line; gives it a descriptor and returns the number that has
 * there; both at once, "-C 3". */
void plan_arg(struct plan_child *c, const char *text);
int plan_fd(struct plan_child *c, enum plan_fd_kind kind, size_t index);
void plan_fd_option(
    struct plan_child *c, const char *option, enum plan_fd_kind kind, size_t index);

/* Adds a literal address to a list, unless it has that already, by itself or by a wildcard;
 * family: '4' or '6' alone, 0: both. / Ends the list at `count`. */
void plan_listen_add(struct plan_listen **list, size_t *count, char family,
    const char *address, const char *port);
void plan_listens_cut(struct plan_listen *list, size_t *n, size_t count);

/* Adds `-l 7,8` for those of `count` listeners that are open; false: there is none. */
bool plan_listen_args(
    struct plan_child *c, enum plan_fd_kind kind, size_t count, const bool *listen_ok);

/* Takes the arguments and descriptors away from a child. */
void plan_args_clear(struct plan_child *c);

/* plan_web.c: web and history; the end of their part. */
void plan_web_children(struct plan *plan, bool debug);
void plan_web_free(struct plan *plan);

/* How long core takes a driver of NUT to be there that says nothing: MAXAGE, or the least. */
unsigned plan_silence_s(const struct plan *plan);

/* The drivers of the sections; the children that drive them; the end of all that. */
void plan_drivers_read(struct plan *plan, const struct ups_conf *conf, const char *file,
    struct problems *problems);
void plan_drivers_children(struct plan *plan, const bool *driver_ok, bool debug);
void plan_drivers_free(struct plan *plan);

#endif
