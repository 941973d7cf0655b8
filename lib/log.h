/* SPDX-License-Identifier: ISC */
#ifndef LIB_LOG_H
#define LIB_LOG_H

/*
 * One line per event on standard error: "core: ups qnapups: driver lost". Under systemd
 * (JOURNAL_STREAM set) each line carries its priority as <N>, and where standard error is
 * syslog's socket (HOLDUP_SYSLOG set) its facility too. A message names the object
 * and the remedy. Only the shell of a program logs; pure code returns causes.
 */

/* Names the program in each line; `debug` above 0 lets log_debug() through, below 0 not
 * even log_info(). */
void log_init(const char *program, int debug);

/* Makes standard error a socket of syslog's, for us and for children to come; /dev/null
 * where there is no syslog. */
void log_to_syslog(void);

/* What happened / what a human should look at. The _errno form adds strerror(errno). */
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Only at start-up or for our own bugs: logs and exits with status 1. */
void log_fatal(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void log_fatal_errno(const char *format, ...)
    __attribute__((format(printf, 1, 2), noreturn));

#endif
