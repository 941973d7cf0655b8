# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# The article's server: its files word for word, an ordinary user in group nut, no udevd.
. /tests/lib.sh
fresh
begin rule rule
virtual_ups
expect hidraw-node wait_for 10 test -c /dev/hidraw0
expect probe sh -c 'holdup probe | grep -i 051d'
holdup_as_nut
expect article-served within 20 ups.status OL
expect article-on-lan sh -c 'upsc qnapups@192.168.0.9 battery.charge | grep -x 100'

for variable in battery.charge ups.load battery.temperature battery.runtime battery.voltage \
	input.voltage ups.mfr ups.model ups.serial ups.test.result ups.vendorid device.model \
	battery.charge.low battery.type ups.beeper.status driver.name; do
	expect "variable-$variable" upsc qnapups@127.0.0.1 "$variable"
done

holdup sim unplug
expect unplug within 2 ups.status 'OB DISCHRG'
holdup sim plug
expect plug says 2 '^OL'

# The device goes and comes back; who it is stays.
model=$(value ups.model)
holdup sim usb-drop
expect usb-drop says 40 stale # its last values count for 15 s
expect node-gone test ! -e /dev/hidraw0
holdup sim usb-back
expect usb-back says 20 '^OL'
expect same-model is ups.model "$model"

# Feature reads take 5 s; an input report does not wait for them.
holdup sim stall 5
sleep 3
holdup sim unplug
expect unplug-while-stalled within 2 ups.status 'OB DISCHRG'
sleep 12
expect still-answering says 1 '^OB'
holdup sim stall 0
holdup sim plug
expect plug-after-stall says 8 '^OL'
fresh
