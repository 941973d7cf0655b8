/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/reply.h"
#include "net/session.h"

/* Bits of session_kind() above a look. */
#define KIND_MACHINE_SHIFT 32
#define KIND_KEPT (1ULL << 63)

/* True when what is known of the session so far does not speak against the machine, and
 * something speaks for it. */
static bool
is_machine(const struct session *s, const struct conf_machine *m)
{
	bool here = m->address != NULL && strcmp(m->address, s->address) == 0;

	if (m->address != NULL && !here)
		return false;
	if (m->login == NULL || (s->username == NULL && here))
		return here;
	return s->username != NULL && strcmp(m->login, s->username) == 0;
}

void
session_know_machine(struct session *s)
{
	const struct holdup_conf *own = s->host->own;

	s->machine = -1;
	for (size_t i = 0; own != NULL && i < own->nmachines && s->machine < 0; i++)
		if (!own->machines[i].self && is_machine(s, &own->machines[i]))
			s->machine = (int16_t)i;
}

/* As core shows the UPS to the machine. */
static enum feed_view
shown_view(const struct session *s, const struct feed_ups *u)
{
	return feed_view_of(
	    u, s->machine < 0 ? NULL : s->host->own->machines[s->machine].name);
}

enum feed_view
session_view(const struct session *s, const struct feed_ups *u)
{
	enum feed_view view = shown_view(s, u);

	if (view == FEED_VIEW_OLD)
		return s->kept ? FEED_VIEW_FSD : FEED_VIEW_NONE;
	return view;
}

uint64_t
session_look(const struct session *s, const struct feed_ups *u)
{
	return session_profile(s)->look | (uint64_t)session_view(s, u)
					      << REPLY_VIEW_SHIFT;
}

uint64_t
session_kind(const struct session *s)
{
	return session_profile(s)->look | (s->kept ? KIND_KEPT : 0) |
	       (uint64_t)(uint16_t)s->machine << KIND_MACHINE_SHIFT;
}

void
session_viewed(struct session *s)
{
	const struct feed_ups *u =
	    s->login == NULL ? NULL : feed_find(s->host->feed, s->login);
	enum feed_view view;

	if (u == NULL)
		return;
	view = shown_view(s, u);
	if (view != FEED_VIEW_OLD)
		s->kept = view == FEED_VIEW_FSD;
}

bool
session_is_viewed(const struct session *s, const char *machine)
{
	/* Who has a view of its own may yet be shown that of `*`: until core has said it. */
	return strcmp(machine, "*") == 0 ||
	       (s->machine >= 0 &&
		   strcmp(s->host->own->machines[s->machine].name, machine) == 0);
}
