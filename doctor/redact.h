/* SPDX-License-Identifier: ISC */
#ifndef DOCTOR_REDACT_H
#define DOCTOR_REDACT_H

#include "check/check.h"
#include "lib/buf.h"

/*
 * Takes out of texts what nobody else may know: what is not known to be harmless is `…`.
 * Pure.
 *
 * Of a configuration file only words are told again that a table has for that file; all
 * other values, the comments and what cannot be read are left out, and lines keep their
 * numbers. What was left out of them so is left out of any other text too (a log, a report),
 * and so are users and paths in URLs and addresses of mail.
 */
struct redact;

struct redact *redact_new(void);
void redact_free(struct redact *r);

/* Appends a configuration file as it may be shown. Files first, then texts. */
void redact_file(struct redact *r, enum check_name name, const char *text, size_t len,
    struct buf *out);

/* Appends any other text as it may be shown. */
void redact_text(const struct redact *r, const char *text, struct buf *out);

#endif
