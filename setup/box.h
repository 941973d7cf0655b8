/* SPDX-License-Identifier: ISC */
#ifndef SETUP_BOX_H
#define SETUP_BOX_H

#include <stdbool.h>

/* A make of NAS: what is fixed in it, and where in its menus it is told (docs/recipes). */
struct setup_box {
	const char *word;   /* of --nas, and of [client] account = where it is `fixed` */
	const char *name;   /* for people */
	bool fixed;         /* its login is built in (lib/conf_holdup.h, conf_fixed[]) */
	const char *menu;   /* where to click */
	const char *enter;  /* what to choose there; %s: this server's address */
	const char *advice; /* what else is to know: lines, each with LF */
};

/* By its word, in any case; NULL: none has it. */
const struct setup_box *box_find(const char *word);

/* "qnap, synology, truenas, unraid" */
const char *box_words(void);

/* The n-th, NULL behind the last. */
const struct setup_box *box_at(unsigned n);

#endif
