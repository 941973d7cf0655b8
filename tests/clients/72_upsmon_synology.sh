#!/bin/sh
# SPDX-License-Identifier: ISC
# Debian's upsmon with the line that Synology's DSM writes, which cannot be set otherwise: it
# reads, and where holdup.conf says that this machine is one, it is counted too.
. "$(dirname "$0")/lib.sh"

logged_in() { upsc -c "hard@127.0.0.1:$port" 2>/dev/null | grep -q 127.0.0.1; }
saw() { grep -q "$1" "$dir/upsmon.log"; }

# as_dsm: upsmon as on a DSM.
as_dsm() {
	start upsmon env NUT_CONFPATH="$dir/monitor/etc" NUT_STATEPATH="$dir/monitor/run" \
		"$NUT/upsmon" -F -p
	upsmon=$pid
	wait_for saw 'on battery' || die "it does not read: $(tail -n 3 "$dir/upsmon.log")"
}

hard_ups hard
our_holdupd
mkdir -m 700 "$dir/monitor" "$dir/monitor/etc" "$dir/monitor/run"
cat >"$dir/monitor/etc/upsmon.conf" <<CONF
RUN_AS_USER $user
MONITOR ups@127.0.0.1:$port 1 monuser secret slave
SHUTDOWNCMD ""
POLLFREQ 1
POWERDOWNFLAG $dir/killpower
CONF
as_dsm
! logged_in || die "it is counted though nobody has said that this is a Synology"
stop "$upsmon"

printf '[client 127.0.0.1]\n\taccount = synology\n' >"$NUT_CONFPATH/holdup.conf"
kill -HUP "$(cat "$NUT_STATEPATH/holdupd.pid")"
welcome() { "$(dirname "$0")/run" localhost "$port" --only synology | grep -q 'upsmon.* ok$'; }
wait_for welcome || die "the reload has no effect"
as_dsm
wait_for logged_in || die "it is not counted: $(tail -n 3 "$dir/upsmon.log")"
