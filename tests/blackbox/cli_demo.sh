#!/bin/sh
# SPDX-License-Identifier: ISC
# The demo without a terminal: its folder, its port, its end, and nothing left behind.
. "$(dirname "$0")/lib.sh"

# The article's configuration, word for word; loopback stands for the LAN.
port=$(free_port)
start demo holdup demo --dir "$dir" --nut-port "$port"
demo_pid=$pid
wait_for grep -q 'qnapups: On mains' "$dir/demo.log" || die "no first event"
for file in nut.conf ups.conf upsd.users upsmon.conf; do
	cmp "$root/tests/article/server/etc/nut/$file" "$dir/etc/$file" || die "$file differs"
done
same upsd.conf "$(cat "$dir/etc/upsd.conf")" "LISTEN 127.0.0.1 $port
LISTEN 127.0.0.9 $port"
same "by the other address" "$(upsc "qnapups@127.0.0.9:$port" ups.status)" OL
same "by the configuration" "$(upsc qnapups ups.status)" OL
# The page: its address is the first line; it is kept in the folder as the rest is.
page=$(sed -n 's/^holdup demo: a virtual UPS, its page: //p' "$dir/demo.log")
if [ -x "$BUILD/web/web" ]; then
	same "holdup.conf" "http://$(sed -n 's/^listen = //p' "$dir/etc/holdup.conf")/" "$page"
	answers() {
		python3 -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())' \
			"$page" | grep -q qnapups
	}
	wait_for answers || die "no page at '$page'"
fi
same "a second demo on this port" "$(holdup demo --nut-port "$port" --for 1 2>&1 |
	grep -c "port $port cannot be used")" 1

# The virtual UPS is steered from outside; each event is a line.
holdup sim unplug >/dev/null
wait_for is ups.status "OB DISCHRG" || die "unplugged, it is $(value ups.status)"
same "nonsense for the virtual UPS" "$(holdup sim xyz 2>&1 | cut -c1-38)" \
	"holdup: the virtual UPS refuses 'xyz':"

# It ends with status 0; the named folder stays, the processes do not.
children=$(pgrep -P "$demo_pid")
[ -n "$children" ] || die "the demo has no children"
wait_for grep -q 'qnapups: mains failed, running on battery' "$dir/demo.log" || die "no event"
kill -TERM "$demo_pid"
wait "$demo_pid" || die "it ends with status $?"
for child in $children; do
	kill -0 "$child" 2>/dev/null && die "process $child is left"
done
[ -e "$dir/etc/ups.conf" ] || die "the named folder is gone"
grep -q "$(printf '\033')" "$dir/demo.log" && die "escape codes in a log"
same "no virtual UPS" "$(holdup sim status 2>&1 | cut -c1-40)" \
	"$(echo "holdup: no virtual UPS at $dir/run/sim.ctl" | cut -c1-40)"

# A temporary folder goes away, also at SIGTERM; and a free port is found.
mkdir "$dir/temporary"
XDG_RUNTIME_DIR=$dir/temporary start second holdup demo
second_pid=$pid
wait_for grep -q 'On mains' "$dir/second.log" || die "the second demo does not come up"
kill -TERM "$second_pid"
wait "$second_pid" || die "SIGTERM ends it with status $?"
same "what is left" "$(ls "$dir/temporary")" ""

# --for ends it.
timeout 40 holdup demo --for 1 >"$dir/for.log" 2>&1 || die "--for ends with status $?"

# A part that dies is named.
start third holdup demo --dir "$dir" --nut-port "$port"
third_pid=$pid
wait_for grep -q 'On mains' "$dir/third.log" || die "the third demo does not come up"
holdup sim quit >/dev/null || :
if wait "$third_pid"; then
	die "a demo without its UPS ends well"
fi
grep -q 'sim ended' "$dir/third.log" || die "it does not say which part ended"
