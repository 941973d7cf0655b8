/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "setup/box.h"
#include "setup/tell.h"
#include "setup/writer.h"

#define NUT_PORT "3493"
#define UNKNOWN "ADDRESS-OF-THIS-MACHINE"
#define PLAIN                                                            \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" \
	"%+,-./:=@_" /* means nothing to a shell */

static void
add(struct tell *t, char *who, char *what)
{
	t->rows = xreallocarray(t->rows, t->count + 1, sizeof(*t->rows));
	t->rows[t->count++] = (struct tell_row){who, what};
}

/* A word of a line for the shell, which the caller frees: one that it would change is quoted. */
static char *
shell_word(const char *text)
{
	struct buf out = {0};
	char *word;

	if (*text != '\0' && text[strspn(text, PLAIN)] == '\0')
		return xstrdup(text);
	buf_puts(&out, "'");
	for (; *text != '\0'; text++)
		if (*text == '\'')
			buf_puts(&out, "'\\''");
		else
			buf_add(&out, text, 1);
	buf_puts(&out, "'");
	word = xstrdup(buf_str(&out));
	buf_free(&out);
	return word;
}

/* Machines that log in: ours, and NUT's. */
static void
add_machines(struct tell *t, const struct setup_result *r, const char *at)
{
	char *user = shell_word(r->user), *password = shell_word(r->password);

	add(t, xstrdup("A machine with holdup"),
	    xasprintf("sudo holdup setup --join %s@%s --user %s --password %s\n",
		r->upses[0], at, user, password));
	add(t, xstrdup("A machine with NUT (nut-client)"),
	    xasprintf("/etc/nut/nut.conf:    MODE=netclient\n"
		      "/etc/nut/upsmon.conf: MONITOR %s@%s 1 %s %s secondary\n",
		r->upses[0], at, writer_quote(r->user), writer_quote(r->password)));
	explicit_bzero(password, strlen(password));
	free(password);
	free(user);
}

static void
add_nas(struct tell *t, const struct setup_nas *nas, const struct setup_result *r,
    size_t i, const char *address)
{
	struct buf what = {0};
	const char *gap = strstr(nas->box->enter, "%s");

	buf_printf(&what, "%s:\n%.*s%s%s\n", nas->box->menu, (int)(gap - nas->box->enter),
	    nas->box->enter, address, gap + 2);
	if (!nas->box->fixed && r->nas_passwords[i] != NULL)
		buf_printf(&what, "UPS name %s, user %s, password %s\n", r->upses[0],
		    nas->box->word, r->nas_passwords[i]);
	buf_puts(&what, nas->box->advice);
	add(t, xasprintf("%s at %s", nas->box->name, nas->address),
	    xstrdup(buf_str(&what)));
	buf_free(&what);
}

void
tell_make(struct tell *t, const struct setup_answers *a, const struct setup_result *r)
{
	const char *address = a->address != NULL ? a->address : UNKNOWN;
	char *at;

	*t = (struct tell){0};
	if (a->mode != SETUP_SERVER || r->nupses == 0)
		return;
	at = strcmp(r->port, NUT_PORT) == 0 ? xstrdup(address)
					    : xasprintf("%s:%s", address, r->port);
	if (r->user != NULL)
		add_machines(t, r, at);
	for (size_t i = 0; i < a->nnas; i++)
		add_nas(t, &a->nas[i], r, i, address);
	if (a->lan && a->mqtt == NULL)
		add(t, xstrdup("Home Assistant"),
		    xasprintf(
			"Settings > Devices & services > Add integration > Network UPS "
			"Tools (NUT):\nhost %s, port %s, no user and no password\n",
			address, r->port));
	free(at);
}

void
tell_free(struct tell *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->rows[i].who);
		explicit_bzero(t->rows[i].what, strlen(t->rows[i].what));
		free(t->rows[i].what);
	}
	free(t->rows);
	*t = (struct tell){0};
}
