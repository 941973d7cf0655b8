/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/tlsio.h"
#include "lib/xmem.h"
#include "mqtt/tls.h"

struct tls {
	SSL_CTX *ctx;
	bool own; /* we have a certificate */
	char host[256];
	bool address; /* that is one, and no name */
	/* What the handshake with it has shown. */
	int verdict; /* X509_V_… on its certificate */
	int alert;   /* what the broker has sent at its end, 0: nothing */
	bool done, begun;
};

/* What to do about a certificate that is refused, by the verdict on it. */
static const struct {
	int verdict;
	const char *remedy;
} verdicts[] = {
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "ca = must name that certificate"},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "ca = must name the authority that signed it"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	"ca = must name the authority that signed it"},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
	"ca = must name the authority that signed it"},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, "ca = names another authority of that name"},
    {X509_V_ERR_HOSTNAME_MISMATCH, "url = must have a name that the certificate has"},
    {X509_V_ERR_IP_ADDRESS_MISMATCH,
	"url = must have a name or an address that the certificate has"},
    {X509_V_ERR_CERT_HAS_EXPIRED, "it is to be renewed at the broker"},
    {X509_V_ERR_CERT_NOT_YET_VALID, "is the clock right, there and here?"},
};

/* What a broker says of our certificate at the end of the handshake (RFC 8446, 6.2). */
static const struct {
	int alert;
	const char *means, *remedy;
} alerts[] = {
    {SSL3_AD_HANDSHAKE_FAILURE, "it ends the handshake",
	"certificate = and key =, if it wants one of this machine"},
    {SSL3_AD_BAD_CERTIFICATE, "it does not accept our certificate", "certificate ="},
    {SSL3_AD_UNSUPPORTED_CERTIFICATE, "it does not accept our certificate",
	"certificate ="},
    {SSL3_AD_CERTIFICATE_REVOKED, "our certificate is revoked", "certificate ="},
    {SSL3_AD_CERTIFICATE_EXPIRED, "our certificate has expired", "certificate ="},
    {SSL3_AD_CERTIFICATE_UNKNOWN, "it does not accept our certificate", "certificate ="},
    {TLS1_AD_UNKNOWN_CA, "it does not know who signed our certificate", "certificate ="},
    {TLS1_AD_ACCESS_DENIED, "it denies our certificate", "certificate ="},
    {TLS1_AD_PROTOCOL_VERSION, "it knows no TLS 1.2", "update it"},
    {TLS13_AD_CERTIFICATE_REQUIRED, "it wants a certificate of this machine",
	"certificate = and key ="},
};

/* A text of PEM into the store of those who may sign. */
static int
load_authorities(SSL_CTX *ctx, const char *text, size_t len)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	BIO *bio = tlsio_text(text, len);
	int n = 0;
	X509 *cert;

	while ((cert = PEM_read_bio_X509_AUX(bio, NULL, tlsio_pass, NULL)) != NULL) {
		n += X509_STORE_add_cert(store, cert) == 1;
		X509_free(cert);
	}
	ERR_clear_error();
	BIO_free(bio);
	return n > 0 ? 0 : -1;
}

/* Our own certificate, what stands behind it, and its key. */
static int
load_own(SSL_CTX *ctx, const char *text, size_t len, char *cause, size_t size)
{
	BIO *bio = tlsio_text(text, len);
	X509 *cert = PEM_read_bio_X509_AUX(bio, NULL, tlsio_pass, NULL), *next;
	EVP_PKEY *key;
	int result = -1;

	while ((next = PEM_read_bio_X509(bio, NULL, tlsio_pass, NULL)) != NULL)
		if (SSL_CTX_add0_chain_cert(ctx, next) != 1)
			X509_free(next);
	ERR_clear_error();
	BIO_free(bio);
	bio = tlsio_text(text, len);
	key = PEM_read_bio_PrivateKey(bio, NULL, tlsio_pass, NULL);
	if (cert == NULL || SSL_CTX_use_certificate(ctx, cert) != 1)
		tlsio_cause(cause, size, "certificate = names no certificate in PEM");
	else if (key == NULL)
		tlsio_cause(
		    cause, size, "key = names no key in PEM without a passphrase");
	else if (SSL_CTX_use_PrivateKey(ctx, key) != 1)
		tlsio_cause(cause, size, "key = is not that of certificate =");
	else
		result = 0;
	EVP_PKEY_free(key);
	X509_free(cert);
	BIO_free(bio);
	return result;
}

