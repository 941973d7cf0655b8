# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# Two devices of one kind, with one serial number even, on the nodes of a real kernel. The
# section that names a node gets it, whoever begins first, and the one that says "auto" the
# other; probe says who else looks at it, and one that is away for a moment is missed by nobody.
. /tests/lib.sh
fresh
begin rule rule
virtual_ups
expect link-node wait_for 20 test -c /dev/hidraw0
begin second sim --uhid --control /tmp/second.ctl
expect link-nodes wait_for 20 test -c /dev/hidraw1
printf '[second]\n\tdriver = usbhid-ups\n\tport = auto\n' >>/etc/nut/ups.conf
holdup_as_nut
begin other sh -c 'exec 9<>/dev/hidraw0; exec sleep 1000'
second_is() { [ "$(upsc second@127.0.0.1 ups.status 2>&1)" = "$1" ]; }
expect link-served within 60 ups.status OL
expect link-second-served wait_for 60 second_is OL
each_its_own() {
	grep -q 'ups qnapups: using /dev/hidraw0' /tmp/holdupd.log &&
		grep -q 'ups second: using /dev/hidraw1' /tmp/holdupd.log
}
expect link-each-its-own each_its_own
expect link-probe sh -c 'holdup probe | grep "open in .*PID [0-9]* (sleep)"'
holdup sim usb-drop 4
expect link-held within 20 driver.link.state held
expect link-counts is ups.status OL
expect link-back within 40 driver.link.state ok
expect link-drops is driver.link.drops 1
expect link-second-kept second_is OL
fresh
