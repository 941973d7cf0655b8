/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "publish/encode.h"

#define UNRESERVED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

void
encode_query(struct buf *url, const char *text)
{
	while (*text != '\0') {
		size_t plain = strspn(text, UNRESERVED);

		buf_add(url, text, plain);
		text += plain;
		if (*text != '\0')
			buf_printf(url, "%%%02X", (unsigned char)*text++);
	}
}
