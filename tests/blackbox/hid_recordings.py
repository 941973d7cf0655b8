#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Every setting of every recording, and its beeper, through hid to a virtual device of that
recording and back: what stands there is set anew, is done, and stands there again."""

import glob
import os
import subprocess
import sys

from hidlib import BUILD, Hid, Reader, Sim, same

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
FOLDER = (os.environ.get("HOLDUP_SHARED") or ROOT + "/../shared") + "/hid"
DONE = 0
SETTINGS_MIN = 120


def offered(path):
    """What probe says that it takes; nothing for a recording that is refused."""
    got = subprocess.run([BUILD + "/cli/holdup", "probe", "--replay", path, "--commands"],
                         capture_output=True, text=True, stdin=subprocess.DEVNULL)
    lines = [line.split(" ") for line in got.stdout.splitlines()]
    return ([words[1] for words in lines if words[0] == "rw"],
            [words[1] for words in lines if words[1] in ("beeper.disable", "beeper.enable")])


def check(path, settings, commands):
    """One recording; returns the number of settings that were tried."""
    name = os.path.basename(path)
    hid = Hid("pollinterval = 1\n")
    sim = Sim(hid, "--body", path)
    hid.start()
    r = Reader(hid.socket)
    r.wait_fresh(True)
    settings = [var for var in settings if var in r.vars]
    for var in settings:
        value = r.vars[var]
        same(f"{name}: {var} \"{value}\"", r.tracking(f'SET {var} "{value}"', var), DONE)
        same(f"{name}: {var}", r.vars[var], value)
    for cmd in commands:
        same(f"{name}: {cmd}", r.tracking(f"INSTCMD {cmd}", cmd), DONE)
    sim.close()
    hid.stop()
    hid.close()
    return len(settings)


recordings = sorted(glob.glob(FOLDER + "/*.json"))
if not recordings:
    print(f"no recordings in {FOLDER}")
    sys.exit(77)
tried = 0
for recording in recordings:
    takes = offered(recording)
    if takes[0]:
        tried += check(recording, *takes)
if tried < SETTINGS_MIN:
    print(f"only {tried} settings")
    sys.exit(1)
