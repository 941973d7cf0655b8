/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "remote/ask.h"

/* How each question reads: words, then the UPS, the name, the value where it has them. */
static const struct {
	const char *words, *tail;
	bool ups;
} ask_forms[] = {
    [ASK_STARTTLS] = {"STARTTLS", NULL, false},
    [ASK_SUBSCRIBE] = {"SUBSCRIBE", NULL, true},
    [ASK_LIST_VAR] = {"LIST VAR", NULL, true},
    [ASK_LIST_RW] = {"LIST RW", NULL, true},
    [ASK_LIST_CMD] = {"LIST CMD", NULL, true},
    [ASK_STATUS] = {"GET VAR", " ups.status", true},
    [ASK_TYPE] = {"GET TYPE", NULL, true},
    [ASK_ENUM] = {"LIST ENUM", NULL, true},
    [ASK_RANGE] = {"LIST RANGE", NULL, true},
    [ASK_USERNAME] = {"USERNAME", NULL, false},
    [ASK_PASSWORD] = {"PASSWORD", NULL, false},
    [ASK_LOGIN] = {"LOGIN", NULL, true},
    [ASK_PRIMARY] = {"PRIMARY", NULL, true},
    [ASK_MASTER] = {"MASTER", NULL, true},
    [ASK_FSD] = {"FSD", NULL, true},
    [ASK_LOGINS] = {"GET NUMLOGINS", NULL, true},
    [ASK_INSTCMD] = {"INSTCMD", NULL, true},
    [ASK_SET] = {"SET VAR", NULL, true},
};

void
ask_add(struct asks *q, enum ask_kind kind, const char *name, const char *value,
    unsigned long ticket)
{
	struct ask *a = xcalloc(1, sizeof(*a));

	a->kind = kind;
	a->name = name == NULL ? NULL : xstrdup(name);
	a->value = value == NULL ? NULL : xstrdup(value);
	a->ticket = ticket;
	STAILQ_INSERT_TAIL(q, a, entry);
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

void
ask_once(struct asks *q, enum ask_kind kind, const char *name)
{
	const struct ask *a = STAILQ_FIRST(q);

	while (a != NULL && (a = STAILQ_NEXT(a, entry)) != NULL)
		if (a->kind == kind && same_text(a->name, name))
			return;
	ask_add(q, kind, name, NULL, 0);
}

void
ask_pop(struct asks *q)
{
	struct ask *a = STAILQ_FIRST(q);

	STAILQ_REMOVE_HEAD(q, entry);
	free(a->name);
	free(a->value);
	free(a);
}

bool
ask_has_ticket(const struct ask *a)
{
	return a->kind == ASK_INSTCMD || a->kind == ASK_SET;
}

void
ask_format(struct buf *out, const struct ask *a, const char *ups)
{
	buf_puts(out, ask_forms[a->kind].words);
	if (ask_forms[a->kind].ups)
		buf_printf(out, " %s", ups);
	if (ask_forms[a->kind].tail != NULL)
		buf_puts(out, ask_forms[a->kind].tail);
	if (a->name != NULL)
		buf_printf(out, " %s", a->name);
	if (a->value != NULL) {
		buf_puts(out, " ");
		buf_quoted(out, a->value);
	}
	buf_puts(out, "\n");
}
