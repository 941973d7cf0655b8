/* SPDX-License-Identifier: ISC */
#ifndef SETUP_APCUPSD_H
#define SETUP_APCUPSD_H

#include <stddef.h>

#include "check/check.h"
#include "setup/setup.h"

/*
 * Reads apcupsd.conf (apcupsd 3.14: `WORD value`, a comment behind `#`) and fills in what
 * the answers do not say yet: what this machine is (NETSERVER, NISIP; UPSTYPE net: a
 * secondary), the UPS (UPSTYPE, UPSCABLE, DEVICE, UPSNAME), and when the machine goes down
 * (BATTERYLEVEL, MINUTES, TIMEOUT). Pure.
 *
 * What has no counterpart here, or another one than one might think, is said: a note where
 * nothing is lost, a warning where something has to be done, an error where the UPS cannot
 * be read. Words that are set as apcupsd's own file has them are not worth a sentence.
 */
void apcupsd_read(const char *file, const char *text, size_t len, struct setup_answers *a,
    struct check_list *said);

#endif
