/* SPDX-License-Identifier: ISC */
#ifndef RUN_COMMAND_H
#define RUN_COMMAND_H

#include <sys/types.h>

#include "lib/conf_holdup.h"
#include "lib/notify.h"

/*
 * What a row makes run. Each command has a process group of its own,
 * nothing open but the standard streams, and what it writes goes into the log.
 */

/* wall(1), with the message as its input. Returns its pid, or -1 with errno. */
pid_t command_wall(const struct notify_row *row);

/* NOTIFYCMD by the shell, with the message as its one argument, UPSNAME and NOTIFYTYPE in
 * the environment, as NUT's upsmon does. The message is never text for the shell. */
pid_t command_notify(const struct notify_row *row, const char *notifycmd);

/* A hook of holdup.conf by the shell, with HOLDUP_MACHINE and HOLDUP_VERB ("tell", "wake") in
 * the environment. */
pid_t command_hook(const char *hook, const char *machine, const char *verb);

/* ping(8), one packet: exit status 0 when the address answers. */
pid_t command_ping(const char *address);

/* A TCP connection, closed at once: exit status 0 when somebody accepts it within
 * COMMAND_CONNECT_MS. */
#define COMMAND_CONNECT_MS 2000
pid_t command_connect(const char *address, int port);

/* Wake-on-LAN: the magic packet, three times, to the broadcast address of every network of
 * this machine (UDP port 9). Exit status 0 when it could be sent to one. */
pid_t command_packet(const unsigned char mac[CONF_MAC_BYTES]);

#endif
