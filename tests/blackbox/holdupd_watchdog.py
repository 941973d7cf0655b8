#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdupd's signs of life for systemd: from the loop, so that one that hangs gives none; none
any more from the moment when the machine is taken down; and a holdupd that has nothing to do
is ready before it ends."""

import os
import signal
import socket
import time

from baselib import PATIENCE
from corelib import Folder, die, same, wait_for
from ctllib import Machine

BEAT = 0.5  # seconds between two of them


class Manager:
    """What systemd is to a service: NOTIFY_SOCKET."""

    def __init__(self, folder):
        self.path = f"{folder.dir}/notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(PATIENCE)

    def hears(self):
        return self.socket.recv(100).decode()

    def empty(self):
        """Forgets what has come until now."""
        self.socket.setblocking(False)
        try:
            while self.hears():
                pass
        except BlockingIOError:
            pass
        self.socket.settimeout(PATIENCE)

    def silence(self, seconds, what):
        self.socket.settimeout(seconds)
        try:
            die(f"{what}: {self.hears()}")
        except TimeoutError:
            self.socket.settimeout(PATIENCE)


def watched(m, **more):
    manager = Manager(m)
    m.go(NOTIFY_SOCKET=manager.path, WATCHDOG_USEC=str(int(2 * BEAT * 1e6)), **more)
    same("first", manager.hears(), "READY=1")
    return manager


m = Machine('SHUTDOWNCMD "echo down >>$NUT_STATEPATH/../down; sleep 3; echo done >>$NUT_STATEPATH/../down"\n')
manager = watched(m)
m.heartbeat()
manager.empty()
began = time.monotonic()
for _ in range(4):
    same("sign of life", manager.hears(), "WATCHDOG=1")
if time.monotonic() - began < 2 * BEAT:
    die("signs of life come too often")

# A loop that hangs gives none; when it goes on, they come again.
os.kill(m.holdupd.pid, signal.SIGSTOP)
wait_for("a stopped holdupd", lambda: open(f"/proc/{m.holdupd.pid}/stat").read()
         .rpartition(")")[2].split()[0] == "T")
manager.empty()
manager.silence(4 * BEAT, "a sign of life of a loop that hangs")
os.kill(m.holdupd.pid, signal.SIGCONT)
same("again", manager.hears(), "WATCHDOG=1")

# Once the machine is taken down nobody is to kill holdupd, and the command with it.
manager.empty()
m.shutdown(0)
while (said := manager.hears()) == "WATCHDOG=1":
    pass
same("on the way down", said, "WATCHDOG_USEC=0")
wait_for("the command", lambda: m.file("down") == ["down"])
m.shutdown(1)
manager.silence(4 * BEAT, "on the way down")
wait_for("the end of the command", lambda: m.file("down") == ["down", "done"])
m.stop()

# Signs that somebody else is to give are none of ours.
m = Machine()
manager = watched(m, WATCHDOG_PID="1")
m.heartbeat()
manager.silence(4 * BEAT, "a sign of life that was not asked for")
m.stop()

# Nothing to do is no failure.
folder = Folder(nut_conf="MODE=none\n")
manager = Manager(folder)
holdupd = folder.start("holdupd", "-F", NOTIFY_SOCKET=manager.path)
same("exit status of MODE=none", holdupd.wait(), 0)
same("of MODE=none", manager.hears(), "READY=1")
