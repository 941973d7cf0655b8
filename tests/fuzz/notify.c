/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "publish/notice.h"
#include "publish/via.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char words[] = "https://example.org/hook";

static const char *
look(void *arg, const char *name)
{
	return strlen(name) % 2 == 0 ? arg : NULL;
}

/* An answer of a service: the first two bytes are the way and the status. */
static void
answer(const char *text, size_t size)
{
	const struct conf_notify c = {.name = words,
	    .via = 1 + (unsigned char)text[0] % (CONF_VIA_MAIL - 1),
	    .url = words,
	    .token = words,
	    .to = words};
	struct http_reply reply = {.status = (unsigned char)text[1] * 3};
	struct via_outcome o;

	buf_add(&reply.body, text + 2, size - 2);
	via_judge(&c, &reply, &o);
	if (o.verdict == VERDICT_NONE || o.after_s < 0 || o.after_s > VIA_AFTER_MAX_S ||
	    (o.verdict == VERDICT_OK) != (*o.cause == '\0'))
		abort();
	buf_free(&reply.body);
}

/* A template, and values, of any bytes: of an object of strings a JSON object is made. */
static void template(char *text)
{
	const struct template_values values = {look, text};
	struct buf out = {0};
	json_t *json;

	template_fill(&out, text, false, &values);
	buf_clear(&out);
	template_fill(&out, text, true, &values);
	buf_clear(&out);
	template_fill(
	    &out, "{\"a\": \"{ab}\", \"b\": {ab}, \"c\": {abc}}", true, &values);
	if ((json = json_loads(buf_str(&out), 0, NULL)) == NULL)
		abort();
	json_decref(json);
	buf_free(&out);
}

/* What was kept, and then events, two bytes each: every one of them is told, or done. */
static void
events(const char *text, size_t size)
{
	struct conf_notify c = {.name = words,
	    .fold = 600,
	    .wait = text[0] & 1 ? 30 : 0,
	    .summary = text[0] & 2,
	    .events = UINT64_MAX};
	struct notice *n = notice_new(&c);
	struct notice_batch b;
	uint64_t id = 0;
	int64_t now = 1000000;

	notice_kept(n, text);
	for (size_t i = 0; i + 1 < size; i += 2) {
		struct event e = {.id = ++id,
		    .at_ms = now += (unsigned char)text[i + 1] * INT64_C(3000),
		    .kind = (unsigned char)text[i] % KINDS,
		    .ups = "a",
		    .text = "Machine nas: off."};

		e.text[13] = text[i] & 64 ? 'f' : 'n';
		notice_event(n, &e, now);
		while (text[0] & 4 && notice_next(n, now, &b)) {
			notice_done(n, &b);
			notice_batch_free(&b);
		}
	}
	/* A failure of the mains that lasts holds what it began with. */
	notice_event(n,
	    &(struct event){.id = ++id, .at_ms = now, .kind = KIND_ONLINE, .ups = "a"},
	    now);
	for (int i = 0; i < 20; i++, now += 3600000)
		while (notice_next(n, now, &b)) {
			notice_done(n, &b);
			notice_batch_free(&b);
		}
	if (notice_taken(n) != id)
		abort();
	notice_free(n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);

	if (size >= 2) {
		answer((const char *)data, size);
		events(text, strlen(text));
	}
	template(text);
	free(text);
	return 0;
}
