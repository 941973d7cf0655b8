/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/allow.h"
#include "lib/buf.h"
#include "lib/conf.h"
#include "lib/xmem.h"
#include "setup/apcupsd.h"

#define VALUE_MAX 255 /* bytes; apcupsd itself has as many */
#define NUMBER_MAX 1000000
#define NIS_PORT "3551"

/* The words that mean something here; those of words[] that follow do not. */
enum meant {
	UPSTYPE,
	UPSCABLE,
	DEVICE,
	UPSNAME,
	BATTERYLEVEL,
	MINUTES,
	TIMEOUT,
	NETSERVER,
	NISIP,
	NISPORT,
	MEANT
};

/* A word of apcupsd.conf. `usual`: the value that needs no sentence. `text`: what is said
 * of another one, %s; NULL: nothing, for nobody misses it. */
static const struct word {
	const char *name, *usual, *text;
} words[] = {
    [UPSTYPE] = {"UPSTYPE", NULL, NULL},
    [UPSCABLE] = {"UPSCABLE", NULL, NULL},
    [DEVICE] = {"DEVICE", NULL, NULL},
    [UPSNAME] = {"UPSNAME", NULL, NULL},
    [BATTERYLEVEL] = {"BATTERYLEVEL", NULL, NULL},
    [MINUTES] = {"MINUTES", NULL, NULL},
    [TIMEOUT] = {"TIMEOUT", NULL, NULL},
    [NETSERVER] = {"NETSERVER", NULL, NULL},
    [NISIP] = {"NISIP", NULL, NULL},
    [NISPORT] = {"NISPORT", NULL, NULL},
    {"ANNOY", "300",
	"who is logged in is told once when something happens, and not again every %s s"},
    {"ANNOYDELAY", "60",
	"who is logged in is told at once, and not after %s s. Where that is too early: "
	"NOTIFYFLAG ONBATT SYSLOG in upsmon.conf"},
    {"DATATIME", "0",
	"nothing is logged every %s s: `holdup history` has every value that there was"},
    {"KILLDELAY", "0",
	"the UPS is not told after %s s to cut its output, but at the very end of the "
	"shutdown. How long it still waits then is offdelay in ups.conf"},
    {"LOGSTATS", "off",
	"values are not logged: `holdup history` has every one that there was"},
    {"NOLOGON", "disable", "people can log in while the mains is away"},
    {"ONBATTERYDELAY", "6",
	"that the mains is away is told at once, and not after %s s. A message to a "
	"phone "
	"or by mail waits with `wait = %s` in its [notify …] of holdup.conf"},
    {"POLLTIME", "60",
	"holdup does not ask every %s s: the UPS says by itself what happens. Drivers of "
	"NUT have pollinterval in ups.conf"},
    {"SCRIPTDIR", "/etc/apcupsd",
	"the scripts in %s are not run. What they do belongs into NOTIFYCMD of "
	"upsmon.conf, "
	"or a hook in holdup.conf"},
    {"STATTIME", "0", "no file of values is written every %s s: `upsc` prints them"},
    {"UPSCLASS", "standalone",
	"a ShareUPS card is not known here. Let the machine with the cable serve, and "
	"type "
	"on each other one what setup prints at its end"},
    {"UPSMODE", "disable",
	"a ShareUPS card is not known here. Let the machine with the cable serve, and "
	"type "
	"on each other one what setup prints at its end"},
    /* Files of apcupsd's own, and what only apctest reads. */
    {"BATTDATE", NULL, NULL},
    {"BEEPSTATE", NULL, NULL},
    {"EVENTSFILE", NULL, NULL},
    {"EVENTSFILEMAX", NULL, NULL},
    {"FACILITY", NULL, NULL},
    {"HITRANSFER", NULL, NULL},
    {"LOCKFILE", NULL, NULL},
    {"LOTRANSFER", NULL, NULL},
    {"LOWBATT", NULL, NULL},
    {"NOLOGINDIR", NULL, NULL},
    {"OUTPUTVOLTS", NULL, NULL},
    {"PWRFAILDIR", NULL, NULL},
    {"RETURNCHARGE", NULL, NULL},
    {"SELFTEST", NULL, NULL},
    {"SENSITIVITY", NULL, NULL},
    {"SLEEP", NULL, NULL},
    {"STATFILE", NULL, NULL},
    {"WAKEUP", NULL, NULL},
};

#define WORDS (sizeof(words) / sizeof(words[0]))

