#!/bin/sh
# SPDX-License-Identifier: ISC
# For contrast: what the clients trip over with Debian's upsd, and a UPS that is easy
# (dummy-ups) or hard on them.
. "$(dirname "$0")/lib.sh"

fresh() { "$NUT/upsc" "$1@127.0.0.1:$nut_port" ups.status 2>/dev/null | grep -q "$2"; }

cat >"$NUT_CONFPATH/easy.dev" <<DEV
ups.status: OL CHRG
ups.mfr: Nobody
ups.model: Nothing 500
ups.serial: N1
ups.firmware: 1.0
ups.load: 20
ups.test.result: Done and passed
ups.beeper.status: enabled
battery.charge: 87
battery.charge.low: 20
battery.runtime: 1200
battery.voltage: 13.4
input.voltage: 231.0
output.voltage: 230.0
DEV
dummy_ups easy
debian_upsd
wait_for fresh easy OL || die "no ups.status"
replay debian 127.0.0.1 "$nut_port" --user chief --password secret

another_folder hard
hard_ups hard
debian_upsd
wait_for fresh hard OB || die "no ups.status"
replay debian-hard 127.0.0.1 "$nut_port" --user chief --password secret
