/* SPDX-License-Identifier: ISC */
#include "net/profile.h"
#include "net/reply.h"
#include "net/verbs.h"

/* STARTTLS, for those who can bear it (net/profile.h). Its OK comes from session_input(),
 * which knows whether anything stands behind it. RFC 9271. */
void
verb_starttls(struct session *s, int argc, char **argv, struct buf *out)
{
	bool offered = s->host->tls && session_profile(s)->starttls;

	if (s->secure)
		reply_err(out, "ALREADY-SSL-MODE");
	else if (!offered)
		reply_err(out, "FEATURE-NOT-CONFIGURED");
	else
		session_secure(s);
}
