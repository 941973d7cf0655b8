#!/bin/sh
# SPDX-License-Identifier: ISC
# upsc, upscmd and upsrw say what NUT's programs say, and end as they do.
. "$(dirname "$0")/lib.sh"

demo

same "upsc -l" "$(upsc -l "127.0.0.1:$port")" qnapups
same "upsc -L" "$(upsc -L "127.0.0.1:$port")" "qnapups: Server"
same "one variable" "$(upsc "qnapups@127.0.0.1:$port" ups.model)" "Back-UPS CS 500"
same "upsc -j" "$(upsc -j qnapups battery.charge)" '"100"'
same "upsc -j -l" "$(upsc -j -l "127.0.0.1:$port" | tr -d ' \n')" '["qnapups"]'
same "upsc -j -L" "$(upsc -jL "127.0.0.1:$port")" '{
  "qnapups": "Server"
}'
same "upsc -j -c" "$(upsc -jc qnapups | tr -d ' \n')" '["127.0.0.1"]'
upsc -j qnapups | grep -q '^  "battery.charge": "100",$' || die "upsc -j: $(upsc -j qnapups)"
holdup upsc qnapups | grep -q '^battery.charge: 100$' || die "holdup upsc"

# fails TEXT COMMAND…: says exactly this on standard error, and status 1.
fails() {
	text=$1
	shift
	if "$@" >"$dir/out" 2>"$dir/err" </dev/null; then
		die "$* succeeds"
	fi
	[ ! -s "$dir/out" ] || die "$* prints to standard output"
	same "$*" "$(cat "$dir/err")" "$text"
}

# What a program reads says it too.
same "an error in JSON" "$(upsc -j qnapups no.such.variable 2>/dev/null || :)" '{
  "error": "Variable not supported by UPS"
}'
same "no server in JSON" "$(upsc -j qnapups@127.0.0.1:1 2>/dev/null | tr -d '\n' || :)" \
	'{  "error": "Connection failure: Connection refused"}'

fails "Error: old-style variable names are not supported" upsc qnapups STATUS
fails "Error: Unknown UPS" upsc "nope@127.0.0.1:$port"
fails "Error: Variable not supported by UPS" upsc qnapups no.such.variable
fails "Error: Connection failure: Connection refused" upsc qnapups@127.0.0.1:1
fails "Error: No such host" upsc qnapups@no.such.host.invalid
fails "Error: invalid UPS definition.
Required format: upsname[@hostname[:port]]" upsc
fails "Unexpected response from upsd: ERR CMD-NOT-SUPPORTED" \
	upscmd -u admin -p 123456 qnapups no.such.command
fails "Unexpected response from upsd: ERR ACCESS-DENIED" \
	upscmd -u admin -p wrong qnapups beeper.mute
fails "Unexpected response from upsd: ERR VAR-NOT-SUPPORTED" \
	upsrw -s no.such=1 -u admin -p 123456 qnapups
fails "Unexpected response from upsd: ERR READONLY" \
	upsrw -s battery.charge=1 -u admin -p 123456 qnapups

upscmd -l qnapups >"$dir/commands"
same "upscmd -l" "$(head -n 2 "$dir/commands")" "Instant commands supported on UPS [qnapups]:"
grep -q '^test.battery.start.quick - ' "$dir/commands" || die "$(cat "$dir/commands")"
same upscmd "$(upscmd -u admin -p 123456 qnapups beeper.disable 2>&1)" OK
wait_for is ups.beeper.status disabled || die "the beeper is not disabled"
same "upscmd -w" "$(upscmd -w -u admin -p 123456 qnapups beeper.disable 2>&1)" SUCCESS
same "upsrw -w" "$(upsrw -w -t 5 -s battery.charge.low=25 -u admin -p 123456 qnapups 2>&1)" SUCCESS
same "asked for" "$(printf 'admin\n123456\n' | upscmd qnapups beeper.enable 2>&1 |
	sed 's/Username ([a-z0-9_-]*): /Username: /')" "Username: Password: OK"
wait_for is ups.beeper.status enabled || die "the beeper is not enabled"

same upsrw "$(upsrw -s battery.charge.low=20 -u admin -p 123456 qnapups 2>&1)" OK
wait_for is battery.charge.low 20 || die "battery.charge.low is not set"
upsrw qnapups >"$dir/settings"
grep -A 1 '^\[battery.charge.low\]$' "$dir/settings" | grep -q '[a-z]' || die "no description"
grep -A 3 '^\[input.sensitivity\]$' "$dir/settings" | grep -q '^Type: ENUM$' || die "no ENUM"
grep -q '^Option: "medium" SELECTED$' "$dir/settings" || die "$(cat "$dir/settings")"
