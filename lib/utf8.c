/* SPDX-License-Identifier: ISC */
#include "lib/utf8.h"

#include <stdbool.h>
#include <string.h>

size_t
utf8_len(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len = s[0] < 0x80   ? 1
		     : s[0] < 0xc2 ? 0
		     : s[0] < 0xe0 ? 2
		     : s[0] < 0xf0 ? 3
		     : s[0] < 0xf5 ? 4
				   : 0;

	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

size_t
utf8_cut(const char *text, size_t max)
{
	size_t len = strlen(text);

	if (len <= max)
		return len;
	while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
		max--;
	return max;
}

/* C0 but for LF, DEL, and C1, which terminals obey as they do ESC. */
static bool
is_control(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	return (s[0] < ' ' && s[0] != '\n') || s[0] == 0x7f ||
	       (s[0] == 0xc2 && s[1] < 0xa0);
}

void
utf8_add(struct buf *out, const char *text)
{
	while (*text != '\0') {
		const size_t len = utf8_len(text);

		if (len == 0 || is_control(text))
			buf_puts(out, "?");
		else
			buf_add(out, text, len);
		text += len == 0 ? 1 : len;
	}
}
