/* SPDX-License-Identifier: ISC */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/log.h"
#include "lib/tlsio.h"
#include "lib/xmem.h"
#include "net/tls.h"

#define STRONG_CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20"
#define OLD_REMEDY                                                                      \
	"it knows no TLS 1.2: update it, or serve it in the clear: profile = synology " \
	"for its address in holdup.conf"
#define RESUME_S 3600 /* a ticket is good for so long */
#define NAME_MAX_LEN 256

struct tls {
	SSL_CTX *ctx;
};

struct tls_conn {
	struct tlsio io;
};

/* What to do about a handshake that failed, by OpenSSL's reason. */
static const struct {
	int reason;
	const char *remedy;
} remedies[] = {
    {SSL_R_UNSUPPORTED_PROTOCOL, OLD_REMEDY},
    {SSL_R_VERSION_TOO_LOW, OLD_REMEDY},
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, OLD_REMEDY},
    {SSL_R_NO_SHARED_CIPHER, "it knows none of our ciphers: update it, or say "
			     "DISABLE_WEAK_SSL false in upsd.conf"},
    {SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, "it wants a certificate of another kind"},
    {SSL_R_TLSV1_ALERT_UNKNOWN_CA,
	"it does not trust our certificate: give it the authority (CERTPATH there)"},
    {SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
	"it does not like our certificate: is its name the one that it connects to?"},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, "renew our certificate (CERTFILE)"},
    {SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE,
	"it has no certificate, which CERTREQUEST 2 in upsd.conf requires"},
    {SSL_R_CERTIFICATE_VERIFY_FAILED,
	"no authority of CERTPATH in upsd.conf has signed its certificate"},
    {SSL_R_HTTP_REQUEST, "that is no TLS"},
    {SSL_R_WRONG_VERSION_NUMBER, "that is no TLS"},
};

/* The certificate must be of this name: as a client would check it, or as its CN. */
static bool
is_named(X509 *cert, const char *name)
{
	char cn[NAME_MAX_LEN];

	if (X509_check_host(cert, name, 0, 0, NULL) == 1)
		return true;
	return X509_NAME_get_text_by_NID(
		   X509_get_subject_name(cert), NID_commonName, cn, sizeof(cn)) > 0 &&
	       strcasecmp(cn, name) == 0;
}

/* What is no fault of ours, and keeps nobody out who does not check. */
static void
check_dates(const X509 *cert)
{
	if (X509_cmp_current_time(X509_get0_notAfter(cert)) < 0)
		log_warn("the certificate of CERTFILE in upsd.conf has expired: clients "
			 "that check it will refuse it");
	else if (X509_cmp_current_time(X509_get0_notBefore(cert)) > 0)
		log_warn("the certificate of CERTFILE in upsd.conf is not valid yet: is "
			 "the clock right?");
}

/* The certificates of a text: the first is the server's own, the others its chain. */
static int
load_chain(SSL_CTX *ctx, const struct tls_settings *s, char *cause, size_t len)
{
	BIO *bio = tlsio_text(s->certificate, s->certificate_len);
	X509 *cert = PEM_read_bio_X509_AUX(bio, NULL, tlsio_pass, NULL), *next;
	int result = -1;

	if (cert == NULL) {
		tlsio_cause(cause, len, "CERTFILE holds no certificate in PEM");
		goto out;
	}
	if (s->name != NULL && !is_named(cert, s->name)) {
		snprintf(cause, len,
		    "the certificate of CERTFILE has not the name that CERTIDENT says, "
		    "\"%s\"",
		    s->name);
		goto out;
	}
	if (SSL_CTX_use_certificate(ctx, cert) != 1) {
		tlsio_cause(cause, len, "the certificate of CERTFILE cannot be used");
		goto out;
	}
	check_dates(cert);
	while ((next = PEM_read_bio_X509(bio, NULL, tlsio_pass, NULL)) != NULL)
		if (SSL_CTX_add0_chain_cert(ctx, next) != 1)
			X509_free(next);
	result = 0;
out:
	ERR_clear_error();
	X509_free(cert);
	BIO_free(bio);
	return result;
}

static int
load_key(SSL_CTX *ctx, const struct tls_settings *s, char *cause, size_t len)
{
	const char *secret = s->passphrase;
	BIO *bio = tlsio_text(s->certificate, s->certificate_len);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, tlsio_pass, &secret);
	int result = -1;

	if (key == NULL)
		tlsio_cause(cause, len,
		    s->passphrase == NULL
			? "CERTFILE holds no private key in PEM, or one whose passphrase "
			  "CERTIDENT does not say"
			: "CERTFILE holds no private key that CERTIDENT's passphrase "
			  "opens");
	else if (SSL_CTX_use_PrivateKey(ctx, key) != 1)
		tlsio_cause(
		    cause, len, "the key in CERTFILE is not that of the certificate");
	else
		result = 0;
	EVP_PKEY_free(key);
	BIO_free(bio);
	return result;
}

