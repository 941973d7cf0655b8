# SPDX-License-Identifier: ISC
"""What the scripts of `upssched` share: a CMDSCRIPT that notes how it was called, and the
process that keeps the timers."""

import os

from baselib import BUILD, same, wait_for

UPSSCHED = f"{BUILD}/cli/upssched"

SCRIPT = """#!/bin/sh
cd '{dir}' || exit 1
printf '%s\\n' "$*|$#|$UPSNAME|$NOTIFYTYPE|$NOTIFYMSG" >>told
case $1 in
hang*) while ! [ -e go ]; do sleep 0.05; done ;;
fail) exit 3 ;;
esac
"""


class Sched:
    """upssched.conf with these AT lines in a Folder, PIPEFN and LOCKFN in run/sched."""

    def __init__(self, folder, at):
        self.folder = folder
        self.told_path = f"{folder.dir}/told"
        self.pipe, self.lock = (f"{folder.run}/sched/{name}" for name in ("pipe", "lock"))
        with open(f"{folder.dir}/script", "w") as f:
            f.write(SCRIPT.format(dir=folder.dir))
        os.chmod(f"{folder.dir}/script", 0o700)
        with open(f"{folder.etc}/upssched.conf", "w") as f:
            f.write(f"CMDSCRIPT {folder.dir}/script\nPIPEFN {self.pipe}\n"
                    f"LOCKFN {self.lock}\n{at}")

    def told(self):
        """How CMDSCRIPT was called: words, their number, UPSNAME, NOTIFYTYPE, NOTIFYMSG."""
        try:
            with open(self.told_path) as f:
                return f.read().splitlines()
        except FileNotFoundError:
            return []

    def tells(self, *lines):
        """Those are told, in that order, and then forgotten."""
        wait_for(f"what CMDSCRIPT is told ({lines[-1]})",
                 lambda: len(self.told()) >= len(lines))
        same("what CMDSCRIPT is told", self.told(), list(lines))
        os.unlink(self.told_path)

    def keepers(self):
        """The processes that keep timers of this folder: they belong to no caller."""
        mark = f"NUT_CONFPATH={self.folder.etc}\0".encode()
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline") as f:
                    command = f.read()
                with open(f"/proc/{pid}/environ", "rb") as f:
                    ours = mark in f.read()
                if ours and "upssched\0" in command and os.getsid(int(pid)) == int(pid):
                    found.append(int(pid))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                pass
        return found

    def ends(self):
        """The keeper ends by itself and leaves nothing."""
        wait_for("the end of the keeper", lambda: not self.keepers())
        same("what is left", os.listdir(os.path.dirname(self.pipe)), [])
