#!/bin/sh
# SPDX-License-Identifier: ISC
# Debian's upsd serves what our hid says on its driver socket.
. "$(dirname "$0")/lib.sh"

demo
state=$NUT_STATEPATH
another_folder debian
cp "$dir/etc/ups.conf" "$NUT_CONFPATH/"
NUT_STATEPATH=$state
debian_upsd
debian=qnapups@127.0.0.1:$nut_port

debian_says() { [ "$("$NUT/upsc" "$debian" "$1" 2>/dev/null)" = "$2" ]; }

wait_for debian_says ups.status OL || die "no OL: $("$NUT/upsc" "$debian" 2>&1)"
same "upsc" "$(steady upsc "$debian")" "$(steady upsc "qnapups@127.0.0.1:$port")"
NUT_STATEPATH=$state holdup sim unplug || die "holdup sim unplug"
wait_for debian_says ups.status 'OB DISCHRG' || die "$("$NUT/upsc" "$debian" ups.status 2>&1)"
"$NUT/upscmd" -u boss -p secret "$debian" beeper.disable 2>&1 | grep -qx OK ||
	die "beeper.disable through Debian's upsd"
wait_for is ups.beeper.status disabled || die "the beeper is $(value ups.beeper.status)"
