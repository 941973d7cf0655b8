#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What NUT's options for usbhid-ups do to a running driver (each that is only read:
tests/unit/options_test.c)."""

import time

from hidlib import (AC, DISCHARGING, LOW, MOUSE, Device, Hid, Reader, die, same, wait_for)


def begin(conf, *args, **device):
    """A driver with these options, its device, and who reads it."""
    hid = Hid(conf, args=args)
    ups = Device(hid.dir, **device)
    hid.start()
    return hid, ups, Reader(hid.socket)


# What means nothing over hidraw is accepted, and the debug log says why.
hid, ups, r = begin("usb_set_altinterface = 0\nusb_hid_rep_index = 1\nmaxreport\n"
                    "debug_min = 1\nlbrb_log_delay_sec = 2\nlbrb_log_delay_without_calibrating\n")
r.wait_fresh(True)
hid.says("ups.conf:4: usb_set_altinterface: no effect: the kernel has chosen it")
hid.says("maxreport: no effect: every report is asked for with room for the longest")

# A low battery on mains counts when it lasts; on battery at once.
ups.status(AC | LOW)
began = time.monotonic()
r.wait("ups.status", "OL LB")
if time.monotonic() - began < 2:
    die("LB on mains after less than 2 s")
ups.status(DISCHARGING | LOW)
r.wait("ups.status", "OB DISCHRG LB", 2)
hid.stop()

# A limit of one's own, and what on mains and discharging at once means.
hid, ups, r = begin("lowbatt = 60\nonlinedischarge_battery\npollinterval = 1\n")
r.wait("battery.charge.low", "60")
ups.status(AC | DISCHARGING)
r.wait("ups.status", "OB DISCHRG")
ups.reports[2] = b"\x02\x3c"
r.wait("ups.status", "OB DISCHRG LB")
hid.stop()

# ... without an option the log wonders.
hid, ups, r = begin("pollinterval = 1\n")
r.wait_fresh(True)
ups.reports[2] = b"\x02\x50"
ups.status(AC | DISCHARGING)
hid.says("on mains and discharging at once")
same("status", r.vars["ups.status"], "OL DISCHRG")
hid.stop()

# Never asked: what it says by itself is all.
hid, ups, r = begin("interruptonly\n")
r.wait("ups.status", "WAIT")
wait_for("a listener", lambda: ups.listeners)
ups.status(DISCHARGING)
r.wait("ups.status", "OB DISCHRG")
same("questions", ups.asked, [])
hid.stop()

# Not looked for at once.
hid, ups, r = begin("waitbeforereconnect = 4\npollinterval = 1\n")
r.wait_fresh(True)
ups.drop()
r.wait("driver.link.state", "held")
began = time.monotonic()
ups.plug()
r.wait("driver.link.state", "ok")
if time.monotonic() - began < 3:
    die("reopened too soon")
hid.stop()

# Every field is logged; with a vendorid it need not be a UPS.
hid, ups, r = begin("explore\nvendorid = 051d\n")
hid.says("feature report 2, offset 0, size 8: UPS.PowerSummary.RemainingCapacity = 100 (raw 100)")
hid.stop()
hid, ups, r = begin("explore\nvendorid = 051d\n", descriptor=MOUSE)
hid.says("input report 0, offset 0, size 1: ")
hid.stop()

# The output is not cut by this word unless ups.conf has it.
hid, ups, r = begin("")
r.wait_fresh(True)
same("allowed", r.vars["driver.flag.allow_killpower"], "0")
same("killpower", r.tracking("INSTCMD driver.killpower", 1), 2)
same("to allow it", r.tracking('SET driver.flag.allow_killpower "1"', 2), 0)
r.wait("driver.flag.allow_killpower", "1")
same("killpower of a device that has no such order", r.tracking("INSTCMD driver.killpower", 3), 1)
hid.stop()
