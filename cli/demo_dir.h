/* SPDX-License-Identifier: ISC */
#ifndef CLI_DEMO_DIR_H
#define CLI_DEMO_DIR_H

#include <stdbool.h>
#include <stddef.h>

/* The private folder of a demo: etc with the article's configuration, run, log. */
struct demo_dir {
	char *path, *etc, *run, *log; /* absolute */
	char *page;                   /* its address, "http://127.0.0.1:8493/"; or NULL */
	bool temporary;               /* goes away with demo_dir_free() */
};

/*
 * Makes the folder `path`, or a temporary one for NULL, with everything below it.
 * Configuration that is there already stays, upsd.conf aside, which gets the port; a
 * holdup.conf is made with a page on a port that is free (8493 if it is).
 * Returns 0, or -1 with the reason in `cause`.
 */
int demo_dir_make(
    struct demo_dir *d, const char *path, int port, char *cause, size_t size);

/* Removes a temporary folder with all in it; releases the rest. */
void demo_dir_free(struct demo_dir *d);

/* Finds a port that is free on both loopback addresses of the demo: `wanted` and no
 * other, or for 0 NUT's 3493, else any. Returns it, or -1 with the reason. */
int demo_dir_port(int wanted, char *cause, size_t size);

#endif
