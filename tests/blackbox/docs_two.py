#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 60 s
"""docs/recipes/two-upses.md, followed: one UPS that gives up takes down what hangs on it
alone, the second one everybody."""

import time

from corelib import same, wait_for
from docslib import Client, House, SERIALS, blocks, change

(_, ups), (_, upsmon), (_, users), (_, holdup), (_, far) = blocks("two-upses.md")
for serial in SERIALS:
    change(ups, (serial, ""))
house = House({
    "ups.conf": ups,
    "upsd.users": change(users, ("allowfrom = lan", "allowfrom = localhost")),
    "upsmon.conf": upsmon,
    "holdup.conf": change(holdup, ("takes = (90|120)", "takes = 1")),
}, upses=2)
house.says("ready: serving rack")
nas = Client(house, "rack", "nas", "a word of your own").logged_in()
store = [Client(house, ups, "store", "another one").logged_in() for ups in ("rack", "desk")]
for client in (nas, *store):
    client.sees("OL")

# One fails: who hangs on it alone goes down, everybody else stays.
house.steer("charge 5%", "unplug")
nas.sees("FSD")
nas.leaves()
for _ in range(20):
    for client in store:
        same("FSD for who is fed by the other", "FSD" in client.status(), False)
    time.sleep(0.1)
same("shutdown of the server", house.is_down(), False)
same("outputs", [house.output(0), house.output(1)], ["on", "on"])

# The other one fails too: everybody.
house.steer("charge 5%", "unplug", ups=1)
for client in store:
    client.sees("FSD")
    client.leaves()
wait_for("the shutdown of the server", house.is_down)
house.ends()
