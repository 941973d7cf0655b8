/* SPDX-License-Identifier: ISC */
#ifndef CLI_LOGFORMAT_H
#define CLI_LOGFORMAT_H

#include <time.h>

#include "lib/buf.h"

/*
 * The lines of upslog (NUT: upslog(8)). In a format, %TIME @Y@m@d% is the time as strftime
 * has it with @ for %, %ETIME% the seconds since 1970, %HOST% this machine, %UPSHOST% the
 * UPS as it was asked for, %PID%, %VAR name% the value of a variable, %t a tab, %% a
 * percent sign; any other is INVALID. Pure.
 */
#define LOGFORMAT_DEFAULT                                                \
	"%TIME @Y@m@d @H@M@S% %VAR battery.charge% %VAR input.voltage% " \
	"%VAR ups.load% [%VAR ups.status%] %VAR ups.temperature% %VAR input.frequency%"

/* What a line may tell. */
struct logfacts {
	struct tm now;
	time_t seconds;
	long pid;
	const char *host, *upshost;
	/* The value of a variable into `out`; writes nothing where there is none. */
	void (*value)(void *arg, const char *variable, struct buf *out);
	void *arg;
};

/* Appends one line, without its end. */
void logformat_line(struct buf *out, const char *format, const struct logfacts *facts);

#endif
