#!/bin/sh
# SPDX-License-Identifier: ISC
# holdup probe: the virtual device, a recording of it, and the recording read again.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/golden.sh"

same "no bus" "$(mkdir "$dir/run/sim" && holdup probe | head -n 1)" \
	"No UPS found among 0 HID devices."
demo
holdup probe >"$dir/list" || die "probe finds nothing"
grep -q '051d:0002' "$dir/list" || die "the virtual UPS is not listed: $(cat "$dir/list")"
holdup probe --json | python3 -c '
import json, sys
device = json.load(sys.stdin)[0]
assert device["id"] == "051d:0002" and device["ups"] is True, device' || die "probe --json"
holdup probe --record "$dir/record.json" || die "probe --record"
holdup probe --replay "$dir/record.json" --vars >"$dir/vars" || die "--vars of a record"

# What it says of itself is what its recording says.
for var in battery.charge battery.type ups.model ups.serial input.transfer.high; do
	same "$var" "$(sed -n "s/^$var: //p" "$dir/vars")" "$(value $var)"
done

body=$root/sim/bodies/apc-back-ups-cs-500.json
golden fields.txt holdup probe --replay "$body" --fields
for option in fields vars commands quirks; do
	holdup probe --replay "$body" --$option --json >"$dir/json" || die "--$option --json"
	python3 -m json.tool "$dir/json" >/dev/null || die "--$option --json: $(cat "$dir/json")"
done
holdup probe --replay "$root/sim/bodies/two-delays.json" --commands --json | python3 -c '
import json, sys
got = json.load(sys.stdin)
assert got["commands"]["shutdown.return"] == ["161e00", "151400"], got
assert got["settings"]["battery.charge.low"] == {"range": [0, 100], "writes": ["0414"]}, got' ||
	die "--commands --json"
holdup probe --replay "$body" --vars --fields >/dev/null 2>&1 && die "two things at once"

same "no file" "$(holdup probe --replay "$dir/none" --vars 2>&1 || echo "status $?")" \
	"holdup: cannot read $dir/none: No such file or directory
status 1"
echo '{}' >"$dir/bad.json"
holdup probe --replay "$dir/bad.json" --vars 2>"$dir/said" && die "an empty recording is taken"
grep -q "^holdup: $dir/bad.json is no recording" "$dir/said" || die "$(cat "$dir/said")"
