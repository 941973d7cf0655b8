/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "web/page.h"
#include "web/page_packed.h"
#include "web/page_text.h"

/* The drill's name of the machine that runs holdup, where it has no section. */
#define UNNAMED "this machine"

/* How bad the state of a UPS is: a colour and an icon of style.css and page.html. The worst
 * one has the highest number. */
enum tone { TONE_GOOD, TONE_UNKNOWN, TONE_BATTERY, TONE_LOW };

static const struct {
	const char *name, *icon;
} tones[] = {
    [TONE_GOOD] = {"good", "check"},
    [TONE_UNKNOWN] = {"unknown", "unknown"},
    [TONE_BATTERY] = {"battery", "battery"},
    [TONE_LOW] = {"low", "alert"},
};

static bool
has_word(const char *const *words, size_t nwords, const char *word)
{
	for (size_t i = 0; i < nwords; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static enum tone
tone_of(const struct page_ups *u)
{
	const char *words[LANG_STATUS_MAX];
	size_t n = lang_status(u->status, u->source, words);

	if ((u->source != FEED_OK && !u->estimated) || has_word(words, n, "waiting"))
		return TONE_UNKNOWN;
	if (has_word(words, n, "low") || has_word(words, n, "fsd") ||
	    has_word(words, n, "off"))
		return TONE_LOW;
	if (u->mains == PAGE_MAINS_ON)
		return TONE_GOOD;
	return u->mains == PAGE_MAINS_OFF ? TONE_BATTERY : TONE_UNKNOWN;
}

/* The row of the UPS that stands worst; 0 where there is none. */
static size_t
worst_of(const struct page_facts *f)
{
	size_t worst = 0;

	for (size_t i = 1; i < f->nupses; i++)
		if (tone_of(&f->upses[i]) > tone_of(&f->upses[worst]))
			worst = i;
	return worst;
}

static const char *
name_of(const struct page_ups *u)
{
	return u->desc != NULL && u->desc[0] != '\0' ? u->desc : u->name;
}

static double
runtime_of(const struct page_ups *u)
{
	return isfinite(u->runtime_learned) ? u->runtime_learned : u->runtime;
}

/* The words of the status, the first letter a capital one. Of a UPS that is not heard the
 * first one says all, unless the others are an estimate. */
static void
put_status(struct buf *out, enum lang lang, const struct page_ups *u)
{
	const char *words[LANG_STATUS_MAX];
	size_t n = lang_status(u->status, u->source, words);

	if (u->source != FEED_OK && !u->estimated)
		n = 1;
	for (size_t i = 0; i < n; i++) {
		char key[40];

		snprintf(key, sizeof(key), "status.%s", words[i]);
		if (i > 0)
			buf_puts(out, ", ");
		page_text_capital(out, lang_text(lang, key), i == 0);
	}
}

/* The sentence at the head of the page, as headline() of app_status.js says it. */
static void
put_headline(struct buf *out, const struct page_facts *f)
{
	const struct page_ups *u;
	enum tone tone;

	if (f->nupses == 0) {
		page_text_word(out, f->lang, f->fresh ? "head.none" : "head.starting");
		return;
	}
	u = &f->upses[worst_of(f)];
	tone = tone_of(u);
	if (tone == TONE_GOOD) {
		page_text_word(
		    out, f->lang, f->nupses > 1 ? "head.good.all" : "head.good");
		return;
	}
	if (f->nupses > 1) {
		page_text_escaped(out, name_of(u));
		buf_puts(out, ": ");
	}
	if (tone != TONE_UNKNOWN && u->mains == PAGE_MAINS_OFF &&
	    isfinite(runtime_of(u))) {
		struct buf on = {0}, left = {0};

		page_text_duration(
		    &on, f->lang, isfinite(u->since) ? f->time - u->since : 0);
		page_text_duration(&left, f->lang, runtime_of(u));
		page_text_filled(out, f->lang,
		    tone == TONE_LOW ? "head.low" : "head.battery", buf_str(&on),
		    buf_str(&left));
		buf_free(&on);
		buf_free(&left);
	} else
		put_status(out, f->lang, u);
}

static void
put_icon(struct buf *out, const char *name)
{
	buf_printf(out,
	    "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#i-%s\"/></svg>", name);
}

/* One figure of a description list; nothing where it is not known. */
static void
put_figure(struct buf *out, enum lang lang, const char *key, double value, int digits,
    const char *sign)
{
	if (!isfinite(value))
		return;
	buf_puts(out, "<div><dt>");
	page_text_word(out, lang, key);
	buf_puts(out, "</dt><dd>");
	if (sign == NULL)
		page_text_duration(out, lang, value);
	else
		page_text_number(out, lang, value, digits, sign);
	buf_puts(out, "</dd></div>\n");
}

/* When the battery is to be replaced, and that it is overdue. */
static void
put_replace(struct buf *out, const struct page_facts *f, const struct page_ups *u)
{
	if (u->replace == NULL)
		return;
	buf_puts(out, "<div><dt>");
	page_text_word(out, f->lang, "battery.replace");
	buf_puts(out, "</dt><dd>");
	page_text_escaped(out, u->replace);
	if (page_text_past(u->replace, f->time)) {
		buf_puts(out, "<small> ");
		page_text_word(out, f->lang, "battery.overdue");
		buf_puts(out, "</small>");
	}
	buf_puts(out, "</dd></div>\n");
}

static void
put_figures(struct buf *out, const struct page_facts *f, const struct page_ups *u)
{
	enum lang lang = f->lang;

	buf_puts(out, "<dl class=\"facts\">\n");
	put_figure(out, lang, "figure.charge", u->charge, 0, "%");
	put_figure(out, lang, "figure.runtime", u->runtime, 0, NULL);
	put_figure(out, lang, "figure.runtime_learned", u->runtime_learned, 0, NULL);
	put_figure(out, lang, "figure.load", u->load, 0, "%");
	put_figure(out, lang,
	    u->watts_estimated ? "figure.watts_estimated" : "figure.watts", u->watts, 0,
	    "W");
	put_figure(out, lang, "figure.temperature", u->temperature, 1, "°C");
	put_figure(out, lang, "figure.battery_voltage", u->voltage, 1, "V");
	put_figure(out, lang, "figure.health", u->health, 0, "%");
	if (isfinite(u->health))
		put_figure(out, lang, "battery.confidence", u->confidence, 0, "%");
	put_replace(out, f, u);
	buf_puts(out, "</dl>\n");
}

/* The flow in words: mains → output → load. */
static void
put_chain(struct buf *out, enum lang lang, const struct page_ups *u)
{
	buf_puts(out, "<ol class=\"chain\"><li>");
	page_text_word(out, lang, "flow.mains");
	buf_puts(out, u->mains == PAGE_MAINS_ON    ? " ✓ "
		      : u->mains == PAGE_MAINS_OFF ? " ✗ "
						   : " ? ");
	page_text_number(out, lang, u->input_voltage, 0, "V");
	buf_puts(out, " ");
	page_text_number(out, lang, u->input_frequency, 1, "Hz");
	buf_puts(out, "</li><li>");
	page_text_word(out, lang, "flow.output");
	buf_puts(out, " ");
	page_text_number(out, lang, u->output_voltage, 0, "V");
	buf_puts(out, "</li><li>");
	page_text_word(out, lang, "flow.load");
	buf_puts(out, " ");
	page_text_number(out, lang, u->load, 0, "%");
	buf_puts(out, "</li></ol>\n");
}

static void
put_ups(struct buf *out, const struct page_facts *f, const struct page_ups *u)
{
	enum tone tone = tone_of(u);

	buf_printf(
	    out, "<article class=\"card ups tone-%s\" data-ups=\"", tones[tone].name);
	page_text_escaped(out, u->name);
	buf_puts(out, "\"><header><h2>");
	page_text_escaped(out, name_of(u));
	buf_puts(out, "</h2><p class=\"status\" data-status>");
	put_icon(out, tones[tone].icon);
	buf_puts(out, "<span>");
	put_status(out, f->lang, u);
	buf_puts(out, "</span></p>");
	if (isfinite(u->since) && tone != TONE_UNKNOWN) {
		struct buf when = {0}, length = {0};

		page_text_moment(&when, u->since);
		page_text_duration(&length, f->lang, f->time - u->since);
		buf_puts(out, "<p class=\"since\">");
		page_text_filled(
		    out, f->lang, "status.since", buf_str(&when), buf_str(&length));
		buf_puts(out, "</p>");
		buf_free(&when);
		buf_free(&length);
	}
	buf_puts(out, "</header>\n");
	put_chain(out, f->lang, u);
	put_figures(out, f, u);
	buf_puts(out, "</article>\n");
}

/* When a machine goes down, and is off. */
static void
put_when(struct buf *out, enum lang lang, const struct page_machine *m)
{
	struct buf down = {0}, off = {0};

	if (!isfinite(m->down)) {
		if (m->there)
			page_text_word(out, lang, "machine.never");
	} else {
		page_text_duration(&down, lang, m->down);
		page_text_duration(&off, lang, m->off);
		page_text_filled(out, lang,
		    isfinite(m->off) ? "machine.down_off" : "machine.down",
		    buf_str(&down), buf_str(&off));
	}
	buf_free(&down);
	buf_free(&off);
}

static void
put_machine(struct buf *out, enum lang lang, const struct page_machine *m)
{
	char key[40];

	buf_printf(out, "<li%s><span class=\"dot\">", m->there ? "" : " class=\"away\"");
	put_icon(out, m->there ? "load" : "unknown");
	buf_puts(out, "</span><span class=\"name\">");
	if (m->self && strcmp(m->name, UNNAMED) == 0)
		page_text_word(out, lang, "machine.self");
	else
		page_text_escaped(out, m->name);
	if (m->self && strcmp(m->name, UNNAMED) != 0) {
		buf_puts(out, " <small>");
		page_text_word(out, lang, "machine.self");
		buf_puts(out, "</small>");
	}
	buf_puts(out, "</span><span class=\"stands\">");
	snprintf(key, sizeof(key), "stands.%s", m->stands != NULL ? m->stands : "");
	page_text_word(
	    out, lang, m->there && lang_text(lang, key) != NULL ? key : "machine.away");
	buf_puts(out, "</span><span class=\"moment\">");
	put_when(out, lang, m);
	buf_puts(out, "</span>");
	if (m->why != NULL && m->why[0] != '\0') {
		buf_puts(out, "<small class=\"why\" lang=\"en\">");
		page_text_escaped(out, m->why);
		buf_puts(out, "</small>");
	}
	buf_puts(out, "</li>\n");
}

static void
put_event(struct buf *out, enum lang lang, const struct page_event *e)
{
	char key[40];

	buf_puts(out, "<li>");
	page_text_moment(out, e->at);
	buf_puts(out, "<span class=\"kind\">");
	snprintf(key, sizeof(key), "event.%s", e->kind);
	if (lang_text(lang, key) != NULL)
		page_text_word(out, lang, key);
	else
		page_text_escaped(out, e->kind);
	buf_puts(out, "</span><span class=\"text\" lang=\"en\">");
	if (e->ups != NULL) {
		page_text_escaped(out, e->ups);
		buf_puts(out, ": ");
	}
	page_text_escaped(out, e->text);
	if (e->who != NULL) {
		buf_puts(out, " <small>(");
		page_text_escaped(out, e->who);
		buf_puts(out, ")</small>");
	}
	buf_puts(out, "</span></li>\n");
}

/* The head of a card with a list in it. */
static void
put_list(struct buf *out, enum lang lang, const char *title, const char *class)
{
	buf_puts(out, "<section class=\"card\"><h2>");
	page_text_word(out, lang, title);
	buf_printf(out, "</h2><ol class=\"%s\">\n", class);
}

static void
put_house(struct buf *out, const struct page_facts *f)
{
	buf_puts(out, "<div class=\"house\">\n");
	put_list(out, f->lang, "machine.title", "machines");
	for (size_t i = 0; i < f->nmachines; i++)
		put_machine(out, f->lang, &f->machines[i]);
	buf_puts(out, "</ol></section>\n");
	put_list(out, f->lang, "event.title", "events");
	for (size_t i = 0; i < f->nevents; i++)
		put_event(out, f->lang, &f->events[i]);
	buf_puts(out, "</ol></section>\n</div>\n");
}

static void
put_as_of(struct buf *out, const struct page_facts *f)
{
	struct buf when = {0};

	page_text_moment(&when, f->time);
	buf_puts(out, "<p class=\"note\">");
	page_text_filled(out, f->lang, "page.of", buf_str(&when), "");
	buf_puts(out, "</p>\n");
	buf_free(&when);
}

/* All that holds now. */
static void
put_state(struct buf *out, const struct page_facts *f)
{
	enum tone tone = f->nupses > 0 ? tone_of(&f->upses[worst_of(f)]) : TONE_UNKNOWN;

	if (f->closed) {
		buf_puts(out, "<h1>");
		page_text_word(out, f->lang, "link.login");
		buf_puts(out, "</h1>\n");
		return;
	}
	buf_printf(out, "<h1 class=\"tone-%s\"><span>", tones[tone].name);
	put_icon(out, tones[tone].icon);
	buf_puts(out, "</span> <span>");
	put_headline(out, f);
	buf_puts(out, "</span></h1>\n");
	if (f->nupses > 0 && !f->protected) {
		buf_puts(out, "<p class=\"unprotected\">");
		page_text_word(out, f->lang, "head.unprotected");
		buf_puts(out, "</p>\n");
	}
	buf_puts(out, "<div class=\"upses\">\n");
	for (size_t i = 0; i < f->nupses; i++)
		put_ups(out, f, &f->upses[i]);
	buf_puts(out, "</div>\n");
	put_house(out, f);
	put_as_of(out, f);
}

static void
put_title(struct buf *out, const struct page_facts *f)
{
	if (!f->closed && f->nupses > 0) {
		put_status(out, f->lang, &f->upses[worst_of(f)]);
		buf_puts(out, " · ");
	}
	buf_puts(out, "holdup");
}

/* What a slot of page.html holds. */
static void
put_slot(struct buf *out, const struct page_facts *f, const char *slot)
{
	if (strcmp(slot, "lang") == 0)
		buf_puts(out, lang_code(f->lang));
	else if (strcmp(slot, "title") == 0)
		put_title(out, f);
	else if (strcmp(slot, "version") == 0)
		page_text_escaped(out, f->version);
	else if (strcmp(slot, "state") == 0)
		put_state(out, f);
	else if (strcmp(slot, "words") == 0)
		lang_json(out, f->lang);
	else if (slot[0] != '\0')
		page_text_word(out, f->lang, slot);
}

void
page_write(struct buf *out, const struct page_facts *facts)
{
	for (size_t i = 0; i < page_npieces; i++) {
		buf_add(out, page_pieces[i].text, page_pieces[i].len);
		put_slot(out, facts, page_pieces[i].slot);
	}
}
