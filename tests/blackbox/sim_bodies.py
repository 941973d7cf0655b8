#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Every device that is recorded in the shared folder serves as a body of the virtual UPS: it
is on mains, and goes off it."""

import glob
import os
import sys

from corelib import Folder, connect_unix, die, same

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get("HOLDUP_SHARED") or HERE + "/../../../shared"

bodies = sorted(glob.glob(SHARED + "/hid/*.json"))
if not bodies:
    print("there is no shared folder here")
    sys.exit(77)
folder = Folder()


def say(command):
    control = connect_unix(f"{folder.run}/sim.ctl")
    control.send(command + "\n")
    answer = control.line()
    control.close()
    return answer


for body in bodies:
    sim = folder.start("sim", "--body", body)
    for command, wanted in ("status", "mains=on"), ("unplug", "OK"), ("status", "mains=off"):
        if wanted not in say(command).split():
            die(f"{body}: {command} is answered by {say(command)}, without {wanted}")
    sim.terminate()
    same(f"the end of {body}", sim.wait(), 0)
