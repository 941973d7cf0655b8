# SPDX-License-Identifier: ISC
"""What the scripts of the wire share: `out` with publishers that the script is."""

import os
import shlex
import shutil
import socket
import struct

from baselib import PATIENCE, die, listen_unix, same, wait_for
from corelib import Folder, Lines
from outlib import SNAPSHOT, Core

MQTT = "[mqtt]\nurl = mqtt://127.0.0.1:9\nevents = all\n"


class Event:
    """One as the wire has it."""

    def __init__(self, line):
        words = shlex.split(line, posix=True)
        self.id, self.at = int(words[1]), int(words[2])
        self.kind, self.ups, self.who, self.text = words[3:7]
        self.facts = dict(word.split("=", 1) for word in words[7:])


class Publisher(Lines):
    """The process of one publisher. It reads to the end of the first snapshot."""

    def __init__(self, listener):
        try:
            super().__init__(listener.accept()[0])
        except TimeoutError:
            die("no publisher")
        packed = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        self.pid = struct.unpack("3i", packed)[0]
        self.kept, self.snapshot, self.energy = {}, [], {}
        while not (line := self.must()).startswith("BEGIN "):
            word, key, value = shlex.split(line)
            same("first word", word, "KEPT")
            self.kept[key] = value
        while not line.startswith("END "):
            line = self.must()
            self.snapshot.append(line)

    def must(self, what="a line"):
        line = self.line(what)
        if line is None:
            die(f"{what}: the wire has ended")
        return line

    def until(self, what, wanted):
        """The first line that is wanted; others are passed over."""
        while True:
            line = self.must(what)
            if line.startswith("ENERGY "):
                self.energy[line.split()[1]] = int(line.split()[2])
            if wanted(line):
                return line

    def event(self, kind=None):
        """The next event (of that kind)."""
        while True:
            e = Event(self.until(f"an event {kind}", lambda l: l.startswith("EVENT ")))
            if kind in (None, e.kind):
                return e

    def take(self, event):
        self.send(f"TAKEN {event.id}\n")


class Wire:
    """`out`, with a core and publishers that the script is."""

    def __init__(self, holdup_conf=MQTT, snapshot=SNAPSHOT, names=("mqtt",)):
        self.folder = Folder(holdup_conf=holdup_conf)
        self.box = f"{self.folder.run}/out"
        os.mkdir(self.box)
        self.libexec = f"{self.folder.dir}/libexec"
        os.mkdir(self.libexec)
        for name in ("publish", "mqtt"):
            shutil.copy(f"{os.path.dirname(__file__)}/fakepublisher.py",
                        f"{self.libexec}/{name}")
        self.listeners = {}
        for name in names:
            listener = listen_unix(f"{self.folder.run}/{name}.publisher")
            listener.settimeout(PATIENCE)
            self.listeners[name] = listener
        self.core = Core(self.folder, snapshot)
        self.start()
        self.core.reader()

    def start(self, *options):
        conf = os.open(f"{self.folder.etc}/holdup.conf", os.O_RDONLY)
        self.process = self.folder.start("out", "-C", str(conf), "-d", self.box, *options,
                                         fds=(conf,), HOLDUP_LIBEXEC=self.libexec)
        os.close(conf)
        self.log = self.process.log

    def publisher(self, name="mqtt"):
        return Publisher(self.listeners[name])

    def file(self):
        try:
            with open(f"{self.box}/outbox", "rb") as f:
                return f.read()
        except FileNotFoundError:
            return b""

    def says(self, text):
        wait_for(f"the log says '{text}'", lambda: text in self.log())

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        same("exit status", self.process.wait(), 0)
