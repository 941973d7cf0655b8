/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_holdup.h"
#include "lib/xmem.h"

const struct conf_sensor conf_sensors[CONF_SENSORS] = {
    {"load", {"ups.load"}, 1},
    {"charge", {"battery.charge"}, 1},
    {"temperature", {"battery.temperature", "ups.temperature"}, 1},
};

/* The other words of [domoticz], in the order of `settings` below. */
enum { WORD_URL, WORD_USER, WORD_PASSWORD, WORD_UPS, SETTINGS };

static const char *const settings[SETTINGS] = {
    [WORD_URL] = "url",
    [WORD_USER] = "user",
    [WORD_PASSWORD] = "password",
    [WORD_UPS] = "ups",
};

static const char *const sections[] = {"domoticz", NULL};

/* The reading: where lines go at the moment. */
struct reader {
	struct holdup_conf *conf;
	enum { BEFORE_HEAD, IN_DOMOTICZ, IN_UNKNOWN } where;
};

static void
take_head(struct reader *r, const struct conf_line *line)
{
	struct conf_domoticz *d = &r->conf->domoticz;
	const char *near;

	r->where = IN_UNKNOWN;
	if (strcmp(line->section, sections[0]) == 0) {
		r->where = IN_DOMOTICZ;
		if (d->line > 0)
			conf_fault(line,
			    "a second section [%s]: its lines are added to that of line "
			    "%d",
			    line->section, d->line);
		else
			d->line = line->line;
	} else if ((near = conf_nearest(line->section, sections)) != NULL)
		conf_fault(line,
		    "unknown section [%.40s], did you mean [%s]? Its lines are ignored",
		    line->section, near);
	else
		conf_fault(line,
		    "unknown section [%.40s]: its lines are ignored; a UPS belongs into "
		    "ups.conf, a user into upsd.users",
		    line->section);
}

/* What stands behind "://" is a host, and no name and password before it. Blanks and
 * control characters would end the address in the request. */
static bool
url_ok(const struct conf_line *line, const char *url)
{
	const char *host = NULL;

	if (strncasecmp(url, "http://", 7) == 0)
		host = url + 7;
	else if (strncasecmp(url, "https://", 8) == 0)
		host = url + 8;
	if (host != NULL && host[strcspn(host, "/@")] == '@') {
		conf_fault(line,
		    "url holds a name or password before \"@\": give them as user = and "
		    "password =. The line is ignored");
		return false;
	}
	if (host == NULL || *host == '\0' || *host == '/' || *host == ':' ||
	    strpbrk(host, "?#@\\\"<>") != NULL) {
		conf_fault(line,
		    "\"%.40s\" is no url, write for example: url = "
		    "http://192.168.0.9:8080. The line is ignored",
		    url);
		return false;
	}
	for (; *host != '\0'; host++)
		if (!isgraph((unsigned char)*host)) {
			conf_fault(line, "url holds a blank or a letter that is not "
					 "ASCII: the line is ignored");
			return false;
		}
	return true;
}

static void
replace(char **old, const char *text)
{
	free(*old);
	*old = xstrdup(text);
}

static void
take_url(struct conf_domoticz *d, const struct conf_line *line, const char *url)
{
	size_t len = strlen(url);

	if (!url_ok(line, url))
		return;
	replace(&d->url, url);
	while (len > 0 && d->url[len - 1] == '/')
		d->url[--len] = '\0';
}

static void
take_setting(struct conf_domoticz *d, int word, const struct conf_line *line, int at)
{
	const char *value = line->words->argv[at];

	switch (word) {
	case WORD_URL:
		take_url(d, line, value);
		break;
	case WORD_USER:
		if (strchr(value, ':') != NULL)
			conf_fault(line, "a user's name holds no \":\" (HTTP basic "
					 "authentication): the line is ignored");
		else
			replace(&d->user, value);
		break;
	case WORD_PASSWORD:
		replace(&d->password, value);
		break;
	default:
		replace(&d->ups, value);
	}
}