struct reader {
	const char *file;
	struct setup_answers *answers;
	struct check_list *said;
	struct value {
		char text[VALUE_MAX + 1]; /* "" where the word stands without one */
		int line;                 /* 0: the word is not there */
	} values[WORDS];
};

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The text between two places, without blanks at its ends, in `out`. False when it is too
 * long. */
static bool
trimmed(const char *from, const char *to, char *out)
{
	while (from < to && blank(*from))
		from++;
	while (to > from && blank(to[-1]))
		to--;
	if (to - from > VALUE_MAX)
		return false;
	memcpy(out, from, (size_t)(to - from));
	out[to - from] = '\0';
	return true;
}

static void
unknown(struct reader *r, int line, const char *name)
{
	const char *names[WORDS + 1] = {NULL}, *near;

	for (size_t i = 0; i < WORDS; i++)
		names[i] = words[i].name;
	near = conf_nearest(name, names);
	if (near != NULL)
		check_add(r->said, CHECK_WARNING, r->file, line,
		    "apcupsd has no \"%.40s\", did you mean \"%s\"? The line is passed "
		    "over",
		    name, near);
	else
		check_add(r->said, CHECK_WARNING, r->file, line,
		    "apcupsd has no \"%.40s\": the line is passed over", name);
}

/* `WORD value # comment`; of two lines of a word the last one counts, as with apcupsd. */
static void
take_line(struct reader *r, int number, const char *line, const char *end)
{
	const char *comment = memchr(line, '#', (size_t)(end - line)), *behind;
	char name[VALUE_MAX + 1];

	if (comment != NULL)
		end = comment;
	while (line < end && blank(*line))
		line++;
	for (behind = line; behind < end && !blank(*behind);)
		behind++;
	if (behind == line || !trimmed(line, behind, name))
		return;
	for (size_t i = 0; i < WORDS; i++)
		if (strcasecmp(words[i].name, name) == 0) {
			if (trimmed(behind, end, r->values[i].text))
				r->values[i].line = number;
			return;
		}
	unknown(r, number, name);
}

/* The value of a word; NULL where it is not there or is empty. */
static const char *
value(const struct reader *r, enum meant word)
{
	return r->values[word].text[0] == '\0' ? NULL : r->values[word].text;
}

static void
say(struct reader *r, enum check_weight weight, enum meant word, const char *text)
{
	check_add(r->said, weight, r->file, r->values[word].line, "%s", text);
}

/* Fills in what is not said yet. */
static void
fill(char **answer, const char *text)
{
	if (*answer == NULL)
		*answer = xstrdup(text);
}

/* The UPS of this machine, made where no option has named it. */
static struct setup_ups *
ups(struct reader *r)
{
	struct setup_answers *a = r->answers;

	return a->nups > 0 ? &a->ups[0] : setup_add_ups(a);
}

/* One that a driver of NUT reads. */
static void
foreign(struct reader *r, const char *driver, const char *port)
{
	struct setup_ups *u = ups(r);

	fill(&u->driver, driver);
	fill(&u->port, port);
	check_add(r->said, CHECK_NOTE, r->file, r->values[UPSTYPE].line,
	    "UPSTYPE %s: NUT's driver %s reads this UPS, for holdup has none of its own. "
	    "Where it is missing, the log says how it is had",
	    value(r, UPSTYPE), driver);
}

/* What else that driver has to know. */
static void
more(struct reader *r, const char *key, const char *text)
{
	struct setup_ups *u = ups(r);

	if (u->key == NULL) {
		u->key = key;
		u->value = xstrdup(text);
	}
}

/* By its serial number, where DEVICE is one; its old meaning, a path, says nothing. */
static void
take_usb(struct reader *r)
{
	const char *device = value(r, DEVICE);

	if (device != NULL && device[0] != '/')
		fill(&ups(r)->serial, device);
	else
		ups(r);
}

static void
take_modbus(struct reader *r)
{
	const char *device = value(r, DEVICE);

	if (device != NULL && device[0] == '/') {
		foreign(r, "apc_modbus", device);
		return;
	}
	take_usb(r);
	say(r, CHECK_NOTE, UPSTYPE,
	    "UPSTYPE modbus: holdup reads what the UPS says as a USB power device, which "
	    "may be fewer values. NUT's driver apc_modbus reads the others");
}

static void
take_smart(struct reader *r)
{
	const char *cable = value(r, UPSCABLE), *device = value(r, DEVICE);

	foreign(r, "apcsmart", device != NULL ? device : "/dev/ttyS0");
	if (cable != NULL && strcasecmp(cable, "940-0095B") == 0)
		more(r, "cable", cable);
}

