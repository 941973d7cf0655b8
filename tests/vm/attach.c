/* SPDX-License-Identifier: ISC */
/*
 * Plugs a USB device that somebody exports by USB/IP into this machine: imports it and
 * hands the connection to the kernel (vhci-hcd). Debian's usbip does the same with more
 * words and a database of hardware names.
 * usage: attach PORT SOCKET     PORT of 127.0.0.1, SOCKET 0 to 7 of the virtual hub
 */
#include <arpa/inet.h>
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HUB "/sys/devices/platform/vhci_hcd.0/attach"
#define REQUEST_BYTES 40 /* OP_REQ_IMPORT: version, code, status, bus id */
#define REPLY_HEAD 8
#define REPLY_BYTES 320
#define BUSNUM_AT 296 /* in it; number of the device and speed follow */

static uint32_t
word(const unsigned char *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return ntohl(value);
}

static int
dial(const char *port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || connect(fd, (const struct sockaddr *)&to, sizeof(to)) == -1)
		err(1, "port %s", port);
	return fd;
}

int
main(int argc, char **argv)
{
	unsigned char request[REQUEST_BYTES] = {0x01, 0x11, 0x80, 0x03},
		      reply[REPLY_BYTES];
	FILE *hub;
	int fd;

	if (argc != 3)
		errx(2, "usage: attach PORT SOCKET");
	fd = dial(argv[1]);
	memcpy(request + REPLY_HEAD, "1-1", sizeof("1-1"));
	if (send(fd, request, sizeof(request), 0) != sizeof(request) ||
	    recv(fd, reply, REPLY_HEAD, MSG_WAITALL) != REPLY_HEAD)
		err(1, "port %s", argv[1]);
	if (word(reply + 4) != 0)
		errx(1, "port %s: refused with status %u", argv[1], word(reply + 4));
	if (recv(fd, reply + REPLY_HEAD, REPLY_BYTES - REPLY_HEAD, MSG_WAITALL) !=
	    REPLY_BYTES - REPLY_HEAD)
		err(1, "port %s", argv[1]);
	if ((hub = fopen(HUB, "we")) == NULL ||
	    fprintf(hub, "%s %d %u %u", argv[2], fd,
		word(reply + BUSNUM_AT) << 16 | word(reply + BUSNUM_AT + 4),
		word(reply + BUSNUM_AT + 8)) < 0 ||
	    fclose(hub) != 0)
		err(1, HUB);
	return 0;
}
