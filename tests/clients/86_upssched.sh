#!/bin/sh
# SPDX-License-Identifier: ISC
# The same upssched.conf and the same events: CMDSCRIPT is called by our upssched as by
# Debian's, with the same words in the same order.
. "$(dirname "$0")/lib.sh"

# configure FOLDER: upssched.conf and CMDSCRIPT in $dir/FOLDER.
configure() {
	mkdir -p "$dir/$1/etc" "$dir/$1/run"
	cat >"$dir/$1/script" <<-SCRIPT
		#!/bin/sh
		echo "\$# \$*" >>$dir/$1/told
	SCRIPT
	chmod +x "$dir/$1/script"
	cat >"$dir/$1/etc/upssched.conf" <<-CONF
		# A comment
		CMDSCRIPT $dir/$1/script
		PIPEFN $dir/$1/run/upssched.pipe
		LOCKFN $dir/$1/run/upssched.lock

		AT ONBATT * START-TIMER onbatt 2
		AT ONBATT a@localhost EXECUTE "a is on battery"
		AT onbatt b@localhost START-TIMER twice 3
		AT ONLINE * CANCEL-TIMER onbatt
		AT ONLINE * CANCEL-TIMER twice was-too-late
		AT LOWBATT b@localhost START-TIMER "two words" 1
		AT COMMBAD * START-TIMER "'two  in' one" 1
		AT COMMOK * CANCEL-TIMER nothing "never ran"
		AT FSD c@localhost EXECUTE c-alone
		AT SHUTDOWN * EXECUTE script*
	CONF
}

# live FOLDER UPSSCHED: the events, with pauses that a clock of whole seconds can tell apart.
live() {
	export NUT_CONFPATH="$dir/$1/etc" NUT_STATEPATH="$dir/$1/run" NUT_ALTPIDPATH="$dir/$1/run"
	cd "$dir/$1" || exit 1
	while read -r ups type pause; do
		UPSNAME=$ups NOTIFYTYPE=$type "$2" "UPS $ups: $type" || echo "$type fails"
		sleep "$pause"
	done <<-EVENTS
		a@localhost ONBATT 5
		a@localhost ONLINE 1
		b@localhost ONBATT 0.5
		b@localhost ONLINE 3
		b@localhost ONBATT 0
		b@localhost ONBATT 6
		b@localhost ONLINE 0
		b@localhost LOWBATT 3
		a@localhost COMMBAD 3
		a@localhost COMMOK 0
		a@localhost FSD 0
		c@localhost FSD 0
		a@localhost SHUTDOWN 0
	EVENTS
}

# A machine that stands still between two events is in the way of either; not always.
for _ in 1 2 3; do
	rm -rf "$dir/ours" "$dir/debian"
	configure ours
	configure debian
	live ours "$BUILD/cli/upssched" >"$dir/ours.log" 2>&1 </dev/null &
	ours=$!
	live debian "$NUT/upssched" >"$dir/debian.log" 2>&1
	wait "$ours"
	! cmp -s "$dir/ours/told" "$dir/debian/told" || break
done
[ -s "$dir/debian/told" ] || die "Debian's upssched calls nothing"
cmp -s "$dir/ours/told" "$dir/debian/told" ||
	die "CMDSCRIPT is called differently: $(diff "$dir/debian/told" "$dir/ours/told")"
[ ! -s "$dir/ours.log" ] || die "ours has something to say"
wait_for test ! -e "$dir/ours/run/upssched.pipe" || die "ours does not end"
