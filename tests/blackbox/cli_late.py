#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 90 s
"""The last act of a shutdown: upsdrvctl late, against UPSes that cut, ignore and cannot,
with and without mains; and the hook that runs it, with stand-ins for all that it runs."""

import os
import subprocess
import threading
import time

from hidlib import BUILD, Device, Hid, Program, Sim, Stopwatch, die, same, wait_for

ROOT = os.path.dirname(os.path.realpath(__file__)) + "/../.."
BODY = ROOT + "/sim/bodies/two-delays.json"
WAITS = 30  # seconds that it waits for a cut, if it does


class Machine:
    """A private folder with a virtual UPS, and a last act that goes on in it."""

    def __init__(self, *quirks, mains, sim=True):
        self.hid = Hid("offdelay = 3\n")
        self.sim = Sim(self.hid, "--body", BODY, *quirks) if sim else None
        if sim and not mains:
            self.sim.steer("unplug")

    def late(self):
        self.began = Stopwatch()
        self.act = Program([BUILD + "/cli/upsdrvctl", "late"], env=self.hid.env,
                           stderr=subprocess.PIPE, text=True)
        self.watcher = threading.Thread(target=self.follow)
        self.watcher.start()
        return self

    def follow(self):
        self.said = self.act.communicate(timeout=120)[1]
        self.real, self.ran = self.began.real(), self.began.ran()

    def ends(self, what, status, least, most, *says):
        self.watcher.join()
        text = self.said
        if self.sim:
            self.sim.close()
        same(f"{what}: exit status ({text!r})", self.act.returncode, status)
        if not (self.real >= least and self.ran <= most):
            die(f"{what}: it took {self.real:.1f} s: {text!r}")
        for words in says:
            if words not in text:
                die(f"{what}: {words!r} is not in {text!r}")


# Those that wait do so at the same time: the mains is back, and the output
keeps = Machine("--keep-on-mains", mains=True).late()  # ... stays on,
cuts = Machine(mains=True).late()  # ... goes off (and we live on, as nobody is fed by it),
away = Machine("--ignore-cut", mains=True).late()  # ... or the mains fails meanwhile,
late = Machine("--keep-on-mains", mains=True).late()  # ... when nothing came of the order.
wait_for("the cut", lambda: "output=off" in cuts.sim.steer("status"))
same("the last act during the cut", cuts.act.poll(), None)
away.sim.steer("unplug")
same("mains kept the output on", "output=off" in late.sim.steer("status"), False)
late.sim.steer("unplug")

Machine(mains=False).late().ends("cut without mains", 0, 0, WAITS, "output goes off in 3 s")
Machine("--ignore-cut", mains=False).late().ends(
    "ignored without mains", 1, 0, WAITS, "ups ups ignores the order to cut its output")
Machine(mains=True, sim=False).late().ends(
    "nothing there", 1, 0, WAITS, "no HID power device")
machine = Machine(mains=True, sim=False)
device = Device(machine.hid.dir)
machine.late().ends("a UPS that cannot", 3, 0, WAITS, "cannot be switched off")
device.drop()
machine = Machine(mains=True, sim=False)
with open(machine.hid.dir + "/ups.conf", "w") as f:
    f.write("[far]\ndriver = remote\nport = ups@127.0.0.1:1\n")
machine.late().ends("a secondary", 0, 0, WAITS, "nothing to cut: no UPS is on a cable of this machine")
said = subprocess.run([BUILD + "/cli/upsdrvctl", "shutdown"], env=machine.hid.env,
                      capture_output=True, text=True)
same("upsdrvctl shutdown of a secondary", said.returncode, 0)
if "nothing to cut: no UPS is on a cable of this machine" not in said.stderr:
    die(f"upsdrvctl shutdown of a secondary: {said.stderr!r}")

# What core has ordered early counts, and longer than this order would let it: it is left
# alone, and waited for by nobody.
early = Machine(mains=True)
conf = early.hid.dir + "/ups.conf"
with open(conf) as f:
    text = f.read()
for offdelay, status in (60, 0), (3, 3):
    with open(conf, "w") as f:
        f.write(text.replace("offdelay = 3", f"offdelay = {offdelay}"))
    said = subprocess.run([BUILD + "/hid/hid", "-k", "-a", "ups"], env=early.hid.env,
                          capture_output=True, text=True, check=False)
    same(f"an order of {offdelay} s ({said.stderr!r})", said.returncode, status)
early.late()
early.act.wait()
time.sleep(5)
same("cut too early", "output=off" in early.sim.steer("status"), False)
early.ends("counts already", 0, 0, WAITS)

# The hook, whatever is installed: with what it runs written down.
hook = Hid()
folder = hook.dir
with open(ROOT + "/packaging/holdup.shutdown.in") as f:
    text = f.read()
if text.count("@sbindir@") != 2:
    die("the hook runs something else than upsmon and upsdrvctl")
with open(folder + "/hook", "w") as f:
    f.write(text.replace("@sbindir@", "/nonexistent"))
for name in "upsmon", "upsdrvctl", "reboot":
    with open(f"{folder}/{name}", "w") as f:
        f.write(f"#!/bin/sh\necho {name} $* >>{folder}/ran\nexit ${{{name}_status:-0}}\n")
    os.chmod(f"{folder}/{name}", 0o755)
open(folder + "/container", "w").close()


def runs(*args, container=False, **statuses):
    env = {"PATH": os.environ["PATH"], "UPSMON": folder + "/upsmon",
           "UPSDRVCTL": folder + "/upsdrvctl", "REBOOT": folder + "/reboot",
           "CONTAINER": folder + ("/container" if container else "/none"),
           **{f"{name}_status": str(status) for name, status in statuses.items()}}
    open(folder + "/ran", "w").close()
    r = subprocess.run(["sh", folder + "/hook", *args], env=env, capture_output=True)
    same("exit status of the hook", r.returncode, 0)
    with open(folder + "/ran") as ran:
        return ran.read().splitlines()


CUT = ["upsmon -K", "upsdrvctl late"]
for kind in "poweroff", "halt":
    same(f"at {kind}", runs(kind), CUT)
    same(f"at {kind}, not cut", runs(kind, upsdrvctl=1), CUT)
    same(f"at {kind}, mains back, output on", runs(kind, upsdrvctl=3), [*CUT, "reboot -ff"])
    same("without the flag", runs(kind, upsmon=1), ["upsmon -K"])
same("in a container", runs("poweroff", upsdrvctl=3, container=True), CUT)
for kind in "reboot", "kexec", "":
    same(f"at {kind!r}", runs(kind, upsdrvctl=3), [])
same("without a word", runs(upsdrvctl=3), [])

keeps.ends("kept with mains", 3, WAITS, 60, "ups ups ignores the order to cut its output")
cuts.ends("cut with mains", 3, WAITS, 60, "has not done so")
away.ends("mains gone meanwhile", 1, WAITS, 60, "ups ups ignores")
late.ends("mains gone after all", 0, WAITS, 60, "ignores the order", "output goes off in 3 s")
