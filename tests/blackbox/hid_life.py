#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""hid waits for its device, reads it, follows it, loses it, takes it back, and ends."""

import subprocess

from hidlib import AC, CHARGING, DISCHARGING, LOW, Device, Hid, Reader, Stopwatch, same, wait_for

hid = Hid("override.driver.link.hold = 4\n").start()
hid.says("no HID power device found; waiting")
r = Reader(hid.socket)
same("fresh without a device", r.fresh, None if r.fresh is None else False)
same("driver.state", r.vars["driver.state"], "init.device")

device = Device(hid.dir)
came = Stopwatch()
r.wait_fresh(True, 2)
came.check("found", 0, 1)
for name, value in {
    "battery.charge": "100",
    "battery.charge.low": "20",
    "battery.runtime": "1800",
    "battery.type": "PbAc",
    "device.type": "ups",
    "driver.name": "usbhid-ups",
    "driver.parameter.pollfreq": "30",
    "driver.parameter.pollinterval": "2",
    "driver.parameter.port": "auto",
    "driver.state": "quiet",
    "driver.version.data": "APC HID",
    "ups.mfr": "American Power Conversion",
    "ups.productid": "0002",
    "ups.serial": "A1",
    "ups.status": "OL",
    "ups.vendorid": "051d",
}.items():
    same(name, r.vars.get(name), value)

# Input reports count at once, each.
device.status(DISCHARGING)
r.wait("ups.status", "OB DISCHRG", 1)
device.status(DISCHARGING | LOW)
wait_for("LB", lambda: "LB" in r.vars["ups.status"].split(), 1)
device.status(AC | CHARGING)
r.wait("ups.status", "OL", 1)  # charging, of a battery that is full

# What is polled follows.
device.reports[2] = b"\x02\x37"
r.wait("battery.charge", "55", 4)
r.wait("ups.status", "OL CHRG", 1)

# Gone: the values are held, with their age, then stale, and kept; back: read anew.
same("the link", {k: r.vars.get("driver.link." + k) for k in ("state", "drops", "age", "hold")},
     {"state": "ok", "drops": "0", "age": None, "hold": "4"})
device.drop()
r.wait("driver.link.state", "held", 1)
same("fresh while held", r.fresh, True)
same("driver.state while held", r.vars["driver.state"], "reconnect.trying")
same("drops", r.vars["driver.link.drops"], "1")
r.wait("driver.link.age", "2")
same("fresh while held", (r.fresh, r.vars["ups.status"]), (True, "OL CHRG"))
r.wait_fresh(False, 6)
same("charge kept", r.vars["battery.charge"], "55")
same("status kept", r.vars["ups.status"], "OL CHRG")
r.wait("driver.link.state", "stale", 1)
device.reports[2] = b"\x02\x40"
device.plug()
r.wait_fresh(True, 2)
r.wait("battery.charge", "64", 1)
same("the link", (r.vars["driver.link.state"], r.vars.get("driver.link.age")), ("ok", None))
same("log of the loss", hid.log().count("is gone"), 1)

# A second reader sees the same as the first.
same("second reader", Reader(hid.socket).vars, r.vars)
hid.stop()

wrong = subprocess.run([*hid.args[:2], "other"], env=hid.env, capture_output=True, text=True)
same("unknown section", wrong.returncode, 1)
if "ups.conf has no section [other], but: [ups]" not in wrong.stderr:
    raise SystemExit(wrong.stderr)
