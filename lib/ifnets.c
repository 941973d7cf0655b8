/* SPDX-License-Identifier: ISC */
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/ifnets.h"
#include "lib/xmem.h"

/* The bytes of an IPv4 or IPv6 address; NULL for another family. */
static const unsigned char *
address_bytes(const struct sockaddr *sa, size_t *n)
{
	const void *any = sa;

	if (sa == NULL || (sa->sa_family != AF_INET && sa->sa_family != AF_INET6))
		return NULL;
	*n = sa->sa_family == AF_INET ? 4 : 16;
	return sa->sa_family == AF_INET
		   ? (const unsigned char *)&((const struct sockaddr_in *)any)->sin_addr
		   : ((const struct sockaddr_in6 *)any)->sin6_addr.s6_addr;
}

/* Adds the network of an interface's address. */
static void
add(struct allow_nets *list, const struct ifaddrs *ifa)
{
	struct allow_net *net;
	const unsigned char *address, *mask;
	size_t n, nmask;

	if (!(ifa->ifa_flags & IFF_UP) || !(ifa->ifa_flags & IFF_BROADCAST) ||
	    (address = address_bytes(ifa->ifa_addr, &n)) == NULL ||
	    (mask = address_bytes(ifa->ifa_netmask, &nmask)) == NULL || n != nmask)
		return;
	list->list = xreallocarray(list->list, list->count + 1, sizeof(*list->list));
	net = &list->list[list->count++];
	*net = (struct allow_net){.block.bits = (unsigned)(16 - n) * 8};
	if (n == 4)
		memset(net->block.base + 10, 0xff, 2);
	memcpy(net->block.base + 16 - n, address, n);
	for (size_t i = 0; i < n; i++)
		net->block.bits += (unsigned)__builtin_popcount(mask[i]);
	snprintf(net->interface, sizeof(net->interface), "%s", ifa->ifa_name);
}

int
ifnets_read(struct allow_nets *n)
{
	struct ifaddrs *all;

	if (getifaddrs(&all) < 0)
		return -1;
	n->count = 0;
	for (const struct ifaddrs *ifa = all; ifa != NULL; ifa = ifa->ifa_next)
		add(n, ifa);
	freeifaddrs(all);
	return 0;
}
