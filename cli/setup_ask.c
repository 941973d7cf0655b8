/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"
#include "cli/secret.h"
#include "cli/setup.h"
#include "cli/target.h"
#include "lib/buf.h"
#include "lib/xmem.h"
#include "setup/box.h"

#define CAUSE_MAX 256
#define UPS "ups"
#define USER "secondary"

/* The questions, as far as they have come. */
struct asking {
	struct setup_answers *a;
	const struct setup_options *o;
	const struct setup_found *found;
	int number; /* of the last one that was asked */
	struct buf
	    missing; /* options that would have said it, where nobody can be asked */
	bool ended;  /* the input has */
};

/* One question. The answer without the blanks around it, for the caller to free; NULL for
 * Enter, and where nobody is asked. */
static char *
ask(struct asking *q, const char *prompt)
{
	char *answer, *text;
	size_t len;

	if (!q->o->talks || q->ended)
		return NULL;
	if ((answer = secret_ask(prompt)) == NULL) {
		q->ended = true;
		return NULL;
	}
	text = answer + strspn(answer, " \t");
	len = strlen(text);
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	text = len > 0 ? xstrndup(text, len) : NULL;
	free(answer);
	return text;
}

/* Says a question before its prompt, with its number; or keeps what would have said it. */
static void
head(struct asking *q, const char *option, const char *text)
{
	if (!q->o->talks)
		buf_printf(&q->missing, "%s%s", q->missing.len > 0 ? ", " : "", option);
	else if (!q->ended)
		fprintf(stderr, "\n%d. %s\n", ++q->number, text);
}

bool
setup_ask_yes(const char *question)
{
	char *answer = secret_ask(question);
	const bool yes =
	    answer != NULL && (*answer == '\0' || strncasecmp(answer, "y", 1) == 0);

	free(answer);
	return yes;
}

/* What this machine most likely is to be. */
static enum setup_mode
likely(const struct asking *q)
{
	if (q->found->usual.mode != SETUP_UNSET)
		return q->found->usual.mode;
	if (q->found->upses == 0 && q->a->nups == 0 && q->found->servers.count > 0)
		return SETUP_SECONDARY;
	return SETUP_SERVER;
}

static void
ask_mode(struct asking *q)
{
	const enum setup_mode usual = likely(q);
	char prompt[32], *answer;

	if (q->a->mode != SETUP_UNSET)
		return;
	head(q, "--mode",
	    "What is this machine to be?\n"
	    "   1  a server: the UPS's USB cable is on it, and others hang on that UPS, "
	    "too\n"
	    "   2  alone: the UPS's USB cable is on it, and nobody else hangs on that "
	    "UPS\n"
	    "   3  a secondary: the cable is on another machine, which tells this one");
	snprintf(prompt, sizeof(prompt), "   [%s] ",
	    usual == SETUP_SECONDARY    ? "3"
	    : usual == SETUP_STANDALONE ? "2"
					: "1");
	while ((answer = ask(q, prompt)) != NULL && q->a->mode == SETUP_UNSET) {
		if (strcmp(answer, "1") == 0 || strcasecmp(answer, "server") == 0)
			q->a->mode = SETUP_SERVER;
		else if (strcmp(answer, "2") == 0 || strcasecmp(answer, "alone") == 0)
			q->a->mode = SETUP_STANDALONE;
		else if (strcmp(answer, "3") == 0 || strcasecmp(answer, "secondary") == 0)
			q->a->mode = SETUP_SECONDARY;
		free(answer);
		if (q->a->mode != SETUP_UNSET)
			return;
	}
	q->a->mode = usual;
}

/* A name for the first UPS, unless ups.conf has one already. */
static void
ask_name(struct asking *q)
{
	char *answer = NULL;

	if (q->o->ups != NULL || q->found->usual.named || q->a->nups == 0 ||
	    q->a->ups[0].name != NULL)
		return;
	head(q, "--ups",
	    q->a->nups == 1
		? "What is the UPS to be called? A short name, without blanks."
		: "What is the first UPS to be called? The others get its name "
		  "and a number.");
	while ((answer = ask(q, "   [" UPS "] ")) != NULL && !setup_name_ok(answer)) {
		fprintf(stderr, "   Letters, digits, - and _ please.\n");
		free(answer);
	}
	q->a->ups[0].name = answer;
}

static void
ask_lan(struct asking *q)
{
	/* Where somebody has configured it, that is what holds. */
	const bool usual = q->found->usual.mode == SETUP_UNSET || q->found->usual.lan;
	char *answer;

	if (q->a->lan_said || q->a->mode != SETUP_SERVER)
		return;
	head(q, "--lan or --no-lan",
	    "May the other machines of this network use it? They log in with a password\n"
	    "   that is made now, and may order nothing; values are read without.");
	answer = ask(q, usual ? "   [Y/n] " : "   [y/N] ");
	q->a->lan = answer == NULL ? usual : strncasecmp(answer, "y", 1) == 0;
	q->a->lan_said = true;
	free(answer);
}

