#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 90 s
"""The cut by the real programs, at a virtual UPS: armed before this machine stops where the
UPS counts long enough, and only there; one that caps, ignores or takes no delay is named,
and left to the last act."""

import os
import time

from baselib import connected
from corelib import Folder, die, same, wait_for

BODY = os.path.dirname(os.path.realpath(__file__)) + "/../../sim/bodies/two-delays.json"
STOPS = 120  # seconds that a machine is given to stop where nobody says otherwise


class Machine:
    """A primary alone with its UPS, whose shutdown is a file."""

    def __init__(self, *quirks, body=BODY):
        self.folder = Folder(
            nut_conf="MODE=standalone\n",
            ups_conf="[qnapups]\n\tdriver = usbhid-ups\n\tport = auto\n",
            upsmon_conf="MONITOR qnapups@localhost 1 admin 123456 primary\nFINALDELAY 1\n"
                        'SHUTDOWNCMD "touch $NUT_STATEPATH/down"\n')
        args = ["--body", body] if body else []
        self.sim = self.folder.start("sim", *args, *quirks)
        wait_for("sim", lambda: os.path.exists(f"{self.folder.run}/sim.ctl"))
        self.holdupd = self.folder.start("holdupd", "-F")
        wait_for("the UPS", lambda: "usbhid-ups connected" in self.holdupd.log())
        time.sleep(0.5)

    def steer(self, line):
        with connected(f"{self.folder.run}/sim.ctl") as s:
            s.sendall(line.encode() + b"\n")
            return s.recv(4096).decode()

    def timer(self):
        """What the UPS's own driver tells of its countdown."""
        with connected(f"{self.folder.run}/usbhid-ups-qnapups") as s:
            s.sendall(b"DUMPALL\n")
            for line in s.makefile():
                if line.startswith("SETINFO ups.timer.shutdown"):
                    return int(line.split('"')[1])
                if line.startswith("DUMPDONE"):
                    die("there is no timer")

    def outage(self):
        self.steer("charge 5%")
        self.steer("unplug")

    def goes_down(self):
        wait_for("the shutdown", lambda: os.path.exists(f"{self.folder.run}/down"))

    def says(self, text):
        wait_for(f"log line {text!r}", lambda: text in self.holdupd.log())

    def stop(self):
        self.holdupd.terminate()
        same("exit status", self.holdupd.wait(), 0)
        self.sim.terminate()
        self.sim.wait()


# Each on its own; their outages at the same time.
honest, caps = Machine(), Machine("--cap-delay", "60")
ignores, fixed = Machine("--ignore-cut"), Machine(body=None)
for m in honest, caps, ignores, fixed:
    m.outage()

# One that counts what this machine needs, and goes on when we are gone.
honest.goes_down()
left = wait_for("the countdown", lambda: max(honest.timer(), 0))
if not STOPS - 10 <= left <= STOPS + 30:
    die(f"it counts {left} s")
honest.says("ups qnapups: shutdown.return: done")
if "output=on" not in honest.steer("status"):
    die("the output went off before its time")
honest.stop()

# One that caps at 60 s is not armed under a machine that needs 120 s.
caps.goes_down()
caps.says(" s instead of 1")
caps.says("not armed")
wait_for("no timer of one that caps", lambda: caps.timer() == -1)
if "output=on" not in caps.steer("status"):
    die("one that caps has cut")
caps.stop()

# One that ignores the order is named.
ignores.goes_down()
ignores.says("ups qnapups ignores the order to cut its output")
wait_for("no timer of one that ignores", lambda: ignores.timer() == -1)
ignores.stop()

# One with a delay of its own is not even asked.
fixed.goes_down()
fixed.says("how long it waits cannot be set")
if "output=on" not in fixed.steer("status") or "shutdown.return" in fixed.holdupd.log():
    die("one with a delay of its own was told to cut before the last act")
fixed.stop()
