#!/bin/sh
# SPDX-License-Identifier: ISC
# Debian's upsc reads from us what our upsc reads.
. "$(dirname "$0")/lib.sh"

demo
at=qnapups@127.0.0.1:$port

for list in -l -L -c; do
	target=127.0.0.1:$port
	[ $list != -c ] || target=$at
	same "upsc $list" "$(steady "$NUT/upsc" $list "$target")" "$(steady upsc $list "$target")"
done
same "upsc -l" "$("$NUT/upsc" -l "127.0.0.1:$port" 2>/dev/null)" qnapups
same "upsc" "$(steady "$NUT/upsc" "$at")" "$(steady upsc "$at")"
same "ups.status" "$("$NUT/upsc" "$at" ups.status 2>/dev/null)" OL
"$NUT/upsc" "nothing@127.0.0.1:$port" 2>&1 | grep -q 'Unknown UPS' || die "no 'Unknown UPS'"
"$NUT/upsc" "$at" no.such 2>&1 | grep -q 'not supported' || die "no 'not supported'"
