/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "lib/monitors.h"
#include "lib/xmem.h"

const char *const check_names[CHECK_FILES + 1] = {
    [CHECK_NUT] = "nut.conf",
    [CHECK_UPS] = "ups.conf",
    [CHECK_UPSD] = "upsd.conf",
    [CHECK_USERS] = "upsd.users",
    [CHECK_UPSMON] = "upsmon.conf",
    [CHECK_UPSSCHED] = "upssched.conf",
    [CHECK_HOLDUP] = "holdup.conf",
};

static void (*const checks[])(const struct check_conf *c, struct check_list *out) = {
    check_misplaced,
    check_mode,
    check_monitors,
    check_accounts,
    check_listen,
    check_drivers,
    check_passwords,
    check_quotes,
    check_secrets,
    check_notify,
    check_machines,
};

const char *
check_word(enum check_weight weight)
{
	static const char *const words[] = {
	    [CHECK_NOTE] = "note",
	    [CHECK_WARNING] = "warning",
	    [CHECK_ERROR] = "error",
	};

	return words[weight];
}

void
check_add(struct check_list *out, enum check_weight weight, const char *file, int line,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	out->list = xreallocarray(out->list, out->count + 1, sizeof(*out->list));
	out->list[out->count++] = (struct check_finding){
	    .weight = weight,
	    .file = xstrdup(file),
	    .line = line,
	    .text = xvasprintf(format, args),
	};
	va_end(args);
}

void
check_list_free(struct check_list *out)
{
	for (size_t i = 0; i < out->count; i++) {
		free(out->list[i].file);
		free(out->list[i].text);
	}
	free(out->list);
	*out = (struct check_list){0};
}

/* What a reader or one of lib's own comparisons complains of. */
static void
take_problems(struct check_list *out, struct problems *p)
{
	for (size_t i = 0; i < p->count; i++)
		check_add(out, CHECK_ERROR, p->list[i].file, p->list[i].line, "%s",
		    p->list[i].text);
	problems_free(p);
}

/* MONITOR lines of UPSes that this machine should have, as holdupd looks at them. */
static void
read_monitors(struct check_conf *c, struct problems *p)
{
	struct buf sections = {0};

	monitors_sections(&sections, &c->upsmon, &c->ups,
	    check_serves(c) && c->ups.nupses > 0, c->files[CHECK_UPSMON].path, p);
	buf_free(&sections);
}

void
check_read(struct check_conf *c, struct check_list *out)
{
	const struct check_file *f = c->files;
	struct problems p = {0};

	for (size_t i = 0; i < CHECK_FILES; i++)
		if (f[i].cause != NULL)
			check_add(out, CHECK_ERROR, f[i].path, 0,
			    "%s: what it says is not known here", f[i].cause);
#define TEXT(name) f[name].path, f[name].text == NULL ? "" : f[name].text, f[name].len
	c->mode = nut_conf_read(TEXT(CHECK_NUT), &p);
	ups_conf_read(&c->ups, TEXT(CHECK_UPS), &p);
	upsd_conf_read(&c->upsd, TEXT(CHECK_UPSD), &p);
	users_conf_read(&c->users, TEXT(CHECK_USERS), &p);
	upsmon_conf_read(&c->upsmon, TEXT(CHECK_UPSMON), &p);
	upssched_conf_read(&c->upssched, TEXT(CHECK_UPSSCHED), &p);
	holdup_conf_read(&c->own, TEXT(CHECK_HOLDUP), &p);
#undef TEXT
	users_conf_acls(&c->users, f[CHECK_USERS].path, &c->upsd, &p);
	conf_names_check(&c->own, &c->ups, f[CHECK_HOLDUP].path, &p);
	conf_machines_check(&c->own, &c->ups, f[CHECK_HOLDUP].path, &p);
	read_monitors(c, &p);
	take_problems(out, &p);
}

void
check_free(struct check_conf *c)
{
	for (size_t i = 0; i < CHECK_FILES; i++) {
		free(c->files[i].path);
		if (c->files[i].text != NULL)
			explicit_bzero(c->files[i].text, c->files[i].len);
		free(c->files[i].text);
		free(c->files[i].cause);
	}
	for (size_t i = 0; i < c->nothers; i++)
		free(c->others[i]);
	free(c->others);
	free(c->folder);
	ups_conf_free(&c->ups);
	upsd_conf_free(&c->upsd);
	users_conf_free(&c->users);
	upsmon_conf_free(&c->upsmon);
	upssched_conf_free(&c->upssched);
	holdup_conf_free(&c->own);
}

bool
check_serves(const struct check_conf *c)
{
	return c->mode != NUT_MODE_NONE && c->mode != NUT_MODE_NETCLIENT;
}

bool
check_open(const struct check_conf *c)
{
	for (size_t i = 0; i < c->upsd.nlistens; i++)
		if (!monitors_host_is_local(c->upsd.listens[i].address))
			return true;
	return false;
}

/* Where a file stands among the names that were given, so that findings keep that order. */
static size_t
place(struct check_conf *const *confs, size_t n, const char *file)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < CHECK_FILES; k++)
			if (strcmp(confs[i]->files[k].path, file) == 0)
				return i * CHECK_FILES + k;
	return n * CHECK_FILES;
}

/* A stable order: what was found first in one line stays first. */
static void
sort(struct check_conf *const *confs, size_t n, struct check_list *out)
{
	for (size_t i = 1; i < out->count; i++) {
		const struct check_finding moved = out->list[i];
		const size_t at = place(confs, n, moved.file);
		size_t k = i;

		for (; k > 0; k--) {
			const struct check_finding *before = &out->list[k - 1];
			const size_t its = place(confs, n, before->file);

			if (its < at || (its == at && before->line <= moved.line))
				break;
			out->list[k] = *before;
		}
		out->list[k] = moved;
	}
}

void
check_all(struct check_conf *const *confs, size_t n, struct check_list *out)
{
	for (size_t i = 0; i < n; i++) {
		check_read(confs[i], out);
		for (size_t k = 0; k < sizeof(checks) / sizeof(checks[0]); k++)
			checks[k](confs[i], out);
	}
	check_sides(confs, n, out);
	sort(confs, n, out);
}
