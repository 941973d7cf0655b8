/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_upsd.h"
#include "lib/conf_users.h"
#include "lib/xmem.h"

struct reader {
	struct users_conf *conf;
	struct conf_user *user; /* NULL before the first head */
};

static void
list_add(char ***list, size_t *n, const char *text)
{
	*list = xreallocarray(*list, *n + 1, sizeof(**list));
	(*list)[(*n)++] = xstrdup(text);
}

static void
list_free(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}

/* "X is no Y", with the nearest of what there is; the word is passed over. */
static void
bad_value(const struct conf_line *line, const char *value, const char *const *known)
{
	const char *near = conf_nearest(value, known);

	if (near != NULL)
		conf_fault(line,
		    "%s takes no \"%.40s\", did you mean \"%s\"? It is ignored",
		    line->words->argv[0], value, near);
	else
		conf_fault(line, "%s takes no \"%.40s\": it is ignored",
		    line->words->argv[0], value);
}

static void
take_password(struct conf_user *u, const struct conf_line *line, int at)
{
	const struct words *w = line->words;

	if (w->argc > at + 1)
		conf_fault(line,
		    "only the first word is taken as password: put one with blanks "
		    "into \"quotes\"");
	free(u->password);
	u->password = xstrdup(w->argv[at]);
}

static void
take_actions(struct conf_user *u, const struct conf_line *line, int at)
{
	static const char *const known[] = {"SET", "FSD", NULL};

	for (; at < line->words->argc; at++) {
		const char *value = line->words->argv[at];

		if (strcasecmp(value, "SET") == 0)
			u->action_set = true;
		else if (strcasecmp(value, "FSD") == 0)
			u->action_fsd = true;
		else
			bad_value(line, value, known);
	}
}

static void
take_instcmds(struct conf_user *u, const struct conf_line *line, int at)
{
	for (; at < line->words->argc; at++)
		list_add(&u->instcmds, &u->ninstcmds, line->words->argv[at]);
}

static void
from_rule(struct user_from *from, const struct allow *rule)
{
	from->rules = xreallocarray(from->rules, from->nrules + 1, sizeof(*from->rules));
	from->rules[from->nrules++] = *rule;
}

static void
take_allowfrom(struct conf_user *u, const struct conf_line *line, int at)
{
	struct user_from *from;
	struct allow rule;

	for (; at < line->words->argc; at++) {
		u->allowfrom =
		    xreallocarray(u->allowfrom, u->nallowfrom + 1, sizeof(*u->allowfrom));
		from = &u->allowfrom[u->nallowfrom++];
		*from = (struct user_from){
		    .word = xstrdup(line->words->argv[at]), .line = line->line};
		if (allow_read(&rule, from->word) == 0)
			from_rule(from, &rule);
	}
}

static void
take_upsmon(struct conf_user *u, const struct conf_line *line, int at)
{
	static const char *const known[] = {
	    "primary", "secondary", "master", "slave", NULL};
	const char *value = line->words->argv[at];

	if (strcasecmp(value, "primary") == 0 || strcasecmp(value, "master") == 0)
		u->upsmon = USER_UPSMON_PRIMARY;
	else if (strcasecmp(value, "secondary") == 0 || strcasecmp(value, "slave") == 0)
		u->upsmon = USER_UPSMON_SECONDARY;
	else
		bad_value(line, value, known);
}

static const struct key {
	const char *name;
	void (*take)(struct conf_user *u, const struct conf_line *line, int at);
} keys[] = {
    {"password", take_password},
    {"actions", take_actions},
    {"instcmds", take_instcmds},
    {"upsmon", take_upsmon},
    {"allowfrom", take_allowfrom},
};

static const char *const key_names[] = {
    "password", "actions", "instcmds", "upsmon", "allowfrom", NULL};

/* A user by exact name; NULL when there is none. */
static struct conf_user *
find(const struct users_conf *c, const char *name)
{
	for (size_t i = 0; i < c->nusers; i++)
		if (strcmp(c->users[i].name, name) == 0)
			return &c->users[i];
	return NULL;
}

static void
take_head(struct reader *r, const struct conf_line *line)
{
	struct users_conf *c = r->conf;

	r->user = find(c, line->section);
	if (r->user != NULL) {
		conf_fault(line,
		    "a second section [%.40s]: its lines are added to that of line %d",
		    line->section, r->user->line);
		return;
	}
	c->users = xreallocarray(c->users, c->nusers + 1, sizeof(*c->users));
	r->user = &c->users[c->nusers++];
	*r->user = (struct conf_user){.name = xstrdup(line->section), .line = line->line};
}

