#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The file that outlives the power, as holdupd keeps it for core: root's alone, there again
after kill -9 of everything, and no obstacle where it cannot be kept."""

import os
import stat

from corelib import Folder, children, free_port, logged, same, wait_for

folder = Folder(nut_conf="MODE=netserver\n",
                ups_conf=f"[a]\n\tdriver = remote\n\tport = x@127.0.0.1:{free_port()}\n",
                upsd_conf=f"LISTEN 127.0.0.1 {free_port()}\n")
path = f"{folder.run}/holdup.memory"


def started():
    log = f"{folder.dir}/holdupd.log"
    count = open(log).read().count("ready: serving") if os.path.exists(log) else 0
    holdupd = folder.start("holdupd", "-F")
    wait_for("ready", lambda: holdupd.log().count("ready: serving") > count)
    return holdupd


def core_of(holdupd):
    found = [pid for command, pid in children(holdupd.pid).items() if command.startswith("core ")]
    return found[0] if found else None


def scribe_of(core):
    with open(f"/proc/{core}/task/{core}/children") as f:
        return f.read().strip()


holdupd = started()
wait_for("a block", lambda: os.path.getsize(path) > 0)
same("mode", stat.S_IMODE(os.stat(path).st_mode), 0o600)
size = os.path.getsize(path)

# kill -9 of all, and a clean end: the file stays, and is gone on with.
for end in ("kill", "terminate"):
    core = wait_for("core", lambda: core_of(holdupd))
    scribe = wait_for("its scribe", lambda: scribe_of(core))
    getattr(holdupd, end)()
    holdupd.wait()
    wait_for("the end of the scribe", lambda: not os.path.exists(f"/proc/{scribe}"))
    same("size", os.path.getsize(path), size)
    holdupd = started()

# A disk that is full or read-only: nothing else is the worse for it.
holdupd.terminate()
holdupd.wait()
os.unlink(path)
os.mkdir(path)
holdupd = started()
logged(holdupd, f"cannot keep {path}")
wait_for("core", lambda: core_of(holdupd))
