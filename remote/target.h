/* SPDX-License-Identifier: ISC */
#ifndef REMOTE_TARGET_H
#define REMOTE_TARGET_H

#include <stddef.h>

/* What `port = UPS@HOST[:PORT]` means; an IPv6 address with a port stands in brackets,
 * "ups@[fe80::1%eth0]:3493". Pure. */
#define TARGET_PART_MAX 255

struct target {
	char ups[TARGET_PART_MAX + 1];
	char host[TARGET_PART_MAX + 1]; /* name or literal address, without brackets */
	char port[TARGET_PART_MAX + 1]; /* decimal, "3493" where the text is silent */
};

/* Returns 0, or -1 with what is wrong and what was meant in `cause`. */
int target_parse(struct target *t, const char *text, char *cause, size_t size);

#endif