static void
take_line(void *arg, const struct conf_line *line)
{
	struct reader *r = arg;
	const struct words *w = line->words;
	size_t i = 0;
	int at;

	if (w == NULL) {
		take_head(r, line);
		return;
	}
	while (key_names[i] != NULL && strcasecmp(keys[i].name, w->argv[0]) != 0)
		i++;
	if (key_names[i] == NULL) {
		conf_unknown(line, 0, key_names);
		return;
	}
	if (r->user == NULL) {
		conf_fault(line,
		    "\"%.40s\" stands before the first [user]: the line is ignored",
		    w->argv[0]);
		return;
	}
	at = w->argc > 1 && !w->quoted[1] && strcmp(w->argv[1], "=") == 0 ? 2 : 1;
	if (at >= w->argc)
		conf_fault(line, "%s has no value: the line is ignored", w->argv[0]);
	else
		keys[i].take(r->user, line, at);
}

void
users_conf_read(struct users_conf *c, const char *file, const char *text, size_t len,
    struct problems *p)
{
	struct reader r = {.conf = c};

	*c = (struct users_conf){0};
	conf_walk(file, text, len, p, take_line, &r);
	for (size_t i = 0; i < c->nusers; i++)
		if (c->users[i].password == NULL)
			problems_add(p, file, c->users[i].line,
			    "nobody can log in as \"%.40s\": the section has no password",
			    c->users[i].name);
}

/* Takes the meaning of a word from the ACL lines of this name. */
static void
from_acls(struct user_from *from, const struct upsd_conf *upsd)
{
	for (size_t i = 0; i < upsd->nacls; i++) {
		struct allow rule = {ALLOW_BLOCK, upsd->acls[i].block};

		if (strcmp(upsd->acls[i].name, from->word) == 0)
			from_rule(from, &rule);
	}
}

void
users_conf_acls(struct users_conf *c, const char *file, const struct upsd_conf *upsd,
    struct problems *p)
{
	for (size_t i = 0; i < c->nusers; i++) {
		struct conf_user *u = &c->users[i];
		size_t known = 0;

		for (size_t j = 0; j < u->nallowfrom; j++) {
			struct user_from *from = &u->allowfrom[j];

			if (from->nrules == 0)
				from_acls(from, upsd);
			known += from->nrules;
			if (from->nrules == 0)
				problems_add(p, file, from->line,
				    "allowfrom knows no \"%.40s\": write localhost, lan, "
				    "an address, or a block such as 192.168.0.0/24. The "
				    "word is ignored",
				    from->word);
		}
		if (u->nallowfrom > 0 && known == 0)
			problems_add(p, file, u->allowfrom[0].line,
			    "allowfrom of \"%.40s\" says nothing that is known: that "
			    "user may come from everywhere, as in NUT",
			    u->name);
	}
}

static void
from_free(struct user_from *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(list[i].word);
		free(list[i].rules);
	}
	free(list);
}

void
users_conf_free(struct users_conf *c)
{
	for (size_t i = 0; i < c->nusers; i++) {
		struct conf_user *u = &c->users[i];

		free(u->name);
		free(u->password);
		list_free(u->instcmds, u->ninstcmds);
		from_free(u->allowfrom, u->nallowfrom);
	}
	free(c->users);
	*c = (struct users_conf){0};
}

const struct conf_user *
users_conf_find(const struct users_conf *c, const char *name)
{
	return find(c, name);
}

bool
conf_password_hashed(const char *stored)
{
	/* crypt(5): yescrypt, gost-yescrypt, scrypt, bcrypt, SHA-512, SHA-256, SHA-1, Sun
	 * MD5, MD5, NTHASH. */
	static const char *const schemes[] = {"$y$", "$gy$", "$7$", "$2a$", "$2b$",
	    "$2x$", "$2y$", "$6$", "$5$", "$sha1$", "$md5$", "$md5,", "$1$", "$3$"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (strncmp(stored, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

bool
users_conf_hashed(const struct users_conf *c)
{
	for (size_t i = 0; i < c->nusers; i++)
		if (c->users[i].password != NULL &&
		    conf_password_hashed(c->users[i].password))
			return true;
	return false;
}

bool
conf_password_same(const char *stored, const char *said)
{
	size_t n = strlen(stored), m = strlen(said);
	volatile unsigned char differ = n != m;

	for (size_t i = 0; i < m; i++)
		differ |= (unsigned char)(said[i] ^ stored[i % (n + 1)]);
	return differ == 0 && !conf_password_hashed(stored);
}

bool
conf_user_instcmd(const struct conf_user *u, const char *cmd)
{
	for (size_t i = 0; i < u->ninstcmds; i++)
		if (strcasecmp(u->instcmds[i], "ALL") == 0 ||
		    strcasecmp(u->instcmds[i], cmd) == 0)
			return true;
	return false;
}

bool
conf_user_from(
    const struct conf_user *u, const char *address, const struct allow_nets *nets)
{
	bool any = false;

	for (size_t i = 0; i < u->nallowfrom; i++) {
		const struct user_from *from = &u->allowfrom[i];

		for (size_t j = 0; j < from->nrules; j++)
			if (allow_matches(&from->rules[j], address, nets))
				return true;
		any = any || from->nrules > 0;
	}
	return !any;
}
