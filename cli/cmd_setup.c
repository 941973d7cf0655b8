/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/folder.h"
#include "cli/setup.h"
#include "cli/systemctl.h"
#include "cli/takeover.h"
#include "lib/paths.h"
#include "lib/xmem.h"
#include "setup/tell.h"

#define CAUSE_MAX 256
#define PASSWORD_LEN 20

/* A password of random letters and digits, without those that look like others. */
static char *
password(void)
{
	static const char letters[] =
	    "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
	const unsigned n = sizeof(letters) - 1, most = 256 / n * n;
	char *text = xcalloc(PASSWORD_LEN + 1, 1);
	unsigned char byte;

	for (size_t i = 0; i < PASSWORD_LEN;) {
		if (getrandom(&byte, 1, 0) != 1)
			continue;
		if (byte < most) /* else some letters would come more often */
			text[i++] = letters[byte % n];
	}
	return text;
}

/* What a run has in its hands. */
struct run {
	struct setup_options o;
	struct setup_answers a;
	struct setup_found found;
	struct check_conf *there;
	struct setup_result result;
	struct takeover
	    *takeover; /* who does the work here until now; NULL: not ours to ask */
};

/* Nobody is asked five questions whose answers cannot be written. */
static int
may_write(const struct run *r)
{
	if (r->o.dry_run || access(r->o.folder, W_OK) == 0 || errno == ENOENT)
		return 0;
	return cli_complain("cannot write to %s (%s)%s", r->o.folder, strerror(errno),
		   geteuid() != 0 ? ": run it with sudo" : "") -
	       2;
}

/* The configuration that is there; an empty one where the folder is not. */
static struct check_conf *
read_there(const char *folder)
{
	struct check_conf *c;
	struct check_list found = {0};

	if (access(folder, F_OK) == 0 || errno != ENOENT) {
		c = folder_read(folder);
	} else {
		c = xcalloc(1, sizeof(*c));
		c->folder = xstrdup(folder);
		for (size_t i = 0; i < CHECK_FILES; i++)
			c->files[i].path = xasprintf("%s/%s", folder, check_names[i]);
	}
	if (c != NULL)
		check_read(c, &found);
	check_list_free(&found);
	return c;
}

static void
say_device(const char *text)
{
	printf("Found on USB: %s\n", text);
}

/* What is there to be set up, as far as no option has said it. */
static void
look(struct run *r)
{
	struct setup_answers *a = &r->a;
	const bool tell = !r->o.json;

	setup_usual(&r->found.usual, r->there);
	if (a->mode != SETUP_SECONDARY)
		r->found.upses = setup_find_usb(a, tell ? say_device : NULL);
	if (a->mode != SETUP_SECONDARY && a->nups == 0 && r->there->ups.nupses == 0 &&
	    tell)
		puts("No UPS on USB yet: plug in its data cable, at any time; 'holdup "
		     "probe' "
		     "tells more.");
	if ((a->mode == SETUP_UNSET && r->found.upses == 0 &&
		r->found.usual.mode == SETUP_UNSET) ||
	    (a->mode == SETUP_SECONDARY && a->at_host == NULL &&
		r->found.usual.far == NULL)) {
		if (tell)
			puts("Looking for UPSes in this network ...");
		setup_find_servers(&r->found.servers);
	}
	for (size_t i = 0; tell && i < r->found.servers.count; i++)
		printf("Found in this network: %s at %s\n", r->found.servers.list[i].name,
		    r->found.servers.list[i].address);
}

/* What Enter would not say: names, passwords, this machine's own address. */
static void
complete(struct run *r)
{
	struct setup_answers *a = &r->a;

	if (r->o.ups != NULL && a->mode != SETUP_SECONDARY) {
		if (a->nups == 0)
			setup_add_ups(a);
		free(a->ups[0].name);
		a->ups[0].name = xstrdup(r->o.ups);
	}
	for (size_t i = 1; i < a->nups; i++)
		if (a->ups[i].name == NULL && a->ups[0].name != NULL)
			a->ups[i].name = xasprintf("%s%zu", a->ups[0].name, i + 1);
	a->local_password = password();
	a->far_password = password();
	for (size_t i = 0; i < a->nnas; i++)
		a->nas[i].password = password();
	a->address = setup_find_address(a->nnas > 0 ? a->nas[0].address : NULL);
}

