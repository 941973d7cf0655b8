/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "publish/domosetup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define QUESTIONS_MAX 400

static char url[] = "http://h";
static const struct conf_domoticz conf = {.wanted = true, .url = url};

/* One of Domoticz's answers: the first byte is a hundredth of its HTTP status, where it is
 * one, the rest up to a NUL the body. There is a verdict, with a cause for the whole server
 * only, and OK comes of nothing but 200. */
static void
read_one(const uint8_t **data, size_t *size, struct domo_answer *a)
{
	const uint8_t *nul = memchr(*data, '\0', *size);
	size_t len = nul == NULL ? *size : (size_t)(nul - *data), status = 0;
	struct http_reply reply = {.status = 200};
	char cause[512];

	if (len > 0 && (*data)[0] < 8) {
		reply.status = (*data)[0] * 100 + (len > 1 ? (*data)[1] % 4 : 0);
		status = len > 1 ? 2 : 1;
	}
	buf_add(&reply.body, *data + status, len - status);
	domoapi_read(a, &conf, &reply, cause, sizeof(cause));
	if (a->verdict == VERDICT_NONE ||
	    (a->verdict > VERDICT_REFUSED) != (*cause != '\0'))
		abort();
	if (a->verdict == VERDICT_OK && reply.status != 200)
		abort();
	buf_free(&reply.body);
	*data += len + (nul != NULL);
	*size -= len + (nul != NULL);
}

/* Any answers to the questions of the setup: it comes to an end, and tells no sensor that it
 * was not told of. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct domosetup *s = domosetup_new(&conf);
	size_t asked = 0;
	uint64_t now = 1;

	domosetup_kept(s, "hardware", "3");
	domosetup_kept(s, "ups.a", "charge=12 load=13");
	for (size_t i = 0; i < DOMOSENSORS; i++)
		domosetup_want(s, (size_t)domosetup_ups(s, "a") * DOMOSENSORS + i);
	while (size > 0 && asked++ < QUESTIONS_MAX) {
		struct http_request question = {0};
		struct domo_note note = {0};
		struct domo_answer a;

		read_one(&data, &size, &a);
		if (domosetup_asks(s, true, now, &question))
			domosetup_answer(s, &a, now, &note);
		else
			now += DOMOSETUP_TRUST_MS;
		buf_free(&question.url);
		domoapi_free(&a);
	}
	domosetup_free(s);
	return 0;
}
