#!/bin/sh
# SPDX-License-Identifier: ISC
# What meson installs under a DESTDIR runs from there: with HOLDUP_LIBEXEC, and without.
. "$(dirname "$0")/lib.sh"
command -v meson >/dev/null || skip "meson is not installed"

meson install -C "$BUILD" --no-rebuild --quiet --destdir "$dir/dest" >"$dir/install.log" 2>&1 ||
	die "meson install fails"
holdup=$(find "$dir/dest" -path '*/bin/holdup')
core=$(find "$dir/dest" -path '*/libexec/holdup/core')
[ -n "$holdup" ] && [ -n "$core" ] || die "not installed: holdup '$holdup', core '$core'"

# try NAME [VARIABLE=VALUE]: a demo of the installed programs serves, and NUT's names work.
try() {
	name=$1
	shift
	port=$(free_port)
	start "$name" env "$@" "$holdup" demo --dir "$dir/$name" --nut-port "$port" --for 60
	demo_pid=$pid
	wait_for served || die "$name: nothing is served"
	for tool in upsc upscmd upsrw; do
		"$(dirname "$holdup")/$tool" -l "qnapups@127.0.0.1:$port" >"$dir/$tool.log" 2>&1 ||
			[ $tool = upsc ] || die "$name: $tool does not work"
	done
	stop "$demo_pid"
}

try libexec "HOLDUP_LIBEXEC=$(dirname "$core")"
try beside "HOLDUP_LIBEXEC="
[ -n "$(find "$dir/dest" -name 'holdup.1*')" ] || die "the man pages are not installed"

# What the rules for udev run is there, and looks where it is told to.
rules=$(find "$dir/dest" -name 62-holdup.rules)
isups=$(sed -n 's/^IMPORT{program}="\([^ ]*\) .*/\1/p' "$rules")
[ -x "$dir/dest$isups" ] || die "$isups of $rules is not installed"
"$dir/dest$isups" /sys/nowhere 2>"$dir/said.log" && die "isups: nothing is a UPS"
grep -q '^isups: /sys/nowhere: No such file' "$dir/said.log" || die "isups says nothing"
