/* SPDX-License-Identifier: ISC */
#ifndef SETUP_WRITER_H
#define SETUP_WRITER_H

#include "setup/draft.h"
#include "setup/setup.h"

/* Between setup.c and its writers: what they share. */

/* An account of upsd.users; name NULL: none is needed. */
struct writer_login {
	char *name, *password;
};

struct writer {
	const struct setup_answers *a;
	const struct check_conf *there;
	struct setup_result *out;
	struct draft draft;        /* of the file being written */
	bool serves;               /* a UPS of this machine is what it is about */
	bool fresh;                /* nobody has configured this machine yet */
	bool open;                 /* others may use it */
	struct writer_login local; /* of this machine's own MONITOR lines */
};

/* Something contradicts. Returns true when it is to be replaced. */
bool writer_clash(struct writer *w, enum check_name file, int line, const char *format,
    ...) __attribute__((format(printf, 4, 5)));

/* The same for what is never replaced. */
void writer_firm(struct writer *w, enum check_name file, int line, const char *format,
    ...) __attribute__((format(printf, 4, 5)));

/* A text as the files quote it, where it needs that. Valid until the next call but three. */
const char *writer_quote(const char *text);

/* The account that the machines of this network log in with already; NULL: there is none. */
const struct conf_user *writer_far_user(const struct check_conf *there);

/* The rows of writers[] in setup.c, in this order: each finds what those before it have
 * decided (result.upses, logins). They add to w->draft. */
void write_nut(struct writer *w);
void write_ups(struct writer *w);
void write_upsd(struct writer *w);
void write_users(struct writer *w);
void write_upsmon(struct writer *w);
void write_holdup(struct writer *w);

#endif
