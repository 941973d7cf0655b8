/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/conf.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"
#include "net/netconf.h"

/* What the texts are called where they come from. */
static const char *const names[NETCTL_TEXTS] = {
    [NETCTL_UPSD_CONF] = "upsd.conf",
    [NETCTL_UPSD_USERS] = "upsd.users",
    [NETCTL_HOLDUP_CONF] = "holdup.conf",
    [NETCTL_CERTIFICATE] = "CERTFILE",
    [NETCTL_AUTHORITIES] = "CERTPATH",
};

/* The text behind a descriptor, or NULL without one: its defaults hold then. */
static char *
text_read(struct netconf *c, const int *texts, enum netctl_text which, size_t *len)
{
	char *text;

	*len = 0;
	if (texts[which] < 0)
		return NULL;
	if ((text = conf_slurp_fd(texts[which], len)) != NULL)
		return text;
	log_warn_errno("%s cannot be read; going on without it", names[which]);
	c->whole = false;
	return NULL;
}

/* One configuration file: its path for messages, its text ("" without one). */
struct file {
	char *path, *text;
	size_t len;
};

static struct file
file_read(struct netconf *c, const int *texts, enum netctl_text which)
{
	struct file f = {.path = paths_conf(names[which])};

	f.text = text_read(c, texts, which, &f.len);
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

struct netconf *
netconf_read(const int texts[NETCTL_TEXTS])
{
	struct netconf *c = xcalloc(1, sizeof(*c));
	/* holdupd has logged what is wrong in a file by itself; what only two together
	 * tell is left to be said here. */
	struct problems known = {0}, problems = {0};
	struct file upsd, users, own;
	size_t len;

	c->whole = true;
	upsd = file_read(c, texts, NETCTL_UPSD_CONF);
	users = file_read(c, texts, NETCTL_UPSD_USERS);
	own = file_read(c, texts, NETCTL_HOLDUP_CONF);
	upsd_conf_read(&c->upsd, upsd.path, upsd.text, upsd.len, &known);
	users_conf_read(&c->users, users.path, users.text, users.len, &known);
	holdup_conf_read(&c->holdup, own.path, own.text, own.len, &known);
	users_conf_acls(&c->users, users.path, &c->upsd, &problems);
	c->certificate = text_read(c, texts, NETCTL_CERTIFICATE, &len);
	c->authorities = text_read(c, texts, NETCTL_AUTHORITIES, &len);
	problems_each(&problems, log_warn);
	problems_free(&problems);
	problems_free(&known);
	file_free(&upsd);
	file_free(&users);
	file_free(&own);
	return c;
}

/* Nothing of a key stays behind in memory that is used again. */
static void
secret_free(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

void
netconf_free(struct netconf *c)
{
	upsd_conf_free(&c->upsd);
	users_conf_free(&c->users);
	holdup_conf_free(&c->holdup);
	secret_free(c->certificate);
	free(c->authorities);
	free(c);
}
