/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_HOLDUP_H
#define LIB_CONF_HOLDUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/allow.h"
#include "lib/conf.h"
#include "lib/conf_ups.h"
#include "lib/kinds.h"

/*
 * holdup.conf: what NUT has no words for. Sections of `word = value` in NUT's quoting, as
 * in ups.conf: [kind] switches one thing on, [kind name] says something of one machine.
 * holdupd reads it to know what is to be started, the others for what concerns them. A new
 * kind of section is a file of its own and a row of kinds[] in conf_holdup.c.
 */

/* A value that Domoticz can be told by a number of its own: `word = idx` (docs/publishing.md,
 * 4). */
struct conf_sensor {
	const char *word;
	const char *variables[2]; /* NUT's; the first that is known counts */
	int decimals;             /* of the number as Domoticz wants it */
};

#define CONF_SENSORS 3
extern const struct conf_sensor conf_sensors[CONF_SENSORS];

/* Where a broker of MQTT listens. */
struct conf_broker {
	char *host, *port; /* an address or a name; decimal */
	bool tls;
};

#define CONF_BROKERS_MAX 16

/* [domoticz] */
struct conf_domoticz {
	bool wanted; /* it has a url, or a broker and a sensor */
	int line;    /* of the section's head; 0: none */
	char *url; /* "http://192.168.0.9:8080", without a slash at its end; NULL: MQTT */
	struct conf_broker broker; /* of `url = mqtt://…`; host NULL: HTTP */
	char *user, *password;     /* NULL: sent without */
	char *ups;                 /* NULL: the first one by numbers, all of them else */
	char *hardware;            /* its name in Domoticz; NULL: "UPS" */
	char *prefix;              /* of its topics in MQTT; NULL: "domoticz" */
	bool numbered;             /* `idx` says which sensors there are: none is made */
	int idx[CONF_SENSORS];     /* the virtual sensor's number; 0: not sent */
};

/* [mqtt] (docs/publishing.md, 3) */
struct conf_mqtt {
	bool wanted;                 /* it has a url */
	int line;                    /* of the section's head; 0: none */
	struct conf_broker *brokers; /* of one cluster, in the order of `url` */
	size_t nbrokers;
	char *user, *password;
	char *ca;          /* path; NULL: the machine's authorities */
	char *certificate; /* path; NULL: this client has none */
	char *key;         /* path; NULL: in the same file */
	char *site;        /* NULL: the name of the host */
	char *prefix;      /* of its topics; NULL: "holdup" */
	char *discovery;   /* Home Assistant's prefix; NULL: "homeassistant" */
	bool silent;       /* discovery = no */
	bool devices;      /* form = device: one message for each UPS */
	/* What may be ordered and set from there; "all" is a word of its own (3.4). */
	char **commands, **settings;
	size_t ncommands, nsettings;
	uint64_t events; /* bits of enum kind */
};

/* How a message is sent: one file of publish/ each. */
enum conf_via {
	CONF_VIA_UNSAID,
	CONF_VIA_NTFY,
	CONF_VIA_TELEGRAM,
	CONF_VIA_DISCORD,
	CONF_VIA_PUSHOVER,
	CONF_VIA_MATRIX,
	CONF_VIA_WEBHOOK,
	CONF_VIA_MAIL,
	CONF_VIAS
};
extern const char *const conf_vias[CONF_VIAS + 1]; /* "" for UNSAID, the last one NULL */

#define CONF_NOTIFIES_MAX 16
#define CONF_HEADERS_MAX 16

/* [notify phone] (docs/notify.md) */
struct conf_notify {
	char *name;
	int line;
	bool wanted; /* what its `via` needs is said */
	enum conf_via via;
	char *url;    /* without a slash at its end; NULL: the service's own */
	int url_line; /* where it stands */
	char *user, *password, *token;
	char *to, *from;    /* chat, room, user key; addresses with "," between them */
	char *ca;           /* path of authorities; NULL: the machine's */
	char *title, *text; /* templates (docs/notify.md, 4); NULL: ours */
	char *body, *type;  /* of a webhook: template of the whole body, Content-Type */
	char *headers[CONF_HEADERS_MAX]; /* "Name: value" */
	size_t nheaders;
	char *ups;                /* NULL: all */
	uint64_t events;          /* bits of enum kind */
	int quiet_from, quiet_to; /* minutes of the day; equal: never quiet */
	int wait;                 /* s that the mains must be gone before it is told: 0 */
	int fold;                 /* s in which repeats are folded: 600 */
	bool summary;             /* one message when it is over: yes */
};

