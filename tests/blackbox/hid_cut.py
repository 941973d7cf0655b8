#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""hid -k: one run that cuts the output of a virtual UPS, which comes back with the mains;
it writes no file, a device that hangs or is away ends it in bounded time, and one that does
not count is named. hid -m: is the mains there?"""

import os
import subprocess
import time

from hidlib import BUILD, Device, Hid, Stopwatch, connected, die, same, wait_for

# Output.DelayBeforeShutdown (1) and DelayBeforeStartup (2), seconds.
TIMERS = bytes.fromhex("05840904a101091ca102" "7510950115ff26ff7f660110"
                       "85010957b102" "85020956b102" "c0c0")
hid = Hid("offdelay = 3\nondelay = 5\n")


def cut(*args, word="-k"):
    took = Stopwatch()
    r = subprocess.run([BUILD + "/hid/hid", word, *args], env=hid.env, capture_output=True,
                       text=True)
    return r.returncode, r.stderr, took


# Nothing there.
status, text, took = cut("ups")
same("exit status without a device", status, 1)
if "no HID power device" not in text or took.ran() > 6:
    die(f"without a device: {text!r} after {took.real():.1f} s")
status, text, took = cut("nosuch")
same("exit status without a section", status, 1)
same("mains without a device", cut("ups", word="-m")[0], 2)

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
if took.ran() > 2:
    die(f"the cut took {took.real():.1f} s")

# A device that can neither be timed nor switched says so at once.
device.drop()
other = Device(hid.dir)
status, text, took = cut("ups")
same("exit status without a command", status, 1)
if "cannot be switched off: its table has no command for it" not in text or took.ran() > 2:
    die(f"without a command: {text!r} after {took.real():.1f} s")
other.drop()
device.plug()

# It hangs: no answer within the time, and an end all the same.
device.stall = 30
status, text, took = cut("-a", "ups")
same("exit status of a device that hangs", status, 1)
if "did not take the command" not in text or not (took.real() > 10 and took.ran() < 15.5):
    die(f"a device that hangs: {text!r} after {took.real():.1f} s")
device.drop()

# A UPS whose cable is elsewhere, or that another driver has, is not cut by this machine.
for driver in "remote", "dummy-ups", "snmp-ups":
    with open(hid.dir + "/ups.conf", "a") as f:
        f.write(f"[{driver}]\ndriver = {driver}\nport = ups@10.0.0.1\n")
    status, text, took = cut(driver)
    same(f"exit status for {driver}", status, 1)
    if f"driver = {driver}: not a UPS on a cable of this machine" not in text or took.ran() > 2:
        die(f"driver {driver}: {text!r}")

# The virtual UPS really goes off, and comes back with the mains.
sim = subprocess.Popen([BUILD + "/sim/sim", "--speed", "10"], env=hid.env)
try:
    control = hid.dir + "/run/sim.ctl"

    def steer(line):
        with connected(control) as s:
            s.sendall(line.encode() + b"\n")
            return s.recv(4096).decode()

    wait_for("sim", lambda: os.path.exists(control))
    same("mains there", cut("ups", word="-m")[0], 0)
    steer("unplug")
    status, text, took = cut("ups", word="-m")
    same("mains away", status, 1)
    if "ups ups: the mains is away" not in text:
        die(f"mains: {text!r}")
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

# One that takes the order and does not count is named, after 2 s of looking.
body = os.path.dirname(os.path.realpath(__file__)) + "/../../sim/bodies/two-delays.json"
sim = subprocess.Popen([BUILD + "/sim/sim", "--body", body, "--ignore-cut"], env=hid.env)
try:
    wait_for("sim", lambda: os.path.exists(control))
    status, text, took = cut("ups")
    same("exit status of a UPS that ignores it", status, 2)
    if "hid: ups ups ignores the order to cut its output: shutdown.return was taken" not in text:
        die(f"a UPS that ignores it: {text!r}")
    took.check("a UPS that ignores it is found out", 1.5, 3.5)
finally:
    sim.terminate()
    sim.wait(5)
