#!/bin/sh
# SPDX-License-Identifier: ISC
# Debian's upslog writes what our upsc reads.
. "$(dirname "$0")/lib.sh"

demo
at=qnapups@127.0.0.1:$port
start upslog "$NUT/upslog" -F -u "$user" -s "$at" -l "$dir/lines" -i 1 \
	-f '%VAR ups.mfr%|%VAR ups.model%|%VAR ups.serial%|%VAR battery.charge.low%|%VAR ups.status%'
wait_for test -s "$dir/lines" || die "upslog writes nothing"
same "upslog's line" "$(head -n 1 "$dir/lines")" "$(value ups.mfr)|$(value ups.model)|$(
	value ups.serial)|$(value battery.charge.low)|OL"
holdup sim unplug || die "holdup sim unplug"
wait_for grep -q '|OB DISCHRG$' "$dir/lines" || die "upslog does not see the mains fail"
