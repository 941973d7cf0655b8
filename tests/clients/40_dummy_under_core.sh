#!/bin/sh
# SPDX-License-Identifier: ISC
# Debian's dummy-ups is a source of our core like any other.
. "$(dirname "$0")/lib.sh"

value() { upsc "dummy@127.0.0.1:$port" "$1" 2>/dev/null; }

dummy_ups dummy
driver=$pid
our_holdupd
wait_for is battery.charge 87 || die "battery.charge is $(value battery.charge)"
wait_for is ups.status OL || die "ups.status is $(value ups.status)"
same ups.model "$(value ups.model)" "Nothing 500"
upsrw -u boss -p secret -s battery.charge=55 "dummy@127.0.0.1:$port" >/dev/null ||
	die "upsrw battery.charge=55"
wait_for is battery.charge 55 || die "battery.charge stays $(value battery.charge)"

stop "$driver"
gone() { upsc "dummy@127.0.0.1:$port" ups.status 2>&1 | grep -qiE 'driver not connected|stale'; }
wait_for gone || die "the driver ended, and $(upsc "dummy@127.0.0.1:$port" ups.status 2>&1)"
