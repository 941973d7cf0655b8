#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Which device is used: by NUT's options, by a wrong port, after a change of devices."""

import subprocess
import time

from hidlib import MOUSE, Device, Hid, Reader, die, same

# Chosen by serial among several; the rest of the section is read as NUT reads it.
hid = Hid('serial = "B.*"\nvendorid = 051D\nnonsense = 1\noverride.driver.link.hold = 1\n')
mouse = Device(hid.dir, "hidraw0", descriptor=MOUSE)
first = Device(hid.dir, "hidraw1", serial="A1")
second = Device(hid.dir, "hidraw2", serial="B2")
hid.start()
r = Reader(hid.socket)
r.wait_fresh(True)
same("serial", r.vars["ups.serial"], "B2")
same("questions to the other", first.asked, [])
hid.says("ups.conf:6: nonsense means nothing to this driver")

# Another make does not take its place; the same make with another serial does, and
# clients see no new identity.
second.drop()
r.wait_fresh(False)
other = Device(hid.dir, "hidraw3", serial="B3", product=3)
time.sleep(0.5)
same("fresh with another make", r.fresh, False)
third = Device(hid.dir, "hidraw4", serial="B4")
r.wait_fresh(True)
same("serial of the first", r.vars["ups.serial"], "B2")
same("device.serial of the first", r.vars["device.serial"], "B2")
hid.says('has serial "B4", the one before had "B2"')

listed = subprocess.run([hid.args[0], "-L"], env=hid.env, capture_output=True, text=True)
same("exit status of -L", listed.returncode, 0)
same("devices listed", listed.stdout.count("driver = usbhid-ups"), 3)
same("first section", listed.stdout.splitlines()[:7],
     ["[ups]", "\tdriver = usbhid-ups", "\tport = auto", "\tvendorid = 051d",
      "\tproductid = 0002", '\tproduct = "Back-UPS CS 500"', '\tserial = "A1"'])
if "\n[ups2]\n" not in listed.stdout or "\n[ups3]\n" not in listed.stdout:
    die(listed.stdout)
hid.stop()

# A hint that is no power device, and one that is.
for port, serial, log in (
    ("/dev/hidraw0", "A1", "port /dev/hidraw0 of ups ups is no matching power device; using "),
    ("/dev/hidraw4", "B4", "ups ups: using "),
):
    hid = Hid(f"port = {port}\n", folder=hid.dir).start()
    r = Reader(hid.socket)
    r.wait_fresh(True)
    same(f"serial at {port}", r.vars["ups.serial"], serial)
    hid.says(log)
    hid.stop()

# A node that others name is theirs, whoever comes first; of two that name it, one is told.
SECTION = "[{}]\ndriver = usbhid-ups\nport = {}\n"
hid = Hid("port = /dev/hidraw1\n" + SECTION.format("two", "/dev/hidraw1") +
          SECTION.format("auto", "auto"), folder=hid.dir)
auto, two = hid.beside("auto"), hid.beside("two")
for h, serial in ((auto, "B3"), (hid, "A1"), (two, "B4")):
    r = Reader(h.start().socket)
    r.wait_fresh(True)
    same(f"serial in {h.log_path}", r.vars["ups.serial"], serial)
two.says("port /dev/hidraw1 of ups two is in use by another section; using ")
for h in (auto, hid, two):
    h.stop()
