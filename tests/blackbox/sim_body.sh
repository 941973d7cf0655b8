#!/bin/sh
# SPDX-License-Identifier: ISC
# Other bodies, scenarios, and files that are none.
. "$(dirname "$0")/lib.sh"
[ -x "$BUILD/sim/sim" ] || skip "sim is not built"
command -v python3 >/dev/null || skip "no python3"

say() {
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX)
s.settimeout(5)
s.connect(sys.argv[1])
s.sendall(sys.argv[2].encode() + b"\n")
print(s.recv(4096).decode().strip())' "$dir/run/sim.ctl" "$1"
}

says() {
	say status | grep -q " $1"
}

refused() {
	what=$1
	shift
	if sim "$@" >"$dir/refused.out" 2>&1; then
		die "sim took $*"
	fi
	grep -q -- "$what" "$dir/refused.out" || die "sim $*: $(cat "$dir/refused.out")"
}

refused nosuch.json --body "$dir/nosuch.json"
echo '{"vendor_id": 5' >"$dir/broken.json"
refused "broken.json: line 2" --body "$dir/broken.json"
printf '10 unplug\n20 explode\n' >"$dir/bad"
refused "bad: line 2: 'explode' is no command" --scenario "$dir/bad"
refused "speed" --speed fast
refused "usage" --nonsense
[ -e /dev/uhid ] || refused "/dev/uhid" --uhid

# A scenario by the clock of the device: 60 s of it in one. The outage is there for 10 s.
printf '# an outage\n\n60 unplug\n660 plug\n690 load 40%%\n' >"$dir/outage"
start scenario sim --scenario "$dir/outage" --speed 60 --serial SECOND
wait_for says mains=off || die "the scenario's outage does not come"
wait_for says load=40 || die "the scenario's load does not come"
says mains=on || die "the mains does not return"
check=$(say quit)
same "the answer to quit" "$check" OK
wait "$pid" || die "sim ended with status $?"

# A descriptor cut short is served as it is.
sed 's/\("descriptor": ".\{120\}\)[^"]*/\1/' "$root/sim/bodies/apc-back-ups-cs-500.json" >"$dir/cut.json"
start cut sim --body "$dir/cut.json"
wait_for says mains=on || die "sim does not take a broken descriptor"
stop "$pid"
