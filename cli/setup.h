/* SPDX-License-Identifier: ISC */
#ifndef CLI_SETUP_H
#define CLI_SETUP_H

#include <stdbool.h>
#include <stddef.h>

#include "check/check.h"
#include "setup/mdns.h"
#include "setup/setup.h"

/* The shell of `holdup setup` (docs/setup.md): what cmd_setup.c and its setup_*.c share. */

struct setup_options {
	bool yes, dry_run, json, undo;
	bool talks;       /* there is a terminal, and questions are wanted */
	bool machine;     /* it is about this machine itself: units may be touched */
	const char *from; /* of --from, or NULL */
	const char *ups;  /* of --ups, or NULL */
	char *folder;     /* that is written to */
};

/* Reads the command line into both (setup_options.c). Returns 0, or 1 after a message. */
int setup_options_take(
    struct setup_options *o, struct setup_answers *a, int argc, char **argv);

/* What there is to choose from (setup_find.c). */
struct setup_found {
	size_t upses;                /* on USB */
	struct mdns_servers servers; /* in this network */
	struct setup_usual usual;    /* what is configured already */
};

/* Adds the UPSes on USB, says each of them to `say` (NULL: nobody). Returns how many. */
size_t setup_find_usb(struct setup_answers *a, void (*say)(const char *text));

/* Asks by mDNS who serves UPSes, for SETUP_FIND_MS. */
#define SETUP_FIND_MS 2000
void setup_find_servers(struct mdns_servers *s);

/* The address of this machine that `towards` (a literal one; NULL: anybody outside) sees;
 * NULL where it is in no network. The caller frees. */
char *setup_find_address(const char *towards);

/* Names of the UPSes at a server: NULL-terminated, for setup_find_free(). NULL with the reason
 * in `cause`. */
char **setup_find_upses(const char *host, const char *port, char *cause, size_t size);
void setup_find_free(char **names);

/* Takes a login to the server that is joined, and gives it back at once. 0; -1 when it is
 * refused, 1 when nobody can be asked now; both with the reason. */
int setup_find_login(const struct setup_answers *a, char *cause, size_t size);

/* Asks what no option has said, or takes what Enter would take (setup_ask.c). Returns 0, or -1
 * after a message: input ended, or something is missing that nobody can guess. */
int setup_ask(struct setup_answers *a, const struct setup_options *o,
    const struct setup_found *found);

/* Yes or no; true for Enter, false where the input ends. */
bool setup_ask_yes(const char *question);

/* Reads "qnap=192.168.0.20" into the answers; 0, or -1 with the reason. */
int setup_take_nas(struct setup_answers *a, const char *text, char *cause, size_t size);

/* True for a URL of this scheme, or of its kind with TLS, in which no login stands. */
bool setup_url_ok(const char *url, const char *scheme);

/* Reads "[UPS@]HOST[:PORT]" into the answers; 0, or -1. */
int setup_take_join(struct setup_answers *a, const char *text);

/* The configuration as it will be: what is there with the texts that are new. Release with
 * check_free() and free(). (setup_files.c) */
struct check_conf *setup_files_next(
    const struct check_conf *there, const struct setup_result *r);

/* Prints the differences; false where there are none. */
bool setup_files_diff(const struct check_conf *there, const struct setup_result *r);

/* Writes all of a text. 0, or -1 with errno: ENOSPC, too, where only a part has gone. */
int setup_files_put(int fd, const char *text, size_t len);

/* Writes each text that is new, beside the old one, which is kept as a copy. `keeps` (NULL:
 * nobody) is told of each file just before it becomes another one, and stops it with -1.
 * Returns 0, or -1 after a message. */
int setup_files_write(const struct check_conf *there, const struct setup_result *r,
    int (*keeps)(const char *path, const char *copy));

/* Starts the service, or tells it to read anew (`restart`: what runs changes, too). Returns 0,
 * or -1 after a message. (setup_start.c) */
int setup_start(bool restart);

/* Waits until the server there tells the state of this UPS, and shows it. */
void setup_start_show(const char *ups, const char *host, const char *port);

#endif
