#!/bin/sh
# SPDX-License-Identifier: ISC
# takes 180 s
# Thousands of questions, right and wrong, get the answers that Debian's upsd gives, but for
# those of expected/protocol, each with its reason.
. "$(dirname "$0")/lib.sh"

dev() {
	cat >"$NUT_CONFPATH/real.dev" <<-'DEV'
		ups.status: OL
		ups.mfr: Nobody
		ups.model: Nothing 500
		ups.serial: N1
		ups.contact: me
		battery.charge: 87
	DEV
}

dev
dummy_ups real
debian_upsd
theirs=$nut_port
is_online() { [ "$("$NUT/upsc" "real@127.0.0.1:$1" ups.status 2>/dev/null)" = OL ]; }
wait_for is_online "$theirs" || die "no ups.status"

another_folder ours
dev
printf '[real]\n\tdriver = dummy-ups\n\tport = real.dev\n\tdesc = "Dummy"\n' >"$NUT_CONFPATH/ups.conf"
our_holdupd
wait_for is_online "$port" || die "no ups.status of ours"

here=$(dirname "$0")
"$here/protocol.py" "$theirs" "$port" "$here/expected/protocol" >"$dir/result" ||
	die "$(cat "$dir/result")"
