/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/setup.h"
#include "cli/systemctl.h"
#include "cli/takeover.h"
#include "cli/undo.h"
#include "lib/conf.h"
#include "lib/paths.h"
#include "lib/xmem.h"
#include "setup/undo.h"

#define RECORD "setup.undo"
#define AFTER ".after-holdup" /* what a file that is given back was until then */

/* Makes the names in the folder of this file as lasting as its bytes. */
static void
sync_folder(const char *path)
{
	char *copy = xstrdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd != -1) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

/* Opens the record to be added to; its folder is made where it is missing. */
static int
record_open(const char *path)
{
	char *folder = paths_memory("");

	mkdir(folder, 0711);
	free(folder);
	return open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
}

int
undo_keep(struct buf *lines)
{
	char *path = paths_memory(RECORD), last = '\n';
	const size_t len = lines->len;
	int fd = record_open(path), result = -1;
	struct stat st;

	/* A line that the power has cut off is ended. */
	if (fd != -1 && fstat(fd, &st) == 0 && st.st_size > 0 &&
	    pread(fd, &last, 1, st.st_size - 1) == 1 && last != '\n')
		(void)!write(fd, "\n", 1);
	if (fd != -1 && setup_files_put(fd, buf_str(lines), len) == 0 && fsync(fd) == 0)
		result = 0;
	if (result == 0)
		sync_folder(path);
	else
		cli_complain("cannot write %s: %s. Nothing goes on without it, for it "
			     "knows the way back",
		    path, strerror(errno));
	if (fd != -1)
		close(fd);
	free(path);
	return result;
}

int
undo_step(enum unit_act act, const char *name)
{
	const char *const args[] = {"--quiet", unit_act_word(act), name, NULL};

	return systemctl(args, NULL) == 0 ? 0 : -1;
}

/* True where there is something of it to be given back still. */
static bool
is_due(const struct undo_file *f)
{
	return access(f->copy != NULL ? f->copy : f->path, F_OK) == 0;
}

/* The old file in the place of the new one, which is kept under another name. Whoever is
 * interrupted anywhere in here does the rest when he is called again. */
static int
file_back(const struct undo_file *f)
{
	char *after = xasprintf("%s" AFTER, f->path);
	int result = 0;

	if (is_due(f)) {
		if ((rename(f->path, after) == -1 && errno != ENOENT) ||
		    (f->copy != NULL && rename(f->copy, f->path) == -1))
			result = -1;
		if (result == -1)
			cli_complain("cannot give %s back: %s", f->path, strerror(errno));
		sync_folder(f->path);
	}
	free(after);
	return result;
}

/* All files. Of those that setup writes later other copies count. */
static int
files_back(const struct undo *u)
{
	struct buf line = {0};
	int result = 0;

	for (size_t i = u->nfiles; i-- > 0;)
		result |= file_back(&u->files[i]);
	if (result == 0 && u->nfiles > 0) {
		undo_add_back(&line);
		result = undo_keep(&line);
		buf_free(&line);
	}
	return result;
}

/* True when a unit is on this machine still; of nut-driver@ups its template is. */
static bool
is_there(const struct units *now, const char *name)
{
	const char *at = strchr(name, '@'), *dot = strrchr(name, '.');
	char *template = NULL;
	const struct unit *u;
	bool there;

	if (at != NULL && dot != NULL && dot > at)
		template = xasprintf("%.*s%s", (int)(at + 1 - name), name, dot);
	u = units_find(now, template != NULL ? template : name);
	there = u != NULL && u->state[0] != '\0';
	free(template);
	return there;
}

/* Says what is about to be given back. */
static void
tell(const struct undo *u, const struct units *now)
{
	puts("This comes back:");
	for (size_t i = 0; i < u->nfiles; i++)
		if (!is_due(&u->files[i]))
			continue;
		else if (u->files[i].copy != NULL)
			printf(
			    "  %s, as it was (%s)\n", u->files[i].path, u->files[i].copy);
		else
			printf("  %s goes away: there was none\n", u->files[i].path);
	for (size_t i = 0; i < u->units.count; i++) {
		const struct unit *unit = &u->units.list[i];

		if (unit->side == UNIT_OURS && unit->active)
			printf("  %s goes on, on these files\n", unit->name);
		else if (unit->side == UNIT_OURS)
			printf("  %s is stopped%s\n", unit->name,
			    strcmp(unit->state, "enabled") == 0 ? "" : " and disabled");
		else if (!is_there(now, unit->name))
			printf("  %s cannot: it is not on this machine any more. Install "
			       "its package again\n",
			    unit->name);
		else
			printf("  %s: %s%s%s\n", unit->name, unit->state,
			    unit->state[0] != '\0' ? ", " : "",
			    unit->active ? "started" : "not started");
	}
}

/* The steps of one half: ours, or those of the others. */
static int
steps_back(const struct unit_steps *steps, const struct units *now, bool ours)
{
	int result = 0;

	for (size_t i = 0; i < steps->count; i++) {
		const struct unit_step *s = &steps->list[i];
		const bool mine = strcmp(s->name, UNIT_HOLDUP) == 0;

		if (mine != ours || !is_there(now, s->name))
			continue;
		if (undo_step(s->act, s->name) == -1) {
			cli_complain("systemctl %s %s fails: 'journalctl -u %s' says why",
			    unit_act_word(s->act), s->name, s->name);
			result = -1;
		}
	}
	return result;
}

/* holdup goes on where it has run before setup: with the files as they were. */
static void
ours_again(const struct undo *u)
{
	static const char *const args[] = {
	    "--quiet", "try-reload-or-restart", UNIT_HOLDUP, NULL};
	const struct unit *ours = units_find(&u->units, UNIT_HOLDUP);

	if (systemctl_there() && ours != NULL && ours->active)
		systemctl(args, NULL);
}

static int
give_back(const struct undo *u, const struct units *now)
{
	struct unit_steps steps = {0};
	int result;

	if (systemctl_there())
		units_back(&u->units, &steps);
	result = steps_back(&steps, now, true);
	result |= files_back(u);
	result |= steps_back(&steps, now, false);
	ours_again(u);
	unit_steps_free(&steps);
	return result;
}

/* Asks; true when it is to be done. */
static bool
is_wanted(bool yes)
{
	if (yes)
		return true;
	if (!isatty(STDIN_FILENO)) {
		cli_complain("there is no terminal to ask: say --yes");
		return false;
	}
	return setup_ask_yes("Give it back? [Y/n] ");
}

int
takeover_undo(bool yes)
{
	char *path = paths_memory(RECORD), *text;
	struct undo u = {0};
	struct units now = {0};
	size_t len;
	int status = 1;

	text = conf_slurp(path, &len);
	if (text == NULL && errno == ENOENT) {
		cli_complain("there is nothing to give back: holdup setup has changed "
			     "nothing on this machine (%s is not there)",
		    path);
		goto out;
	}
	if (text == NULL) {
		cli_complain("cannot read %s: %s", path, strerror(errno));
		goto out;
	}
	undo_read(&u, text, len);
	if (systemctl_there() && undo_units(&now) == -1) {
		cli_complain("systemctl does not say which units there are: nothing is "
			     "changed");
		goto out;
	}
	tell(&u, &now);
	if (!is_wanted(yes)) {
		puts("Nothing is changed.");
	} else if (give_back(&u, &now) == 0) {
		unlink(path);
		puts("Done.");
		status = 0;
	}
out:
	units_free(&now);
	undo_free(&u);
	free(text);
	free(path);
	return status;
}
