/* SPDX-License-Identifier: ISC */
/* Any bytes in any pieces to a session that offers TLS. The first byte chooses the pieces.
 * OK STARTTLS is the last that is said in the clear, nothing that stands behind the line is
 * ever looked at, and by TLS the conversation begins without name and password. */
#include <stdint.h>
#include <stdlib.h>

#include "tests/unit/session_world.h"

#define OK_LINE "OK STARTTLS\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

/* The shell's part when the session wants to shake hands. */
static void
shake(struct world *w, bool again)
{
	const struct session *s = &w->session;
	size_t len = strlen(OK_LINE);

	check(!again && s->in.len == 0 && s->login == NULL && s->username == NULL &&
	      s->password == NULL && !subs_any(s));
	check(w->out.len >= len &&
	      memcmp(buf_head(&w->out) + w->out.len - len, OK_LINE, len) == 0);
	session_secured(&w->session);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w;
	size_t piece, at = 1;
	bool secure = false;

	if (size < 1 || size > 16384)
		return 0;
	piece = (size_t)data[0] + 1;
	world_begin(&w);
	w.host.tls = true;
	while (at < size) {
		size_t n = size - at < piece ? size - at : piece;
		enum session_next next =
		    session_input(&w.session, (const char *)data + at, n, &w.out);

		while (next == SESSION_WAIT || next == SESSION_FULL) {
			if (next == SESSION_WAIT)
				world_answer(&w, NULL, &w.out);
			else
				buf_clear(&w.out);
			next = session_input(&w.session, NULL, 0, &w.out);
		}
		if (next == SESSION_CLOSE)
			break;
		if (next == SESSION_TLS) {
			shake(&w, secure);
			secure = true;
		}
		buf_clear(&w.out);
		at += n;
	}
	world_end(&w);
	return 0;
}
