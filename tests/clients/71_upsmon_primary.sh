#!/bin/sh
# SPDX-License-Identifier: ISC
# Debian's upsmon as the primary of our UPS: it sets FSD, which ours shows to all, and
# waits until the other machine has logged out.
. "$(dirname "$0")/lib.sh"

hard_ups hard
our_holdupd
at=hard@127.0.0.1:$port
another_folder monitor
cat >"$NUT_CONFPATH/upsmon.conf" <<CONF
RUN_AS_USER $user
MONITOR $at 1 chief secret primary
MINSUPPLIES 1
SHUTDOWNCMD "touch $dir/shutdown"
POLLFREQ 1
POLLFREQALERT 1
HOSTSYNC 30
FINALDELAY 0
POWERDOWNFLAG $dir/killpower
CONF
logins() { [ "$(upsc -c "$at" 2>/dev/null | grep -c 127.0.0.1)" -eq "$1" ]; }
status() { upsc "$at" ups.status 2>/dev/null | grep -q "$1"; }

# The other machine: a login that stays until somebody writes to the fifo.
mkfifo "$dir/other"
start other python3 -c '
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.sendall(b"USERNAME chief\nPASSWORD secret\nLOGIN hard\n")
open(sys.argv[2]).read()
s.sendall(b"LOGOUT\n")
s.recv(999)' "$port" "$dir/other"
wait_for logins 1 || die "the other machine does not log in"

# A UPS that is OB and LB is critical: upsmon sets FSD at once, and waits.
start upsmon "$NUT/upsmon" -F -p
upsmon=$pid
wait_for status '^FSD' || die "no FSD: $(upsc "$at" ups.status 2>&1)"
grep -q 'needs to be replaced' "$dir/upsmon.log" || die "upsmon is not told of RB"
wait_for logins 2 || die "upsmon is not logged in: $(upsc -c "$at")"
sleep 2
[ ! -e "$dir/shutdown" ] || die "upsmon does not wait for the other machine"
: >"$dir/other"
wait_for test -e "$dir/shutdown" || die "upsmon does not shut down when the other has left"
wait "$upsmon" || die "upsmon ended with status $?"
