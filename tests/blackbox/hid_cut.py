#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""hid -k: one run that cuts the output of a virtual UPS, which comes back with the mains;
it writes no file, and a device that hangs or is away ends it in bounded time."""

import os
import subprocess
import time

from hidlib import BUILD, Device, Hid, connected, die, same, wait_for

# Output.DelayBeforeShutdown (1) and DelayBeforeStartup (2), seconds.
TIMERS = bytes.fromhex("05840904a101091ca102" "7510950115ff26ff7f660110"
                       "85010957b102" "85020956b102" "c0c0")
hid = Hid("offdelay = 3\nondelay = 5\n")


def cut(*args):
    begin = time.monotonic()
    r = subprocess.run([BUILD + "/hid/hid", "-k", *args], env=hid.env, capture_output=True,
                       text=True)
    return r.returncode, r.stderr, time.monotonic() - begin


# Nothing there.
status, text, took = cut("ups")
same("exit status without a device", status, 1)
if "no HID power device" not in text or took > 6:
    die(f"without a device: {text!r} after {took:.1f} s")
status, text, took = cut("nosuch")
same("exit status without a section", status, 1)

# A device with two timers, in folders that cannot be written.
device = Device(hid.dir, descriptor=TIMERS)
device.reports = {1: b"\x01\xff\xff", 2: b"\x02\xff\xff"}
for folder in hid.dir, hid.dir + "/run":
    os.chmod(folder, 0o555)
status, text, took = cut("-a", "ups")
for folder in hid.dir, hid.dir + "/run":
    os.chmod(folder, 0o755)
same("exit status", status, 0)
if not text.endswith("hid: ups ups: output goes off in 3 s and comes back with the mains\n"):
    die(f"it says {text!r}")
same("written", device.written, [b"\x02\x05\x00", b"\x01\x03\x00"])
if took > 2:
    die(f"the cut took {took:.1f} s")

# A device that can neither be timed nor switched says so at once.
device.drop()
other = Device(hid.dir)
status, text, took = cut("ups")
same("exit status without a command", status, 1)
if "cannot be switched off: its table has no command for it" not in text or took > 2:
    die(f"without a command: {text!r} after {took:.1f} s")
other.drop()
device.plug()

# It hangs: no answer within the time, and an end all the same.
device.stall = 30
status, text, took = cut("-a", "ups")
same("exit status of a device that hangs", status, 1)
if "did not take the command" not in text or not 10 < took < 15.5:
    die(f"a device that hangs: {text!r} after {took:.1f} s")
device.drop()

# The virtual UPS really goes off, and comes back with the mains.
sim = subprocess.Popen([BUILD + "/sim/sim", "--speed", "10"], env=hid.env)
try:
    control = hid.dir + "/run/sim.ctl"

    def steer(line):
        with connected(control) as s:
            s.sendall(line.encode() + b"\n")
            return s.recv(4096).decode()

    wait_for("sim", lambda: os.path.exists(control))
    steer("unplug")
    status, text, took = cut("ups")
    same("exit status with sim", status, 0)
    if "comes back with the mains" not in text:
        die(f"sim: {text!r}")
    wait_for("the output to go off", lambda: "output=off" in steer("status"))
    time.sleep(1)
    if "output=off" not in steer("status"):
        die("the output came back without mains")
    steer("plug")
    wait_for("the output to return", lambda: "output=on" in steer("status"), 10)
finally:
    sim.terminate()
    sim.wait(5)
