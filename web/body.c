/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "web/body.h"

struct body {
	json_t *root;
};

struct body *
body_read(const char *json, size_t len, const char **why)
{
	json_error_t error;
	json_t *root = len == 0 ? json_object()
				: json_loadb(json, len, JSON_REJECT_DUPLICATES, &error);
	struct body *b;

	*why = root == NULL ? "The body is no JSON" : "The body is no JSON object";
	if (!json_is_object(root)) {
		json_decref(root);
		return NULL;
	}
	b = xmalloc(sizeof(*b));
	b->root = root;
	return b;
}

void
body_free(struct body *b)
{
	if (b == NULL)
		return;
	json_decref(b->root);
	free(b);
}

const char *
body_text(const struct body *b, const char *key)
{
	const json_t *text = json_object_get(b->root, key);

	if (!json_is_string(text) || json_string_length(text) > BODY_TEXT_MAX)
		return NULL;
	return json_string_value(text);
}
