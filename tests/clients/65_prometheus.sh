#!/bin/sh
# SPDX-License-Identifier: ISC
# A real Prometheus scrapes the metrics, has every documented family without a warning, loads
# our rules, and knows of an outage; promtool finds the text format clean.
. "$(dirname "$0")/../blackbox/lib.sh"

command -v prometheus >/dev/null || skip "no prometheus here"
ask=$root/tests/clients/prometheus.py
web=$(free_port)
prometheus=$(free_port)
cat >"$NUT_CONFPATH/holdup.conf" <<CONF
[web]
listen = 127.0.0.1:$web
[history]
keep = yes
[machine nas]
login = nas
after = 100
CONF
# A UPS that tells no watts has no energy: this one is said to have 300 W.
printf '[qnapups]\n\tdriver = usbhid-ups\n\tport = auto\n\tdefault.ups.realpower.nominal = 300\n' \
	>"$NUT_CONFPATH/ups.conf"
demo
metrics=http://127.0.0.1:$web/metrics
wait_for "$ask" get "$metrics" || die "no metrics at $metrics"

# An outage is on the disk at once, and with it what the load has taken until then.
holdup sim unplug >/dev/null
counted() {
	"$ask" get "$metrics" | grep -q '^holdup_ups_energy_joules_total'
}
wait_for counted || die "no energy in $metrics"
holdup sim plug >/dev/null

"$ask" get "$metrics" >"$dir/metrics"
promtool check metrics <"$dir/metrics" >"$dir/said" 2>&1 || die "promtool: $(cat "$dir/said")"
[ ! -s "$dir/said" ] || die "promtool: $(cat "$dir/said")"

cat >"$dir/prometheus.yml" <<CONF
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [$root/packaging/prometheus/holdup.rules.yml]
scrape_configs:
  - {job_name: holdup, static_configs: [{targets: ["127.0.0.1:$web"]}]}
CONF
start prometheus prometheus --config.file="$dir/prometheus.yml" --storage.tsdb.path="$dir/data" \
	--web.listen-address="127.0.0.1:$prometheus"
at=http://127.0.0.1:$prometheus
wait_for "$ask" value "$at" up || die "Prometheus does not start"
"$ask" live "$at" "$metrics" "$root/docs/page.md" "$root/packaging/grafana/holdup.json" >"$dir/said" 2>&1 ||
	die "$(cat "$dir/said")"

# on_battery VALUE: what the rules make of the status.
on_battery() {
	[ "$("$ask" value "$at" holdup:ups_on_battery)" = "$1" ]
}
wait_for on_battery 0 || die "Prometheus does not have it on mains"
holdup sim unplug >/dev/null
wait_for on_battery 1 || die "Prometheus does not hear of the outage"
"$ask" live "$at" "$metrics" "$root/docs/page.md" "$root/packaging/grafana/holdup.json" >"$dir/said" 2>&1 ||
	die "on battery: $(cat "$dir/said")"
[ -n "$("$ask" value "$at" 'time() - holdup_last_change_timestamp_seconds < 600')" ] ||
	die "nobody knows since when it is on battery"
! grep -E 'level=(warn|error)' "$dir/prometheus.log" || die "Prometheus complains"
