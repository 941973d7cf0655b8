/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/tlsio.h"
#include "lib/xmem.h"
#include "remote/starttls.h"

#define NAME_MAX_LEN 256
#define WHY_MAX 512

struct starttls {
	SSL_CTX *ctx;
};

/* Of one connection. */
struct coat {
	struct tlsio io;
	char *name;  /* of the server */
	bool verify; /* its certificate */
	char why[WHY_MAX];
};

/* What to do about a certificate that is refused, by the verdict on it. */
static const struct {
	long verdict;
	const char *remedy;
} verdicts[] = {
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
	"put that certificate into CERTPATH of upsmon.conf here, if you trust it"},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
	"put its authority into CERTPATH of upsmon.conf here, if you trust it"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	"put the authority that signed it into CERTPATH of upsmon.conf here"},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
	"put the authority that signed it into CERTPATH of upsmon.conf here"},
    {X509_V_ERR_CERT_HAS_EXPIRED, "renew it there (CERTFILE in upsd.conf)"},
    {X509_V_ERR_CERT_NOT_YET_VALID, "is the clock right, there and here?"},
};

/* What to do about a handshake that failed otherwise, by OpenSSL's reason. */
static const struct {
	int reason;
	const char *remedy;
} remedies[] = {
    {SSL_R_WRONG_VERSION_NUMBER, "what it says is no TLS"},
    {SSL_R_UNEXPECTED_MESSAGE, "what it says is no TLS"},
    {SSL_R_UNSUPPORTED_PROTOCOL, "it knows no TLS 1.2: update it"},
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, "it knows no TLS 1.2: update it"},
    {SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE,
	"it may want a certificate of ours: CERTIDENT in upsmon.conf"},
    {SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED,
	"it wants a certificate of ours: CERTIDENT in upsmon.conf"},
    {SSL_R_TLSV1_ALERT_UNKNOWN_CA,
	"it does not trust our certificate (CERTIDENT in upsmon.conf)"},
};

/* Who may sign a server's certificate. */
static void
load_authorities(SSL_CTX *ctx, const struct starttls_settings *s)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	X509 *cert;
	BIO *bio;

	if (s->authorities == NULL)
		return;
	bio = tlsio_text(s->authorities, s->authorities_len);
	while ((cert = PEM_read_bio_X509_AUX(bio, NULL, tlsio_pass, NULL)) != NULL) {
		X509_STORE_add_cert(store, cert);
		X509_free(cert);
	}
	ERR_clear_error();
	BIO_free(bio);
}

/* Our own certificate, what stands behind it, and its key. */
static int
load_own(SSL_CTX *ctx, const struct starttls_settings *s, char *cause, size_t size)
{
	const char *secret = s->passphrase;
	EVP_PKEY *key = NULL;
	X509 *cert, *next;
	int result = -1;
	BIO *bio;

	if (s->certificate == NULL)
		return 0;
	bio = tlsio_text(s->certificate, s->certificate_len);
	cert = PEM_read_bio_X509_AUX(bio, NULL, tlsio_pass, NULL);
	while ((next = PEM_read_bio_X509(bio, NULL, tlsio_pass, NULL)) != NULL)
		if (SSL_CTX_add0_chain_cert(ctx, next) != 1)
			X509_free(next);
	ERR_clear_error();
	BIO_free(bio);
	bio = tlsio_text(s->certificate, s->certificate_len);
	if (cert == NULL || SSL_CTX_use_certificate(ctx, cert) != 1)
		tlsio_cause(
		    cause, size, "CERTIDENT names no file with a certificate in PEM");
	else if ((key = PEM_read_bio_PrivateKey(bio, NULL, tlsio_pass, &secret)) == NULL)
		tlsio_cause(cause, size,
		    "CERTIDENT names no file with a private key in PEM that its "
		    "passphrase opens");
	else if (SSL_CTX_use_PrivateKey(ctx, key) != 1)
		tlsio_cause(
		    cause, size, "CERTIDENT: the key is not that of the certificate");
	else
		result = 0;
	EVP_PKEY_free(key);
	X509_free(cert);
	BIO_free(bio);
	return result;
}

struct starttls *
starttls_new(const struct starttls_settings *settings, char *cause, size_t size)
{
	SSL_CTX *ctx = tlsio_context(TLS_client_method(), cause, size);
	struct starttls *t;

	if (ctx == NULL)
		return NULL;
	/* A server's own certificate in CERTPATH is enough to trust it. */
	X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ctx),
	    X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
	load_authorities(ctx, settings);
	if (load_own(ctx, settings, cause, size) < 0) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	t = xmalloc(sizeof(*t));
	t->ctx = ctx;
	return t;
}

void
starttls_free(struct starttls *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->ctx);
	free(t);
}

