#!/bin/sh
# SPDX-License-Identifier: ISC
# Debian's upscmd and upsrw command our UPS, with the article's account.
. "$(dirname "$0")/lib.sh"

demo
at=qnapups@127.0.0.1:$port

"$NUT/upscmd" -l "$at" 2>/dev/null | grep -q '^test.battery.start' || die "no test offered"
same "upscmd -l" "$("$NUT/upscmd" -l "$at" 2>/dev/null | sed -n 's/^\([a-z.]*\) - .*/\1/p')" \
	"$(upscmd -l "$at" | sed -n 's/^\([a-z.]*\) - .*/\1/p')"
"$NUT/upscmd" -u admin -p 123456 "$at" beeper.disable 2>&1 | grep -qx 'OK' ||
	die "upscmd beeper.disable: $("$NUT/upscmd" -u admin -p 123456 "$at" beeper.disable 2>&1)"
wait_for is ups.beeper.status disabled || die "the beeper is $(value ups.beeper.status)"
"$NUT/upscmd" -u admin -p wrong "$at" beeper.enable 2>&1 | grep -qi 'access.denied' ||
	die "a wrong password is not refused"

same "names of upsrw" "$("$NUT/upsrw" "$at" 2>/dev/null | grep '^\[' | sort)" \
	"$(upsrw "$at" | grep '^\[' | sort)"
variable=$("$NUT/upsrw" "$at" 2>/dev/null | sed -n 's/^\[\(battery.charge.low\)\]/\1/p')
[ -n "$variable" ] || die "battery.charge.low cannot be set"
"$NUT/upsrw" -u admin -p 123456 -s "$variable=23" "$at" 2>&1 | grep -qx OK ||
	die "upsrw $variable=23"
wait_for is "$variable" 23 || die "$variable is $(value "$variable")"
"$NUT/upsrw" -u nobody -p x -s "$variable=11" "$at" 2>&1 | grep -qi 'access.denied' ||
	die "an unknown account is not refused"

# Followed by tracking id to its end.
same "upscmd -w" "$("$NUT/upscmd" -w -u admin -p 123456 "$at" beeper.enable 2>&1 | tail -n 1)" SUCCESS
wait_for is ups.beeper.status enabled || die "the beeper is $(value ups.beeper.status)"
same "upsrw -w" "$("$NUT/upsrw" -w -u admin -p 123456 -s "$variable=24" "$at" 2>&1 |
	tail -n 1)" SUCCESS
"$NUT/upscmd" -w -u admin -p 123456 "$at" no.such 2>&1 | grep -q 'CMD-NOT-SUPPORTED' ||
	die "a command that is not there is not refused"
