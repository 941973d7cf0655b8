/* SPDX-License-Identifier: ISC */
#include <stdint.h>

#include "net/clean.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* U+00A0 to U+017F, by what comes nearest in ASCII. */
static const char *const latin[] = {" ", "!", "c", "GBP", "", "JPY", "|", "S", "", "(c)",
    "a", "<<", "-", "", "(R)", "-", "deg", "+-", "2", "3", "'", "u", "P", ".", "", "1",
    "o", ">>", "1/4", "1/2", "3/4", "?",
    /* C0 to FF */
    "A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I", "D",
    "N", "O", "O", "O", "O", "O", "x", "O", "U", "U", "U", "U", "Y", "Th", "ss", "a", "a",
    "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o",
    "o", "o", "o", "o", "/", "o", "u", "u", "u", "u", "y", "th", "y",
    /* 100 to 17F */
    "A", "a", "A", "a", "A", "a", "C", "c", "C", "c", "C", "c", "C", "c", "D", "d", "D",
    "d", "E", "e", "E", "e", "E", "e", "E", "e", "E", "e", "G", "g", "G", "g", "G", "g",
    "G", "g", "H", "h", "H", "h", "I", "i", "I", "i", "I", "i", "I", "i", "I", "i", "IJ",
    "ij", "J", "j", "K", "k", "k", "L", "l", "L", "l", "L", "l", "L", "l", "L", "l", "N",
    "n", "N", "n", "N", "n", "n", "N", "n", "O", "o", "O", "o", "O", "o", "OE", "oe", "R",
    "r", "R", "r", "R", "r", "S", "s", "S", "s", "S", "s", "S", "s", "T", "t", "T", "t",
    "T", "t", "U", "u", "U", "u", "U", "u", "U", "u", "U", "u", "U", "u", "W", "w", "Y",
    "y", "Y", "Z", "z", "Z", "z", "Z", "z", "s"};

_Static_assert(COUNT(latin) == 0x180 - 0xa0, "a letter is missing");

/* What else is met in names of UPSes and rooms. */
static const struct {
	uint32_t from, to;
	const char *text;
} signs[] = {
    {0x300, 0x36f, ""}, /* accents that follow their letter */
    {0x394, 0x394, "Delta"},
    {0x3a9, 0x3a9, "Ohm"},
    {0x3bc, 0x3bc, "u"},
    {0x1e9e, 0x1e9e, "SS"},
    {0x2000, 0x200a, " "},
    {0x200b, 0x200f, ""},
    {0x2010, 0x2015, "-"},
    {0x2018, 0x201f, "'"},
    {0x2022, 0x2022, "*"},
    {0x2026, 0x2026, "..."},
    {0x202f, 0x202f, " "},
    {0x2032, 0x2033, "'"},
    {0x20ac, 0x20ac, "EUR"},
    {0x2103, 0x2103, "degC"},
    {0x2109, 0x2109, "degF"},
    {0x2122, 0x2122, "(TM)"},
    {0x2126, 0x2126, "Ohm"},
    {0x2192, 0x2192, "->"},
    {0x2248, 0x2248, "~"},
    {0x2264, 0x2264, "<="},
    {0x2265, 0x2265, ">="},
    {0x3000, 0x3000, " "},
    {0xfeff, 0xfeff, ""},
};

bool
clean_is(const char *text)
{
	char before = ' ';

	if (*text == '\0')
		return true;
	for (; *text != '\0'; before = *text++)
		if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\' ||
		    (*text == ' ' && before == ' '))
			return false;
	return before != ' ';
}

/* The character that begins here, and past it; a byte that begins none counts alone. */
static uint32_t
take_character(const unsigned char **at)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	const unsigned char *p = *at;
	int more = *p >= 0xf8 ? 0 : *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc2 ? 1 : 0;
	uint32_t c = *p;

	if (more > 0)
		c &= 0x3fu >> more;
	for (int i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			*at = p + 1;
			return *p;
		}
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[more]) {
		*at = p + 1;
		return *p;
	}
	*at = p + 1 + more;
	return c;
}

/* What is written for a character that is not plain. */
static const char *
stand_in(uint32_t c)
{
	if (c == '"')
		return "'";
	if (c == '\\')
		return "/";
	if (c < 0xa0)
		return c < ' ' ? " " : "?";
	if (c < 0xa0 + COUNT(latin))
		return latin[c - 0xa0];
	for (size_t i = 0; i < COUNT(signs); i++)
		if (c >= signs[i].from && c <= signs[i].to)
			return signs[i].text;
	return "?";
}

char *
clean_text(const char *text, char *out, size_t size)
{
	const unsigned char *at = (const unsigned char *)text;
	bool lost = false;
	size_t n = 0;

	while (*at != '\0') {
		uint32_t c = take_character(&at);
		char one[2] = {(char)c, '\0'};
		bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
		const char *put = plain ? one : stand_in(c);

		lost |= *put == '\0';
		for (; *put != '\0' && n + 1 < size; put++)
			if (*put != ' ' || (n > 0 && out[n - 1] != ' '))
				out[n++] = *put;
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	if (n == 0 && lost)
		out[n++] = '?';
	out[n] = '\0';
	return out;
}
