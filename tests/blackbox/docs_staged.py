#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 60 s
"""docs/recipes/staged.md, followed: each machine is told at its own moment, whoever else
reads sees plain OB, and those who went down are woken in the order of the file."""

import os
import subprocess

from corelib import BUILD, same, wait_for
from docslib import Client, House, blocks, change

(_, holdup), = blocks("staged.md")
house = House({
    "ups.conf": "[qnapups]\ndriver = usbhid-ups\nport = auto\n",
    "upsd.users": "[nut]\npassword = nut\nupsmon primary\n"
                  "[desk]\npassword = desk\nupsmon secondary\n",
    "upsmon.conf": "MONITOR qnapups@localhost 1 nut nut primary\nHOSTSYNC 60\n",
    "holdup.conf": change(
        holdup, ("calm = 120", "calm = 2"), ("after = 180", "after = 2"),
        ("takes = (90|180|60|20)", "takes = 2"), (r"192\.168\.0\.20", "127.0.0.20"),
        # Nobody is at this address: it is off as soon as anybody asks.
        ('hook = "ssh.*', 'hook = "touch $NUT_STATEPATH/esx"'),
        (r"address = 192\.168\.0\.30\n", ""), ("off = ping.*\n", ""),
        ("wake = 00:11.*", 'wake-hook = "echo nas >>$NUT_STATEPATH/woken"'),
        ("wake = 00:25.*", 'wake-hook = "echo esx >>$NUT_STATEPATH/woken"')),
})


def holdup_says(*args):
    return subprocess.run([f"{BUILD}/cli/holdup", *args], env=house.env, capture_output=True,
                          text=True, timeout=60, check=False).stdout


def woken():
    try:
        with open(f"{house.run}/woken", encoding="utf-8") as f:
            return f.read().split()
    except FileNotFoundError:
        return []


house.says("ready: serving qnapups")
nas = Client(house, "qnapups", address="127.0.0.20")
desk = Client(house, "qnapups", "desk", "desk").logged_in()
nas.sees("OL")
for name in "nas", "esx", "desk", "pi":
    same(f"{name} in status", f"\n{name} " in holdup_says("status"), True)
same("the rehearsal", "The output goes off at" in holdup_says("drill"), True)

# nas by the clock, esx at half of the charge, nobody else.
house.steer("charge 90%", "unplug")
nas.sees("FSD")
nas.lines.close()
house.says("nas: off")
same("esx is told", os.path.exists(f"{house.run}/esx"), False)
house.steer("charge 49%")
wait_for("esx", lambda: os.path.exists(f"{house.run}/esx"))
house.says("esx: off")
same("desk", set(desk.status()) & {"OB", "LB", "FSD"}, {"OB"})
same("shutdown of this machine", house.is_down(), False)

# Back, in the order of the file.
house.steer("charge 60%", "plug")
wait_for("nas is woken", lambda: woken()[:1] == ["nas"])
nas = Client(house, "qnapups", address="127.0.0.20")
nas.sees("OL")
wait_for("both are woken", lambda: nas.status() and woken() == ["nas", "esx"])
same("desk", "FSD" in desk.status(), False)
house.ends()
