#!/bin/sh
# SPDX-License-Identifier: ISC
# The virtual UPS on the virtual bus: steered by its control socket, read and written as
# `hid` does, dropped, stalled, ended.
. "$(dirname "$0")/lib.sh"
[ -x "$BUILD/sim/sim" ] || skip "sim is not built"
command -v python3 >/dev/null || skip "no python3"

start sim sim
wait_for test -S "$dir/run/sim.ctl" || die "sim has no control socket"

# A second one in the same place is refused, and says why.
if sim >"$dir/second.out" 2>&1; then
	die "a second sim took the same socket"
fi
grep -q "in use" "$dir/second.out" || die "the second sim does not say why it ended"

python3 "$root/tests/blackbox/simsocket.py" "$dir/run" || die "see above"

kill "$pid"
wait "$pid" || die "sim ended with status $?"
[ ! -e "$dir/run/sim.ctl" ] || die "the control socket was left behind"
[ ! -e "$dir/run/sim/hidraw0" ] || die "the device's socket was left behind"
