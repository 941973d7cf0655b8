/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "setup/box.h"
#include "setup/writer.h"

static const char header[] =
    "# What NUT's files have no words for: holdup.conf(5). Who is told by phone or "
    "mail,\n"
    "# for example, what a kWh costs, and who may look at the page:\n"
    "#\n"
    "#[notify phone]\n"
    "#\tvia = ntfy\n"
    "#\turl = https://ntfy.sh/a-word-of-your-own\n"
    "#\n"
    "#[web]\n"
    "#\tlisten = lan\n"
    "#\tprice = 0.25 EUR\n";

/* The value of a line in a section, for the caller to free; NULL where it is not there. */
struct value {
	const char *section, *word;
	char *text;
};

static void
take_value(void *arg, const struct conf_line *line)
{
	struct value *v = arg;

	if (line->words == NULL || line->section == NULL || line->name != NULL ||
	    strcmp(line->section, v->section) != 0 || line->words->argc < 3 ||
	    strcmp(line->words->argv[0], v->word) != 0)
		return;
	free(v->text);
	v->text = xstrdup(line->words->argv[2]);
}

static char *
value_of(struct draft *d, const char *section, const char *word)
{
	struct value v = {section, word, NULL};
	struct problems p = {0};

	conf_walk_named("", buf_str(&d->text), d->text.len, &p, take_value, &v);
	problems_free(&p);
	return v.text;
}

/* A section with url, user and password: [domoticz], [mqtt]. One that is there stays, but for
 * a line that somebody wants to be another. */
static void
write_target(struct writer *w, const char *section, bool there, const char *comment,
    const char *url, const char *user, const char *password)
{
	char *has, *line;

	if (url == NULL)
		return;
	if (!there) {
		draft_add(&w->draft, "# %s\n[%s]\n\turl = %s\n", comment, section,
		    writer_quote(url));
		if (user != NULL)
			buf_printf(&w->draft.text, "\tuser = %s\n", writer_quote(user));
		if (user != NULL && password != NULL)
			buf_printf(
			    &w->draft.text, "\tpassword = %s\n", writer_quote(password));
		return;
	}
	has = value_of(&w->draft, section, "url");
	line = xasprintf("url = %s", writer_quote(url));
	if (has != NULL && strcmp(has, url) != 0) {
		const int at = draft_find(&w->draft, section, "url");

		if (writer_clash(w, CHECK_HOLDUP, at,
			"[%s] has url = %s, and %s was asked for", section, has, url))
			draft_replace(&w->draft, at, line);
	}
	free(line);
	free(has);
}

/* The login that a make has built in works from this one address, and from nowhere else. */
static void
write_client(struct writer *w, const struct setup_nas *nas)
{
	const struct conf_client *c = conf_client_at(&w->there->own, nas->address, true);
	char *section = xasprintf("client %s", nas->address);
	int line;

	if (!nas->box->fixed)
		;
	else if (c == NULL)
		draft_add(&w->draft,
		    "# %s: its own login, which everybody knows, works from its address "
		    "and from\n"
		    "# nowhere else.\n"
		    "[%s]\n\taccount = %s\n",
		    nas->box->name, section, nas->box->word);
	else if (strcmp(c->account->box, nas->box->word) != 0 &&
		 (line = draft_find(&w->draft, section, "account")) > 0 &&
		 writer_clash(w, CHECK_HOLDUP, line,
		     "%s is said to be a %s, and %s was asked for", nas->address,
		     c->account->box, nas->box->word)) {
		char *text = xasprintf("account = %s", nas->box->word);

		draft_replace(&w->draft, line, text);
		free(text);
	}
	free(section);
}

/* False for who is not named in read =. Whether an address is on the `lan` is not known here. */
static bool
may_read(const struct conf_server *s, const char *address)
{
	for (size_t i = 0; i < s->nreaders; i++)
		if (s->readers[i].kind == ALLOW_LAN)
			return true;
	return conf_server_reads(s, address, NULL);
}

/* Where a NAS may ask but nobody else, reading is for those who are named. */
static void
write_readers(struct writer *w)
{
	const struct conf_server *s = &w->there->own.server;
	struct buf who = {0};

	for (size_t i = 0; s->line > 0 && i < w->a->nnas; i++)
		if (!may_read(s, w->a->nas[i].address))
			writer_firm(w, CHECK_HOLDUP, s->line,
			    "[server] lets only those read who are named in read =, and "
			    "%s is "
			    "not: add it there",
			    w->a->nas[i].address);
	if (!w->open || w->a->lan || s->line > 0 || check_open(w->there))
		return;
	for (size_t i = 0; i < w->a->nnas; i++)
		buf_printf(&who, " %s", w->a->nas[i].address);
	draft_add(&w->draft,
	    "# Who may read without a login: this machine, and who is named. open: "
	    "everybody.\n"
	    "[server]\n\tread = localhost%s\n",
	    buf_str(&who));
	buf_free(&who);
}

/* When this machine goes down, where that is not when the battery is low. */
static void
write_moment(struct writer *w)
{
	const struct setup_answers *a = w->a;
	const struct holdup_conf *c = &w->there->own;

	if (a->charge_percent == 0 && a->runtime_s == 0 && a->on_battery_s == 0)
		return;
	for (size_t i = 0; i < c->nmachines; i++)
		if (c->machines[i].self)
			return;
	draft_add(&w->draft, "# When this machine goes down: at this charge (percent), "
			     "when so many seconds are\n"
			     "# left, after so many on battery, whichever is first; when "
			     "the battery is low in\n"
			     "# any case.\n"
			     "[machine this]\n\taddress = localhost\n");
	if (a->charge_percent > 0)
		buf_printf(&w->draft.text, "\tcharge = %u\n", a->charge_percent);
	if (a->runtime_s > 0)
		buf_printf(&w->draft.text, "\truntime = %u\n", a->runtime_s);
	if (a->on_battery_s > 0)
		buf_printf(&w->draft.text, "\tafter = %u\n", a->on_battery_s);
}

void
write_holdup(struct writer *w)
{
	const struct setup_answers *a = w->a;
	const struct holdup_conf *c = &w->there->own;

	if (!w->draft.there && w->serves && w->fresh)
		draft_add(&w->draft, "%s", header);
	write_target(w, "domoticz", c->domoticz.line > 0,
	    "Each value of the UPS as a sensor in Domoticz, which are made by "
	    "themselves.",
	    a->domoticz, a->domoticz_user, a->domoticz_password);
	write_target(w, "mqtt", c->mqtt.line > 0,
	    "Home Assistant and others, by a broker: the UPS appears there by itself.",
	    a->mqtt, a->mqtt_user, a->mqtt_password);
	for (size_t i = 0; w->serves && i < a->nnas; i++)
		write_client(w, &a->nas[i]);
	write_readers(w);
	write_moment(w);
}
