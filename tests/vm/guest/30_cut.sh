# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# The late cut on a real hidraw node: nothing else of ours runs, no udevd, no network, and
# no folder but /dev can be written.
. /tests/lib.sh
fresh
mkdir -p /tmp/sim
NUT_STATEPATH=/tmp/sim virtual_ups
expect cut-hidraw-node wait_for 10 test -c /dev/hidraw0
steer() { NUT_STATEPATH=/tmp/sim holdup sim "$@"; }
output() { steer status | grep "output=$1"; }

steer unplug
mount -t tmpfs -o ro tmpfs /run
expect cut-read-only sh -c '! touch /run/x'
expect cut-mains-away sh -c 'hid -m qnapups; [ $? -eq 1 ]'
expect cut sh -c 'upsdrvctl shutdown 2>&1 | tee /tmp/said | grep "comes back with the mains"'
expect cut-output-off wait_for 30 output off
sleep 2
expect cut-stays-off output off
steer plug
expect cut-comes-back wait_for 60 output on

# A device that hangs ends it all the same; the kernel's log has it, where this machine is
# nobody's private installation.
steer stall 30
begin=$(date +%s)
expect cut-hangs sh -c '! env -u NUT_CONFPATH -u NUT_STATEPATH hid -k qnapups'
expect cut-in-time test $(($(date +%s) - begin)) -le 17
expect cut-hangs-in-kernel-log sh -c 'dmesg | grep "holdup: ups qnapups: "'
steer stall 0
umount /run
fresh
