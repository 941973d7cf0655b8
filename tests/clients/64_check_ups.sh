#!/bin/sh
# SPDX-License-Identifier: ISC
# check_ups of the monitoring plugins reads what our upsc reads.
. "$(dirname "$0")/lib.sh"

program=$OTHERS/monitoring-plugins-basic/usr/lib/nagios/plugins/check_ups
[ -x "$program" ] || skip "monitoring-plugins-basic is not to be had here"
demo
check_ups() { "$program" -H 127.0.0.1 -p "$port" -T "$@"; }

check_ups -u qnapups >"$dir/said" || die "check_ups: $(cat "$dir/said")"
one() { LC_ALL=C printf '%.1f' "$1"; }
for part in "UPS OK - Status=Online" "Utility=$(one "$(value input.voltage)")V" \
	"Batt=$(one "$(value battery.charge)")%"; do
	grep -q -e "$part" "$dir/said" || die "no '$part' in: $(cat "$dir/said")"
done
! check_ups -u nothing >"$dir/said" || die "a UPS that is not there is fine: $(cat "$dir/said")"
grep -q "no such UPS 'nothing'" "$dir/said" || die "$(cat "$dir/said")"

holdup sim unplug || die "holdup sim unplug"
wait_for is ups.status "OB DISCHRG" || die "no OB"
! check_ups -u qnapups >"$dir/said" || die "on battery is fine: $(cat "$dir/said")"
grep -q 'UPS WARNING - Status=On Battery, Discharging' "$dir/said" || die "$(cat "$dir/said")"
