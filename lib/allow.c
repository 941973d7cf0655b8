/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/allow.h"

#define ADDRESS_MAX 64 /* bytes of an address in text, with room for its zone */
#define MAPPED_BITS 96 /* before the IPv4 address in its mapped form */

#define IPV4(a, b, c, d)                                           \
	{                                                          \
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, a, b, c, d \
	}

static const struct allow_block loopback[] = {
    {IPV4(127, 0, 0, 0), MAPPED_BITS + 8},
    {{[15] = 1}, 128},
};

static const struct allow_block private[] = {
    {IPV4(10, 0, 0, 0), MAPPED_BITS + 8},
    {IPV4(172, 16, 0, 0), MAPPED_BITS + 12},
    {IPV4(192, 168, 0, 0), MAPPED_BITS + 16},
    {IPV4(169, 254, 0, 0), MAPPED_BITS + 16},
    {{0xfc}, 7},
    {{0xfe, 0x80}, 10},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* True when `inner` lies wholly in `outer`. */
static bool
holds(const struct allow_block *outer, const struct allow_block *inner)
{
	unsigned bytes = outer->bits / 8, rest = outer->bits % 8;

	if (inner->bits < outer->bits || memcmp(outer->base, inner->base, bytes) != 0)
		return false;
	return rest == 0 || (outer->base[bytes] ^ inner->base[bytes]) >> (8 - rest) == 0;
}

static bool
any_holds(const struct allow_block *list, size_t n, const struct allow_block *inner)
{
	for (size_t i = 0; i < n; i++)
		if (holds(&list[i], inner))
			return true;
	return false;
}

/* Reads an address without more. */
static int
read_address(struct allow_block *b, const char *text)
{
	static const unsigned char mapped[MAPPED_BITS / 8] = {[10] = 255, [11] = 255};

	b->bits = 128;
	if (inet_pton(AF_INET6, text, b->base) == 1)
		return 0;
	memcpy(b->base, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, b->base + sizeof(mapped)) == 1 ? 0 : -1;
}

/* Bits that a netmask such as 255.255.0.0 leaves standing, or -1. */
static int
mask_bits(const char *text)
{
	struct in_addr mask;
	uint32_t ones;
	int bits = 0;

	if (inet_pton(AF_INET, text, &mask) != 1)
		return -1;
	for (ones = ntohl(mask.s_addr); ones & 0x80000000u; ones <<= 1)
		bits++;
	return ones == 0 ? bits : -1;
}

/* What stands behind the slash of a block: bits, or for IPv4 a netmask too; or -1. */
static int
read_bits(const char *text, bool four)
{
	const char *end = text;
	int bits = 0;

	while (*end >= '0' && *end <= '9' && end - text < 3)
		bits = bits * 10 + *end++ - '0';
	if (end == text || *end != '\0')
		return four ? mask_bits(text) : -1;
	return bits <= (four ? 32 : 128) ? bits : -1;
}

int
allow_block_read(struct allow_block *b, const char *text)
{
	const char *slash = strchr(text, '/');
	size_t len = slash == NULL ? strlen(text) : (size_t)(slash - text);
	bool four = memchr(text, ':', len) == NULL;
	char address[ADDRESS_MAX];
	int bits;

	if (len >= sizeof(address))
		return -1;
	memcpy(address, text, len);
	address[len] = '\0';
	if (read_address(b, address) < 0)
		return -1;
	if (slash == NULL)
		return 0;
	if ((bits = read_bits(slash + 1, four)) < 0)
		return -1;
	b->bits = (unsigned)bits + (four ? MAPPED_BITS : 0);
	return 0;
}

int
allow_read(struct allow *a, const char *word)
{
	*a = (struct allow){.kind = ALLOW_BLOCK};
	if (strcasecmp(word, "localhost") == 0)
		a->kind = ALLOW_LOCALHOST;
	else if (strcasecmp(word, "lan") == 0)
		a->kind = ALLOW_LAN;
	else
		return allow_block_read(&a->block, word);
	return 0;
}

/* True when the address is one of a private network here. `zone` is the interface that
 * it came by, or NULL where the address alone says where it is. */
static bool
on_lan(const struct allow_block *address, const char *zone, const struct allow_nets *nets)
{
	for (size_t i = 0; i < nets->count; i++) {
		const struct allow_net *n = &nets->list[i];

		if (any_holds(private, COUNT(private), &n->block) &&
		    holds(&n->block, address) &&
		    (zone == NULL || strcmp(zone, n->interface) == 0))
			return true;
	}
	return false;
}

bool
allow_matches(const struct allow *a, const char *address, const struct allow_nets *nets)
{
	struct allow_block peer;
	char text[ADDRESS_MAX];
	char *zone;

	if (strlen(address) >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%s", address);
	if ((zone = strchr(text, '%')) != NULL)
		*zone++ = '\0';
	if (read_address(&peer, text) < 0)
		return false;
	switch (a->kind) {
	case ALLOW_LOCALHOST:
		return any_holds(loopback, COUNT(loopback), &peer);
	case ALLOW_LAN:
		return on_lan(&peer, zone, nets);
	case ALLOW_BLOCK:
		return holds(&a->block, &peer);
	}
	return false;
}
