/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/schedtalk.h"
#include "lib/conf_upssched.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the AT lines of a file ask is understood by who keeps the timers. */
static void
ask_all(struct timers *t, const struct upssched_conf *c)
{
	for (size_t i = 0; i < c->nats; i++) {
		const struct conf_at *at = &c->ats[i];
		const struct timer_event e = {
		    .ups = at->ups, .type = at->type, .message = at->name};
		struct buf question = {0}, answer = {0};

		if (at->verb <= AT_START_TIMER_SHARED)
			schedtalk_start(&question, at->name, at->seconds, &e,
			    at->verb == AT_START_TIMER_SHARED);
		else
			schedtalk_cancel(&question, at->name,
			    at->verb == AT_CANCEL_TIMER_MATCHED ? at->ups : NULL);
		schedtalk_answer(
		    t, buf_str(&question), question.len - 1, 1000 * i, 0, &answer);
		if (strncmp(buf_str(&answer), "OK", 2) != 0 &&
		    strstr(buf_str(&answer), "too many") == NULL)
			abort();
		buf_free(&question);
		buf_free(&answer);
	}
}

/* The same bytes as upssched.conf, and line by line as questions: each has one answer, and
 * the timers come due in the order of their moments. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size, *eol;
	struct timers *t = timers_new();
	struct problems p = {0};
	struct upssched_conf c;
	struct timer_told told;
	struct buf out = {0};
	uint64_t now;

	upssched_conf_read(&c, "upssched.conf", at, size, &p);
	ask_all(t, &c);
	upssched_conf_free(&c);
	problems_free(&p);
	for (; at < end; at = eol + 1) {
		if ((eol = memchr(at, '\n', (size_t)(end - at))) == NULL)
			eol = end;
		schedtalk_answer(t, at, (size_t)(eol - at), 5000, 1000000, &out);
		if (buf_str(&out)[out.len - 1] != '\n')
			abort();
		buf_clear(&out);
	}
	while ((now = timers_next(t)) > 0) {
		if (timers_take(t, now - 1, &told) || !timers_take(t, now, &told))
			abort();
		timer_told_free(&told);
	}
	buf_free(&out);
	timers_free(t);
	return 0;
}
