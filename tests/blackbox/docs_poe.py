#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 60 s
"""docs/recipes/poe.md, followed: a Pi that the UPS does not feed tells the others, lets the
UPS cut its output, wakes them, and stays itself."""

from corelib import same, wait_for
from docslib import Client, House, blocks, change

ACCOUNTS = """[nut]
password = nut
upsmon primary
[desk]
password = desk
upsmon secondary
"""
(_, upsmon), (_, holdup) = blocks("poe.md")
house = House({
    "ups.conf": "[qnapups]\ndriver = usbhid-ups\nport = auto\n",
    "upsd.users": ACCOUNTS,
    "upsmon.conf": upsmon,
    "holdup.conf": change(holdup, (r"192\.168\.0\.20", "127.0.0.20"), ("calm = 60", "calm = 2"),
                          ("takes = (90|60)", "takes = 2"),
                          ("wake = 00.*", 'wake-hook = "touch $NUT_STATEPATH/woken"')),
})
house.says("ready: serving qnapups")
# A NAS that only reads, and one that logs in.
nas = Client(house, "qnapups", address="127.0.0.20")
desk = Client(house, "qnapups", "desk", "desk").logged_in()
nas.sees("OL")

house.steer("charge 5%", "unplug")
desk.sees("FSD")
nas.sees("FSD")
same("output while they are on", house.output(), "on")
desk.leaves()
wait_for("the cut", lambda: house.output() == "off")
same("shutdowns of the Pi", house.is_down(), False)

# The mains is back: the output gives again, and who was taken down is woken.
house.steer("charge 50%", "plug")
wait_for("the output", lambda: house.output() == "on")
house.says("wake nas", "is over; back: nas")
same("shutdowns of the Pi", house.is_down(), False)
house.ends()
