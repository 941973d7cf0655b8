#!/bin/sh
# SPDX-License-Identifier: ISC
# Netdata's module `nut` reads what our upsc reads. Debian 12's Netdata (1.37) has it as a
# charts.d script around upsc, and no go.d plug-in: that one is replayed (./run, netdata).
. "$(dirname "$0")/lib.sh"

plugins=$OTHERS/netdata-plugins-bash/usr/lib/netdata
[ -e "$plugins/plugins.d/charts.d.plugin" ] || skip "Netdata is not to be had here"
command -v curl >/dev/null || skip "no curl here, which charts.d wants"
demo
mkdir "$dir/charts.d"
printf 'nut_ups="qnapups@127.0.0.1:%s"\nnut_update_every=1\n' "$port" >"$dir/charts.d/nut.conf"
: >"$dir/charts.d.conf"
PATH=$NUT:$PATH \
	NETDATA_PLUGINS_DIR=$plugins/plugins.d NETDATA_STOCK_CONFIG_DIR=$plugins/conf.d \
	NETDATA_USER_CONFIG_DIR=$dir NETDATA_CACHE_DIR=$dir NETDATA_UPDATE_EVERY=1 \
	start netdata bash "$plugins/plugins.d/charts.d.plugin" 1 nut

# set DIMENSION: its value in the last block; the plug-in multiplies by 100.
set_to() { sed -n "s/^SET $1 = //p" "$dir/netdata.log" | tail -n 1; }
charged() { [ -n "$(set_to battery_charge)" ]; }

wait_for charged || die "Netdata charts nothing: $(tail -n 5 "$dir/netdata.log")"
hundredfold() { awk -v v="$(value "$1")" 'BEGIN { print v * 100 }'; }
same "charge" "$(set_to battery_charge)" "$(hundredfold battery.charge)"
same "nominal voltage" "$(set_to input_voltage_nominal)" "$(hundredfold input.voltage.nominal)"
same "nominal voltage of the battery" "$(set_to battery_voltage_nominal)" \
	"$(hundredfold battery.voltage.nominal)"
