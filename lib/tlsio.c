/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <stdio.h>

#include "lib/log.h"
#include "lib/tlsio.h"

SSL_CTX *
tlsio_context(const SSL_METHOD *method, char *cause, size_t size)
{
	SSL_CTX *ctx;

	if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1 ||
	    (ctx = SSL_CTX_new(method)) == NULL) {
		tlsio_cause(cause, size, "OpenSSL does not start");
		return NULL;
	}
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
				     SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
				  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return ctx;
}

BIO *
tlsio_text(const char *text, size_t len)
{
	return BIO_new_mem_buf(text, len > INT_MAX ? INT_MAX : (int)len);
}

int
tlsio_pass(char *to, int size, int writing, void *arg)
{
	const char *const *text = arg;
	int len;

	if (text == NULL || *text == NULL)
		return -1;
	len = snprintf(to, (size_t)size, "%s", *text);
	return len < size ? len : -1;
}

void
tlsio_cause(char *cause, size_t size, const char *what)
{
	const char *reason = ERR_reason_error_string(ERR_get_error());

	snprintf(
	    cause, size, "%s: %s", what, reason == NULL ? "no reason given" : reason);
	ERR_clear_error();
}

void
tlsio_begin(struct tlsio *t, SSL_CTX *ctx, int fd)
{
	*t = (struct tlsio){.ssl = SSL_new(ctx)};
	if (t->ssl == NULL || SSL_set_fd(t->ssl, fd) != 1)
		log_fatal("no memory for a TLS connection");
}

void
tlsio_end(struct tlsio *t)
{
	if (!t->broken && SSL_is_init_finished(t->ssl))
		SSL_shutdown(t->ssl);
	SSL_free(t->ssl);
	ERR_clear_error();
}

/* Before each call: SSL_get_error() looks at what an earlier one has left. */
static void
prepare(struct tlsio *t)
{
	ERR_clear_error();
	errno = 0;
	t->wants_write = false;
}

/* What a call that returned `result` means: -1 with errno, or 0 at the end. */
static int
outcome(struct tlsio *t, int result)
{
	int error = SSL_get_error(t->ssl, result), number = errno;

	switch (error) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		t->wants_write = error == SSL_ERROR_WANT_WRITE;
		errno = EAGAIN;
		return -1;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	default:
		t->broken = true;
		/* EAGAIN would mean "wait". */
		errno = error == SSL_ERROR_SYSCALL && number != 0 && number != EAGAIN
			    ? number
			    : EPROTO;
		return -1;
	}
}

int
tlsio_shake(struct tlsio *t)
{
	int result;

	prepare(t);
	result = SSL_do_handshake(t->ssl);
	if (result == 1)
		return 1;
	if (outcome(t, result) < 0 && errno == EAGAIN)
		return 0;
	t->broken = true;
	return -1;
}

ssize_t
tlsio_recv(struct tlsio *t, void *bytes, size_t len)
{
	size_t done;
	int result;

	prepare(t);
	result = SSL_read_ex(t->ssl, bytes, len, &done);
	return result == 1 ? (ssize_t)done : outcome(t, result);
}

ssize_t
tlsio_send(struct tlsio *t, const void *bytes, size_t len)
{
	size_t done;
	int result;

	prepare(t);
	result = SSL_write_ex(t->ssl, bytes, len, &done);
	if (result == 1)
		return (ssize_t)done;
	if (outcome(t, result) == 0) {
		errno = EPIPE;
		t->broken = true;
	}
	return -1;
}
