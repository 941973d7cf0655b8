/* SPDX-License-Identifier: ISC */
#ifndef LIB_ALLOW_H
#define LIB_ALLOW_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The words of allowfrom in upsd.users: from where an account may be used. Pure; what
 * networks the machine is on is told by the caller (net/nets.h).
 */

/* Addresses that begin with the same bits. IPv4 stands in its mapped form, ::ffff:a.b.c.d,
 * so that one comparison serves both. */
struct allow_block {
	unsigned char base[16];
	unsigned bits; /* 0 to 128 */
};

enum allow_kind { ALLOW_LOCALHOST, ALLOW_LAN, ALLOW_BLOCK };

struct allow {
	enum allow_kind kind;
	struct allow_block block; /* of ALLOW_BLOCK */
};

/* A network that the machine is directly on, and by which interface. */
struct allow_net {
	struct allow_block block;
	char interface[16];
};

struct allow_nets {
	struct allow_net *list;
	size_t count;
};

/* Reads an address, or a block: 192.168.0.0/24, 192.168.0.0/255.255.255.0, fd00::/8.
 * Returns 0, or -1 when it is neither. */
int allow_block_read(struct allow_block *b, const char *text);

/* Reads `localhost`, `lan` (in any case), an address or a block. Returns 0, or -1 when
 * it is none of these. */
int allow_read(struct allow *a, const char *word);

/* True when the peer may come from `address` (numeric; a zone as in fe80::1%eth0 is
 * understood). `localhost` is every loopback address; `lan` is the private and link-local
 * ones (RFC 1918, RFC 3927, RFC 4193, fe80::/10) that lie in one of `nets`, a link-local
 * one of IPv6 only on its own interface. What is no address is allowed nothing. */
bool allow_matches(
    const struct allow *a, const char *address, const struct allow_nets *nets);

#endif
