#!/bin/sh
# SPDX-License-Identifier: ISC
# In one folder with Debian's programs: our upsd for Debian's dummy-ups and upsmon, then our
# upsmon for Debian's upsd.
. "$(dirname "$0")/lib.sh"
export NUT_PIDPATH="$NUT_STATEPATH" NUT_ALTPIDPATH="$NUT_STATEPATH"

dummy_ups dummy
port=$(free_port)
echo "LISTEN 127.0.0.1 $port" >"$NUT_CONFPATH/upsd.conf"
accounts >"$NUT_CONFPATH/upsd.users"
cat >"$NUT_CONFPATH/upsmon.conf" <<CONF
RUN_AS_USER $user
MONITOR dummy@127.0.0.1:$port 1 chief secret primary
SHUTDOWNCMD "touch $dir/shutdown"
POWERDOWNFLAG $dir/killpower
FINALDELAY 0
HOSTSYNC 2
POLLFREQ 1
POLLFREQALERT 1
CONF
chmod 600 "$NUT_CONFPATH"/*.conf "$NUT_CONFPATH/upsd.users"

charge() { [ "$("$NUT/upsc" "dummy@127.0.0.1:$port" battery.charge 2>/dev/null)" = 87 ]; }
logged_in() { "$NUT/upsc" -c "dummy@127.0.0.1:$port" 2>/dev/null | grep -q 127.0.0.1; }
status_has() { "$NUT/upsc" "dummy@127.0.0.1:$port" ups.status 2>/dev/null | grep -qw "$1"; }

start ours-upsd upsd -FF
wait_for charge || die "our upsd does not have Debian's dummy-ups"
same "its pid file" "$(cat "$NUT_STATEPATH/upsd.pid")" "$pid"
server=$pid
start debian-upsmon "$NUT/upsmon" -F -p
wait_for logged_in || die "Debian's upsmon does not log in"
stop "$pid"
stop "$server"

start debian-upsd "$NUT/upsd" -F -u "$user"
wait_for charge || die "Debian's upsd does not serve"
start ours-upsmon upsmon -FF
monitor=$pid
wait_for logged_in || die "our upsmon does not log in at Debian's upsd"
upsmon -c fsd || die "upsmon -c fsd"
wait_for status_has FSD || die "Debian's upsd is not told of FSD"
wait_for test -e "$dir/shutdown" || die "our upsmon does not shut down"
upsmon -c stop || die "upsmon -c stop"
gone() { [ ! -e "/proc/$monitor" ] && [ ! -e "$NUT_STATEPATH/upsmon.pid" ]; }
wait "$monitor" || die "it does not end well"
wait_for gone || die "its pid file stays"
charge || die "Debian's upsd went with it"