int
setup_take_nas(struct setup_answers *a, const char *text, char *cause, size_t size)
{
	const char *equals = strchr(text, '=');
	char *word =
	    xstrndup(text, equals != NULL ? (size_t)(equals - text) : strlen(text));
	const struct setup_box *box = box_find(word);
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *all = NULL;
	char address[INET6_ADDRSTRLEN];
	struct setup_nas *nas;
	int result = -1;

	if (box == NULL)
		snprintf(cause, size,
		    "no NAS is known as \"%.40s\": write one of %s, then = "
		    "and its address",
		    word, box_words());
	else if (equals == NULL || equals[1] == '\0')
		snprintf(
		    cause, size, "write its address behind it: %s=192.168.0.20", word);
	else if (getaddrinfo(equals + 1, NULL, &hints, &all) != 0 ||
		 getnameinfo(all->ai_addr, all->ai_addrlen, address, sizeof(address),
		     NULL, 0, NI_NUMERICHOST) != 0)
		snprintf(cause, size,
		    "\"%.60s\" is no address, and no name that is known here",
		    equals + 1);
	else {
		nas = setup_add_nas(a);
		nas->box = box;
		nas->address = xstrdup(address);
		result = 0;
	}
	if (all != NULL)
		freeaddrinfo(all);
	free(word);
	return result;
}

static void
ask_nas(struct asking *q)
{
	char *answer, *word, *rest, cause[CAUSE_MAX];
	bool good = false;

	if (q->a->nnas > 0 || q->a->mode != SETUP_SERVER)
		return;
	head(q, "--nas",
	    "Is there a NAS that hangs on it? Say which and where, with a blank between\n"
	    "   several: qnap=192.168.0.20, synology=..., truenas=..., unraid=...");
	while (!good && (answer = ask(q, "   [none] ")) != NULL) {
		good = true;
		for (word = strtok_r(answer, " ,", &rest); word != NULL && good;
		     word = strtok_r(NULL, " ,", &rest)) {
			good = setup_take_nas(q->a, word, cause, sizeof(cause)) == 0;
			if (!good)
				fprintf(stderr, "   %s\n", cause);
		}
		free(answer);
	}
}

bool
setup_url_ok(const char *url, const char *scheme)
{
	const size_t len = strlen(scheme);
	const char *place;

	if (strncasecmp(url, scheme, len) != 0)
		return false;
	place = url + len + (url[len] == 's' || url[len] == 'S');
	if (strncmp(place, "://", 3) != 0)
		return false;
	place += 3;
	return *place != '\0' && place[strcspn(place, "/?@")] != '@';
}

static void
ask_home(struct asking *q)
{
	struct setup_answers *a = q->a;
	char *answer;

	if (a->domoticz != NULL || a->mqtt != NULL || a->mode == SETUP_SECONDARY)
		return;
	head(q, "--domoticz or --mqtt",
	    "Is there a Domoticz, or a broker (MQTT) that Home Assistant listens to?\n"
	    "   http://192.168.0.20:8080 is a Domoticz, mqtt://192.168.0.5 a broker.");
	while ((answer = ask(q, "   [none] ")) != NULL) {
		if (setup_url_ok(answer, "mqtt"))
			a->mqtt = answer;
		else if (setup_url_ok(answer, "http"))
			a->domoticz = answer;
		else {
			fprintf(stderr,
			    "   It begins with http:// or mqtt://, and the login "
			    "is asked for next.\n");
			free(answer);
			continue;
		}
		break;
	}
	if (answer == NULL)
		return;
	answer = ask(q, "   Its user [none] ");
	if (answer != NULL && !q->ended)
		*(a->mqtt != NULL ? &a->mqtt_password : &a->domoticz_password) =
		    secret_password();
	*(a->mqtt != NULL ? &a->mqtt_user : &a->domoticz_user) = answer;
}

int
setup_take_join(struct setup_answers *a, const char *text)
{
	const bool named = strchr(text, '@') != NULL;
	struct target t;
	char *end;
	long port;

	if (target_parse(&t, text, !named, "", "3493") == -1)
		return -1;
	port = strtol(t.port, &end, 10);
	if (*t.host == '\0' || *end != '\0' || port < 1 || port > 65535) {
		target_free(&t);
		return -1;
	}
	free(a->at_ups);
	free(a->at_host);
	a->at_ups = t.ups != NULL ? xstrdup(t.ups) : NULL;
	a->at_host = xstrdup(t.host);
	a->at_port = (unsigned short)port;
	target_free(&t);
	return 0;
}

/* What upsmon.conf has already. */
static void
take_far(struct setup_answers *a, const struct conf_monitor *m)
{
	a->at_ups = xstrdup(m->ups);
	a->at_host = xstrdup(m->host);
	a->at_port = (unsigned short)strtoul(m->port, NULL, 10);
	if (a->at_user == NULL && a->at_password == NULL) {
		a->at_user = xstrdup(m->user);
		a->at_password = xstrdup(m->password);
	}
}

