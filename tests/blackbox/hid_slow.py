#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A device that answers late or never delays neither a PONG nor an input report of hid."""

import os
import signal
import time

from hidlib import AC, DISCHARGING, Device, Hid, Reader, Stopwatch, die, same, wait_for

hid = Hid("pollinterval = 1\noverride.driver.link.hold = 3\n")
device = Device(hid.dir)
hid.start()
r = Reader(hid.socket)
r.wait_fresh(True)

# A read that takes 3 s.
device.stall = 3
asked = len(device.asked)
wait_for("a stalled read", lambda: len(device.asked) > asked or time.sleep(1.2) or True)
began = Stopwatch()
for bits, status in ((DISCHARGING, "OB DISCHRG"), (AC, "OL")) * 3:
    r.ping(0.5)
    device.status(bits)
    r.wait("ups.status", status, 0.5)
began.check("beside a stalled read", 0, 1)
same("fresh beside a slow device", r.fresh, True)
device.stall = 0

# Somebody kills the asker: another one takes over.
old = hid.asker()
same("askers", len(old), 1)
os.kill(old[0], signal.SIGKILL)
hid.says("starting another", 5)
device.reports[2] = b"\x02\x21"
r.wait("battery.charge", "33", 8)
if hid.asker() == old:
    die("the asker is the old one")

# No answer at all: stale, after 7 s asked anew; when it wakes up, fresh again.
device.stall = 12
r.wait_fresh(False, 12)
hid.says("has not answered for 7 s", 10)
device.status(DISCHARGING)
r.wait("ups.status", "OB DISCHRG", 0.5)
r.ping(0.5)
same("charge while it hangs", r.vars["battery.charge"], "33")
device.stall = 0
device.status(AC)
r.wait_fresh(True, 16)
r.wait("ups.status", "OL", 1)
for name in ("battery.charge", "battery.runtime"):
    wait_for(name, lambda: name in r.vars, 14)

# Stopped in the middle of a read: hid ends, and so does the asker.
device.stall = 3
time.sleep(1.2)
asker = hid.asker()[0]
hid.stop()
wait_for("end of the asker", lambda: not os.path.exists(f"/proc/{asker}"), 2)