/* A cable that has only contacts, and what NUT's genericups calls it. */
static const struct {
	const char *cable, *upstype;
} contacts[] = {
    {"simple", "1"}, /* apcupsd's is wired as the 940-0095A is */
    {"940-0095A", "1"},
    {"940-0095C", "1"},
    {"940-0020B", "2"},
    {"940-0020C", "2"},
    {"940-0023A", "9"},
    {"940-0119A", "12"},
};

static void
take_dumb(struct reader *r)
{
	const char *cable = value(r, UPSCABLE), *device = value(r, DEVICE);

	for (size_t i = 0; cable != NULL && i < sizeof(contacts) / sizeof(contacts[0]);
	     i++)
		if (strcasecmp(contacts[i].cable, cable) == 0) {
			foreign(r, "genericups", device != NULL ? device : "/dev/ttyS0");
			more(r, "upstype", contacts[i].upstype);
			return;
		}
	check_add(r->said, CHECK_ERROR, r->file,
	    r->values[cable != NULL ? UPSCABLE : UPSTYPE].line,
	    "UPSTYPE dumb with UPSCABLE %s: of NUT's drivers none knows this cable. One "
	    "that is wired alike may be among the types of genericups: driver = "
	    "genericups "
	    "and upstype = … in ups.conf",
	    cable != NULL ? cable : "(none)");
}

/* "host:port:vendor:community", each but the first may be missing. */
static void
take_snmp(struct reader *r)
{
	char device[VALUE_MAX + 1], *at = device, *host, *port, *community, *target;

	memcpy(device, r->values[DEVICE].text, sizeof(device));
	host = strsep(&at, ":");
	port = strsep(&at, ":");
	strsep(&at, ":");
	community = at;
	if (host[0] == '\0') {
		say(r, CHECK_ERROR, UPSTYPE,
		    "UPSTYPE snmp without the UPS's address in DEVICE: it cannot be "
		    "found. "
		    "Write DEVICE 192.168.0.30:161:APC:public, with its own address");
		return;
	}
	target = port == NULL || port[0] == '\0' || strcmp(port, "161") == 0
		     ? xstrdup(host)
		     : xasprintf("%s:%s", host, port);
	foreign(r, "snmp-ups", target);
	free(target);
	if (community != NULL && community[0] != '\0')
		more(r, "community", community);
}

/* The UPS hangs on another machine, of which apcupsd tells only values. */
static void
take_net(struct reader *r)
{
	struct setup_answers *a = r->answers;
	char host[VALUE_MAX + 1];
	const char *device = value(r, DEVICE), *colon;

	if (a->mode == SETUP_UNSET)
		a->mode = SETUP_SECONDARY;
	if (device == NULL && a->at_host != NULL)
		return;
	if (device == NULL) {
		say(r, CHECK_ERROR, UPSTYPE,
		    "UPSTYPE net without the server's address in DEVICE: say it by "
		    "--join "
		    "UPS@ADDRESS");
		return;
	}
	colon = strchr(device, ':');
	if (colon == NULL)
		colon = device + strlen(device);
	memcpy(host, device, (size_t)(colon - device));
	host[colon - device] = '\0';
	fill(&a->at_host, host);
	fill(&a->at_ups, "ups");
	if (a->at_user == NULL || a->at_password == NULL)
		check_add(r->said, CHECK_WARNING, r->file, r->values[UPSTYPE].line,
		    "UPSTYPE net: %s has to speak the NUT protocol and to know this "
		    "machine. "
		    "Take that one over first, with `holdup setup --from apcupsd --lan`; "
		    "at "
		    "its end it prints the line with --join to type here",
		    host);
}

static void
take_pcnet(struct reader *r)
{
	say(r, CHECK_ERROR, UPSTYPE,
	    "UPSTYPE pcnet: neither holdup nor NUT speaks PowerChute's protocol. The "
	    "same "
	    "cards speak SNMP: switch it on there, and write UPSTYPE snmp and DEVICE "
	    "ADDRESS:161:APC:COMMUNITY");
}

static const struct {
	const char *name;
	void (*take)(struct reader *r);
} types[] = {
    {"usb", take_usb},
    {"modbus", take_modbus},
    {"apcsmart", take_smart},
    {"smartups", take_smart}, /* its name of old */
    {"dumb", take_dumb},
    {"snmp", take_snmp},
    {"netsnmp", take_snmp},
    {"net", take_net},
    {"pcnet", take_pcnet},
};

