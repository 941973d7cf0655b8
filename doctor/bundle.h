/* SPDX-License-Identifier: ISC */
#ifndef DOCTOR_BUNDLE_H
#define DOCTOR_BUNDLE_H

#include "doctor/look.h"

/* Packs what somebody else needs to help into `file`, a .tar.gz that only its owner can
 * read, without secrets (doctor/redact.h), and lists on standard output what is in it.
 * Returns 0, or -1 after a message; then there is no file. */
int bundle_write(
    struct doctor *d, const char *report, const char *json, const char *file);

#endif
