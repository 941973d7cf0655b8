/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "web/query.h"

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, tolower((unsigned char)c));

	return at == NULL ? -1 : (int)(at - digits);
}

/* Decodes `len` bytes into `to`. Returns the length, or -1; `plus`: `+` is a blank. */
static int
decode(char *to, size_t size, const char *from, size_t len, int plus)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		int c = (unsigned char)from[i];

		if (c == '%') {
			if (len - i < 3 || hex_digit(from[i + 1]) < 0 ||
			    hex_digit(from[i + 2]) < 0)
				return -1;
			c = hex_digit(from[i + 1]) * 16 + hex_digit(from[i + 2]);
			i += 2;
		} else if (c == '+' && plus)
			c = ' ';
		if (c < ' ' || c == 0x7f || n + 1 >= size)
			return -1;
		to[n++] = (char)c;
	}
	to[n] = '\0';
	return (int)n;
}

int
query_read(struct query *q, const char *target, const char *base)
{
	size_t len = strcspn(target, "?"), used = 0, below = strlen(base);
	const char *at = target, *end = target + len;

	*q = (struct query){.search = target[len] == '?' ? target + len + 1 : ""};
	if (below > 0 && len >= below && strncmp(target, base, below) == 0 &&
	    (at + below == end || at[below] == '/'))
		at += below;
	if (at == end && len > 0)
		return 0;
	if (at == end || *at != '/')
		return -1;
	while (at < end) {
		size_t part = (size_t)(end - ++at);
		const char *slash = memchr(at, '/', part);
		int n;

		if (slash != NULL)
			part = (size_t)(slash - at);
		n = decode(q->path + used, sizeof(q->path) - used, at, part, 0);
		if (n < 0 || q->nparts == QUERY_PARTS_MAX)
			return -1;
		q->parts[q->nparts++] = q->path + used;
		used += (size_t)n + 1;
		at += part;
		if (used >= sizeof(q->path))
			return -1;
	}
	return 0;
}

int
query_text(const struct query *q, const char *name, char value[QUERY_VALUE_MAX])
{
	size_t wanted = strlen(name);

	for (const char *at = q->search; *at != '\0';) {
		size_t len = strcspn(at, "&");

		if (len > wanted && at[wanted] == '=' && memcmp(at, name, wanted) == 0)
			return decode(value, QUERY_VALUE_MAX, at + wanted + 1,
				   len - wanted - 1, 1) < 0
				   ? -1
				   : 1;
		at += len + (at[len] == '&');
	}
	return 0;
}

int
query_number(const struct query *q, const char *name, double min, double max, double *n)
{
	char value[QUERY_VALUE_MAX], *end;
	int found = query_text(q, name, value);
	double number;

	if (found <= 0 || *value == '\0')
		return found;
	number = strtod(value, &end);
	/* Comparisons that NAN fails too. */
	if (*end != '\0' || !(number >= min && number <= max))
		return -1;
	*n = number;
	return 1;
}

int
query_whole(const struct query *q, const char *name, int64_t min, int64_t max, int64_t *n)
{
	char value[QUERY_VALUE_MAX], *end;
	int found = query_text(q, name, value);
	long long number;

	if (found <= 0 || *value == '\0')
		return found;
	errno = 0;
	number = strtoll(value, &end, 10);
	if (*end != '\0' || errno != 0 || number < min || number > max)
		return -1;
	*n = number;
	return 1;
}
