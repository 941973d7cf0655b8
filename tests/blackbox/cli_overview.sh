#!/bin/sh
# SPDX-License-Identifier: ISC
# takes 25 s
# holdup watch on a terminal: what the page has, pages by keys, any size, and over a slow line:
# what has not changed is not written.
. "$(dirname "$0")/lib.sh"
command -v tmux >/dev/null || skip "tmux is not installed"

mux() {
	tmux -S "$dir/tmux" -f /dev/null "$@"
}

keys() {
	mux send-keys -t watch "$@"
}

screen() {
	mux capture-pane -t watch -p
}

shows() {
	screen | grep -q -- "$1"
}

at_end() {
	mux kill-server 2>/dev/null
}

cat >"$dir/etc/holdup.conf" <<CONF
[history]
keep = yes
[machine nas]
hook = /bin/true
after = 180
takes = 90
CONF
demo
export LC_ALL=C.UTF-8 TERM=screen-256color
mux new-session -d -s watch -x 80 -y 24 "exec env PS1='$ ' sh"
wait_for shows '\$' || die "no shell"
mux pipe-pane -t watch -o "exec cat >>$dir/written"
keys -l "clear; holdup watch; echo \"en\"\"ded\""
keys Enter

# At rest: the flow, and the machines in their order, by a rehearsal.
wait_for shows 'Mains 2.* V ━━━▶ UPS ━━━▶ Load' || die "no flow: $(screen)"
wait_for shows '^  nas .* told 0:03:0' || die "no machine with its moment: $(screen)"
wait_for shows '^  this machine .* told 0:' || die "this machine is missing: $(screen)"
[ "$(screen | grep -n '^  nas ' | cut -d: -f1)" -lt "$(screen | grep -n '^  this machine' | cut -d: -f1)" ] ||
	die "the order: $(screen)"

# An outage, and that it was.
holdup sim "charge 90%" >/dev/null
holdup sim unplug >/dev/null
wait_for shows 'Mains.*━ ✕ ━ UPS ━━━▶ Load' || die "the flow does not stop: $(screen)"
wait_for shows ' lasts, so far ' || die "the outage is not among the last: $(screen)"
holdup sim plug >/dev/null
wait_for shows '━━━▶ UPS ━━━▶ Load' || die "the flow does not begin: $(screen)"
over() {
	shows '^Last outages' && ! shows 'lasts, so far'
}
wait_for over || die "the outage does not end: $(screen)"

# Pages, and sizes down to what is too small for all of it.
keys o
machines_gone() {
	shows '^Last outages' && ! shows '^Machines'
}
wait_for machines_gone || die "no page of outages: $(screen)"
keys m
wait_for shows '^Machines' || die "no page of machines: $(screen)"
keys u
wait_for shows '^Events' || die "no way back: $(screen)"
for size in "40 12" "24 8" "132 43" "80 24"; do
	# shellcheck disable=SC2086 # two words
	set -- $size
	mux resize-window -t watch -x "$1" -y "$2"
	fits() {
		shows '^ holdup watch' && screen | tail -n 1 | grep -q '^ u UPS  m mach' &&
			[ "$(screen | wc -l)" -eq "$2" ]
	}
	wait_for fits "$1" "$2" || die "$size: $(screen)"
done

# Over a slow line: one figure is some hundred bytes at most, a screen some thousand.
bytes() {
	wc -c <"$dir/written"
}
before=$(bytes)
keys C-l
redrawn() {
	[ $(($(bytes) - before)) -gt 1000 ]
}
wait_for redrawn || die "^L does not draw anew: $(($(bytes) - before)) bytes"
at_rest() {
	before=$(bytes)
	sleep 1
	[ "$(bytes)" -eq "$before" ]
}
wait_for at_rest || die "it writes all the time"
before=$(bytes)
holdup sim "load 31%" >/dev/null
wait_for shows 'Load 31' || die "no change: $(screen)"
[ $(($(bytes) - before)) -lt 1000 ] ||
	die "a change of the load costs $(($(bytes) - before)) bytes"

keys q
wait_for shows '^ended' || die "q does not end it: $(screen)"