/* Says what stands there and contradicts; asks once whether that is to be replaced. */
static void
settle(struct run *r)
{
	bool loose = false;

	for (size_t i = 0; i < r->result.nclashes; i++) {
		const struct setup_clash *c = &r->result.clashes[i];

		loose |= !c->firm;
		if (!r->o.json)
			printf("\n%s:%d: %s%s\n", r->there->files[c->file].path, c->line,
			    c->text, c->firm || !r->o.talks ? ". It stays" : "");
	}
	if (!loose || !r->o.talks || !setup_ask_yes("Replace what stands there? [Y/n] "))
		return;
	setup_result_free(&r->result);
	r->a.replace = true;
	setup_compose(&r->a, r->there, &r->result);
}

/* The last word: nothing is written that holdup check finds an error in. */
static int
judge(const struct run *r)
{
	struct check_conf *next = setup_files_next(r->there, &r->result);
	struct check_list found = {0};
	bool wrong = false;

	check_all(&next, 1, &found);
	for (size_t i = 0; i < found.count; i++) {
		const struct check_finding *f = &found.list[i];

		if (f->weight == CHECK_NOTE || (r->o.json && f->weight != CHECK_ERROR))
			continue;
		wrong |= f->weight == CHECK_ERROR;
		fprintf(stderr, "%s:%d: %s: %s\n", f->file, f->line,
		    check_word(f->weight), f->text);
	}
	check_list_free(&found);
	check_free(next);
	free(next);
	if (!wrong)
		return 0;
	cli_complain("nothing is written: that has to be mended first");
	return -1;
}

/* A login that is refused now would be refused in an outage. */
static int
try_login(const struct run *r)
{
	char cause[CAUSE_MAX];
	int result;

	if (r->a.mode != SETUP_SECONDARY)
		return 0;
	result = setup_find_login(&r->a, cause, sizeof(cause));
	if (result == -1)
		return cli_complain(
			   "%s refuses %s@%s as %s: %s. Nothing is written; 'holdup "
			   "setup' on that machine prints the right line",
			   r->a.at_host, r->a.at_ups, r->a.at_host, r->a.at_user, cause) -
		       2;
	if (result == 1)
		cli_complain("%s cannot be asked now (%s): the login is not tried",
		    r->a.at_host, cause);
	return 0;
}

/* A machine that only has what a secondary needs can serve nothing. */
static int
has_parts(const struct run *r)
{
	char *driver = paths_program("hid");
	const bool has = driver != NULL || r->a.mode == SETUP_SECONDARY || !r->o.machine;

	free(driver);
	if (has)
		return 0;
	cli_complain(
	    "what serves a UPS is not installed on this machine: sudo apt install "
	    "holdup. For one that hangs on another: --join UPS@HOST");
	return -1;
}

static bool
changes(const struct setup_result *result)
{
	for (size_t i = 0; i < CHECK_FILES; i++)
		if (result->texts[i] != NULL)
			return true;
	return false;
}

static void
tell_others(const struct run *r)
{
	struct tell t;

	tell_make(&t, &r->a, &r->result);
	if (t.count > 0)
		puts("\nOn the other machines:");
	for (size_t i = 0; i < t.count; i++) {
		const char *line = t.rows[i].what;

		printf("\n%s\n", t.rows[i].who);
		while (*line != '\0') {
			const int len = (int)strcspn(line, "\n");

			printf("    %.*s\n", len, line);
			line += len + (line[len] == '\n');
		}
	}
	tell_free(&t);
}

/* The same for programs: what was written, what stayed, what is to be done elsewhere. */
static void
tell_json(const struct run *r, bool written)
{
	json_t *files = json_array(), *stays = json_array(), *others = json_array();
	json_t *upses = json_array(), *all;
	struct tell t;

	for (size_t i = 0; i < CHECK_FILES; i++)
		if (r->result.texts[i] != NULL)
			json_array_append_new(
			    files, json_string(r->there->files[i].path));
	for (size_t i = 0; i < r->result.nclashes; i++)
		json_array_append_new(stays,
		    json_pack("{s:s, s:i, s:s}", "file",
			r->there->files[r->result.clashes[i].file].path, "line",
			r->result.clashes[i].line, "text", r->result.clashes[i].text));
	for (size_t i = 0; i < r->result.nupses; i++)
		json_array_append_new(upses, json_string(r->result.upses[i]));
	tell_make(&t, &r->a, &r->result);
	for (size_t i = 0; i < t.count; i++)
		json_array_append_new(others, json_pack("{s:s, s:s}", "who",
						  t.rows[i].who, "what", t.rows[i].what));
	tell_free(&t);
	all = json_pack("{s:b, s:o, s:o, s:o, s:o}", "written", (int)written, "files",
	    files, "stays", stays, "upses", upses, "others", others);
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
}

