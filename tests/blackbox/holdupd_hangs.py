#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdupd and children that hang instead of ending: a core without heartbeat, and a driver
that answers core no PING, are killed after 10 s and start afresh."""

import os
import signal

from corelib import Folder, children, die, free_port, wait_for


class Tree:
    def __init__(self):
        self.folder = Folder(ups_conf="[a]\n\tdriver = remote\n\tport = x@127.0.0.1:1\n",
                             upsd_conf=f"LISTEN 127.0.0.1 {free_port()}\n")
        self.holdupd = self.folder.start("holdupd", "-F")
        self.says("driver remote connected", 1)

    def says(self, text, times, seconds=None):
        wait_for(f"{times} times '{text}'",
                 lambda: self.holdupd.log().count(text) >= times, seconds)

    def freeze(self, program):
        found = children(self.holdupd.pid)
        pid = next(pid for command, pid in found.items() if command.startswith(program))
        os.kill(pid, signal.SIGSTOP)


# Two installations at once, for it takes its time.
first, second = Tree(), Tree()
first.freeze("core")
second.freeze("remote")
first.says("core: silent for 10 s: killing it", 1, 13)
first.says("core ended (signal 9); starting it again\n", 1)
first.says("ups a: driver remote connected", 2)
second.says("ups a: no driver remote: it does not answer", 1, 23)
second.says("remote a: does not answer core: killing it", 1)
second.says("remote a ended (signal 9); starting it again\n", 1)
second.says("ups a: driver remote connected", 2)
if "core ended" in second.holdupd.log():
    die("a driver that hung took core with it")
