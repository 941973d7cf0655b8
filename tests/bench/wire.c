/* SPDX-License-Identifier: ISC */
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/wire.h"

static void
starttls(struct wire *w)
{
	static const char question[] = "STARTTLS\n", answer[] = "OK STARTTLS\n";
	static SSL_CTX *ctx;
	char got[sizeof(answer)];

	if (ctx == NULL && (ctx = SSL_CTX_new(TLS_client_method())) == NULL)
		errx(1, "no TLS");
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	if (write(w->fd, question, sizeof(question) - 1) == -1 ||
	    read(w->fd, got, sizeof(got)) != sizeof(answer) - 1 ||
	    memcmp(got, answer, sizeof(answer) - 1) != 0)
		errx(1, "STARTTLS is refused");
	if ((w->ssl = SSL_new(ctx)) == NULL || SSL_set_fd(w->ssl, w->fd) != 1 ||
	    SSL_connect(w->ssl) != 1)
		errx(1, "the handshake fails");
}

void
wire_dial(struct wire *w, int port, unsigned from, bool tls)
{
	struct sockaddr_in here = {.sin_family = AF_INET},
			   there = {.sin_family = AF_INET};
	int one = 1;

	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK + from);
	there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	there.sin_port = htons((uint16_t)port);
	if ((w->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		err(1, "socket");
	setsockopt(w->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	setsockopt(w->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (bind(w->fd, (struct sockaddr *)&here, sizeof(here)) == -1 ||
	    connect(w->fd, (struct sockaddr *)&there, sizeof(there)) == -1)
		err(1, "port %d", port);
	w->ssl = NULL;
	if (tls)
		starttls(w);
}

void
wire_write(struct wire *w, const void *bytes, size_t len)
{
	ssize_t n = w->ssl == NULL ? write(w->fd, bytes, len)
				   : SSL_write(w->ssl, bytes, (int)len);

	if (n != (ssize_t)len)
		err(1, "write");
}

size_t
wire_read(struct wire *w, void *bytes, size_t len)
{
	ssize_t n =
	    w->ssl == NULL ? read(w->fd, bytes, len) : SSL_read(w->ssl, bytes, (int)len);

	if (n <= 0)
		errx(1, "the server closed the connection");
	return (size_t)n;
}

bool
wire_pending(const struct wire *w)
{
	return w->ssl != NULL && SSL_pending(w->ssl) > 0;
}
