#!/bin/sh
# SPDX-License-Identifier: ISC
# takes 30 s
# holdup watch in a pipe: a line for each event, at once; and no command of the command
# line prints an escape code into a pipe, whatever the terminal is called.
. "$(dirname "$0")/lib.sh"

export TERM=xterm-256color
demo --speed 10
start watch holdup watch
start nobody holdup watch "nope@127.0.0.1:$port"

saw() {
	grep -q "^[0-9-]* [0-9:]* qnapups: $1" "$dir/watch.log"
}

twice() {
	[ "$(grep -c "qnapups: $1" "$dir/watch.log")" -eq 2 ]
}

wait_for saw "On mains, charge 100 %" || die "no first line"
holdup sim unplug >/dev/null
within 1 saw "mains failed, running on battery, charge " || die "the plug: no line in a second"
# Its last values count for 5 s on battery, and for 15 s on mains.
holdup sim usb-drop >/dev/null
within 12 saw "the driver lost the device; charge and runtime are estimated" ||
	die "no line when the device goes"
holdup sim usb-back >/dev/null
within 8 saw "data are fresh again" || die "no line when the device is back"
holdup sim plug >/dev/null
within 3 saw "mains is back" || die "no line when the mains is back"
holdup sim usb-drop >/dev/null
within 24 saw "the driver lost the device$" || die "no line when the device goes on mains"
holdup sim usb-back >/dev/null
within 8 twice "data are fresh again" || die "no line when it is back on mains"
wait_for grep -q "nope: Unknown UPS" "$dir/nobody.log" || die "an unknown UPS is not told"

# --speed 10: at full load the battery lasts two minutes, so a tenth is gone in 2 s.
holdup sim status | grep -q ' speed=10$' || die "not faster: $(holdup sim status)"
for command in "load 100%" "charge 100%" unplug; do
	holdup sim "$command" >/dev/null || die "holdup sim $command"
done
drained() {
	[ "$(value battery.charge)" -lt 90 ]
}
within 4 drained || die "--speed 10, and the charge is $(value battery.charge)"

# Into a pipe: text, and for programs what they can read.
holdup sim plug >/dev/null
body=$root/sim/bodies/apc-back-ups-cs-500.json
at=qnapups@127.0.0.1:$port
while read -r command; do
	# shellcheck disable=SC2086 # a command of several words
	holdup $command >"$dir/said" 2>&1 </dev/null || :
	[ -s "$dir/said" ] || die "holdup $command says nothing"
	! grep -q "$(printf '[\033\r\b]')" "$dir/said" || die "escape codes: holdup $command"
	case $command in
	*--json* | *-j*) python3 -m json.tool <"$dir/said" >/dev/null || die "no JSON: $command" ;;
	esac
done <<COMMANDS
help
status
status --json
status nope
probe
probe --json
probe --replay $body --fields
probe --replay $body --fields --json
probe --replay $body --vars
probe --replay $body --vars --json
sim status
sim nonsense
sim help
demo --for x
upsc $at
upsc -j $at
upsc -l 127.0.0.1:$port
upsc -L 127.0.0.1:$port
upsc -c $at
upscmd -l $at
upsrw $at
upsdrvctl list
upsmon -h
COMMANDS
! grep -q "$(printf '\033')" "$dir/watch.log" || die "escape codes: holdup watch"
