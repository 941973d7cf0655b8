/* SPDX-License-Identifier: ISC */
#ifndef TESTS_BENCH_WIRE_H
#define TESTS_BENCH_WIRE_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * A client's connection to a NUT server at 127.0.0.1 for the benchmark's programs, in the
 * clear or by TLS from STARTTLS on. Every failure ends the program with a message.
 */
struct wire {
	int fd;
	struct ssl_st *ssl; /* NULL: in the clear */
};

/* Connects; `from` counts the loopback addresses (0: 127.0.0.1, 1: 127.0.0.2 …) and each
 * has only so many ports. */
void wire_dial(struct wire *w, int port, unsigned from, bool tls);

/* Writes all / reads what there is, at least one byte. wire_read() may have to be called
 * again before the socket shows anything: while wire_pending(). */
void wire_write(struct wire *w, const void *bytes, size_t len);
size_t wire_read(struct wire *w, void *bytes, size_t len);
bool wire_pending(const struct wire *w);

#endif