/* How one knows that a machine is off; CONF_OFF_UNSAID: see docs/plan.md, 1. */
enum conf_off {
	CONF_OFF_UNSAID,
	CONF_OFF_LOGOUT,
	CONF_OFF_SILENT,
	CONF_OFF_PING,
	CONF_OFF_TCP
};

#define CONF_MACHINES_MAX 256
#define CONF_MAC_BYTES 6

/* [machine pi2]: one that hangs on UPSes, known by its login, its address, or both; when it
 * goes down, and how it comes back (docs/plan.md, 1). */
struct conf_machine {
	char *name;
	int line;
	char *login;   /* account of upsd.users; NULL: any */
	char *address; /* a literal one; NULL: any */
	bool self;     /* address = localhost: this machine */
	char **feeds;  /* sections of ups.conf; none: the first one */
	size_t nfeeds;
	int needs;                  /* feeds that it must have: 1 */
	int after, charge, runtime; /* s on battery, percent, s left; 0: not said */
	double voltage;             /* V; 0: not said */
	int takes; /* seconds from its LOGOUT (or last reading) until it is off; 0: not said */
	int boots;             /* seconds until it is seen again: 120 */
	char *hook, *wakehook; /* command lines; NULL: none */
	enum conf_off off;
	int off_port; /* of CONF_OFF_TCP */
	bool wakes;   /* by a magic packet to `mac` */
	unsigned char mac[CONF_MAC_BYTES];
};

/* [plan]: what concerns all machines. */
struct conf_plan {
	int line;    /* of the section's head; 0: none */
	int restart; /* percent of charge above which an outage is over: 30 */
	int calm;    /* seconds that the mains must have been there: 60 */
};

#define CONF_PLAN_DEFAULT                 \
	{                                 \
		.restart = 30, .calm = 60 \
	}

/* [server]: what concerns every client. */
struct conf_server {
	int line;              /* of the section's head; 0: none */
	bool closed;           /* who is not among `readers` logs in before reading */
	struct allow *readers; /* of `read` */
	size_t nreaders;
};

#define CONF_WEB_PORT 8493
#define CONF_WEB_LISTENS_MAX 32

struct conf_web_listen {
	char *address,
	    *port; /* literal, decimal; NULL address: `path` is a unix socket */
	char *path;
};

/* [web] (docs/page.md, 1): who looks at it, and how. */
struct conf_web {
	int line; /* of the section's head; 0: none */
	bool off;
	struct conf_web_listen
	    *listens; /* none: both loopback addresses, CONF_WEB_PORT */
	size_t nlistens;
	bool lan; /* `listen = lan`: by TCP nobody is served who does not come from
	           * localhost or lan (lib/allow.h) */
	char *certificate, *key; /* paths; NULL: HTTP; key NULL: in the same file */
	char *base;              /* "/ups", without a slash at its end; NULL: "" */
	struct allow *proxies;
	size_t nproxies;
	bool login;       /* nothing is shown without */
	double price;     /* of a kWh; 0: not said */
	char currency[4]; /* ISO 4217: "EUR" */
};

/* [history] */
struct conf_history {
	int line;
	bool off;
};

/* [tests] (docs/history.md, 4) */
struct conf_tests {
	int line;
	int quick, deep; /* days between two; 0: never */
	int from, to;    /* hours of the wall clock, `to` is not among them: 10, 16 */
};

#define CONF_TESTS_DEFAULT                                   \
	{                                                    \
		.quick = 30, .deep = 0, .from = 10, .to = 16 \
	}

/* What a client can be: words of `profile =` (net/profile.h says what each can bear), and
 * what net calls the readers that it recognises. */
enum conf_profile {
	CONF_UNKNOWN = -1, /* not said */
	CONF_STRANGER,
	CONF_FULL,   /* everything, as it came from the driver */
	CONF_HOLDUP, /* one of ours: it subscribed */
	CONF_UPSMON,
	CONF_UPSC, /* linked with libupsclient */
	CONF_QNAP,
	CONF_SYNOLOGY,
	CONF_TRUENAS,
	CONF_WINNUT,
	CONF_HOMEASSISTANT,
	CONF_NETDATA,
	CONF_PEANUT,
	CONF_NODENUT,
	CONF_GONUT,
	CONF_HON95,
	CONF_RUPS,
	CONF_PYNUT,
	CONF_CHECKUPS,
	CONF_COLLECTD,
	CONF_PROFILES
};
extern const char *const conf_profiles[CONF_PROFILES + 1]; /* the last one NULL */

/* The login that a box has hard-coded. */
struct conf_fixed {
	const char *box; /* in [client], `account = box` */
	const char *name, *password;
};

#define CONF_FIXED 3
extern const struct conf_fixed conf_fixed[CONF_FIXED];

