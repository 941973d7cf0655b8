#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A device that is there and of no use is opened anew, then reset, each time after a longer
pause; one that answers rubbish, or goes at the very transfer, misleads nobody."""

from hidlib import EPIPE, AC, DISCHARGING, Device, Hid, Reader, same, wait_for

hid = Hid("pollinterval = 1\npollfreq = 1\n")
device = Device(hid.dir)
hid.start()
r = Reader(hid.socket)
r.wait_fresh(True)

# Nothing but zeros in every report: no loss of the mains, and the values stay.
good, count = dict(device.reports), len(device.asked)
for i, report in good.items():
    device.reports[i] = bytes([i]) + bytes(len(report) - 1)
hid.says("answers rubbish; waiting for it", 20)
same("status", r.vars["ups.status"], "OL")
same("charge", r.vars["battery.charge"], "100")
same("asked meanwhile", len(device.asked) > count, True)
device.reports = dict(good)
hid.says("reopening it in 5 s")
r.wait("driver.link.state", "ok", 15)
same("resets", device.resets, 0)

# Nothing is answered: opened anew, which does not help, then reset, which does.
device.on_reset = device.fails.clear
device.fails.update({i: EPIPE for i in range(256)})
hid.says("answers nothing; waiting for it", 20)
wait_for("a reset", lambda: device.resets == 1)
hid.says("resetting and reopening it in ")
hid.says("was reset on its bus")
r.wait("driver.link.state", "ok", 30)
same("resets", device.resets, 1)
same("status", r.vars["ups.status"], "OL")

# It says that the mains is away, and goes: by an input report, and by one that was asked for.
device.status(DISCHARGING)
device.drop()
r.wait("ups.status", "OB DISCHRG", 2)
r.wait("driver.link.state", "held", 2)
same("fresh", r.fresh, True)
device.reports[1] = bytes([1, AC])
device.plug()
r.wait("ups.status", "OL", 10)
r.wait("driver.link.state", "ok", 5)
hid.stop()
