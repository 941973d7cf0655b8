/* SPDX-License-Identifier: ISC */
#include "check/check.h"

/* What MODE starts, against what the other files ask for. */
void
check_mode(const struct check_conf *c, struct check_list *out)
{
	const char *nut = c->files[CHECK_NUT].path;
	const bool upses = c->ups.nupses > 0, monitors = c->upsmon.nmonitors > 0;

	if (c->mode == NUT_MODE_NONE && (upses || monitors))
		check_add(out, CHECK_WARNING, nut, 0,
		    "MODE=none: nothing is started, though %s. Write MODE=%s",
		    upses ? "ups.conf has a UPS" : "upsmon.conf has a MONITOR line",
		    upses
			? "standalone, or MODE=netserver where other machines hang on it"
			: "netclient");
	if (c->mode == NUT_MODE_NETCLIENT && upses)
		check_add(out, CHECK_WARNING, c->files[CHECK_UPS].path,
		    c->ups.upses[0].line,
		    "[%s] is served by nobody: nut.conf says MODE=netclient. Write "
		    "MODE=netserver, or take the section away",
		    c->ups.upses[0].name);
	if (c->mode == NUT_MODE_NETCLIENT && !monitors)
		check_add(out, CHECK_ERROR, nut, 0,
		    "MODE=netclient, but upsmon.conf has no MONITOR line: nothing is "
		    "watched, "
		    "and this machine never goes down. Write for example: MONITOR "
		    "myups@192.168.0.9 1 NAME PASSWORD secondary");
	if ((c->mode == NUT_MODE_NETSERVER || c->mode == NUT_MODE_STANDALONE) && !upses)
		check_add(out, CHECK_ERROR, c->files[CHECK_UPS].path, 0,
		    "there is no UPS in it, but nut.conf says MODE=%s. Write for "
		    "example: "
		    "[myups], driver = usbhid-ups, port = auto",
		    c->mode == NUT_MODE_NETSERVER ? "netserver" : "standalone");
	if (c->mode == NUT_MODE_STANDALONE && upses && check_open(c))
		check_add(out, CHECK_NOTE, nut, 0,
		    "MODE=standalone means one machine alone, but upsd.conf listens for "
		    "others. MODE=netserver says so; both start the same");
}
