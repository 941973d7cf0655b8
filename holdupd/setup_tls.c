/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "holdupd/certs.h"
#include "holdupd/setup_in.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define NET_TLS "net-tls"
#define REMOTE_TLS "remote-tls"
#define CAUSE_MAX 512

/* A file of TLS for net: kept, or left out with a line in the log. Returns whether there
 * is one. A path that is none from the root is one in the configuration folder. */
static bool
cert_keep(struct setup *s, enum plan_fd_kind kind, const char *word, const char *path,
    char *(*read)(const char *path, size_t *len, char *cause, size_t size))
{
	char *whole = *path == '/' ? xstrdup(path) : paths_conf(path), *text;
	char cause[CAUSE_MAX];
	size_t len;

	text = read(whole, &len, cause, sizeof(cause));
	if (text == NULL) {
		log_warn("%s %s: it is left out, everything else is served", word, cause);
	} else {
		setup_keep(s, kind, word, text, len);
		explicit_bzero(text, len);
	}
	free(text);
	free(whole);
	return s->texts[kind] >= 0;
}

void
setup_tls(struct setup *s, const struct upsd_conf *upsd, const char *file,
    struct problems *problems)
{
	char *program = paths_program(NET_TLS);

	s->plan.tls = upsd->certfile != NULL && program != NULL;
	if (upsd->certfile != NULL && program == NULL)
		problems_add(problems, file, 0,
		    "CERTFILE needs the program " NET_TLS ", which is not installed: "
		    "clients are served without TLS");
	if (upsd->certfile == NULL && (upsd->certpath != NULL || upsd->certident != NULL))
		problems_add(problems, file, 0,
		    "TLS needs CERTFILE, a PEM file of certificate and key (a database "
		    "of NSS cannot be read): clients are served without TLS");
	if (s->plan.tls)
		s->plan.certificate = cert_keep(
		    s, PLAN_FD_CERTIFICATE, "CERTFILE", upsd->certfile, certs_file);
	if (s->plan.tls && upsd->certpath != NULL)
		s->plan.authorities = cert_keep(s, PLAN_FD_AUTHORITIES, "CERTPATH",
		    upsd->certpath, certs_authorities);
	free(program);
}

/* CERTIDENT of upsmon.conf: the path of a file, or the name of one in CERTPATH, "me" for
 * me.pem. The caller frees. */
static char *
own_certificate(const struct upsmon_conf *m)
{
	if (strchr(m->certident, '/') != NULL || m->certpath == NULL)
		return xstrdup(m->certident);
	return xasprintf("%s/%s.pem", m->certpath, m->certident);
}

void
setup_far_tls(struct setup *s, struct problems *problems)
{
	const struct upsmon_conf *m = &s->upsmon;
	char *program, *file, *own;
	bool wanted = false;

	for (size_t i = 0; i < s->plan.ndrivers; i++)
		wanted |= s->plan.drivers[i].tls;
	if (!wanted)
		return;
	program = paths_program(REMOTE_TLS);
	file = paths_conf("upsmon.conf");
	s->plan.far_tls = program != NULL;
	if (program == NULL)
		problems_add(problems, file, 0,
		    "TLS needs the program " REMOTE_TLS
		    ", which is not installed: servers "
		    "that must have it are not connected to, others in the clear");
	if (program != NULL && m->certpath != NULL)
		s->plan.far_authorities = cert_keep(s, PLAN_FD_FAR_AUTHORITIES,
		    "CERTPATH", m->certpath, certs_authorities);
	if (program != NULL && m->certident != NULL) {
		own = own_certificate(m);
		s->plan.far_certificate =
		    cert_keep(s, PLAN_FD_FAR_CERTIFICATE, "CERTIDENT", own, certs_file);
		free(own);
	}
	free(program);
	free(file);
}

/* A file of a section; NULL, logged with what is missing `without` it, when it cannot be
 * read. */
static char *
section_file(const char *path, size_t *len, const char *section, const char *without)
{
	char cause[CAUSE_MAX], *text = certs_file(path, len, cause, sizeof(cause));

	if (text == NULL)
		log_warn("[%s] certificate: %s: %s until it can be read (a reload looks "
			 "again)",
		    section, cause, without);
	return text;
}

static void
wipe(char *text, size_t len)
{
	if (text != NULL)
		explicit_bzero(text, len);
	free(text);
}

/* Keeps a certificate with its key, which may be in the same file (NULL), as one text. False
 * when one of them cannot be read. */
static bool
pair_keep(struct setup *s, enum plan_fd_kind kind, const char *certificate,
    const char *key_path, const char *section, const char *without)
{
	size_t cert_len = 0, key_len = 0;
	char *cert = section_file(certificate, &cert_len, section, without), *key = NULL,
	     *both;

	if (key_path != NULL)
		key = section_file(key_path, &key_len, section, without);
	if (cert != NULL && (key_path == NULL || key != NULL)) {
		both = xasprintf("%s\n%s", cert, key == NULL ? "" : key);
		setup_keep(s, kind, "certificate", both, strlen(both));
		wipe(both, strlen(both));
	}
	wipe(cert, cert_len);
	wipe(key, key_len);
	return s->texts[kind] >= 0;
}

void
setup_page_tls(struct setup *s)
{
	s->plan.page_certificate = s->plan.web = pair_keep(s, PLAN_FD_PAGE_CERTIFICATE,
	    s->own.web.certificate, s->own.web.key, "web", "there is no page");
}

void
setup_mqtt_tls(struct setup *s)
{
	const struct conf_mqtt *m = &s->own.mqtt;

	if (m->wanted && m->ca != NULL)
		s->plan.mqtt_authorities = cert_keep(
		    s, PLAN_FD_MQTT_AUTHORITIES, "[mqtt] ca", m->ca, certs_authorities);
	if (m->wanted && m->certificate != NULL)
		s->plan.mqtt_certificate = pair_keep(s, PLAN_FD_MQTT_CERTIFICATE,
		    m->certificate, m->key, "mqtt", "the broker gets none");
}
