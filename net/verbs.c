/* SPDX-License-Identifier: ISC */
#include <strings.h>

#include "net/reply.h"
#include "net/verbs.h"

/* The first two are what clients say all day. PROTVER is NETVER since NUT 2.8.0. */
static const struct verb verbs[] = {
    {"GET", VERB_READS, 1, -1, verb_get},
    {"LIST", VERB_READS, 1, -1, verb_list},
    {"VER", 0, 0, 0, verb_ver},
    {"NETVER", 0, 0, 0, verb_netver},
    {"PROTVER", 0, 0, 0, verb_netver},
    {"HELP", 0, 0, 0, verb_help},
    {"STARTTLS", 0, 0, -1, verb_starttls},
    {"USERNAME", 0, 1, 1, verb_username},
    {"PASSWORD", 0, 1, 1, verb_password},
    {"LOGIN", VERB_ACCOUNT, 1, 1, verb_login},
    {"LOGOUT", 0, 0, 0, verb_logout},
    {"PRIMARY", VERB_ACCOUNT, 1, 1, verb_primary},
    {"MASTER", VERB_ACCOUNT, 1, 1, verb_master},
    {"FSD", VERB_ACCOUNT, 1, 1, verb_fsd},
    {"SET", VERB_ACCOUNT, 1, -1, verb_set},
    {"INSTCMD", VERB_ACCOUNT, 2, -1, verb_instcmd},
    {"SUBSCRIBE", VERB_READS, 0, 1, verb_subscribe},
    {"UNSUBSCRIBE", 0, 0, 0, verb_unsubscribe},
    {NULL, 0, 0, 0, NULL},
};

/* The word for what a session has still to say before a verb that needs an account. */
static const char *
missing_account(const struct session *s)
{
	if (s->username == NULL)
		return "USERNAME-REQUIRED";
	return s->password == NULL ? "PASSWORD-REQUIRED" : NULL;
}

void
verbs_by_table(const struct verb *table, const char *unknown, struct session *s, int argc,
    char **argv, struct buf *out)
{
	const struct verb *v = table;
	const char *missing = NULL;

	while (v->name != NULL && strcasecmp(v->name, argv[0]) != 0)
		v++;
	if (v->name == NULL) {
		reply_err(out, unknown);
		return;
	}
	if (v->flags & VERB_ACCOUNT)
		missing = missing_account(s);
	if (missing != NULL)
		reply_err(out, missing);
	else if (argc - 1 < v->least || (v->most >= 0 && argc - 1 > v->most))
		reply_err(out, "INVALID-ARGUMENT");
	else if (!(v->flags & VERB_READS) || session_may_read(s, v->name, out))
		v->run(s, argc, argv, out);
}

void
verbs_run(struct session *s, int argc, char **argv, struct buf *out)
{
	if (argc == 0)
		reply_err(out, "UNKNOWN-COMMAND");
	else
		verbs_by_table(verbs, "UNKNOWN-COMMAND", s, argc, argv, out);
}

const char *
verbs_name(size_t i)
{
	return verbs[i].name;
}
