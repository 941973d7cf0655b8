/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remote/target.h"

#define TARGET_PORT "3493" /* RFC 9271, section 4 */

static int
part_copy(char out[TARGET_PART_MAX + 1], const char *text, size_t len)
{
	if (len == 0 || len > TARGET_PART_MAX || strcspn(text, " \t\"\\") < len)
		return -1;
	memcpy(out, text, len);
	out[len] = '\0';
	return 0;
}

static int
port_copy(char out[TARGET_PART_MAX + 1], const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > 5 || strspn(text, "0123456789") != len || atoi(text) < 1 ||
	    atoi(text) > 65535)
		return -1;
	return part_copy(out, text, len);
}

/* HOST, HOST:PORT, [ADDRESS], [ADDRESS]:PORT, or an IPv6 address that stands bare. */
static int
host_copy(struct target *t, const char *text)
{
	const char *end, *colon;

	if (*text == '[') {
		text++;
		end = strchr(text, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return -1;
		colon = end[1] == ':' ? end + 1 : NULL;
	} else {
		colon = strchr(text, ':');
		if (colon != NULL && strchr(colon + 1, ':') != NULL)
			colon = NULL;
		end = colon != NULL ? colon : text + strlen(text);
	}
	if (part_copy(t->host, text, (size_t)(end - text)) < 0)
		return -1;
	return port_copy(t->port, colon != NULL ? colon + 1 : TARGET_PORT);
}

int
target_parse(struct target *t, const char *text, char *cause, size_t size)
{
	const char *at = strchr(text, '@');

	if (at != NULL && part_copy(t->ups, text, (size_t)(at - text)) == 0 &&
	    host_copy(t, at + 1) == 0)
		return 0;
	snprintf(cause, size,
	    "port \"%.300s\" names no UPS of another server: write UPS@HOST or "
	    "UPS@HOST:PORT, for example ups@192.168.0.9",
	    text);
	return -1;
}
