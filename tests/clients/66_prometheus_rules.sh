#!/bin/sh
# SPDX-License-Identifier: ISC
# The alerts fire when they should and only then, and the dashboard can be shown: promtool
# judges every rule and every query, and each names what docs/page.md says that there is.
. "$(dirname "$0")/../blackbox/lib.sh"

command -v promtool >/dev/null || skip "no promtool here (Debian: prometheus)"
rules=$root/packaging/prometheus/holdup.rules.yml
dashboard=$root/packaging/grafana/holdup.json
check=$root/tests/clients/prometheus.py

# quiet COMMAND…: dies with what it said when it fails.
quiet() {
	"$@" >"$dir/said" 2>&1 || die "$1 $2: $(cat "$dir/said")"
}

quiet promtool check rules "$rules"
cd "$root/packaging/prometheus" || exit
quiet promtool test rules holdup.rules.test.yml
quiet python3 "$check" names "$root/docs/page.md" "$rules" "$dashboard" holdup.rules.test.yml
python3 "$check" queries "$dashboard" >"$dir/queries.yml" || die "$dashboard cannot be shown"
quiet promtool check rules "$dir/queries.yml"

# Each alert is tested, says what it is and what to do, and how bad it is.
sed -n 's/.*alert: //p' "$rules" >"$dir/alerts"
while read -r alert; do
	grep -q "alertname=\"$alert\"" holdup.rules.test.yml || die "$alert is never seen to fire"
done <"$dir/alerts"
for what in summary: description: severity:; do
	same "number of $what" "$(grep -c "$what" "$rules")" "$(wc -l <"$dir/alerts")"
done
