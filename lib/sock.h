/* SPDX-License-Identifier: ISC */
#ifndef LIB_SOCK_H
#define LIB_SOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Sockets with the settings that every program here wants: non-blocking (but for
 * sock_connect_tcp) and close-on-exec. Each returns a descriptor that the caller closes,
 * or -1 with the reason, naming the path or address, in `cause` (of `size` bytes).
 */

/* Listens on a Unix socket of SOCK_STREAM or SOCK_SEQPACKET with the given file mode. A
 * dead socket file is replaced, a live one is an error ("... is in use"). */
int sock_listen_unix(const char *path, int type, mode_t mode, char *cause, size_t size);

/* True when a program lives that has bound this Unix socket, which does not hear of the
 * question: a driver of NUT (2.8.0) that writes to a connection just closed aborts. */
bool sock_is_served(const char *path);

/* Connects to a Unix socket. */
int sock_connect_unix(const char *path, int type, char *cause, size_t size);

/* Listens on a literal IPv4 or IPv6 address (IP_FREEBIND: it need not exist yet; IPv6 is
 * v6-only), with SO_REUSEADDR. `port` is decimal text; "0" takes any free one. */
int sock_listen_tcp(const char *address, const char *port, char *cause, size_t size);

/* Connects to host:port, trying each address, `timeout_ms` for each; the descriptor is
 * blocking. For command-line programs. */
int sock_connect_tcp(
    const char *host, const char *port, int timeout_ms, char *cause, size_t size);

/* The port a TCP socket is bound to, or -1. */
int sock_port(int fd);

#endif
