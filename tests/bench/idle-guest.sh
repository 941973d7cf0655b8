# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# For tests/bench/idle. Prints `IDLE NAME CPU-SECONDS-AN-HOUR WAKE-UPS-A-MINUTE PSS-KB`.
. /tests/lib.sh
seconds=$(cat /seconds)

# Of these processes: time on a processor in ns, and how often they went to sleep.
used() {
	for process; do
		cut -d ' ' -f 1 "/proc/$process/schedstat"
		sed -n 's/^voluntary_ctxt_switches:\t/sleeps /p' "/proc/$process/status"
	done | awk '$1 == "sleeps" { n += $2; next } { ns += $1 } END { print ns, n }'
}

measure() { # NAME PID…
	who=$1
	shift
	sleep 10 # the first readings are not idling
	before=$(used "$@")
	sleep "$seconds"
	after=$(used "$@")
	pss=$(for process; do
		sed -n 's/^Pss: *\([0-9]*\) kB/\1/p' "/proc/$process/smaps_rollup"
	done | awk '{ n += $1 } END { print n }')
	echo "$who $before $after $pss" | awk -v s="$seconds" '{
		print "IDLE", $1, ($4 - $2) / 1e9 * 3600 / s, ($5 - $3) * 60 / s, $6
	}'
}

fresh
printf '[ups]\ndriver = usbhid-ups\nport = auto\n' >/etc/nut/ups.conf
begin sim sim --usbip --body /body.json
expect attached wait_for 30 attach 3240 0
expect node wait_for 30 ls /dev/hidraw0
begin hid hid -a ups
expect hid wait_for 60 test -S /run/nut/usbhid-ups-ups
hid=${started%% *}
read -r asker <"/proc/$hid/task/$hid/children"
# shellcheck disable=SC2086 # one word, or several
measure hid "$hid" $asker
kill "$hid"
wait "$hid"
if [ -x /nut/usbhid-ups ]; then
	begin nut env NUT_STATEPATH=/tmp NUT_ALTPIDPATH=/tmp /nut/usbhid-ups -u root -a ups -F
	expect usbhid-ups wait_for 60 test -S /tmp/usbhid-ups-ups
	measure usbhid-ups "${started%% *}"
fi
fresh
