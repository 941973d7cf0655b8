#!/bin/sh
# SPDX-License-Identifier: ISC
# holdup called as upsd and upsmon: what they refuse to start with, what they say, both
# beside each other with drivers of upsdrvctl, their pid files, -c, and the background. It
# is what NUT's integration test asks for (tests/clients/nit), and more, in our words.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
export NUT_PIDPATH="$NUT_STATEPATH" NUT_ALTPIDPATH="$NUT_STATEPATH"
server=127.0.0.1:$port

# fails TEXT COMMAND…: ends at once, not with 0, and says this.
fails() {
	text=$1
	shift
	if timeout 40 "$@" >"$dir/said" 2>&1; then
		die "$* succeeds"
	fi
	grep -q -- "$text" "$dir/said" || die "$*: $(cat "$dir/said")"
}

# What scripts ask before they start anything.
upsd -V | grep -q "^Network UPS Tools upsd " || die "upsd -V"
upsd -h | grep -q "^usage: upsd " || die "upsd -h"
upsd -Dh 2>&1 | grep -q "^NUT data server was built with.*SSL" || die "upsd -Dh"
upsmon -Dh 2>&1 | grep -q "^Using NUT libupsclient library.*SSL" || die "upsmon -Dh"
fails "usage: upsd" upsd -x
fails "there is no chroot" upsd -r /
fails "-c takes reload or stop, not 'fsd'" upsd -c fsd
fails "Failed to signal" upsd -c stop

# Missing files are errors, as is a server without a UPS.
fails "Can't open $dir/etc/upsd.conf: No such file" upsd -F
echo "LISTEN 127.0.0.1 $port" >"$dir/etc/upsd.conf"
fails "Can't open $dir/etc/ups.conf: No such file" upsd -F
: >"$dir/etc/ups.conf"
fails "at least one UPS must be defined in ups.conf" upsd -F
fails "Can't open $dir/etc/upsmon.conf: No such file" upsmon -F
printf 'MONITOR a@localhost 1 u p primary\nMINSUPPLIES 2\n' >"$dir/etc/upsmon.conf"
fails "insufficient power configured" upsmon -F

# ALLOW_NO_DEVICE; -F writes no pid file, and SIGTERM is a clean end.
echo "ALLOW_NO_DEVICE true" >>"$dir/etc/upsd.conf"
start empty upsd -F
wait_for upsc -l "$server" || die "no server without a UPS"
same "upsc -l" "$(upsc -l "$server")" ""
same "upsc -j -l" "$(upsc -j -l "$server")" "[]"
[ ! -e "$dir/run/upsd.pid" ] || die "-F writes a pid file"
same "its name" "$(cat "/proc/$pid/comm")" upsd
if timeout 40 upsd -F >"$dir/said" 2>&1; then
	die "two servers in one folder"
fi
kill "$pid"
wait "$pid" || die "SIGTERM is no clean end: $?"

# A listener that cannot be had is an error, unless another is allowed to do.
sed -i '/ALLOW_NO_DEVICE/d' "$dir/etc/upsd.conf"
printf '[dummy]\n\tdriver = dummy-ups\n\tport = dummy.seq\n\tdesc = "A test"\n' >"$dir/etc/ups.conf"
printf 'ups.status: OB\nTIMER 2\nups.status: OL\nTIMER 2\n' >"$dir/etc/dummy.seq"
taken=$(free_port)
start taken python3 -c 'import socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
time.sleep(60)' "$taken"
wait_for grep -q ready "$dir/taken.log" || die "nobody takes port $taken"
echo "LISTEN 127.0.0.1 $taken" >>"$dir/etc/upsd.conf"
fails "1 of 2 listeners" upsd -F
fails "no address to listen on" upsd -F -6
echo "ALLOW_NOT_ALL_LISTENERS yes" >>"$dir/etc/upsd.conf"
start some upsd -F
wait_for upsc -l "$server" || die "one listener that fails is an error all the same"
kill "$pid"
wait "$pid" || die "SIGTERM is no clean end: $?"
sed -i '/ALLOW_NOT/d' "$dir/etc/upsd.conf"
sed -i "/$taken/d" "$dir/etc/upsd.conf"

# In the background: back when it serves, with a pid file, by which -c finds it.
cat >"$dir/etc/upsd.users" <<USERS
[boss]
	password = secret
	upsmon primary
USERS
upsd >"$dir/said" 2>&1 || die "upsd: $(cat "$dir/said")"
upsd=$(cat "$dir/run/upsd.pid")
pids="$upsd $pids"
wait_for upsc -l "$server" || die "it does not serve when it is back"
fails "A previous upsd instance is already running" upsd
same "a UPS without driver" "$(upsc "dummy@$server" 2>&1)" "Error: Driver not connected"
same "the same in JSON" "$(upsc -j "dummy@$server" 2>/dev/null | tr -d '\n')" \
	'{  "error": "Driver not connected"}'

# Drivers that come after the server, and the monitor of both.
upsdrvctl start dummy || die "upsdrvctl start dummy"
pids="$(cat "$dir/run/dummy-ups-dummy.pid") $pids"
status_is() { [ "$(upsc "dummy@$server" ups.status 2>/dev/null)" = "$1" ]; }
wait_for status_is OB || die "the status is never OB"
wait_for status_is OL || die "the status does not flip"
same "the server's name for it" "$(upsc -L "$server")" "dummy: A test"
upsd -c reload || die "upsd -c reload"
printf 'ups.status: OL\nTIMER 60\n' >"$dir/etc/dummy.seq"
wait_for status_is OL || die "the server is gone after a reload"

cat >"$dir/etc/upsmon.conf" <<CONF
MONITOR dummy@localhost:$port 1 boss secret primary
MINSUPPLIES 1
SHUTDOWNCMD "touch $dir/shutdown"
POWERDOWNFLAG $dir/killpower
HOSTSYNC 1
FINALDELAY 0
CONF
upsmon -B -D >"$dir/said" 2>&1 || die "upsmon: $(cat "$dir/said")"
upsmon=$(cat "$dir/run/upsmon.pid")
pids="$upsmon $pids"
logged_in() { [ "$(upsc -c "dummy@$server" 2>/dev/null)" = 127.0.0.1 ]; }
wait_for logged_in || die "upsmon does not log in"
same "its name" "$(cat "/proc/$upsmon/comm")" upsmon
[ ! -e "$dir/shutdown" ] || die "it shuts down at once"
upsmon -c fsd || die "upsmon -c fsd"
fsd() { upsc "dummy@$server" ups.status 2>/dev/null | grep -q FSD; }
wait_for fsd || die "the server is not told of FSD"
wait_for test -e "$dir/shutdown" || die "SHUTDOWNCMD is not run"
upsmon -K || die "the cut is not asked for"

# Each ends by its own -c, and leaves nothing; the server does not mind.
gone() { [ ! -e "/proc/$1" ]; }
upsmon -c stop || die "upsmon -c stop"
wait_for gone "$upsmon" || die "upsmon does not end"
status_is "" && die "the server ended too"
upsd -c stop || die "upsd -c stop"
wait_for gone "$upsd" || die "upsd does not end"
upsdrvctl stop || die "upsdrvctl stop"
same "left behind" "$(cd "$dir/run" && echo ./*.pid ./*.feed ./*.req ./dummy-ups-*)" \
	"./*.pid ./*.feed ./*.req ./dummy-ups-*"
