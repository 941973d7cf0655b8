#!/bin/sh
# SPDX-License-Identifier: ISC
# upslog writes what its format says, of one UPS or of all, here or in the background; it
# opens its files anew at SIGHUP and goes on without its server.
. "$(dirname "$0")/lib.sh"
export NUT_PIDPATH=$NUT_STATEPATH

demo
server=$pid
ups=qnapups@127.0.0.1:$port

same "the format" "$(upslog -s "$ups" -l - -d 1 -f '%VAR battery.charge%%t%VAR no.such%%%' 2>/dev/null)" \
	"$(printf '100\tNA%%')"
same "the default" "$(upslog -s "$ups" -l - -d 1 2>/dev/null | cut -d ' ' -f 3,6)" "100 [OL]"
same "all of a server" "$(upslog -N -m "*@127.0.0.1:$port,-" -d 1 -f '%VAR ups.status%' 2>"$dir/said")" \
	"$(printf '%s\tOL' "$ups")"
same "what it says" "$(cat "$dir/said")" "logging status of $ups to stdout (30s intervals)"

# fails TEXT ARGUMENT…: says this, and status 1.
fails() {
	text=$1
	shift
	if upslog "$@" >"$dir/said" 2>&1; then
		die "upslog $* succeeds"
	fi
	grep -q -- "$text" "$dir/said" || die "upslog $*: $(cat "$dir/said")"
}
fails "No UPS defined for monitoring"
fails "No filename defined for logging" -s "$ups"
fails "No UPS defined for monitoring" -l -
fails "requires exactly 2 components" -m "$ups"
fails "Connection failure" -m "*@127.0.0.1:1,-"
fails "cannot write $dir/none/log" -m "$ups,$dir/none/log"
fails "OS user nosuch not found" -u nosuch -m "$ups,-"
fails "wants a number" -i x

# In the background, by its pid file.
upslog -i 30 -s "$ups" -l "$dir/values" 2>/dev/null || die "upslog in the background"
# lines FILE NUMBER: it has so many at least.
lines() { [ "$(cat "$dir/$1" 2>/dev/null | wc -l)" -ge "$2" ]; }
wait_for lines values 1 || die "no line"
daemon=$(cat "$dir/run/upslog.pid")
pids="$daemon $pids"
kill -USR1 "$daemon"
wait_for lines values 2 || die "SIGUSR1 writes no line"
mv "$dir/values" "$dir/values.1"
kill -HUP "$daemon"
wait_for test -e "$dir/values" || die "SIGHUP does not open the file anew"
kill -USR1 "$daemon"
wait_for lines values 1 || die "no line in the new file"
kill "$daemon"
gone() { [ ! -e "/proc/$daemon" ] && [ ! -e "$dir/run/upslog.pid" ]; }
wait_for gone || die "it does not end, or leaves its pid file"

# A server that is away costs only its values.
start away upslog -F -i 1 -m "$ups,$dir/away" -m "$ups,$dir/both" -f '%VAR ups.status%'
wait_for lines away 1 || die "no line in the foreground"
kill "$server"
has() { grep -qx "$2" "$dir/$1"; }
wait_for has away NA || die "it does not go on without its server: $(cat "$dir/away")"
wait_for has both NA || die "$(cat "$dir/both")"

kill "$pid"

# What was slept through is not made up for: no second has more than two lines.
start slept upslog -F -i 1 -m "$ups,$dir/slept" -f '%ETIME%'
wait_for lines slept 1 || die "no line"
kill -STOP "$pid"
sleep 4
before=$(wc -l <"$dir/slept")
kill -CONT "$pid"
wait_for lines slept $((before + 3)) || die "it does not go on: $before, $(cat "$dir/slept")"
kill "$pid"
same "made up for" "$(uniq -c "$dir/slept" | awk '$1 > 2')" ""

# Nor do lines that SIGUSR1 asked for put off the next one.
start asked upslog -F -i 2 -m "$ups,$dir/asked" -f '%ETIME%'
for n in 1 2 3 4; do
	wait_for lines asked $n || die "SIGUSR1 writes no line"
	kill -USR1 "$pid"
done
wait_for lines asked 6 || die "the next line does not come: $(cat "$dir/asked")"
same "put off" "$(awk 'NR > 1 && $1 > before + 4; { before = $1 }' "$dir/asked")" ""
