/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dummy/player.h"
#include "dummy/script.h"
#include "lib/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ENTRY "[u]\ndriver = dummy-ups\nport = x.seq\noverride.ups.id = x\n"

/* What no file can bring about. */
static void
check(const struct player *p)
{
	const struct state *s = player_state(p);

	if (strcmp(state_get(s, "driver.name"), "dummy-ups") != 0 ||
	    strcmp(state_get(s, "ups.id"), "x") != 0)
		abort();
	for (size_t i = 0; i < s->nvars; i++)
		if (!state_name_ok(s->vars[i]->name) || *s->vars[i]->text == '\0')
			abort();
}

/* A file, played for a while, read again in the middle, with a setting in between. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problems problems = {0};
	struct ups_conf conf;
	struct entry entry;
	struct script script;
	struct player *p;
	char cause[256];
	uint64_t now = 0;

	ups_conf_read(&conf, "ups.conf", ENTRY, strlen(ENTRY), &problems);
	if (entry_read(&entry, &conf, &conf.upses[0], "/", "ups.conf", &problems, cause,
		sizeof(cause)) < 0)
		abort();
	p = player_new(&entry);
	for (int round = 0; round < 8; round++) {
		if (round % 3 == 0) {
			script_read(
			    &script, "x.seq", (const char *)data, size, &problems);
			player_load(p, &script, now);
		}
		player_set(p, "ups.status", round % 2 == 0 ? "OB" : "");
		if (player_next(p) != UINT64_MAX)
			now = player_next(p);
		player_tick(p, now);
		check(p);
	}
	player_free(p);
	entry_free(&entry);
	ups_conf_free(&conf);
	problems_free(&problems);
	return 0;
}
