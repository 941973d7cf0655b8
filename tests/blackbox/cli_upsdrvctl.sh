#!/bin/sh
# SPDX-License-Identifier: ISC
# upsdrvctl shutdown: our hid for usbhid-ups, NUT's driver for others, nobody for remote;
# in the order of sdorder; one that fails does not keep the others on.
. "$(dirname "$0")/lib.sh"

mkdir "$dir/nut"
cat >"$dir/nut/fake-ups" <<'DRIVER'
#!/bin/sh
echo "fake-ups $*" >>"$NUT_STATEPATH/order"
[ "$2" != broken ]
DRIVER
chmod +x "$dir/nut/fake-ups"
cat >"$dir/etc/ups.conf" <<CONF
driverpath = $dir/nut
[late]
	driver = fake-ups
	port = none
	sdorder = 2
[broken]
	driver = fake-ups
	port = none
[never]
	driver = fake-ups
	port = none
	sdorder = -1
[qnapups]
	driver = usbhid-ups
	port = auto
	sdorder = 1
[far]
	driver = remote
	port = qnapups@127.0.0.1:1
CONF

start sim sim
wait_for test -S "$dir/run/sim.ctl" || die "sim has no control socket"
if upsdrvctl shutdown 2>"$dir/said"; then
	die "a driver failed, and upsdrvctl succeeds"
fi
same order "$(cat "$dir/run/order")" "fake-ups -a broken -k
fake-ups -a late -k"
grep -q "ups qnapups: output goes off in .* and comes back with the mains" "$dir/said" ||
	die "$(cat "$dir/said")"
off() { holdup sim status | grep -q output=off; }
wait_for off || die "the output stays on"

# One alone, its sdorder notwithstanding.
upsdrvctl shutdown never || die "upsdrvctl shutdown never"
same "one alone" "$(tail -n 1 "$dir/run/order")" "fake-ups -a never -k"
upsdrvctl shutdown far || die "a far UPS is no failure"

same list "$(upsdrvctl list | tr '\n' ' ')" "late broken never qnapups far "
same "a UPS that is none" "$(upsdrvctl shutdown nosuch 2>&1 || echo "status $?")" \
	"holdup: UPS nosuch not found in ups.conf ($dir/etc/ups.conf)
status 1"
same "a word that is none" "$(upsdrvctl strat 2>&1 || echo "status $?")" \
	"Error: unrecognized command [strat]
status 1"
same "what would be cut" "$(upsdrvctl -t shutdown late | tail -n 1)" "$dir/nut/fake-ups -a late -k"
same "what would be started" "$(upsdrvctl -t -F -u nobody start late | tail -n 1)" \
	"$dir/nut/fake-ups -a late -F -u nobody"
sed -i 's/fake-ups/no-such-driver/' "$dir/etc/ups.conf"
if said=$(upsdrvctl shutdown late 2>&1); then
	die "a driver is missing, and upsdrvctl succeeds"
fi
case $said in
*"ups late: NUT's driver no-such-driver is not installed: it is in none of "*) ;;
*) die "a missing driver: $said" ;;
esac
# Without any ups.conf: what is there on USB, as holdupd serves it.
rm "$dir/etc/ups.conf"
same "list of what is there" "$(upsdrvctl list)" ups
holdup sim plug >/dev/null
on() { holdup sim status | grep -q output=on; }
wait_for on || die "the output does not come back"
upsdrvctl shutdown 2>"$dir/said" || die "without ups.conf: $(cat "$dir/said")"
grep -q "ups ups: output goes off in " "$dir/said" || die "$(cat "$dir/said")"
wait_for off || die "the output stays on without ups.conf"
stop "$pid"
rm -f "$dir"/run/sim/*
same "nothing at all" "$(upsdrvctl shutdown 2>&1 || echo "status $?")" \
	"holdup: $dir/etc/ups.conf names no UPS, and none is on USB
status 1"
