#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Devices that lie: descriptors of every bad kind, reports that fail or have odd lengths."""

import re
import socket
import subprocess

from hidlib import (BUILD, EINVAL, EPIPE, FIELDS, MOUSE, AC, DISCHARGING, Device, Hid, Reader, die,
                    same, wait_for)

hid = Hid("pollinterval = 1\noverride.driver.link.hold = 3\n")
kinds = {
    "nothing": b"",
    "cut off": FIELDS[:-40],
    "nested": b"\x05\x84\x09\x04" + b"\xa1\x01" * 10000,
    "giant": FIELDS[:6] + b"\x77\x00\x00\x00\x80\x95\x01\xb1\x02" + FIELDS[6:],
    "giants": FIELDS[:6] + b"\x77\xff\xff\xff\x7f\x97\xff\xff\xff\x7f\xb1\x02" + FIELDS[6:],
    "a SETUP packet": bytes.fromhex("8106002200000230"),
    "noise": bytes(range(256)) * 8,
    "a mouse": MOUSE,
}
bad = [Device(hid.dir, f"hidraw{i}", descriptor=d) for i, d in enumerate(kinds.values())]

# Each is named with what is wrong about it.
listed = subprocess.run([BUILD + "/cli/holdup", "probe"], env=hid.env, capture_output=True,
                        text=True, stdin=subprocess.DEVNULL).stdout
for kind, fault in (("nested", "collections nest deeper than"), ("giant", "bits long"),
                    ("giants", "bits long"), ("cut off", "cut short"),
                    ("a SETUP packet", "read it again"), ("nothing", "empty")):
    told = re.search(f"/hidraw{list(kinds).index(kind)} .*\n.*\n.*\n(.*)", listed)
    if told is None or fault not in told[1]:
        die(f"{kind}: probe says {told and told[1]!r}")

# One that accepts and stays silent, one that is only a file.
silent = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
silent.bind(f"{hid.dir}/run/sim/hidraw90")
silent.listen(8)
with open(f"{hid.dir}/run/sim/hidraw91", "w") as f:
    f.write("no device")

hid.start()
hid.says("no HID power device found (")
r = Reader(hid.socket)
r.ping(2)
same("fresh with bad devices only", r.fresh is True, False)
for d in bad:
    d.drop()
silent.close()

# A good descriptor, but reports that fail, are short, long or empty.
device = Device(hid.dir, "hidraw99")
device.fails = {3: EPIPE, 4: EINVAL}
device.reports[2] = b"\x02\x64" + b"\xff" * 40
device.reports[5] = b"\x05"
r.wait_fresh(True, 5)
same("charge", r.vars["battery.charge"], "100")
same("runtime", r.vars.get("battery.runtime"), None)
same("status", r.vars["ups.status"], "OL")
if device.asked.count(4) > 2:
    die("a report that fails is asked again and again")
device.input(b"\x02")
device.input(b"\x63\xff\xff\xff")
device.input(b"\x01" + b"\x00" * 3000)
wait_for("OB", lambda: "OB" in r.vars["ups.status"].split(), 1)
device.status(AC)
r.wait("ups.status", "OL", 1)

# Packets that are none.
for s in list(device.listeners):
    s.send(b"\x07")
    s.send(b"\x07\x01\x00\x00\xff\xff\xff\xff")
device.status(DISCHARGING)
r.wait("ups.status", "OB DISCHRG", 1)
device.status(AC)
r.wait("ups.status", "OL", 1)

# Nothing can be read any more: stale, opened anew, and well again.
device.fails = {i: EPIPE for i in range(256)}
r.wait_fresh(False, 8)
hid.says("answers nothing", 2)
same("charge kept", r.vars["battery.charge"], "100")
device.fails = {}
r.wait_fresh(True, 8)
r.wait("battery.runtime", "1800", 1)
hid.stop()
