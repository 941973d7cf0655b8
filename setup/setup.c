/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/monitors.h"
#include "lib/state.h"
#include "lib/xmem.h"
#include "setup/writer.h"

static const struct {
	enum check_name file;
	void (*write)(struct writer *w);
} writers[] = {
    {CHECK_NUT, write_nut},
    {CHECK_UPS, write_ups},
    {CHECK_UPSD, write_upsd},
    {CHECK_USERS, write_users},
    {CHECK_UPSMON, write_upsmon},
    {CHECK_HOLDUP, write_holdup},
};

static void
secret_free(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

void
setup_answers_free(struct setup_answers *a)
{
	for (size_t i = 0; i < a->nups; i++) {
		struct setup_ups *u = &a->ups[i];
		char *const texts[] = {u->name, u->driver, u->port, u->desc, u->vendorid,
		    u->productid, u->serial, u->bus, u->busport, u->value};

		for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
			free(texts[k]);
	}
	free(a->ups);
	for (size_t i = 0; i < a->nnas; i++) {
		free(a->nas[i].address);
		secret_free(a->nas[i].password);
	}
	free(a->nas);
	free(a->domoticz);
	free(a->domoticz_user);
	secret_free(a->domoticz_password);
	free(a->mqtt);
	free(a->mqtt_user);
	secret_free(a->mqtt_password);
	free(a->at_ups);
	free(a->at_host);
	free(a->at_user);
	secret_free(a->at_password);
	secret_free(a->local_password);
	secret_free(a->far_password);
	free(a->address);
	*a = (struct setup_answers){0};
}

struct setup_ups *
setup_add_ups(struct setup_answers *a)
{
	a->ups = xreallocarray(a->ups, a->nups + 1, sizeof(*a->ups));
	a->ups[a->nups] = (struct setup_ups){0};
	return &a->ups[a->nups++];
}

struct setup_nas *
setup_add_nas(struct setup_answers *a)
{
	a->nas = xreallocarray(a->nas, a->nnas + 1, sizeof(*a->nas));
	a->nas[a->nnas] = (struct setup_nas){0};
	return &a->nas[a->nnas++];
}

bool
setup_name_ok(const char *name)
{
	return state_name_ok(name) && strpbrk(name, "/@:") == NULL;
}

static struct setup_clash *
clash_add(struct writer *w, enum check_name file, int line, char *text)
{
	struct setup_result *r = w->out;

	r->clashes = xreallocarray(r->clashes, r->nclashes + 1, sizeof(*r->clashes));
	r->clashes[r->nclashes] =
	    (struct setup_clash){.file = file, .line = line, .text = text};
	return &r->clashes[r->nclashes++];
}

bool
writer_clash(struct writer *w, enum check_name file, int line, const char *format, ...)
{
	va_list args;

	if (w->a->replace)
		return true;
	va_start(args, format);
	clash_add(w, file, line, xvasprintf(format, args));
	va_end(args);
	return false;
}

void
writer_firm(struct writer *w, enum check_name file, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	clash_add(w, file, line, xvasprintf(format, args))->firm = true;
	va_end(args);
}

/* Words that need no quotes are the more readable without them. */
const char *
writer_quote(const char *text)
{
	static struct buf kept[4];
	static unsigned turn;
	struct buf *b = &kept[turn++ % (sizeof(kept) / sizeof(kept[0]))];

	buf_clear(b);
	if (*text != '\0' && strpbrk(text, " \t\"\\#=[]'") == NULL)
		buf_puts(b, text);
	else
		buf_quoted(b, text);
	return buf_str(b);
}

void
setup_compose(const struct setup_answers *a, const struct check_conf *there,
    struct setup_result *out)
{
	struct writer w = {.a = a, .there = there, .out = out};

	*out = (struct setup_result){.nnas = a->nnas};
	out->nas_passwords = xcalloc(a->nnas + 1, sizeof(*out->nas_passwords));
	w.serves = a->mode != SETUP_SECONDARY;
	w.fresh = there->mode == NUT_MODE_UNSET || there->mode == NUT_MODE_NONE;
	w.open = a->mode == SETUP_SERVER && (a->lan || a->nnas > 0);
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
		const struct check_file *f = &there->files[writers[i].file];

		draft_init(&w.draft, f->text, f->len);
		writers[i].write(&w);
		out->texts[writers[i].file] = draft_take(&w.draft);
	}
	free(w.local.name);
	secret_free(w.local.password);
}

void
setup_usual(struct setup_usual *u, const struct check_conf *there)
{
	static const enum setup_mode modes[] = {
	    [NUT_MODE_UNSET] = SETUP_UNSET,
	    [NUT_MODE_NONE] = SETUP_UNSET,
	    [NUT_MODE_STANDALONE] = SETUP_STANDALONE,
	    [NUT_MODE_NETSERVER] = SETUP_SERVER,
	    [NUT_MODE_NETCLIENT] = SETUP_SECONDARY,
	    [NUT_MODE_MANUAL] = SETUP_SERVER,
	};
	const struct upsmon_conf *m = &there->upsmon;

	*u = (struct setup_usual){.mode = modes[there->mode]};
	u->named = there->ups.nupses > 0;
	u->lan = check_open(there) && writer_far_user(there) != NULL;
	for (size_t i = 0; i < m->nmonitors && u->far == NULL; i++)
		if (there->mode == NUT_MODE_NETCLIENT ||
		    !monitors_host_is_local(m->monitors[i].host))
			u->far = &m->monitors[i];
	if (there->mode == NUT_MODE_MANUAL && !u->named && u->far != NULL)
		u->mode = SETUP_SECONDARY;
}

void
setup_result_free(struct setup_result *r)
{
	for (size_t i = 0; i < CHECK_FILES; i++)
		secret_free(r->texts[i]);
	for (size_t i = 0; i < r->nclashes; i++)
		free(r->clashes[i].text);
	free(r->clashes);
	for (size_t i = 0; i < r->nupses; i++)
		free(r->upses[i]);
	free(r->upses);
	for (size_t i = 0; i < r->nnas; i++)
		secret_free(r->nas_passwords[i]);
	free(r->nas_passwords);
	free(r->user);
	secret_free(r->password);
	free(r->port);
	*r = (struct setup_result){0};
}