/* Who may sign a client's certificate; how many that are. */
static int
load_authorities(SSL_CTX *ctx, const struct tls_settings *s)
{
	BIO *bio = tlsio_text(s->authorities, s->authorities_len);
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	X509 *cert;
	int count = 0;

	while ((cert = PEM_read_bio_X509(bio, NULL, tlsio_pass, NULL)) != NULL) {
		if (X509_STORE_add_cert(store, cert) == 1 &&
		    SSL_CTX_add_client_CA(ctx, cert) == 1)
			count++;
		X509_free(cert);
	}
	ERR_clear_error();
	BIO_free(bio);
	return count;
}

static int
set_request(SSL_CTX *ctx, const struct tls_settings *s, char *cause, size_t len)
{
	if (s->request == 0)
		return 0;
	if (s->authorities == NULL || load_authorities(ctx, s) == 0) {
		snprintf(cause, len,
		    "CERTREQUEST needs authorities that sign the clients' certificates: "
		    "CERTPATH names none that is PEM");
		return -1;
	}
	SSL_CTX_set_verify(ctx,
	    SSL_VERIFY_PEER | (s->request > 1 ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
	    NULL);
	return 0;
}

/* What holds for every connection, whatever the files say. */
static void
set_habits(SSL_CTX *ctx, bool strong)
{
	static const unsigned char context[] = "holdup";

	SSL_CTX_set_options(ctx, SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_dh_auto(ctx, 1);
	if (strong)
		SSL_CTX_set_cipher_list(ctx, STRONG_CIPHERS);
	/* Tickets keep a session with the client: nothing is remembered here. */
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_session_id_context(ctx, context, sizeof(context) - 1);
	SSL_CTX_set_timeout(ctx, RESUME_S);
	SSL_CTX_set_num_tickets(ctx, 1);
}

struct tls *
tls_new(const struct tls_settings *settings, char *cause, size_t len)
{
	SSL_CTX *ctx = tlsio_context(TLS_server_method(), cause, len);
	struct tls *tls;

	if (ctx == NULL)
		return NULL;
	set_habits(ctx, settings->strong);
	if (load_chain(ctx, settings, cause, len) < 0 ||
	    load_key(ctx, settings, cause, len) < 0 ||
	    set_request(ctx, settings, cause, len) < 0) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	tls = xmalloc(sizeof(*tls));
	tls->ctx = ctx;
	return tls;
}

void
tls_free(struct tls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->ctx);
	free(tls);
}

struct tls_conn *
tls_accept(struct tls *tls, int fd)
{
	struct tls_conn *t = xcalloc(1, sizeof(*t));

	tlsio_begin(&t->io, tls->ctx, fd);
	SSL_set_accept_state(t->io.ssl);
	return t;
}

void
tls_close(struct tls_conn *t)
{
	tlsio_end(&t->io);
	free(t);
}

/* Why the handshake failed, with the remedy where one is known. */
static void
tell_failure(char *cause, size_t len)
{
	int reason = ERR_GET_REASON(ERR_peek_error());
	const char *text = ERR_reason_error_string(ERR_peek_error());
	const char *remedy = NULL;

	for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++)
		if (remedies[i].reason == reason)
			remedy = remedies[i].remedy;
	if (text == NULL)
		snprintf(cause, len, "the connection ended");
	else
		snprintf(cause, len, "%s%s%s%s", text, remedy == NULL ? "" : " (",
		    remedy == NULL ? "" : remedy, remedy == NULL ? "" : ")");
}

int
tls_shake(struct tls_conn *t, char *cause, size_t len)
{
	int result = tlsio_shake(&t->io);

	if (result < 0) {
		tell_failure(cause, len);
		ERR_clear_error();
	}
	return result;
}

ssize_t
tls_recv(struct tls_conn *t, void *bytes, size_t len)
{
	return tlsio_recv(&t->io, bytes, len);
}

ssize_t
tls_send(struct tls_conn *t, const void *bytes, size_t len)
{
	return tlsio_send(&t->io, bytes, len);
}

bool
tls_wants_write(const struct tls_conn *t)
{
	return t->io.wants_write;
}

bool
tls_pending(const struct tls_conn *t)
{
	return SSL_has_pending(t->io.ssl) == 1;
}
