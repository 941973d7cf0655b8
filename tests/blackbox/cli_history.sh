#!/bin/sh
# SPDX-License-Identifier: ISC
# holdup history and holdup report after an outage of the demo: outages, events, values for
# programs, and the page that tells it; what the command line gets wrong is said.
. "$(dirname "$0")/lib.sh"

mkdir -p "$dir/etc"
echo '[history]' >"$dir/etc/holdup.conf"
demo
said=$dir/said

events() {
	holdup history events >"$said" 2>/dev/null && grep -q "$1" "$said"
}

ended() {
	holdup history --json 2>/dev/null | grep -q '"complete": true'
}

value_there() {
	holdup history export battery.charge 2>/dev/null | grep -q ',qnapups,battery.charge,[0-9]'
}

wait_for holdup history || die "there is no history"
holdup history >"$said"
same "what is told before" "$(cat "$said")" "there was no outage"
holdup report >"$said" 2>&1 && die "a report of no outage"
grep -q "there was no outage yet" "$said" || die "not told: $(cat "$said")"

holdup sim load 40% >/dev/null
wait_for is ups.load 40.0 || die "the load is $(value ups.load)"
holdup sim unplug >/dev/null
wait_for events "qnapups: On battery" || die "no event: the mains is away"
wait_for is ups.status "OB DISCHRG" || die "status $(value ups.status)"
holdup history >"$said"
grep -q "qnapups  *outage, it lasts" "$said" || die "an outage that lasts: $(cat "$said")"
drained() {
	[ "$(value battery.charge)" -lt 95 ]
}
holdup sim speed 20 >/dev/null
wait_for drained || die "charge $(value battery.charge)"
holdup sim speed 1 >/dev/null
holdup sim plug >/dev/null
wait_for events "qnapups: The mains is back" || die "no event: the mains is back"
wait_for ended || die "the outage does not end: $(holdup history)"
wait_for value_there || die "no values"

# The page: what happened, in its order, within 80 columns.
holdup report >"$said" || die "holdup report fails"
grep -q "^Outage 1 of qnapups" "$said" || die "no heading"
awk '/^What happened/ { part = 1 } /On battery/ && part == 1 { part = 2 }
	/mains is back/ && part == 2 { part = 3 } /^The battery/ && part == 3 { part = 4 }
	/charge    100 % down to [0-9][0-9]* %/ && part == 4 { part = 5 }
	/^(Minute by minute|Step by step)/ && part == 5 { part = 6 }
	/^  [0-9][0-9]:[0-9][0-9]:[0-9][0-9] .* 40 %/ && part == 6 { part = 7 }
	END { exit part != 7 }' "$said" || die "the page lacks something: $(cat "$said")"
awk 'length($0) > 80 { exit 1 }' "$said" || die "wider than 80 columns: $(cat "$said")"
same "report 1" "$(holdup report 1 | head -n 1)" "$(head -n 1 "$said")"
same "report last" "$(holdup report last | head -n 1)" "$(head -n 1 "$said")"

# For programs.
holdup report --json | python3 -c '
import json, sys
r = json.load(sys.stdin)
kinds = [e["kind"] for e in r["events"]]
assert r["id"] == 1 and r["ups"] == "qnapups" and r["kind"] == "outage", r
assert kinds.index("onbatt") < kinds.index("online"), kinds
assert r["charge_began"] == 100 and r["charge_low"] < 100, r
assert r["ended"] > r["began"] and abs(r["ended"] - r["began"] - r["seconds"]) < 2, r
assert any(m["charge"] for m in r["minutes"]), r["minutes"]
' || die "holdup report --json: $(holdup report --json)"
holdup history events --json qnapups | python3 -c '
import json, sys
e = json.load(sys.stdin)["events"]
assert [x["id"] for x in e] == sorted(x["id"] for x in e) and all(x["ups"] == "qnapups" for x in e), e
' || die "holdup history events --json"
holdup history export --csv battery.charge ups.load >"$said"
python3 - "$said" <<'E2' || die "no CSV: $(head -n 5 "$said")"
import csv, sys
text = open(sys.argv[1], newline="").read()
assert text.count("\r\n") == text.count("\n") > 3
rows = list(csv.DictReader(text.splitlines()))
assert {r["variable"] for r in rows} == {"battery.charge", "ups.load"}, rows
assert all(r["time"].endswith("Z") for r in rows)
charge = [float(r["value"]) for r in rows if r["variable"] == "battery.charge" and r["value"]]
assert charge[0] == 100 and min(charge) < 100, charge
E2
holdup history export --json --ups qnapups | python3 -c '
import json, sys
rows = json.load(sys.stdin)
assert any(r["variable"] == "ups.load" and r["value"] == 40 for r in rows), rows[:5]
' || die "holdup history export --json"

# What is asked for in vain.
for command in "report 77" "report no" "history --since tomorrow" "history export ups.lood" \
	"history export --ups nobody" "history one two"; do
	# shellcheck disable=SC2086 # a command of several words
	holdup $command >"$said" 2>&1 && die "holdup $command says nothing of it"
	[ -s "$said" ] || die "holdup $command fails without a word"
done
same "since now" "$(holdup history --since 0m)" "there was no outage"
