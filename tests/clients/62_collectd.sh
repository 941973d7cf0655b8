#!/bin/sh
# SPDX-License-Identifier: ISC
# collectd's plug-in reads what our upsc reads, interval after interval.
. "$(dirname "$0")/lib.sh"

collectd=$OTHERS/collectd-core/usr
[ -x "$collectd/sbin/collectd" ] || skip "collectd is not to be had here"
demo
cat >"$dir/collectd.conf" <<CONF
BaseDir "$dir"
PIDFile "$dir/collectd.pid"
PluginDir "$collectd/lib/collectd"
TypesDB "$collectd/share/collectd/types.db"
Interval 1
LoadPlugin nut
LoadPlugin csv
LoadPlugin logfile
<Plugin nut>
	UPS "qnapups@127.0.0.1:$port"
</Plugin>
<Plugin csv>
	DataDir "$dir/csv"
</Plugin>
<Plugin logfile>
	File "$dir/collectd.txt"
</Plugin>
CONF
LD_LIBRARY_PATH=$(sed -n 's/^export LD_LIBRARY_PATH=\([^ ]*\) .*/\1/p' "$NUT/upsc")
export LD_LIBRARY_PATH
start collectd "$collectd/sbin/collectd" -f -C "$dir/collectd.conf"
unset LD_LIBRARY_PATH

# What collectd has of the UPS: a file for each value and day, a row for each interval.
rows() { cat "$dir/csv/127.0.0.1/nut-qnapups/$1"-2* 2>/dev/null; }
last() { rows "$1" | tail -n 1 | sed 's/.*,//'; }
three() { [ "$(rows percent-charge | wc -l)" -ge 4 ]; }

wait_for three || die "collectd wrote no three intervals: $(cat "$dir/collectd.txt")"

# close FILE VARIABLE: the numbers are the same, but for what moves between two readings.
close() {
	awk -v a="$(last "$1")" -v b="$(value "$2")" \
		'BEGIN { exit !(a != "" && a - b < 0.05 * b + 0.1 && b - a < 0.05 * b + 0.1) }' ||
		die "collectd has $1 = $(last "$1"), upsc $2 = $(value "$2")"
}
close percent-charge battery.charge
close percent-load ups.load
close voltage-battery battery.voltage
close voltage-input input.voltage
close voltage-output output.voltage
! grep -i 'nut plugin.*fail' "$dir/collectd.txt" || die "collectd complains"
