/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <string.h>

#include "core/policy_pack.h"

#define NUMBER_MAX 1e12 /* beyond any second, volt or percent */
#define PRIME 0x100000001b3ULL
#define PRIME_2 (PRIME * PRIME)
#define PRIME_4 (PRIME_2 * PRIME_2)
#define PRIME_8 (PRIME_4 * PRIME_4)

void
policy_pack(
    uint64_t *words, const struct policy_field *fields, size_t n, const void *from)
{
	for (size_t i = 0; i < n; i++) {
		const unsigned char *at = (const unsigned char *)from + fields[i].at;
		unsigned count;
		bool flag;

		switch (fields[i].kind) {
		case PACK_TIME:
		case PACK_NUMBER:
			memcpy(&words[i], at, sizeof(words[i]));
			break;
		case PACK_COUNT:
			memcpy(&count, at, sizeof(count));
			words[i] = count;
			break;
		case PACK_FLAG:
			memcpy(&flag, at, sizeof(flag));
			words[i] = flag;
			break;
		}
	}
}

void
policy_unpack(
    void *to, const struct policy_field *fields, size_t n, const uint64_t *words)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char *at = (unsigned char *)to + fields[i].at;
		unsigned count = (unsigned)words[i];
		bool flag = words[i] != 0;

		switch (fields[i].kind) {
		case PACK_TIME:
		case PACK_NUMBER:
			memcpy(at, &words[i], sizeof(words[i]));
			break;
		case PACK_COUNT:
			memcpy(at, &count, sizeof(count));
			break;
		case PACK_FLAG:
			memcpy(at, &flag, sizeof(flag));
			break;
		}
	}
}

/* NAN, or a number that something here may have made of what a driver told. */
static bool
is_number(uint64_t word)
{
	double number;

	memcpy(&number, &word, sizeof(number));
	return isnan(number) || fabs(number) <= NUMBER_MAX;
}

bool
policy_pack_ok(const uint64_t *words, const struct policy_field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((fields[i].kind == PACK_COUNT && words[i] > fields[i].most) ||
		    (fields[i].kind == PACK_FLAG && words[i] > 1) ||
		    (fields[i].kind == PACK_NUMBER && !is_number(words[i])))
			return false;
	return true;
}

static bool
is_zero_8(const uint64_t *at)
{
	return (at[0] | at[1] | at[2] | at[3] | at[4] | at[5] | at[6] | at[7]) == 0;
}

/* A block has room for many more than there are, and it is summed whenever something changes:
 * of eight words that are 0 nothing is left but the product of the primes. */
uint64_t
policy_pack_sum(const uint64_t *at, const uint64_t *end)
{
	uint64_t sum = 0xcbf29ce484222325ULL;

	while (at < end)
		if (end - at >= 8 && is_zero_8(at)) {
			sum *= PRIME_8;
			at += 8;
		} else
			sum = (sum ^ *at++) * PRIME;
	return sum;
}

void
policy_pack_text(char *out, size_t size, const char *text)
{
	memcpy(out, text, strnlen(text, size - 1));
}

bool
policy_pack_text_ok(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}
