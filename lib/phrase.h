/* SPDX-License-Identifier: ISC */
#ifndef LIB_PHRASE_H
#define LIB_PHRASE_H

#include <stddef.h>

/* Values of NUT in the words of people. Pure; each returns `out`. */

enum phrase_tone { PHRASE_PLAIN, PHRASE_GOOD, PHRASE_WARN, PHRASE_BAD };

/* ups.status, "On mains, battery charging"; words that nobody knows stay as they are. */
char *phrase_status(char *out, size_t size, const char *status);

/* How bad a ups.status is as a whole. */
enum phrase_tone phrase_status_tone(const char *status);

/* Seconds as "1 h 04 min", "12 min 05 s", "45 s". */
char *phrase_duration(char *out, size_t size, long seconds);

#endif
