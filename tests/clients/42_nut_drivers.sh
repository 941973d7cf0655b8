#!/bin/sh
# SPDX-License-Identifier: ISC
# holdupd runs a driver of NUT: Debian's dummy-ups by a name that is none of ours, from
# driverpath; killed, it comes back; a clone of it is ours.
. "$(dirname "$0")/lib.sh"

value() { upsc "$1@127.0.0.1:$port" "$2" 2>/dev/null; }

mkdir "$dir/nut" "$dir/nut/real"
program=$(find "$NUT/root" -path '*/nut/dummy-ups' | head -n 1)
ln -s "$program" "$dir/nut/real/some-ups"
sed "s|^exec .*|exec $dir/nut/real/some-ups \"\$@\"|" "$NUT/dummy-ups" >"$dir/nut/some-ups"
chmod +x "$dir/nut/some-ups"
cat >"$NUT_CONFPATH/ups.conf" <<CONF
driverpath = $dir/nut
user = $user
[theirs]
	driver = some-ups
	port = x.dev
[ours]
	driver = clone
	port = theirs
CONF
printf 'ups.status: OL\nbattery.charge: 87\n' >"$NUT_CONFPATH/x.dev"
our_holdupd
has() { [ "$(value "$1" "$2")" = "$3" ]; }
wait_for has theirs battery.charge 87 || die "battery.charge is $(value theirs battery.charge)"
wait_for has ours battery.charge 87 || die "the clone's is $(value ours battery.charge)"
same driver.name "$(value theirs driver.name)" some-ups
upsrw -u boss -p secret -s battery.charge=55 "theirs@127.0.0.1:$port" >/dev/null ||
	die "upsrw battery.charge=55"
wait_for has ours battery.charge 55 || die "the clone stays at $(value ours battery.charge)"

driver() { pgrep -P "$pid" -f -- '-a theirs' || :; }
first=$(driver)
[ -n "$first" ] || die "holdupd has no child that drives theirs"
kill -KILL "$first"
again() { [ -n "$(driver)" ] && [ "$(driver)" != "$first" ]; }
wait_for again || die "a driver that was killed does not come back"
wait_for has theirs battery.charge 87 || die "after its return: $(value theirs battery.charge)"
wait_for has ours battery.charge 87 || die "the clone's: $(value ours battery.charge)"
