/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy_in.h"

#define TEXT_MAX 2048

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next line of the input as text: up to LF or NUL. */
static void
take(char *text, const uint8_t **data, size_t *size)
{
	size_t len = 0;

	while (len < *size && (*data)[len] != '\n' && (*data)[len] != '\0')
		len++;
	memcpy(text, *data, len < TEXT_MAX ? len : TEXT_MAX - 1);
	text[len < TEXT_MAX ? len : TEXT_MAX - 1] = '\0';
	len += len < *size;
	*data += len;
	*size -= len;
}

/* What a UPS says is in the message, and nothing that a shell or a terminal would do. */
static void
look_at_message(const char *extra)
{
	static char word[] = "u@h:1", format[] = "%s%s";
	static struct conf_monitor monitor = {.system = word};
	const struct upsmon_conf conf = {
	    .monitors = &monitor, .nmonitors = 1, .notifymsg = {[NOTIFY_ALARM] = format}};
	struct notify_row row;

	if (notify_row(&conf, NOTIFY_ALARM, extra, &row) < 0 ||
	    strncmp(row.text, "u@h:1", 5) != 0 ||
	    strlen(row.text) > 5 + NOTIFY_EXTRA_MAX - 1)
		abort();
	for (const char *at = row.text; *at != '\0'; at++)
		if (*at < ' ' || *at > '~' || strchr("\"$`\\", *at) != NULL)
			abort();
}

/* Two lines are a status before and one now, a third is an alarm and a mode. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char before[TEXT_MAX], now[TEXT_MAX], extra[TEXT_MAX];
	char were[NOTIFY_EXTRA_MAX], are[NOTIFY_EXTRA_MAX];
	enum notify_type types[POLICY_EDGES_MAX];
	unsigned words, last;

	take(before, &data, &size);
	take(now, &data, &size);
	take(extra, &data, &size);
	last = policy_words_read(before, were);
	words = policy_words_read(now, are);
	if (policy_words_edges(last, words, types) > POLICY_EDGES_MAX ||
	    policy_words_edges(words, words, types) != 0)
		abort();
	if (strlen(are) >= NOTIFY_EXTRA_MAX || (*are != '\0' && !(words & WORD_OTHER)) ||
	    !policy_words_same(are, are) ||
	    policy_words_same(were, are) != policy_words_same(are, were))
		abort();
	if ((words & WORD_OL) && strcasestr(now, "ol") == NULL)
		abort();
	policy_words_eco(extra);
	look_at_message(extra);
	return 0;
}
