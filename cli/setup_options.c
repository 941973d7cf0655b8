/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/folder.h"
#include "cli/secret.h"
#include "cli/setup.h"
#include "lib/xmem.h"

#define CAUSE_MAX 256

/* An option's word, or where that is "-" a line of standard input. */
static void
take_text(char **field, const char *text)
{
	free(*field);
	*field = strcmp(text, "-") == 0 ? secret_password() : xstrdup(text);
}

static int
take_mode(struct setup_answers *a, const char *word)
{
	static const struct {
		const char *word;
		enum setup_mode mode;
	} modes[] = {{"server", SETUP_SERVER}, {"standalone", SETUP_STANDALONE},
	    {"secondary", SETUP_SECONDARY}};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(modes[i].word, word) == 0) {
			a->mode = modes[i].mode;
			return 0;
		}
	return cli_complain(
	    "--mode takes server, standalone or secondary, not '%s'", word);
}

/* Options, by what getopt_long(3) returns for them. */
enum {
	MODE = 256,
	UPS,
	LAN,
	NO_LAN,
	NAS,
	DOMOTICZ,
	DOMOTICZ_USER,
	DOMOTICZ_PASSWORD,
	MQTT,
	MQTT_USER,
	MQTT_PASSWORD,
	JOIN,
	USER,
	PASSWORD,
	FROM,
	UNDO,
	FOLDER,
	DRY_RUN,
	YES,
	JSON
};

static const struct option longs[] = {
    {"mode", required_argument, NULL, MODE},
    {"ups", required_argument, NULL, UPS},
    {"lan", no_argument, NULL, LAN},
    {"no-lan", no_argument, NULL, NO_LAN},
    {"nas", required_argument, NULL, NAS},
    {"domoticz", required_argument, NULL, DOMOTICZ},
    {"domoticz-user", required_argument, NULL, DOMOTICZ_USER},
    {"domoticz-password", required_argument, NULL, DOMOTICZ_PASSWORD},
    {"mqtt", required_argument, NULL, MQTT},
    {"mqtt-user", required_argument, NULL, MQTT_USER},
    {"mqtt-password", required_argument, NULL, MQTT_PASSWORD},
    {"join", required_argument, NULL, JOIN},
    {"user", required_argument, NULL, USER},
    {"password", required_argument, NULL, PASSWORD},
    {"from", required_argument, NULL, FROM},
    {"undo", no_argument, NULL, UNDO},
    {"folder", required_argument, NULL, FOLDER},
    {"dry-run", no_argument, NULL, DRY_RUN},
    {"yes", no_argument, NULL, YES},
    {"json", no_argument, NULL, JSON},
    {NULL, 0, NULL, 0},
};

/* Where the word of an option goes that is a text; NULL: it is none of these. */
static char **
text_field(struct setup_answers *a, int option)
{
	switch (option) {
	case DOMOTICZ_USER:
		return &a->domoticz_user;
	case DOMOTICZ_PASSWORD:
		return &a->domoticz_password;
	case MQTT_USER:
		return &a->mqtt_user;
	case MQTT_PASSWORD:
		return &a->mqtt_password;
	case USER:
		return &a->at_user;
	case PASSWORD:
		return &a->at_password;
	default:
		return NULL;
	}
}

/* What is wrong with a URL is said before anything is shown, and without its words. */
static int
take_url(char **field, const char *name, const char *scheme, const char *example)
{
	if (!setup_url_ok(optarg, scheme))
		return cli_complain(
		    "--%s takes a URL such as %s; a login there is said by "
		    "--%s-user and --%s-password",
		    name, example, name, name);
	take_text(field, optarg);
	return 0;
}

/* An option that says something about this run. */
static int
take_option(struct setup_options *o, struct setup_answers *a, int option)
{
	char cause[CAUSE_MAX];

	switch (option) {
	case MODE:
		return take_mode(a, optarg);
	case UPS:
		if (!setup_name_ok(optarg))
			return cli_complain(
			    "'%s' cannot name a UPS: take letters, digits, "
			    "\"-\" and \"_\"",
			    optarg);
		o->ups = optarg;
		return 0;
	case LAN:
	case NO_LAN:
		a->lan = option == LAN;
		a->lan_said = true;
		return 0;
	case DOMOTICZ:
		return take_url(
		    &a->domoticz, "domoticz", "http", "http://192.168.0.20:8080");
	case MQTT:
		return take_url(&a->mqtt, "mqtt", "mqtt", "mqtt://192.168.0.5");
	case NAS:
		if (setup_take_nas(a, optarg, cause, sizeof(cause)) == -1)
			return cli_complain("--nas: %s", cause);
		return 0;
	case JOIN:
		if (setup_take_join(a, optarg) == -1)
			return cli_complain(
			    "--join takes UPS@HOST or UPS@HOST:PORT, not '%s'", optarg);
		a->mode = SETUP_SECONDARY;
		return 0;
	case FROM:
		o->from = optarg;
		return 0;
	case FOLDER:
		free(o->folder);
		o->folder = xstrdup(optarg);
		o->machine = false;
		return 0;
	default:
		o->undo |= option == UNDO;
		o->dry_run |= option == DRY_RUN;
		o->yes |= option == YES;
		o->json |= option == JSON;
		return option == '?' ? cli_usage("setup") : 0;
	}
}

int
setup_options_take(
    struct setup_options *o, struct setup_answers *a, int argc, char **argv)
{
	int option, result = 0;
	char **field;

	o->folder = folder_own();
	o->machine = true;
	while (result == 0 && (option = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if ((field = text_field(a, option)) != NULL)
			take_text(field, optarg);
		else
			result = take_option(o, a, option);
	}
	if (result == 0 && optind < argc)
		result = cli_usage("setup");
	/* Else it would be told to whoever answers mDNS first. */
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	if (result == 0 && a->at_password != NULL && a->at_host == NULL)
		result =
		    cli_complain("--password goes with --join UPS@HOST: it is told to "
				 "that server and to no other");
	o->talks = !o->yes && !o->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	return result;
}
