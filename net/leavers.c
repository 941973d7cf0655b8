/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "net/leavers.h"

static void
forget(struct leavers *l, size_t i)
{
	struct leaver *leaver = &l->list[i];

	free(leaver->account);
	free(leaver->address);
	free(leaver->ups);
	l->count--;
	memmove(leaver, leaver + 1, (l->count - i) * sizeof(*leaver));
}

static char *
copy(const char *text)
{
	return text == NULL ? NULL : xstrdup(text);
}

void
leavers_add(struct leavers *l, const struct request *logout, uint64_t now_ms)
{
	if (l->count == LEAVERS_MAX)
		forget(l, 0);
	l->list[l->count++] = (struct leaver){
	    .id = logout->id,
	    .session = logout->session,
	    .account = copy(logout->account),
	    .address = copy(logout->address),
	    .ups = copy(logout->ups),
	    .said_ms = now_ms,
	};
}

void
leavers_answered(struct leavers *l, unsigned long id)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->list[i].id == id) {
			forget(l, i);
			return;
		}
}

void
leavers_clear(struct leavers *l)
{
	while (l->count > 0)
		forget(l, l->count - 1);
}

void
leavers_again(struct leavers *l, size_t i, unsigned long id, uint64_t now_ms,
    struct request *logout)
{
	struct leaver *leaver = &l->list[i];

	leaver->id = id;
	*logout = (struct request){
	    .id = id,
	    .session = leaver->session,
	    .account = leaver->account,
	    .address = leaver->address,
	    .verb = REQUEST_LOGOUT,
	    .ups = leaver->ups,
	    /* 0 would be one that is said now. */
	    .ago_ms = now_ms > leaver->said_ms ? now_ms - leaver->said_ms : 1,
	};
}