static bool
is_address(const char *name)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, name, bytes) == 1 ||
	       inet_pton(AF_INET6, name, bytes) == 1;
}

/* The certificate is for this host or address, or has that as its CN; what else it is for
 * goes to `cn`. */
static bool
is_named(X509 *cert, const char *name, char cn[NAME_MAX_LEN])
{
	if (X509_NAME_get_text_by_NID(
		X509_get_subject_name(cert), NID_commonName, cn, NAME_MAX_LEN) < 0)
		snprintf(cn, NAME_MAX_LEN, "?");
	if (strcasecmp(cn, name) == 0)
		return true;
	return is_address(name) ? X509_check_ip_asc(cert, name, 0) == 1
				: X509_check_host(cert, name, 0, 0, NULL) == 1;
}

/* Notes why the last call failed, with the remedy where one is known. */
static void
tell_failure(struct coat *c)
{
	const long verdict = c->verify ? SSL_get_verify_result(c->io.ssl) : X509_V_OK;
	const int reason = ERR_GET_REASON(ERR_peek_error());
	const char *text = ERR_reason_error_string(ERR_peek_error()), *remedy = NULL;

	if (verdict != X509_V_OK) {
		text = X509_verify_cert_error_string(verdict);
		for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
			if (verdicts[i].verdict == verdict)
				remedy = verdicts[i].remedy;
		snprintf(c->why, sizeof(c->why), "its certificate is refused: %s%s%s",
		    text, remedy == NULL ? "" : "; ", remedy == NULL ? "" : remedy);
		return;
	}
	for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++)
		if (remedies[i].reason == reason)
			remedy = remedies[i].remedy;
	snprintf(c->why, sizeof(c->why), "TLS fails: %s%s%s",
	    text == NULL ? "the connection ended" : text, remedy == NULL ? "" : "; ",
	    remedy == NULL ? "" : remedy);
	ERR_clear_error();
}

/* The chain has been judged; the name is judged here. */
static int
check_name(struct coat *c)
{
	char cn[NAME_MAX_LEN] = "";
	X509 *cert;
	bool named;

	if (!c->verify)
		return 1;
	cert = SSL_get1_peer_certificate(c->io.ssl);
	named = cert != NULL && is_named(cert, c->name, cn);
	X509_free(cert);
	if (named)
		return 1;
	snprintf(c->why, sizeof(c->why),
	    "its certificate is refused: it is not for \"%.200s\" but for \"%.200s\"; "
	    "CERTHOST in upsmon.conf says which name it may have",
	    c->name, cn);
	c->io.broken = true;
	return -1;
}

static int
coat_shake(void *arg)
{
	struct coat *c = arg;
	int result = tlsio_shake(&c->io);

	if (result < 0)
		tell_failure(c);
	return result == 1 ? check_name(c) : result;
}

static const char *
coat_why(void *arg)
{
	const struct coat *c = arg;

	return c->why;
}

static ssize_t
coat_recv(void *arg, void *bytes, size_t len)
{
	struct coat *c = arg;
	ssize_t n = tlsio_recv(&c->io, bytes, len);

	if (c->io.broken)
		tell_failure(c);
	return n;
}

static ssize_t
coat_send(void *arg, const void *bytes, size_t len)
{
	struct coat *c = arg;
	ssize_t n = tlsio_send(&c->io, bytes, len);

	if (c->io.broken)
		tell_failure(c);
	return n;
}

static bool
coat_wants_write(void *arg)
{
	const struct coat *c = arg;

	return c->io.wants_write;
}

static bool
coat_pending(void *arg)
{
	const struct coat *c = arg;

	return SSL_has_pending(c->io.ssl) == 1;
}

static void
coat_free(void *arg)
{
	struct coat *c = arg;

	tlsio_end(&c->io);
	free(c->name);
	free(c);
}

void
starttls_put_on(struct starttls *t, struct lineio *io, int fd, const char *name,
    bool verify, void (*coated)(void *arg))
{
	static const struct lineio_coat ops = {coat_shake, coat_why, coat_recv, coat_send,
	    coat_wants_write, coat_pending, coat_free};
	struct coat *c = xcalloc(1, sizeof(*c));

	tlsio_begin(&c->io, t->ctx, fd);
	c->name = xstrdup(name);
	c->verify = verify;
	if (!is_address(name))
		SSL_set_tlsext_host_name(c->io.ssl, c->name);
	if (verify)
		SSL_set_verify(c->io.ssl, SSL_VERIFY_PEER, NULL);
	snprintf(c->why, sizeof(c->why), "TLS fails: the connection ended");
	SSL_set_connect_state(c->io.ssl);
	lineio_put_on(io, &ops, c, coated);
}
