#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The whole tree: what the virtual UPS does is in Domoticz, by way of hid, core and out;
holdupd starts out because of holdup.conf, and again when it is killed."""

import os
import signal

from corelib import Folder, children, connect_unix, die, free_port, logged, same, wait_for
from outlib import SENSORS, Domoticz, short

domoticz = Domoticz()
folder = Folder(ups_conf='[qnapups]\n\tdriver = usbhid-ups\n\tport = auto\n',
                upsd_conf=f"LISTEN 127.0.0.1 {free_port()}\n",
                holdup_conf=f"[domoticz]\nurl = {domoticz.url()}\n{SENSORS}loaf = 1\n")
os.mkdir(f"{folder.run}/sim")
sim = folder.start("sim")
wait_for("the virtual UPS", lambda: os.path.exists(f"{folder.run}/sim.ctl"))
folder.env["no_proxy"] = "*"
holdupd = folder.start("holdupd", "-F")


def steer(command):
    control = connect_unix(f"{folder.run}/sim.ctl")
    control.send(command + "\n")
    if not control.line().startswith("OK"):
        die(f"sim does not understand {command}")
    control.close()


def shows(idx, low, high, seconds=None):
    """The last value that Domoticz has of a sensor."""
    def value():
        told = [short(path).split("=") for path, _ in domoticz.asked]
        numbers = [float(text) for sensor, text in told if int(sensor) == idx]
        return bool(numbers) and low <= numbers[-1] <= high
    wait_for(f"sensor {idx} between {low} and {high}", value, seconds)


def out_process():
    return next((pid for line, pid in children(holdupd.pid).items()
                 if line.startswith("out ")), None)


shows(12, 0, 0)
shows(13, 90, 100)
shows(14, 5, 60)
logged(holdupd, "unknown word \"loaf\", did you mean \"load\"?")
steer("load 61%")
shows(12, 60, 62)
steer("charge 43%")
shows(13, 40, 45)

# out is killed, with its publisher; core is killed: all comes back.
first = wait_for("out", out_process)
domoticz.took()
os.kill(first, signal.SIGKILL)
wait_for("out again", lambda: out_process() not in (None, first))
shows(12, 60, 62)
core = next(pid for line, pid in children(holdupd.pid).items() if line.startswith("core "))
os.kill(core, signal.SIGKILL)
steer("load 33%")
shows(12, 32, 34)

# Other sensors, and a name to look up, with a reload. core reads the same file for its
# [machine] sections and starts afresh too, which net and the driver live through.
before = children(holdupd.pid)
with open(f"{folder.etc}/holdup.conf", "w") as f:
    f.write(f"[domoticz]\nurl = http://localhost:{domoticz.port}\nload = 77\n")
holdupd.send_signal(signal.SIGHUP)
shows(77, 32, 34)


def afresh():
    return {c.split()[0] for c, pid in children(holdupd.pid).items() if pid != before.get(c)}


wait_for("core and out start afresh", lambda: afresh() == {"core", "out"})

# Without numbers: the sensors are made, and those of before are told no more.
with open(f"{folder.etc}/holdup.conf", "w") as f:
    f.write(f"[domoticz]\nurl = {domoticz.url()}\n")
holdupd.send_signal(signal.SIGHUP)
steer("load 47%")


def made(name, low, high):
    def value():
        device = domoticz.device(f"qnapups {name}")
        return device and low <= float(device["svalue"]) <= high
    wait_for(f"{name} between {low} and {high}", value)


made("load", 46, 48)
made("charge", 40, 50)
steer("unplug")
wait_for("an orange lamp", lambda: domoticz.device("qnapups condition")["nvalue"] >= 3)
wait_for("its switch", lambda: domoticz.device("qnapups on battery")["nvalue"] == 1)

last = out_process()
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
if os.path.exists(f"/proc/{last}"):
    die("out outlives holdupd")
domoticz.end()