/* Follows a handshake, and says the name of the host, which libmosquitto does not know: it
 * is given addresses. */
static void
on_info(const SSL *ssl, int where, int value)
{
	struct tls *t = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	SSL *its;

	if (where == SSL_CB_HANDSHAKE_START) {
		t->begun = true;
		/* OpenSSL lends it to be looked at; nobody else holds it at this moment. */
		memcpy(&its, &ssl, sizeof(its));
		SSL_set_tlsext_host_name(its, t->address ? NULL : t->host);
	} else if (where == SSL_CB_HANDSHAKE_DONE) {
		t->done = true;
	} else if (where == SSL_CB_READ_ALERT && value >> 8 == SSL3_AL_FATAL) {
		t->alert = value & 0xff;
	}
}

static int
on_verify(int ok, X509_STORE_CTX *store)
{
	SSL *ssl =
	    X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls *t = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	if (!ok)
		t->verdict = X509_STORE_CTX_get_error(store);
	return ok;
}

struct tls *
tls_new(const char *authorities, size_t authorities_len, const char *own, size_t own_len,
    char *cause, size_t size)
{
	SSL_CTX *ctx = tlsio_context(TLS_client_method(), cause, size);
	struct tls *t;

	if (ctx == NULL)
		return NULL;
	/* A broker's own certificate in `ca` is enough to trust it. */
	X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ctx),
	    X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, on_verify);
	SSL_CTX_set_info_callback(ctx, on_info);
	if (authorities == NULL)
		SSL_CTX_set_default_verify_paths(ctx);
	else if (load_authorities(ctx, authorities, authorities_len) < 0) {
		snprintf(cause, size, "ca = names no certificate in PEM");
		SSL_CTX_free(ctx);
		return NULL;
	}
	if (own != NULL && load_own(ctx, own, own_len, cause, size) < 0) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	t = xcalloc(1, sizeof(*t));
	t->ctx = ctx;
	t->own = own != NULL;
	SSL_CTX_set_app_data(ctx, t);
	return t;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->ctx);
	free(t);
}

SSL_CTX *
tls_aim(struct tls *t, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(t->ctx);
	unsigned char bytes[sizeof(struct in6_addr)];

	snprintf(t->host, sizeof(t->host), "%s", host);
	t->address =
	    inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
	t->verdict = X509_V_OK;
	t->alert = 0;
	t->done = t->begun = false;
	ERR_clear_error();
	X509_VERIFY_PARAM_set1_host(param, t->address ? NULL : host, 0);
	if (t->address)
		X509_VERIFY_PARAM_set1_ip_asc(param, host);
	else
		X509_VERIFY_PARAM_set1_ip(param, NULL, 0);
	return t->ctx;
}

bool
tls_cause(const struct tls *t, char *cause, size_t size)
{
	const char *remedy = NULL;

	if (t->verdict != X509_V_OK) {
		for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
			if (verdicts[i].verdict == t->verdict)
				remedy = verdicts[i].remedy;
		snprintf(cause, size, "its certificate is refused here: %s%s%s",
		    X509_verify_cert_error_string(t->verdict), remedy == NULL ? "" : "; ",
		    remedy == NULL ? "" : remedy);
		return true;
	}
	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++)
		if (t->alert != 0 && alerts[i].alert == t->alert) {
			snprintf(
			    cause, size, "%s; %s", alerts[i].means, alerts[i].remedy);
			return true;
		}
	if (!t->begun || t->done)
		return false;
	snprintf(cause, size,
	    "no TLS comes about: does it speak TLS at this port (mqtt:// is "
	    "without)?");
	return true;
}
