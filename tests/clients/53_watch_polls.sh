#!/bin/sh
# Our command line at Debian's upsd: SUBSCRIBE is refused politely, and watch polls.
. "$(dirname "$0")/lib.sh"

dummy_ups dummy
debian_upsd
upsd=$pid
at=dummy@127.0.0.1:$nut_port
online() { [ "$("$NUT/upsc" "$at" ups.status 2>/dev/null)" = OL ]; }
wait_for online || die "Debian's upsd does not say OL"

python3 - "$nut_port" <<'PY' >"$dir/said" || die "$(cat "$dir/said")"
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
lines = s.makefile()
for question in "SUBSCRIBE", "SUBSCRIBE dummy", "GET VAR dummy ups.status":
    s.sendall(question.encode() + b"\n")
    print(lines.readline().strip())
PY
same "the old server" "$(cat "$dir/said")" 'ERR UNKNOWN-COMMAND
ERR UNKNOWN-COMMAND
VAR dummy ups.status "OL"'

start watch holdup watch "$at"
start all holdup watch "@127.0.0.1:$nut_port"
saw() { grep -q "dummy: $1" "$dir/watch.log" && grep -q "dummy: $1" "$dir/all.log"; }
wait_for saw "On mains, charge 87 %" || die "no first line"
"$NUT/upsrw" -u boss -p secret -s "ups.status=OB LB" "$at" >/dev/null 2>&1 || die "upsrw"
# dummy-ups takes a while to tell its upsd; then it is one poll.
wait_for saw "battery low, charge 87 %" || die "the change is not seen"
saw "mains failed, running on battery" || die "$(cat "$dir/watch.log")"
holdup status "$at" | grep -q 'BATTERY' || die "holdup status: $(holdup status "$at" 2>&1)"

stop "$upsd"
wait_for grep -q "server 127.0.0.1:$nut_port lost" "$dir/watch.log" || die "the loss is not told"
