#!/bin/sh
# SPDX-License-Identifier: ISC
# takes 35 s
# What a client of the NUT protocol sees of a UPS whose cable is pulled: its last values,
# with their age; on battery, estimates; then that they are stale.
. "$(dirname "$0")/lib.sh"

demo --speed 10

# less VARIABLE NUMBER: a number below.
less() {
	[ "$(value "$1" | cut -d . -f 1)" -lt "$2" ]
}
stale() {
	"$BUILD/cli/upsc" "qnapups@127.0.0.1:$port" ups.status 2>&1 | grep -q "Data stale"
}

is driver.link.state ok || die "the link is $(value driver.link.state)"

# On mains.
holdup sim usb-drop >/dev/null
wait_for is driver.link.state held || die "not held"
is ups.status OL || die "held on mains: $(value ups.status)"
is driver.state reconnect.trying || die "held on mains: $(value driver.state)"
wait_for is driver.link.age 3 || die "no age"
is ups.status OL || die "held on mains for 3 s: $(value ups.status)"
wait_for stale || die "never stale on mains"
holdup sim usb-back >/dev/null
wait_for is driver.link.state ok || die "not back"
is driver.link.age "" || die "an age of values that are new"

# On battery; at full load it lasts two minutes.
holdup sim load 100% >/dev/null
holdup sim unplug >/dev/null
wait_for is ups.status "OB DISCHRG" || die "not on battery: $(value ups.status)"
wait_for less battery.runtime 200 || die "the load is not told: $(value battery.runtime)"
holdup sim usb-drop >/dev/null
wait_for is driver.link.state held || die "not held on battery"
is ups.status "OB DISCHRG" || die "held on battery: $(value ups.status)"
wait_for is driver.state estimated || die "no estimate"
is driver.link.state stale || die "estimated: $(value driver.link.state)"
is ups.status "OB DISCHRG" || die "estimated: $(value ups.status)"
left=$(value battery.runtime)
wait_for less battery.runtime "$left" || die "the estimate stands still at $left"
is driver.link.drops 2 || die "$(value driver.link.drops) drops"