static void
take_type(struct reader *r)
{
	const char *type = value(r, UPSTYPE);

	for (size_t i = 0; type != NULL && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcasecmp(types[i].name, type) == 0) {
			types[i].take(r);
			return;
		}
	if (type == NULL)
		say(r, CHECK_WARNING, UPSTYPE,
		    "there is no UPSTYPE: a UPS on USB is taken for granted");
	else
		check_add(r->said, CHECK_WARNING, r->file, r->values[UPSTYPE].line,
		    "\"%.40s\" is no UPSTYPE: a UPS on USB is taken for granted", type);
	ups(r);
}

static void
take_name(struct reader *r)
{
	const char *name = value(r, UPSNAME);

	if (name == NULL || r->answers->nups == 0)
		return;
	if (setup_name_ok(name)) {
		fill(&ups(r)->name, name);
		return;
	}
	fill(&ups(r)->desc, name);
	check_add(r->said, CHECK_NOTE, r->file, r->values[UPSNAME].line,
	    "\"%.40s\" cannot be the name of a UPS here: it becomes its description",
	    name);
}

/* A number of apcupsd, 0 where it is missing, switched off or none. */
static unsigned
number(const struct reader *r, enum meant word)
{
	long n = strtol(r->values[word].text, NULL, 10);

	return n > 0 && n <= NUMBER_MAX ? (unsigned)n : 0;
}

static void
take_limits(struct reader *r)
{
	struct setup_answers *a = r->answers;

	if (a->charge_percent == 0 && number(r, BATTERYLEVEL) <= 100)
		a->charge_percent = number(r, BATTERYLEVEL);
	if (a->runtime_s == 0)
		a->runtime_s = number(r, MINUTES) * 60;
	if (a->on_battery_s == 0)
		a->on_battery_s = number(r, TIMEOUT);
}

/* Whether others can ask apcupsd; it says yes to both where nothing is said. */
static bool
others_ask(const struct reader *r)
{
	const char *on = value(r, NETSERVER), *ip = value(r, NISIP);
	const struct allow local = {.kind = ALLOW_LOCALHOST};

	if (on != NULL && strcasecmp(on, "on") != 0)
		return false;
	return ip == NULL || !allow_matches(&local, ip, NULL);
}

static void
take_role(struct reader *r)
{
	struct setup_answers *a = r->answers;
	const char *port = value(r, NISPORT);
	bool asked = others_ask(r);

	if (a->mode == SETUP_UNSET)
		a->mode = asked ? SETUP_SERVER : SETUP_STANDALONE;
	if (!a->lan_said && a->mode == SETUP_SERVER) {
		a->lan = asked;
		a->lan_said = true;
	}
	if (asked)
		check_add(r->said, CHECK_WARNING, r->file, r->values[NETSERVER].line,
		    "who asks apcupsd on port %s (apcaccess, a page, another apcupsd) "
		    "gets "
		    "no answer there any more: holdup speaks the NUT protocol, on port "
		    "3493",
		    port != NULL ? port : NIS_PORT);
}

/* Says what there is to say of the words that mean nothing here. */
static void
say_rest(struct reader *r)
{
	for (size_t i = MEANT; i < WORDS; i++) {
		const char *name = words[i].name, *text = r->values[i].text;
		struct buf sentence = {0};

		if (words[i].text == NULL || text[0] == '\0' ||
		    (words[i].usual != NULL && strcasecmp(words[i].usual, text) == 0))
			continue;
		for (const char *p = words[i].text; *p != '\0'; p++)
			if (strncmp(p, "%s", 2) == 0) {
				buf_puts(&sentence, text);
				p++;
			} else {
				buf_add(&sentence, p, 1);
			}
		check_add(r->said, CHECK_NOTE, r->file, r->values[i].line, "%s %s: %s",
		    name, text, buf_str(&sentence));
		buf_free(&sentence);
	}
}

void
apcupsd_read(const char *file, const char *text, size_t len, struct setup_answers *a,
    struct check_list *said)
{
	struct reader *r = xcalloc(1, sizeof(*r));
	const char *end = text + strnlen(text, len), *line = text;

	r->file = file;
	r->answers = a;
	r->said = said;
	for (int number = 1; line < end; number++) {
		const char *lf = memchr(line, '\n', (size_t)(end - line));

		take_line(r, number, line, lf != NULL ? lf : end);
		line = lf != NULL ? lf + 1 : end;
	}
	take_type(r);
	take_name(r);
	if (a->mode != SETUP_SECONDARY)
		take_role(r);
	take_limits(r);
	say_rest(r);
	free(r);
}
