#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Commands and settings reach the device; ups.conf's words are laid over it; a polled loss
of the mains is read twice."""

import time

from hidlib import AC, DISCHARGING, EPIPE, LOW, SET, Device, Hid, Reader, same, wait_for

hid = Hid("pollinterval = 1\n")
device = Device(hid.dir)
hid.start()
r = Reader(hid.socket)
r.wait_fresh(True)

same("quick test", r.tracking("INSTCMD test.battery.start.quick", "t1"), 0)
same("written", device.written[-1], b"\x06\x01")
hid.says("ups ups: test.battery.start.quick: done")
same("beeper", r.tracking("INSTCMD beeper.disable", "t2"), 0)
r.wait("ups.beeper.status", "disabled", 1)
same("setting", r.tracking('SET battery.charge.low "35"', "t3"), 0)
same("value after OK", r.vars["battery.charge.low"], "35")
same("out of range", r.tracking('SET battery.charge.low "3500"', "t4"), 2)
same("unknown", r.tracking("INSTCMD no.such.command", "t5"), 1)
same("unknown variable", r.tracking('SET ups.nothing "1"', "t6"), 1)
same("a delay that it has no use for", r.tracking('SET ups.delay.shutdown "60"', "t7"), 1)

# A device that caps what it is given, and one that takes no notice, have not done it.
give = device.answer


def capped(op, report, data):
    if op == SET and report == 4:
        device.written.append(data)
        device.reports[4] = bytes([4, min(data[1], 40)])
        return 0, b""
    return (0, b"") if op == SET else give(op, report, data)


device.answer = capped
same("capped", r.tracking('SET battery.charge.low "60"', "t31"), 3)
same("asked for", device.written[-1], bytes([4, 60]))
same("what it says", r.vars["battery.charge.low"], "40")
hid.says("ups ups: battery.charge.low: failed: asked for 60, it says 40")
same("within", r.tracking('SET battery.charge.low "39"', "t32"), 0)
same("ignored", r.tracking("INSTCMD beeper.enable", "t33"), 3)
hid.says("ups ups: beeper.enable: failed: asked for 2, it says 1")
device.answer = give

# Several at once are done in order.
for i in range(6):
    r.send(f'SET battery.charge.low "{10 + i}" TRACKING m{i}')
wait_for("all done", lambda: len([x for x in r.lines if x.startswith("TRACKING m")]) == 6)
same("last", r.vars["battery.charge.low"], "15")
same("order", device.written[-6:], [bytes([4, 10 + i]) for i in range(6)])

# A single wrong "no mains" in a polled report is never seen; a lasting one is.
before = len(r.lines)
device.once[1] = b"\x01\x00"
wait_for("the wrong report", lambda: 1 not in device.once)
time.sleep(1.2)
same("OB by one wrong reading", [x for x in r.lines[before:] if "OB" in x], [])
device.reports[1] = bytes([1, DISCHARGING])
r.wait("ups.status", "OB DISCHRG", 3)

# Without a device a command fails at once.
device.drop()
r.wait_fresh(False)
same("command without a device", r.tracking("INSTCMD beeper.enable", "t8"), 3)
hid.stop()

# ups.conf's words.
hid = Hid("ignorelb\noverride.battery.charge.low = 50\noverride.ups.model = Mine\n"
          "default.battery.charge.warning = 60\ndefault.battery.charge = 1\n"
          "offdelay = 45\npollonly\n", folder=hid.dir)
device.reports[1] = bytes([1, AC | LOW])
device.reports[2] = b"\x02\x60"
device.plug()
hid.start()
r = Reader(hid.socket)
r.wait_fresh(True)
for name, value in {
    "battery.charge": "96",
    "battery.charge.low": "50",
    "battery.charge.warning": "60",
    "driver.flag.ignorelb": "enabled",
    "driver.parameter.offdelay": "45",
    "ups.delay.shutdown": "45",
    "ups.model": "Mine",
    "ups.status": "OL",
}.items():
    same(name, r.vars.get(name), value)
same("overridden: not settable", r.tracking('SET battery.charge.low "30"', "t9"), 2)
device.reports[2] = b"\x02\x31"
r.wait("ups.status", "OL LB", 4)
device.status(DISCHARGING)  # pollonly: not by this, but by the next poll
wait_for("OB", lambda: r.vars["ups.status"].startswith("OB"), 4)
hid.stop()
