/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/line.h"
#include "cli/notify_told.h"
#include "cli/notify_try.h"
#include "cli/term.h"
#include "cli/when.h"
#include "lib/conf_holdup.h"
#include "lib/conf_upsmon.h"
#include "lib/paths.h"
#include "lib/utf8.h"
#include "lib/xmem.h"

#define FILE_COLUMNS 1000 /* where no terminal cuts the lines */
#define GAP 2             /* columns */
#define PROGRAM "NOTIFYCMD"

/* What is asked for, and what the configuration says. */
struct asked {
	bool json, test;
	char **names; /* NULL-terminated; none: all */
	int conf_fd;  /* holdup.conf; -1: there is none */
	struct holdup_conf conf;
	struct upsmon_conf upsmon;
};

static void __attribute__((format(printf, 1, 2))) complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("holdup: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

/* Opens a file of the configuration and reads it; NULL where there is none, or after a
 * complaint, which `bad` tells. */
static char *
slurp(const char *path, int *fd, size_t *len, bool *bad)
{
	char *text = NULL;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	*bad = (*fd < 0 && errno != ENOENT) ||
	       (*fd >= 0 && (text = conf_slurp_fd(*fd, len)) == NULL);
	if (*bad)
		complain("%s: %s%s", path, strerror(errno),
		    errno == EACCES ? " (it holds passwords: ask as root)" : "");
	return text;
}

/* Reads holdup.conf and says what is wrong in it. 0, or 1 after a complaint. */
static int
read_channels(struct asked *a)
{
	struct problems problems = {0};
	size_t len = 0;
	bool bad;
	char *path = paths_conf("holdup.conf");
	char *text = slurp(path, &a->conf_fd, &len, &bad);

	if (text != NULL) {
		holdup_conf_read(&a->conf, path, text, len, &problems);
		problems_each(&problems, complain);
		problems_free(&problems);
		explicit_bzero(text, len);
	}
	free(text);
	free(path);
	return bad ? 1 : 0;
}

/* NOTIFYCMD is one more way, where upsmon.conf may be read. */
static void
read_program(struct asked *a)
{
	struct problems problems = {0};
	size_t len = 0;
	bool bad;
	int fd;
	char *path = paths_conf("upsmon.conf"), *text = slurp(path, &fd, &len, &bad);

	if (text != NULL) {
		upsmon_conf_read(&a->upsmon, path, text, len, &problems);
		problems_free(&problems);
		explicit_bzero(text, len);
	}
	free(text);
	free(path);
	if (fd >= 0)
		close(fd);
}

/* True when one of its types makes it run. */
static bool
is_run(const struct upsmon_conf *upsmon)
{
	for (size_t i = 0; i < NOTIFY_TYPES; i++)
		if (upsmon->notifyflags[i] & NOTIFY_EXEC)
			return true;
	return false;
}

static bool
is_asked(const struct asked *a, const char *name)
{
	if (*a->names == NULL)
		return true;
	for (char **n = a->names; *n != NULL; n++)
		if (strcmp(*n, name) == 0)
			return true;
	return false;
}

/* 0, or 1 after a word of what is called otherwise, or is not there at all. */
static int
check_names(const struct asked *a)
{
	const char *known[CONF_NOTIFIES_MAX + 2] = {NULL};
	size_t n = 0;

	for (; n < a->conf.nnotifies; n++)
		known[n] = a->conf.notifies[n].name;
	if (a->upsmon.notifycmd != NULL)
		known[n++] = PROGRAM;
	if (n == 0 && a->test)
		return cli_complain("there is nobody to be told: holdup.conf has no "
				    "[notify NAME], and upsmon.conf no NOTIFYCMD");
	for (char **name = a->names; *name != NULL; name++) {
		const char *near = conf_nearest(*name, known);
		size_t i = 0;

		while (i < n && strcmp(known[i], *name) != 0)
			i++;
		if (i < n)
			continue;
		if (near != NULL)
			return cli_complain(
			    "no channel '%s'; did you mean '%s'?", *name, near);
		return cli_complain(
		    "no channel '%s': holdup.conf has no [notify %s]", *name, *name);
	}
	return 0;
}

/* Columns of the widest name, and of the widest way. */
struct widths {
	int name, via;
};

static struct widths
widths(const struct asked *a)
{
	struct widths w = {0, 0};

	for (size_t i = 0; i < a->conf.nnotifies; i++) {
		const struct conf_notify *n = &a->conf.notifies[i];
		int name = (int)strlen(n->name), via = (int)strlen(conf_vias[n->via]);

		if (!is_asked(a, n->name))
			continue;
		w.name = name > w.name ? name : w.name;
		w.via = via > w.via ? via : w.via;
	}
	if (a->upsmon.notifycmd != NULL && is_asked(a, PROGRAM)) {
		w.name = (int)strlen(PROGRAM) > w.name ? (int)strlen(PROGRAM) : w.name;
		w.via = (int)strlen("program") > w.via ? (int)strlen("program") : w.via;
	}
	return w;
}

/* Name, way, and what is to be said of it, in as many lines as that needs. */
static void
say(struct widths w, enum line_look look, const char *name, const char *via,
    const char *text)
{
	struct view_style style = term_style(STDOUT_FILENO);
	const int columns = isatty(STDOUT_FILENO) ? style.columns : FILE_COLUMNS;
	const int room = columns - w.name - w.via - 2 * GAP;
	char *copy = xstrdup(text), *rest = copy;
	struct buf out = {0};

	do {
		struct line l = {&out, columns, style.colour, style.utf8};

		line_printf(&l, LINE_BOLD, "%-*s", w.name + GAP, name);
		line_printf(&l, LINE_PLAIN, "%-*s", w.via + GAP, via);
		line_text(&l, look, line_cut(&rest, room, style.utf8));
		buf_puts(&out, "\n");
		name = via = "";
	} while (*rest != '\0');
	fputs(buf_str(&out), stdout);
	buf_free(&out);
	free(copy);
}

/* What a channel has told, what waits, and what stands in the way. */
static void
say_channel(const struct conf_notify *n, const struct notify_told *told, struct widths w)
{
	const char *via = conf_vias[n->via], *name = n->name;
	char at[32], *text;

	if (!n->wanted) {
		say(w, LINE_BAD, name, via, "is not used: see above");
		return;
	}
	if (told->at != 0)
		text =
		    xasprintf("%s  %s", when_text(at, sizeof(at), told->at), told->text);
	else
		text = xstrdup("has told nothing yet");
	say(w, LINE_PLAIN, name, via, text);
	free(text);
	if (told->fails_at != 0) {
		text = xasprintf("has failed since %s: %s",
		    when_text(at, sizeof(at), told->fails_at), told->fails);
		say(w, LINE_BAD, "", "", text);
		free(text);
	}
	if (told->waiting > 0) {
		text = xasprintf("%zu event%s wait%s since %s", told->waiting,
		    told->waiting == 1 ? "" : "s", told->waiting == 1 ? "s" : "",
		    when_text(at, sizeof(at), told->waiting_since));
		say(w, LINE_WARN, "", "", text);
		free(text);
	}
}

static json_t *
moment(int64_t ms)
{
	return ms == 0 ? json_null() : json_real((double)ms / 1000);
}

/* A text from elsewhere, which may be no UTF-8. */
static json_t *
foreign(const char *text)
{
	struct buf clean = {0};
	json_t *said;

	utf8_add(&clean, text);
	said = json_string(buf_str(&clean));
	buf_free(&clean);
	return said;
}

/* A moment and a text, or null. */
static json_t *
telling(int64_t ms, const char *text)
{
	return ms == 0 ? json_null()
		       : json_pack("{s:o, s:o}", "at", moment(ms), "text", foreign(text));
}

static json_t *
channel_json(const struct conf_notify *n, const struct notify_told *told)
{
	return json_pack("{s:s, s:s, s:b, s:o, s:b, s:o, s:I, s:o}", "name", n->name,
	    "via", conf_vias[n->via], "used", (int)n->wanted, "told",
	    telling(told->at, told->text), "refused", (int)told->refused, "fails",
	    telling(told->fails_at, told->fails), "waiting", (json_int_t)told->waiting,
	    "waiting_since", moment(told->waiting_since));
}

static void
print_json(json_t *whole)
{
	json_dumpf(whole, stdout,
	    JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(13));
	putchar('\n');
	json_decref(whole);
}

/* NOTIFYCMD, and what of it is not as one might think. */
static void
list_program(const struct asked *a, struct widths w)
{
	char *text;

	if (a->upsmon.notifycmd == NULL || !is_asked(a, PROGRAM))
		return;
	text = xasprintf("%s (upsmon.conf)", a->upsmon.notifycmd);
	say(w, LINE_PLAIN, PROGRAM, "program", text);
	free(text);
	if (!is_run(&a->upsmon))
		say(w, LINE_WARN, "", "",
		    "never runs: no NOTIFYFLAG of upsmon.conf has EXEC");
}

static int
list(const struct asked *a)
{
	const struct widths w = widths(a);
	struct notify_box *box = notify_box_open(&a->conf);
	json_t *channels = a->json ? json_array() : NULL;

	for (size_t i = 0; i < a->conf.nnotifies; i++) {
		const struct conf_notify *n = &a->conf.notifies[i];
		struct notify_told told;

		if (!is_asked(a, n->name))
			continue;
		notify_box_told(&told, box, i);
		if (a->json)
			json_array_append_new(channels, channel_json(n, &told));
		else
			say_channel(n, &told, w);
		notify_told_free(&told);
	}
	notify_box_free(box);
	if (a->json)
		print_json(json_pack("{s:o, s:o}", "channels", channels, "notifycmd",
		    a->upsmon.notifycmd == NULL ? json_null()
						: foreign(a->upsmon.notifycmd)));
	else
		list_program(a, w);
	if (!a->json && a->conf.nnotifies == 0)
		puts("nobody is told: holdup.conf has no section [notify NAME] "
		     "(holdup.conf(5) shows some)");
	return 0;
}

/* Says what came of one; true when it was delivered. */
static bool
came(struct notify_try *t, const char *name, const char *via, struct widths w,
    json_t *results)
{
	const bool good = t->status == 0;
	const char *said = buf_str(&t->said);

	if (said[0] == '\0')
		said = good ? "delivered" : "failed";
	if (results != NULL)
		json_array_append_new(
		    results, json_pack("{s:s, s:s, s:b, s:s}", "name", name, "via", via,
				 "delivered", (int)good, "said", said));
	else
		say(w, good ? LINE_GOOD : LINE_BAD, name, via, said);
	notify_try_free(t);
	return good;
}

/* NOTIFYCMD: what it says itself has been seen. */
static bool
try_program(const struct asked *a, struct widths w, json_t *results)
{
	struct notify_try t;

	fflush(stdout);
	notify_try_program(&t, &a->upsmon);
	notify_try_wait(&t, notify_try_until());
	if (t.said.len == 0)
		buf_printf(&t.said, "%s ended with status %d%s", a->upsmon.notifycmd,
		    t.status,
		    is_run(&a->upsmon)
			? ""
			: ", but is never run: no NOTIFYFLAG of upsmon.conf "
			  "has EXEC");
	return came(&t, PROGRAM, "program", w, results);
}

/* All channels at once, for one that hangs is waited for; then NOTIFYCMD. */
static int
test(const struct asked *a)
{
	struct notify_try tries[CONF_NOTIFIES_MAX];
	const struct widths w = widths(a);
	const long long until = notify_try_until();
	json_t *results = a->json ? json_array() : NULL;
	bool good = true;

	for (size_t i = 0; i < a->conf.nnotifies; i++) {
		const struct conf_notify *n = &a->conf.notifies[i];

		tries[i] = (struct notify_try){.pid = -1, .output = -1, .status = 1};
		if (!is_asked(a, n->name))
			continue;
		if (n->wanted)
			notify_try_channel(&tries[i], n->name, a->conf_fd);
		else
			buf_puts(&tries[i].said, "is not used: see above");
	}
	for (size_t i = 0; i < a->conf.nnotifies; i++) {
		const struct conf_notify *n = &a->conf.notifies[i];

		if (!is_asked(a, n->name))
			continue;
		notify_try_wait(&tries[i], until);
		good &= came(&tries[i], n->name, conf_vias[n->via], w, results);
	}
	if (a->upsmon.notifycmd != NULL && is_asked(a, PROGRAM))
		good &= try_program(a, w, results);
	if (a->json)
		print_json(json_pack("{s:o}", "channels", results));
	return good ? 0 : 1;
}

int
cmd_notify(int argc, char **argv)
{
	struct asked a = {.names = argv + 1, .conf_fd = -1};
	int names = 0, status;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			a.json = true;
		else if (strcmp(argv[i], "--test") == 0)
			a.test = true;
		else if (argv[i][0] == '-')
			return cli_usage("notify");
		else
			a.names[names++] = argv[i];
	}
	a.names[names] = NULL;
	if ((status = read_channels(&a)) == 0) {
		read_program(&a);
		if ((status = check_names(&a)) == 0)
			status = a.test ? test(&a) : list(&a);
	}
	upsmon_conf_free(&a.upsmon);
	holdup_conf_free(&a.conf);
	if (a.conf_fd >= 0)
		close(a.conf_fd);
	return status;
}