/* One that was found in this network. */
static void
take_found(struct setup_answers *a, const struct mdns_server *s)
{
	free(a->at_host);
	a->at_host = xstrdup(s->address);
	a->at_port = s->port;
}

/* What Enter means: the one that is configured, else the first that was found. */
static void
take_first(struct asking *q)
{
	if (q->found->usual.far != NULL)
		take_far(q->a, q->found->usual.far);
	else if (q->found->servers.count > 0)
		take_found(q->a, &q->found->servers.list[0]);
}

/* The server: one that is configured, was found, or is named. */
static void
ask_server(struct asking *q)
{
	const struct mdns_servers *s = &q->found->servers;
	const struct conf_monitor *far = q->found->usual.far;
	const char *usual = far != NULL ? far->system : s->count > 0 ? "1" : NULL;
	char prompt[CAUSE_MAX] = "   ", *answer;
	unsigned long n;

	if (q->a->at_host != NULL)
		return;
	head(q, "--join",
	    "On which machine is the UPS's cable? Its address, or UPS@ADDRESS.");
	for (size_t i = 0; q->o->talks && i < s->count; i++)
		fprintf(stderr, "   %zu  %s (%s)\n", i + 1, s->list[i].address,
		    s->list[i].name);
	if (usual != NULL)
		snprintf(prompt, sizeof(prompt), "   [%.60s] ", usual);
	while (q->a->at_host == NULL) {
		if ((answer = ask(q, prompt)) == NULL) {
			if (!q->ended)
				take_first(q);
			if (q->ended || !q->o->talks)
				return;
			continue;
		}
		n = strlen(answer) < 3 ? strtoul(answer, NULL, 10) : 0;
		if (n > 0 && n <= s->count)
			take_found(q->a, &s->list[n - 1]);
		else if (setup_take_join(q->a, answer) == -1)
			fprintf(
			    stderr, "   For example: 192.168.0.9, or ups@192.168.0.9\n");
		free(answer);
	}
}

/* Which of the server's UPSes: the only one, the one of the usual name, or the first. */
static void
ask_which(struct asking *q)
{
	char port[8], cause[CAUSE_MAX], **names, *answer = NULL;

	if (q->a->at_host == NULL || q->a->at_ups != NULL)
		return;
	snprintf(port, sizeof(port), "%u", q->a->at_port);
	names = setup_find_upses(q->a->at_host, port, cause, sizeof(cause));
	if (names == NULL)
		fprintf(stderr,
		    "   %s does not tell which UPSes it has (%s): taking \"" UPS "\"\n",
		    q->a->at_host, cause);
	else if (names[1] != NULL) {
		head(q, "--join UPS@HOST",
		    "It has several UPSes. Which of them feeds this machine?");
		for (size_t i = 0; q->o->talks && names[i] != NULL; i++)
			fprintf(stderr, "   %s\n", names[i]);
		answer = ask(q, "   [the first] ");
	}
	q->a->at_ups = answer != NULL ? answer : xstrdup(names != NULL ? names[0] : UPS);
	setup_find_free(names);
}

static void
ask_login(struct asking *q)
{
	struct setup_answers *a = q->a;

	if (a->at_password != NULL)
		return;
	head(q, "--user and --password",
	    "The login there, which 'holdup setup' has printed on that machine (or an\n"
	    "   account of its /etc/nut/upsd.users with upsmon secondary):");
	if (a->at_user == NULL && (a->at_user = ask(q, "   User [" USER "] ")) == NULL)
		a->at_user = xstrdup(USER);
	if (q->o->talks && !q->ended)
		a->at_password = secret_password();
}

/* Whether all has been answered; -1 after a message. */
static int
judge(struct asking *q)
{
	const struct setup_answers *a = q->a;
	const bool sure = q->o->talks || q->o->yes || q->o->dry_run || q->o->json;

	if (q->ended)
		cli_complain("the input ended: nothing is written");
	else if (!sure && q->missing.len > 0)
		cli_complain(
		    "there is no terminal to ask: say %s; or --yes, which takes what "
		    "Enter would take. Nothing is written",
		    buf_str(&q->missing));
	else if (a->mode == SETUP_SECONDARY &&
		 (a->at_host == NULL || a->at_password == NULL))
		cli_complain(
		    "which server, and with which login? --join UPS@HOST --user NAME "
		    "--password WORD, as 'holdup setup' has printed it there");
	else
		return 0;
	return -1;
}

int
setup_ask(struct setup_answers *a, const struct setup_options *o,
    const struct setup_found *found)
{
	struct asking q = {.a = a, .o = o, .found = found};
	int result;

	ask_mode(&q);
	if (a->mode == SETUP_SECONDARY) {
		ask_server(&q);
		ask_which(&q);
		ask_login(&q);
	} else {
		ask_name(&q);
		ask_lan(&q);
		ask_nas(&q);
		ask_home(&q);
	}
	result = judge(&q);
	buf_free(&q.missing);
	return result;
}
