# SPDX-License-Identifier: ISC
"""holdupd with a `core` that says what the script wants (fakecore.py)."""

import os
import shutil
import socket
import struct
import threading
import time

from baselib import PATIENCE
from corelib import Folder, die, same, wait_for

HEARTBEAT, RESTART, SHUTDOWN, RUN, DONE, FSD, TELL, SLEEP = range(1, 9)
# Types of notifications, as in lib/conf_upsmon.h: a row of the first MONITOR line.
ONLINE, ONBATT, LOWBATT = range(3)


def boottime_ms():
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


class Machine(Folder):
    """holdupd and all it starts but core. `upsmon` is added to one MONITOR line."""

    def __init__(self, upsmon="", **files):
        super().__init__(nut_conf="MODE=netclient\n", **files)
        self.beat = None
        self.upsmon(upsmon)
        os.mkdir(f"{self.dir}/libexec")
        here = os.path.dirname(os.path.abspath(__file__))
        shutil.copy(f"{here}/fakecore.py", f"{self.dir}/libexec/core")
        self.door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.door.bind(f"{self.dir}/core")
        self.door.listen()
        self.door.settimeout(PATIENCE)
        threading.Thread(target=self.live, daemon=True).start()

    def upsmon(self, text):
        with open(f"{self.etc}/upsmon.conf", "w") as f:
            f.write(f"MONITOR ups@127.0.0.1:1 1 u p secondary\n{text}")

    def go(self, *args, **environment):
        self.holdupd = self.start("holdupd", "-F", *args, HOLDUP_LIBEXEC=f"{self.dir}/libexec",
                                  **environment)
        self.core()
        self.says("ready: watching")
        return self

    def core(self):
        """Waits for the next core."""
        self.beat = None
        self.link = self.door.accept()[0]
        self.link.settimeout(PATIENCE)
        self.core_pid = int(self.link.recv(64))
        self.beat = struct.pack("=QQII", 1, 0, 0, 0)

    def live(self):
        """Repeats the last heartbeat: a script that waits is no core that hangs."""
        while True:
            time.sleep(2)
            try:
                if self.beat:
                    self.say(HEARTBEAT, self.beat)
            except OSError:
                pass  # it has been killed

    def say(self, kind, body):
        self.link.send(struct.pack("=II", kind, 0) + body)

    def heartbeat(self, deadline_ms=0, cut=0):
        self.beat = struct.pack("=QQII", 1, deadline_ms, cut, 0)
        self.say(HEARTBEAT, self.beat)

    def shutdown(self, cut):
        self.say(SHUTDOWN, struct.pack("=II", cut, 0))

    def run_row(self, row, number):
        self.say(RUN, struct.pack("=II", row, number))

    def hears(self, kind):
        """The body of the next packet, which is of that kind."""
        packet = self.link.recv(64)
        same("kind of packet", struct.unpack_from("=I", packet)[0], kind)
        return struct.unpack_from("=Ii", packet, 8)

    def done(self):
        """Number and status of the next command that ended."""
        return self.hears(DONE)

    def says(self, text, times=1):
        wait_for(f"'{text}' in the log", lambda: self.holdupd.log().count(text) >= times)

    def silent(self, text):
        if text in self.holdupd.log():
            die(f"the log says '{text}'")

    def file(self, name):
        """The lines of a file in the folder; [] when it is not there."""
        try:
            with open(f"{self.dir}/{name}") as f:
                return f.read().splitlines()
        except FileNotFoundError:
            return []

    def stop(self):
        self.holdupd.terminate()
        same("exit status", self.holdupd.wait(), 0)
