#!/bin/sh
# SPDX-License-Identifier: ISC
# upsmon -c reaches a holdupd by its pid file and no stranger; -K tells whether the cut is
# due. The holdupd is a process of this script's own that notes the signals it gets.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip "no python3"

# says TEXT COMMAND…: fails with this text in its message.
says() {
	text=$1
	shift
	if "$@" >"$dir/said" 2>&1; then
		die "$* succeeds"
	fi
	grep -q -- "$text" "$dir/said" || die "$*: $(cat "$dir/said")"
}

says "holdupd is not running .*/holdupd.pid: No such file" upsmon -c fsd
says "takes fsd, reload or stop, not 'fds'" upsmon -c fds
says "Can't open .*/upsmon.conf: No such file" upsmon
says "usage: upsmon" upsmon -x
upsmon -V | grep -q "^Network UPS Tools upsmon " || die "upsmon -V"
for option in "-c fsd" "-c reload" "-c stop" -P -K -D -F -B -p -u -V; do
	upsmon -h | grep -q -- "$option" || die "upsmon -h does not tell of $option"
done

cat >"$dir/listener.py" <<'PYTHON'
import signal, sys
with open("/proc/self/comm", "w") as f:
    f.write(sys.argv[1])
taken = {signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, taken)
print("ready", flush=True)
while True:
    number = signal.sigwait(taken)
    print(signal.Signals(number).name, flush=True)
    if number == signal.SIGTERM:
        break
PYTHON

# heard NAME WORD: that listener has got the signal.
heard() {
	grep -q "$2" "$dir/$1.log"
}

start stranger python3 "$dir/listener.py" stranger
stranger=$pid
wait_for heard stranger ready || die "the stranger does not start"
echo "$stranger" >"$dir/run/holdupd.pid"
says "is no holdupd" upsmon -c stop
echo garbage >"$dir/run/holdupd.pid"
says "holds no process id" upsmon -c stop
echo 1 >"$dir/run/holdupd.pid"
says "holds no process id" upsmon -c stop

start fake python3 "$dir/listener.py" holdupd
wait_for heard fake ready || die "the fake holdupd does not start"
echo "$pid" >"$dir/run/holdupd.pid"
upsmon -c fsd || die "upsmon -c fsd"
wait_for heard fake SIGUSR1 || die "fsd is no SIGUSR1"
holdup upsmon -c reload || die "upsmon -c reload"
wait_for heard fake SIGHUP || die "reload is no SIGHUP"
upsmon -c stop || die "upsmon -c stop"
wait_for heard fake SIGTERM || die "stop is no SIGTERM"
wait "$pid" || :
says "holdupd is not running" upsmon -c fsd
heard stranger SIG && die "the stranger was signalled"
for word in 0 1 -5 x "" 99999999; do
	says "-P takes a process id, not '$word'" upsmon -P "$word" -c fsd
done
says "cannot signal process 4194303" upsmon -P 4194303 -c reload
says "Failed to signal the currently running daemon" upsmon -P 4194303 -c reload
upsmon -c fsd -P "$stranger" || die "upsmon -c fsd -P"
wait_for heard stranger SIGUSR1 || die "-P is not used for fsd"
upsmon -P "$stranger" -c reload || die "upsmon -P -c reload"
wait_for heard stranger SIGHUP || die "-P is not used for reload"
upsmon -P "$stranger" -c suspend || die "upsmon -c suspend"
wait_for heard stranger SIGUSR2 || die "suspend is no SIGUSR2"
upsmon -P "$stranger" -c stop || die "upsmon -P"
wait_for heard stranger SIGTERM || die "-P is not used"

unset_flag() {
	if upsmon -K; then
		die "upsmon -K says that the flag is set"
	fi
}

# The flag: the default of a private folder, upsmon.conf's own, NUT's text alone counts.
unset_flag
printf 'upsmon-shutdown-file' >"$dir/run/killpower"
upsmon -K || die "the flag is set, and upsmon -K says no"
echo "POWERDOWNFLAG $dir/flag" >"$dir/etc/upsmon.conf"
unset_flag
: >"$dir/flag"
unset_flag
printf 'upsmon-shutdown-file\n' >"$dir/flag"
upsmon -K || die "POWERDOWNFLAG is not read"