/* Index of the value in `word = value`; 0 with a problem when there is none. */
static int
value_index(const struct conf_line *line)
{
	const struct words *w = line->words;
	int at = w->argc > 1 && !w->quoted[1] && strcmp(w->argv[1], "=") == 0 ? 2 : 1;

	if (w->argc <= at || (*w->argv[at] == '\0' && !w->quoted[at])) {
		conf_fault(line, "%.40s has no value: the line is ignored", w->argv[0]);
		return 0;
	}
	if (at == 1)
		conf_fault(line, "\"=\" is missing, read as: %.40s = %.40s", w->argv[0],
		    strcasecmp(w->argv[0], "password") == 0 ? "..." : w->argv[1]);
	if (w->argc > at + 1)
		conf_fault(line,
		    "only the first word behind \"=\" is taken as %.40s: put a text "
		    "with blanks into \"quotes\"",
		    w->argv[0]);
	return at;
}

static void
unknown(const struct conf_line *line)
{
	const char *known[SETTINGS + CONF_SENSORS + 1];
	size_t n = 0;

	for (size_t i = 0; i < SETTINGS; i++)
		known[n++] = settings[i];
	for (size_t i = 0; i < CONF_SENSORS; i++)
		known[n++] = conf_sensors[i].word;
	known[n] = NULL;
	conf_unknown(line, 0, known);
}

static void
take_domoticz(struct conf_domoticz *d, const struct conf_line *line)
{
	const char *word = line->words->argv[0];
	int at;

	for (int i = 0; i < SETTINGS; i++)
		if (strcasecmp(settings[i], word) == 0) {
			if ((at = value_index(line)) > 0)
				take_setting(d, i, line, at);
			return;
		}
	for (size_t i = 0; i < CONF_SENSORS; i++)
		if (strcasecmp(conf_sensors[i].word, word) == 0) {
			if ((at = value_index(line)) > 0)
				conf_number(line, at, 1, INT_MAX, &d->idx[i]);
			return;
		}
	unknown(line);
}

static void
take_line(void *arg, const struct conf_line *line)
{
	struct reader *r = arg;

	if (line->words == NULL)
		take_head(r, line);
	else if (r->where == IN_DOMOTICZ)
		take_domoticz(&r->conf->domoticz, line);
	else if (r->where == BEFORE_HEAD)
		conf_fault(line,
		    "\"%.40s\" stands before the first [section], write for example "
		    "[%s] above it: the line is ignored",
		    line->words->argv[0], sections[0]);
}

/* What a section says as a whole. */
static void
check_domoticz(struct conf_domoticz *d, const char *file, struct problems *p)
{
	bool sensors = false;

	if (d->line == 0)
		return;
	for (size_t i = 0; i < CONF_SENSORS; i++)
		sensors |= d->idx[i] > 0;
	if (d->url == NULL)
		problems_add(p, file, d->line,
		    "[domoticz] has no url and is not used, write for example: url = "
		    "http://192.168.0.9:8080");
	if (!sensors)
		problems_add(p, file, d->line,
		    "[domoticz] names no sensor and is not used, write for example: load "
		    "= 12 (the Idx of the virtual sensor in Domoticz)");
	if (d->user == NULL && d->password != NULL)
		problems_add(p, file, d->line,
		    "[domoticz] has a password but no user: none is sent");
	d->wanted = d->url != NULL && sensors;
}

void
holdup_conf_read(struct holdup_conf *c, const char *file, const char *text, size_t len,
    struct problems *p)
{
	struct reader r = {.conf = c};

	*c = (struct holdup_conf){0};
	conf_walk(file, text, len, p, take_line, &r);
	check_domoticz(&c->domoticz, file, p);
}

void
holdup_conf_free(struct holdup_conf *c)
{
	struct conf_domoticz *d = &c->domoticz;

	free(d->url);
	free(d->user);
	if (d->password != NULL)
		explicit_bzero(d->password, strlen(d->password));
	free(d->password);
	free(d->ups);
	*c = (struct holdup_conf){0};
}
