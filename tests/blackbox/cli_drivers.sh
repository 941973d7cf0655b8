#!/bin/sh
# SPDX-License-Identifier: ISC
# upsdrvctl start, status and stop: our hid in the background with a pid file, a driver of
# NUT (a script of this test) by its own words, several kept in the foreground.
. "$(dirname "$0")/lib.sh"

export NUT_ALTPIDPATH=$NUT_STATEPATH

mkdir "$dir/nut"
cat >"$dir/nut/fake-ups" <<'DRIVER'
#!/bin/sh
echo "$$ $*" >>"$NUT_STATEPATH/fake"
case " $* " in *" -FF "*) exec sleep 60 ;; esac
[ "$2" != broken ]
DRIVER
chmod +x "$dir/nut/fake-ups"
cat >"$dir/etc/ups.conf" <<CONF
driverpath = $dir/nut
maxstartdelay = 40
[qnapups]
	driver = usbhid-ups
	port = auto
[theirs]
	driver = fake-ups
	port = none
CONF
start sim sim
wait_for test -S "$dir/run/sim.ctl" || die "sim has no control socket"

# line UPS: what status prints of it, blanks for tabs.
line() {
	upsdrvctl status "$1" | tail -n 1 | tr -s ' \t' ' '
}

same heading "$(upsdrvctl status | head -n 1 | tr -s ' \t' ' ')" \
	"UPSNAME UPSDRV RUNNING PF_PID S_RESPONSIVE S_PID S_STATUS"
same "before the start" "$(line qnapups)" "qnapups usbhid-ups N/A -3 NOT_RESPONSIVE N/A "
upsdrvctl start || die "upsdrvctl start"
driver=$(cat "$dir/run/usbhid-ups-qnapups.pid")
pids="$driver $pids"
same "the driver's command line" "$(tr '\0' ' ' <"/proc/$driver/cmdline" | cut -d ' ' -f 2-)" \
	"-a qnapups "
grep -q ' -a theirs$' "$dir/run/fake" || die "NUT's driver: $(cat "$dir/run/fake")"
on() { [ "$(line qnapups)" = "qnapups usbhid-ups RUNNING $driver RESPONSIVE $driver \"OL\"" ]; }
wait_for on || die "$(line qnapups)"
if upsdrvctl start qnapups 2>"$dir/said"; then
	die "it starts twice"
fi
grep -q "ups qnapups: a driver serves it already" "$dir/said" || die "$(cat "$dir/said")"
if upsdrvctl -c reload qnapups 2>"$dir/said"; then
	die "a driver of ours can be told to reload"
fi
kill -0 "$driver" || die "a driver that reads no signal was signalled"

upsdrvctl stop qnapups || die "upsdrvctl stop"
[ ! -e "/proc/$driver" ] || die "the driver lives on"
[ ! -e "$dir/run/usbhid-ups-qnapups.pid" ] || die "its pid file stays"
if upsdrvctl stop qnapups 2>"$dir/said"; then
	die "what does not run can be stopped"
fi
grep -q "no driver of it is running" "$dir/said" || die "$(cat "$dir/said")"

# In the foreground: one is upsdrvctl itself, several end with it.
start one upsdrvctl -F start qnapups
one() { [ "$(cat "/proc/$pid/comm")" = hid ]; }
wait_for one || die "the driver does not take the place of upsdrvctl"
stop "$pid"
running() { grep -q 'theirs -FF$' "$dir/run/fake" && [ -s "$dir/run/usbhid-ups-qnapups.pid" ]; }
start both upsdrvctl -FF start
both=$pid
wait_for running || die "not both are started"
hid=$(cat "$dir/run/usbhid-ups-qnapups.pid")
theirs=$(sed -n 's/ -a theirs -FF$//p' "$dir/run/fake" | tail -n 1)
wait_for test -S "$dir/run/usbhid-ups-qnapups" || die "no socket"
stop "$both"
gone() { [ ! -e "/proc/$hid" ] && [ ! -e "/proc/$theirs" ]; }
wait_for gone || die "the drivers outlive upsdrvctl -F"

# One that fails is a failure.
printf '[broken]\n\tdriver = fake-ups\n\tport = none\n' >>"$dir/etc/ups.conf"
if upsdrvctl start broken 2>"$dir/said"; then
	die "a driver that fails is a success"
fi
grep -q "Driver failed to start: ups broken" "$dir/said" || die "$(cat "$dir/said")"
