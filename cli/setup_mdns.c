/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/setup.h"
#include "lib/boottime.h"

#define MDNS_PORT_NUMBER 5353

/* The question goes out by every interface that can carry it. */
static void
ask(int fd, int family, const uint8_t *question, size_t len)
{
	struct sockaddr_in four = {
	    .sin_family = AF_INET, .sin_port = htons(MDNS_PORT_NUMBER)};
	struct sockaddr_in6 six = {
	    .sin6_family = AF_INET6, .sin6_port = htons(MDNS_PORT_NUMBER)};
	struct ifaddrs *all;

	inet_pton(AF_INET, MDNS_GROUP, &four.sin_addr);
	inet_pton(AF_INET6, MDNS_GROUP6, &six.sin6_addr);
	if (getifaddrs(&all) == -1)
		return;
	for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next) {
		struct ip_mreqn by = {.imr_ifindex = (int)if_nametoindex(i->ifa_name)};

		if (i->ifa_addr == NULL || i->ifa_addr->sa_family != family ||
		    (i->ifa_flags & (IFF_UP | IFF_MULTICAST)) != (IFF_UP | IFF_MULTICAST))
			continue;
		six.sin6_scope_id = (uint32_t)by.imr_ifindex;
		if (family == AF_INET &&
		    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof(by)) == 0)
			(void)!sendto(fd, question, len, MSG_NOSIGNAL,
			    (struct sockaddr *)&four, sizeof(four));
		else if (family == AF_INET6)
			(void)!sendto(fd, question, len, MSG_NOSIGNAL,
			    (struct sockaddr *)&six, sizeof(six));
	}
	freeifaddrs(all);
}

static void
take(struct mdns_servers *s, int fd)
{
	uint8_t packet[MDNS_PACKET_MAX];
	struct sockaddr_storage from;
	socklen_t size = sizeof(from);
	char sender[INET6_ADDRSTRLEN];
	const ssize_t n =
	    recvfrom(fd, packet, sizeof(packet), 0, (struct sockaddr *)&from, &size);

	if (n > 0 && getnameinfo((struct sockaddr *)&from, size, sender, sizeof(sender),
			 NULL, 0, NI_NUMERICHOST) == 0)
		mdns_take(s, packet, (size_t)n, sender);
}

void
setup_find_servers(struct mdns_servers *s)
{
	static const int families[2] = {AF_INET, AF_INET6};
	const uint64_t end = boottime_ms() + SETUP_FIND_MS;
	uint8_t question[64];
	const size_t len = mdns_question(question, sizeof(question));
	struct pollfd fds[2];
	uint64_t now;

	for (int i = 0; i < 2; i++) {
		fds[i] = (struct pollfd){
		    .fd =
			socket(families[i], SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
		    .events = POLLIN};
		if (fds[i].fd != -1)
			ask(fds[i].fd, families[i], question, len);
	}
	while ((now = boottime_ms()) < end && poll(fds, 2, (int)(end - now)) > 0)
		for (int i = 0; i < 2; i++)
			if (fds[i].revents & POLLIN)
				take(s, fds[i].fd);
	for (int i = 0; i < 2; i++)
		if (fds[i].fd != -1)
			close(fds[i].fd);
}
