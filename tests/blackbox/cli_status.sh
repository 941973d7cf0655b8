#!/bin/sh
# SPDX-License-Identifier: ISC
# The state at a glance: piped, on a terminal, as JSON, and what upsc prints at rest.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/golden.sh"

demo

golden status.txt holdup status
LC_ALL=C.UTF-8 golden status.utf8.txt holdup status qnapups
# All but the slowest answer, which depends on this machine.
list() {
	upsc qnapups >"$dir/listed" && grep -v '^driver.link.slowest: 0\.[0-9]*$' "$dir/listed"
}
golden upsc.txt list
holdup | grep -q "$(printf '\033')" && die "escape codes in a pipe"

holdup status --json | python3 -c '
import json, sys
ups = json.load(sys.stdin)["upses"][0]
assert ups["name"] == "qnapups" and ups["description"] == "Server", ups
assert ups["words"] == "On mains" and ups["status"] == "OL", ups
assert ups["variables"]["battery.charge"] == "100", ups' || die "status --json"

same "an unknown UPS" "$(holdup status nope 2>&1 || echo "status $?")" \
	"holdup: no UPS 'nope' on 127.0.0.1:$port; there is qnapups
status 1"
same "a further name" "$(holdup status APCUPS | head -n 1 | cut -d " " -f 1)" APCUPS
same "an unknown server" "$(holdup status @127.0.0.1:1 2>&1 || echo "status $?")" \
	"holdup: no NUT server on 127.0.0.1:1 (Connection failure: Connection refused). \
Start one with: holdup demo
status 1"
same "a misspelt command" "$(holdup wacth 2>&1 || echo "status $?")" \
	"holdup: no command 'wacth'; did you mean 'watch'?
status 1"

for command in status watch demo probe sim upsc upscmd upsrw; do
	holdup "$command" --help | grep -q "^usage: holdup $command" || die "$command --help"
	holdup help "$command" | awk 'length > 80 { exit 1 }' || die "$command --help is too wide"
done