/* [client 192.168.0.20] or [client fd00::/8] */
struct conf_client {
	struct allow_block block;
	int line;
	enum conf_profile profile;        /* CONF_UNKNOWN: by its conversation */
	const struct conf_fixed *account; /* works from here; NULL: none */
};

/* [ups myups] */
struct conf_names {
	char *ups; /* a section of ups.conf; see conf_names_check() */
	int line;
	char **aliases;
	size_t naliases;
	bool honest; /* its low-battery flag needs no evidence */
};

struct holdup_conf {
	struct conf_server server;
	struct conf_domoticz domoticz;
	struct conf_mqtt mqtt;
	struct conf_notify *notifies;
	size_t nnotifies;
	struct conf_plan plan;
	struct conf_web web;
	struct conf_history history;
	struct conf_tests tests;
	struct conf_machine *machines;
	size_t nmachines;
	struct conf_client *clients;
	size_t nclients;
	struct conf_names *names;
	size_t nnames;
};

/* Reads text; never fails as a whole. Unknown sections and words are problems with the
 * nearest known one; so is a section that says too little. */
void holdup_conf_read(struct holdup_conf *c, const char *file, const char *text,
    size_t len, struct problems *p);
void holdup_conf_free(struct holdup_conf *c);

/* True when it says what nobody else may know: a password, a token, the address of a
 * channel. */
bool holdup_conf_secret(const struct holdup_conf *c);

/* The first [client] section that holds this address and says what profile (or account)
 * the client has; NULL without one. */
const struct conf_client *conf_client_at(
    const struct holdup_conf *c, const char *address, bool account);

/* The [ups] section that has this name among its aliases, in any case; NULL without. */
const struct conf_names *conf_names_find(const struct holdup_conf *c, const char *alias);

/* A problem for each [ups] section whose UPS has no section in ups.conf, for each alias
 * that has one, and so is none, and for each `ups =` of who is told that has none. */
void conf_names_check(const struct holdup_conf *c, const struct ups_conf *upses,
    const char *file, struct problems *p);

/* Reads "mqtt://host[:1883]" or "mqtts://host[:8883]" (lib/conf_broker.c), and releases
 * what was in `b`. Returns 0, or -1 with a problem, and `b` as it was. */
int conf_broker_read(
    struct conf_broker *b, const struct conf_line *line, const char *text);
void conf_broker_free(struct conf_broker *b);

/* The words of `events =` from `at` on, for [mqtt] and [notify]: kinds, sets of them, "all",
 * and any of these behind a "-"; unknown ones are problems (lib/conf_events.c). What begins
 * with a "-" is taken from those that are in *events. */
void conf_events_take(uint64_t *events, const struct conf_line *line, int at);
#define CONF_EVENTS_BIT(kind) (UINT64_C(1) << (kind))
extern const uint64_t conf_events_notify, conf_events_mqtt; /* without that line */

/* Whether each channel says what its `via` needs, and nothing that it does not know; those
 * that do are wanted (lib/conf_way.c). */
void conf_notifies_check(struct holdup_conf *c, const char *file, struct problems *p);

/* True when [mqtt] lets this command (with `set`: this variable) be ordered from there. `all`
 * leaves out what may cut power (docs/publishing.md, 3.4; lib/conf_allows.c). */
bool conf_mqtt_allows(const struct conf_mqtt *m, bool set, const char *name);

/* A problem for each feed of a machine that has no section in ups.conf. */
void conf_machines_check(const struct holdup_conf *c, const struct ups_conf *upses,
    const char *file, struct problems *p);

/* True when who comes from this address (see allow_matches()) may read without login. */
bool conf_server_reads(
    const struct conf_server *s, const char *address, const struct allow_nets *nets);

/*
 * A kind of section. begin: where the lines of this section go, by `settings` (CONF_TEXT,
 * CONF_NUMBER, CONF_TAKE; args_max: words of its value); NULL, with a problem, when they
 * are to be ignored. check: what the sections say as a whole; NULL: nothing.
 */
struct conf_kind {
	const char *word;
	bool named; /* [word name] */
	void *(*begin)(struct holdup_conf *c, const struct conf_line *head);
	const struct conf_row *settings;
	void (*check)(struct holdup_conf *c, const char *file, struct problems *p);
	void (*free)(struct holdup_conf *c);
};

extern const struct conf_kind conf_kind_client, conf_kind_domoticz, conf_kind_history,
    conf_kind_machine, conf_kind_mqtt, conf_kind_notify, conf_kind_plan, conf_kind_server,
    conf_kind_tests, conf_kind_ups, conf_kind_web;

#endif
