/* SPDX-License-Identifier: ISC */
#ifndef SETUP_MDNS_H
#define SETUP_MDNS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Who serves UPSes in this network, by multicast DNS (RFC 6762) and DNS-SD (RFC 6763): one
 * question for the service _nut._tcp, and what is answered. Pure: packets in and out.
 */
#define MDNS_GROUP "224.0.0.251"
#define MDNS_GROUP6 "ff02::fb"
#define MDNS_PACKET_MAX 9000 /* bytes (RFC 6762, section 17) */
#define MDNS_NAME_MAX 256    /* bytes of a name as text */
#define MDNS_SERVERS_MAX 64

struct mdns_server {
	char name[MDNS_NAME_MAX]; /* of the instance: "Pi in the cellar" */
	char host[MDNS_NAME_MAX]; /* "pi.local" */
	char address[46];         /* what the answer said of it, or who sent it */
	uint16_t port;
};

struct mdns_servers {
	struct mdns_server list[MDNS_SERVERS_MAX];
	size_t count;
};

/* Writes the question; returns its length. It asks for an answer to the sender alone. */
size_t mdns_question(uint8_t *out, size_t size);

/* Takes an answer that came from the address `sender`: adds the servers that it names and
 * that are not known yet. What is no such answer is passed over. */
void mdns_take(
    struct mdns_servers *s, const uint8_t *packet, size_t len, const char *sender);

#endif
