/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"
#include "web/rehearse.h"
#include "web/webconf.h"

static const char *const names[WEBCONF_TEXTS] = {
    [WEBCONF_UPS] = "ups.conf",
    [WEBCONF_UPSMON] = "upsmon.conf",
    [WEBCONF_USERS] = "upsd.users",
    [WEBCONF_HOLDUP] = "holdup.conf",
    [WEBCONF_CERTIFICATE] = "[web] certificate",
};

struct file {
	char *path, *text;
	size_t len;
};

static struct file
file_read(const int *texts, enum webconf_text which)
{
	struct file f = {.path = paths_conf(names[which])};

	if (texts[which] >= 0) {
		f.text = conf_slurp_fd(texts[which], &f.len);
		if (f.text == NULL)
			log_warn_errno(
			    "%s cannot be read; going on without it", names[which]);
		close(texts[which]);
	}
	if (f.text == NULL)
		f.text = xstrdup("");
	return f;
}

static void
file_free(struct file *f)
{
	free(f->path);
	free(f->text);
}

struct webconf *
webconf_read(const int texts[WEBCONF_TEXTS])
{
	struct webconf *c = xcalloc(1, sizeof(*c));
	struct problems known = {0}; /* holdupd has logged them */
	struct file f[WEBCONF_TEXTS];
	size_t len;

	for (size_t i = 0; i < WEBCONF_CERTIFICATE; i++)
		f[i] = file_read(texts, (enum webconf_text)i);
	c->rehearse = rehearse_new(&(struct drill_files){
	    .ups = {f[WEBCONF_UPS].text, f[WEBCONF_UPS].len},
	    .upsmon = {f[WEBCONF_UPSMON].text, f[WEBCONF_UPSMON].len},
	    .users = {f[WEBCONF_USERS].text, f[WEBCONF_USERS].len},
	    .holdup = {f[WEBCONF_HOLDUP].text, f[WEBCONF_HOLDUP].len},
	});
	users_conf_read(&c->users, f[WEBCONF_USERS].path, f[WEBCONF_USERS].text,
	    f[WEBCONF_USERS].len, &known);
	holdup_conf_read(&c->holdup, f[WEBCONF_HOLDUP].path, f[WEBCONF_HOLDUP].text,
	    f[WEBCONF_HOLDUP].len, &known);
	for (size_t i = 0; i < WEBCONF_CERTIFICATE; i++)
		file_free(&f[i]);
	problems_free(&known);
	c->base = c->holdup.web.base == NULL ? "" : c->holdup.web.base;
	if (texts[WEBCONF_CERTIFICATE] < 0)
		return c;
	c->certificate = conf_slurp_fd(texts[WEBCONF_CERTIFICATE], &len);
	if (c->certificate == NULL)
		log_fatal_errno("%s cannot be read", names[WEBCONF_CERTIFICATE]);
	close(texts[WEBCONF_CERTIFICATE]);
	return c;
}

void
webconf_free(struct webconf *c)
{
	rehearse_free(c->rehearse);
	users_conf_free(&c->users);
	holdup_conf_free(&c->holdup);
	if (c->certificate != NULL)
		explicit_bzero(c->certificate, strlen(c->certificate));
	free(c->certificate);
	free(c);
}
