# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What the black-box scripts share (sh). A script begins with
#	. "$(dirname "$0")/lib.sh"
# and has from then on a private installation in $dir (etc/ and run/, exported as
# NUT_CONFPATH and NUT_STATEPATH), the programs of $BUILD in PATH, and nothing to clean up.
# It ends with 0 (fine), 1 (`die`) or 77 (`skip`).
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=$(cd "${BUILD:-$root/build}" && pwd)
dir=$(mktemp -d /tmp/holdup-test.XXXXXX)
mkdir -m 700 "$dir/etc" "$dir/run"
export BUILD NUT_CONFPATH="$dir/etc" NUT_STATEPATH="$dir/run" LC_ALL=C TZ=UTC
PATH=$BUILD/cli:$BUILD/holdupd:$BUILD/sim:$BUILD/hid:$BUILD/core:$BUILD/net:$BUILD/remote:$PATH
pids=

# start NAME COMMAND…: in the background; output in $dir/NAME.log, pid in $pid.
start() {
	log=$dir/$1.log
	shift
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	pids="$pid $pids"
}

# stop PID: ends a process of ours and waits for its end.
stop() {
	kill "$1" 2>/dev/null || :
	wait "$1" 2>/dev/null || :
}

# within SECONDS COMMAND…: until the command succeeds, looking ten times a second. For what
# has to happen so soon; where the moment does not matter, wait_for.
within() {
	rounds=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		rounds=$((rounds - 1))
		[ "$rounds" -gt 0 ] || return 1
		sleep 0.1
	done
}

# wait_for COMMAND…: only guards against hanging; a busy machine takes its time.
wait_for() {
	end=$(($(date +%s) + 40))
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt $end ] || return 1
		sleep 0.1
	done
}

# free_port: prints a TCP port that nobody uses, and nobody else gets while this script runs.
free_port() {
	python3 "$root/tests/blackbox/freeport.py" $$
}

# demo [ARGUMENT…]: the article's installation with a virtual UPS `qnapups`; sets $port.
# It is served when this returns. There is a page where the script has written a holdup.conf.
demo() {
	port=$(free_port)
	mkdir -p "$dir/etc"
	[ -e "$dir/etc/holdup.conf" ] || : >"$dir/etc/holdup.conf"
	start demo holdup demo --dir "$dir" --nut-port "$port" --for 120 "$@"
	wait_for served || die "holdup demo serves nothing on port $port"
}

served() {
	[ -n "$(value battery.charge)" ] && [ "$(value ups.status)" != WAIT ]
}

# value VARIABLE [UPS]: prints its value as the demo's server has it.
value() {
	"$BUILD/cli/upsc" "${2:-qnapups}@127.0.0.1:$port" "$1" 2>/dev/null
}

# is VARIABLE VALUE: compares, for wait_for.
is() {
	[ "$(value "$1")" = "$2" ]
}

# same WHAT GOT WANTED
same() {
	[ "$2" = "$3" ] || die "$1 is '$2', expected '$3'"
}

die() {
	echo "$*"
	exit 1
}

skip() {
	echo "$*"
	exit 77
}

# What a script has besides to end; it may define its own.
at_end() {
	:
}

# At the end: our processes go, the folder too; after a failure the logs are shown first.
finish() {
	status=$?
	trap - EXIT
	at_end || :
	for pid in $pids; do
		stop "$pid"
	done
	if [ "$status" -ne 0 ] && [ "$status" -ne 77 ]; then
		for log in "$dir"/*.log; do
			[ ! -s "$log" ] || { echo "--- $(basename "$log")" && tail -n 30 "$log"; }
		done
	fi
	rm -rf "$dir"
	exit "$status"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP
