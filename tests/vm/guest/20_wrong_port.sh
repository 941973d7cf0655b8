# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# The node that the article names is a mouse today: the UPS is found, and the log says so.
. /tests/lib.sh
fresh
begin rule rule
mkfifo /tmp/hold
other mouse </tmp/hold &
export started=$!
exec 9>/tmp/hold
expect mouse-node wait_for 10 test -c /dev/hidraw0
virtual_ups
expect second-node wait_for 10 test -c /dev/hidraw1
holdup_as_nut
expect wrong-port-served within 20 ups.status OL
expect wrong-port-told grep -q 'hidraw0.*hidraw1' /tmp/holdupd.log
exec 9>&-
fresh
