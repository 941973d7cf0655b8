/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "out/publishers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any bytes as Domoticz's answer, the first two as its HTTP status: there is a verdict,
 * with a cause unless all is well, and OK comes of nothing but 200. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char url[] = "http://h";
	const struct holdup_conf c = {
	    .domoticz = {.wanted = true, .url = url, .idx = {1}}};
	struct http_reply reply = {.status = 200};
	char cause[512] = "";
	enum verdict verdict;

	if (size >= 2 && data[0] < '8') { /* else the whole is a body */
		reply.status = data[0] * 10 + data[1];
		data += 2;
		size -= 2;
	}
	buf_add(&reply.body, data, size);
	verdict = publisher_domoticz.verdict(&c, 0, &reply, cause, sizeof(cause));
	if (verdict == VERDICT_NONE || (verdict == VERDICT_OK) != (*cause == '\0'))
		abort();
	if (verdict == VERDICT_OK && reply.status != 200)
		abort();
	buf_free(&reply.body);
	return 0;
}
