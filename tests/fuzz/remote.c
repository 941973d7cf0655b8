/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "remote/client.h"
#include "remote/merge.h"
#include "remote/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a far server can never bring about. */
static void
check(struct client *c)
{
	const struct state *s = client_state(c);

	if (s->nvars > MERGE_MAX || s->ncmds > MERGE_MAX)
		abort();
	for (size_t i = 0; i < s->nvars; i++)
		if (strncmp(s->vars[i]->name, "driver.", 7) == 0)
			abort();
}

/* Things that happen besides lines: time, a lost connection, commands. */
static int
event(struct client *c, char what, uint64_t *now)
{
	switch (what) {
	case '+':
		*now += 1700;
		return client_tick(c, *now);
	case '-':
		client_down(c, *now);
		client_up(c, *now);
		return 0;
	case '!':
		client_instcmd(c, "load.off", NULL, 1, *now);
		return 0;
	case '=':
		client_set(c, "ups.id", "a \"b\"", 2, *now);
		return 0;
	case '*':
		if (client_wants_tls(c))
			client_secured(c, *now);
		return 0;
	default:
		return 0;
	}
}

/* Lines of a server; one that begins with `@` is an event. Nothing is said while TLS is to
 * begin. The first is also tried as
 * the port of a section. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct client_options o = {.ups = "ups",
	    .user = "admin",
	    .password = "secret",
	    .login = CLIENT_PRIMARY,
	    .tls = size % 3, /* one of enum client_tls */
	    .poll_ms = 2000,
	    .alert_ms = 1000};
	struct client *c = client_new(&o);
	char *text = malloc(size + 1), *line = text;
	unsigned long ticket;
	enum dserver_status status;
	struct target target;
	char cause[512];
	uint64_t now = 0;
	int result = 0;

	memcpy(text, data, size);
	text[size] = '\0';
	target_parse(&target, text, cause, sizeof(cause));
	client_up(c, now);
	buf_clear(client_out(c));
	while (line < text + size && result == 0) {
		size_t left = (size_t)(text + size - line);
		char *lf = memchr(line, '\n', left);
		size_t len = lf == NULL ? left : (size_t)(lf - line);

		if (*line == '@' && len > 1)
			result = event(c, line[1], &now);
		else
			result = client_line(c, line, len, now);
		while (client_result(c, &ticket, &status))
			;
		if (client_wants_tls(c) && client_out(c)->len > 0)
			abort();
		buf_clear(client_out(c));
		client_next(c);
		line += len + (lf != NULL);
	}
	check(c);
	client_free(c);
	free(text);
	return 0;
}
