#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Two devices of one kind without serial numbers, and two sections that say no more than
"auto": each has one, and keeps it by its USB port."""

import re
import subprocess
import time

from hidlib import Device, Hid, Reader, same

SECTION = "driver = usbhid-ups\nport = auto\noverride.driver.link.hold = 1\n"
hid = Hid("override.driver.link.hold = 1\n" +
          "".join(f"[{name}]\n{SECTION}" for name in ("two", "three", "four")))
two, three, four = (hid.beside(name) for name in ("two", "three", "four"))
left = Device(hid.dir, "hidraw0", serial="", place="3-1.1")
right = Device(hid.dir, "hidraw1", serial="", place="3-1.2")
left.reports[2], right.reports[2] = b"\x02\x0b", b"\x02\x16"

hid.start()
one = Reader(hid.socket)
one.wait("battery.charge", "11")
hid.says('1 more device like this one, without a serial number: bus = "003" and busport = "001"')
two.start()
other = Reader(two.socket)
other.wait("battery.charge", "22")

listed = subprocess.run([hid.args[0], "-L"], env=hid.env, capture_output=True, text=True).stdout
same("ports listed", re.findall(r'busport = "(\d+)"', listed), ["001", "002"])

# The first is away: the other one, and a third at another port, are not taken for it.
left.drop()
one.wait_fresh(False)
third = Device(hid.dir, "hidraw5", serial="", place="3-1.7")
third.reports[2] = b"\x02\x21"
time.sleep(3)
same("fresh while it is away", one.fresh, False)
same("questions to a stranger", third.asked, [])

# It is back at another node.
back = Device(hid.dir, "hidraw7", serial="", place="3-1.1")
back.reports[2] = b"\x02\x0c"
one.wait("battery.charge", "12")
other.wait("battery.charge", "22")

# A third section gets the third device; a fourth hears that all are in use.
three.start()
Reader(three.socket).wait("battery.charge", "33")
four.start()
four.says("3 matching HID power devices found, all in use by other sections")
for h in (four, three, two, hid):
    h.stop()
