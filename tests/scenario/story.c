/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>

#include "tests/scenario/house.h"

void
tell(const struct house *h, const char *format, ...)
{
	unsigned long s = h->now_ms / 1000;
	va_list args;

	if (!h->trace)
		return;
	printf("%02lu:%02lu:%02lu.%lu ", s / 3600, s / 60 % 60, s % 60,
	    (unsigned long)(h->now_ms / 100 % 10));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

double
seconds(uint64_t ms)
{
	return (double)ms / 1000.0;
}

const char *
told_words(unsigned words, char *out, size_t size)
{
	static const struct {
		unsigned flag;
		const char *word;
	} table[] = {{SAYS_FSD, "FSD"}, {SAYS_OL, "OL"}, {SAYS_OB, "OB"}, {SAYS_LB, "LB"},
	    {SAYS_TEST, "TEST"}, {SAYS_OFF, "OFF"}};
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (words & table[i].flag)
			len += (size_t)snprintf(out + len, size - len, "%s%s",
			    len > 0 ? " " : "", table[i].word);
	return out;
}
