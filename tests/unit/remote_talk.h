/* SPDX-License-Identifier: ISC */
#ifndef TESTS_REMOTE_TALK_H
#define TESTS_REMOTE_TALK_H

#include <string.h>

#include "remote/client.h"

/* The server's end of a conversation with remote's client. */

/* The client has sent exactly this since the last look. */
static inline void
assert_asks(struct client *c, const char *wanted)
{
	struct buf *out = client_out(c);

	assert_string_equal(buf_str(out), wanted);
	buf_clear(out);
}

/* The server says these lines, one LF each. */
static inline int
says(struct client *c, uint64_t now, const char *lines)
{
	int status = 0;

	while (*lines != '\0' && status == 0) {
		size_t len = strcspn(lines, "\n");

		status = client_line(c, lines, len, now);
		lines += len + (lines[len] == '\n');
	}
	return status;
}

static inline void
assert_is(struct client *c, const char *name, const char *wanted)
{
	const char *text = state_get(client_state(c), name);

	if (wanted == NULL)
		assert_null(text);
	else {
		assert_non_null(text);
		assert_string_equal(text, wanted);
	}
}

#endif
