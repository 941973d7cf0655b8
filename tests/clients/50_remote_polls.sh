#!/bin/sh
# SPDX-License-Identifier: ISC
# Our remote mirrors a UPS of Debian's upsd, which knows no SUBSCRIBE: by polling.
. "$(dirname "$0")/lib.sh"

value() { upsc "mirror@127.0.0.1:$port" "$1" 2>/dev/null; }

dummy_ups dummy
debian_upsd
debian_pid=$pid
another_folder ours
printf '[mirror]\n\tdriver = remote\n\tport = dummy@127.0.0.1:%s\n\tuser = boss\n\tpassword = secret\n' \
	"$nut_port" >"$NUT_CONFPATH/ups.conf"
our_holdupd
wait_for is battery.charge 87 || die "battery.charge is '$(value battery.charge)'"
same ups.mfr "$(value ups.mfr)" Nobody

"$NUT/upsrw" -u boss -p secret -s battery.charge=66 "dummy@127.0.0.1:$nut_port" >/dev/null 2>&1 ||
	die "upsrw at Debian's upsd"
wait_for is battery.charge 66 || die "battery.charge stays $(value battery.charge)"
upsrw -u boss -p secret -s battery.charge=44 "mirror@127.0.0.1:$port" >/dev/null ||
	die "upsrw through remote"
wait_for is battery.charge 44 || die "battery.charge stays $(value battery.charge)"

stop "$debian_pid"
gone() { ! upsc "mirror@127.0.0.1:$port" ups.status >/dev/null 2>&1; }
wait_for gone || die "Debian's upsd ended, and ups.status is $(value ups.status)"