/* The service, where this is about this machine; then what it tells. */
static int
start(const struct run *r)
{
	const bool far = r->a.mode == SETUP_SECONDARY;
	char port[8];

	if (!r->o.machine || !systemctl_there()) {
		if (!r->o.json && (!r->o.machine || paths_private()))
			printf("\nNothing is started: %s is not this machine's own "
			       "folder.\n",
			    r->o.folder);
		else if (!r->o.json)
			puts("\nThere is no systemd here: start holdupd as this machine "
			     "starts its services.");
		return 0;
	}
	if (setup_start(r->result.texts[CHECK_NUT] != NULL) == -1)
		return -1;
	if (r->o.json)
		return 0;
	snprintf(port, sizeof(port), "%u", r->a.at_port != 0 ? r->a.at_port : 3493U);
	if (far)
		setup_start_show(r->a.at_ups, r->a.at_host, port);
	else
		setup_start_show(r->result.upses[0], "localhost", r->result.port);
	return 0;
}

/* Shows what would become another, and who would notice. Returns 0, or -1 when it may not
 * be. */
static int
show(const struct run *r)
{
	struct check_conf *next;
	struct check_list found = {0};

	if (!r->o.json && changes(&r->result))
		setup_files_diff(r->there, &r->result);
	else if (!r->o.json)
		puts("\nEverything is there already: no file has to be changed.");
	if (judge(r) == -1 || try_login(r) == -1)
		return -1;
	if (r->o.json || r->takeover == NULL)
		return 0;
	next = setup_files_next(r->there, &r->result);
	check_read(next, &found);
	takeover_tell(r->takeover, next);
	check_list_free(&found);
	check_free(next);
	free(next);
	return 0;
}

/* The last question. Where that means no, *status is the exit status. */
static bool
is_wanted(const struct run *r, int *status)
{
	const bool changed = changes(&r->result), hands = takeover_wanted(r->takeover);

	*status = 0;
	if (!r->o.dry_run && (r->o.yes || (!changed && !hands)))
		return true;
	if (!r->o.dry_run && r->o.talks) {
		*status = 1;
		if (setup_ask_yes(!changed ? "\nHand over now? [Y/n] "
				  : hands  ? "\nWrite this, and hand over? [Y/n] "
					   : "\nWrite this? [Y/n] "))
			return true;
	}
	if (!r->o.dry_run && !r->o.talks)
		*status =
		    cli_complain("there is no terminal to ask: say --yes, or --dry-run");
	if (r->o.json)
		tell_json(r, false);
	else
		puts("\nNothing is written.");
	return false;
}

/* Shows what would be written, asks, writes, hands over, starts. Returns an exit status. */
static int
carry_out(struct run *r)
{
	int status;

	if (r->o.machine)
		r->takeover = takeover_look(r->there);
	if (show(r) == -1)
		return 1;
	if (!is_wanted(r, &status))
		return status;
	if (setup_files_write(r->there, &r->result,
		r->takeover != NULL ? takeover_wrote : NULL) == -1 ||
	    (r->takeover != NULL && takeover_hand(r->takeover) == -1) || start(r) == -1)
		return 1;
	if (r->o.json)
		tell_json(r, true);
	else
		tell_others(r);
	return 0;
}

static void
end(struct run *r)
{
	if (r->there != NULL)
		check_free(r->there);
	free(r->there);
	takeover_free(r->takeover);
	setup_result_free(&r->result);
	setup_answers_free(&r->a);
	free(r->o.folder);
}

int
cmd_setup(int argc, char **argv)
{
	struct run r = {0};
	int status = 1;

	if (setup_options_take(&r.o, &r.a, argc, argv) != 0)
		;
	else if (r.o.undo)
		status = takeover_undo(r.o.yes);
	else if (may_write(&r) == 0 &&
		 (r.o.from == NULL || takeover_from(r.o.from, &r.a) == 0) &&
		 (r.there = read_there(r.o.folder)) != NULL) {
		look(&r);
		if (setup_ask(&r.a, &r.o, &r.found) == 0 && has_parts(&r) == 0) {
			complete(&r);
			setup_compose(&r.a, r.there, &r.result);
			settle(&r);
			status = carry_out(&r);
		}
	}
	end(&r);
	return status;
}
