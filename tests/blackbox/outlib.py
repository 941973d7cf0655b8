# SPDX-License-Identifier: ISC
"""What the black-box scripts of `out` share: a core that says what the script wants, a
Domoticz that behaves as it wants, and `out` between them."""

import os
import time

import domoticzlib
from corelib import PATIENCE, Folder, children, die, listen_unix, same, wait_for

SNAPSHOT = """UPS qnapups "Server"
qnapups SETINFO battery.charge "100"
qnapups SETINFO ups.load "34"
qnapups SETINFO ups.status "OL"
qnapups SETINFO ups.temperature "27.5"
qnapups DATAOK
qnapups VIEW * none
"""


class Core:
    """The feed, for one reader at a time."""

    def __init__(self, folder, snapshot=SNAPSHOT):
        self.path, self.snapshot, self.number = f"{folder.run}/holdup.feed", snapshot, 17
        self.begin()

    def begin(self):
        self.listener = listen_unix(self.path)

    def reader(self):
        """Accepts a reader and tells it all there is."""
        self.s = self.listener.accept()[0]
        self.s.settimeout(PATIENCE)
        self.s.sendall(f"BEGIN {self.number}\n{self.snapshot}END {self.number}\n".encode())

    def reader_is(self, *changes):
        """The same for a snapshot with other lines in it."""
        for change in changes:
            name = change.partition(' "')[0]
            self.snapshot = "".join(f"{change}\n" if line.startswith(name + ' "') else line
                                    for line in self.snapshot.splitlines(True))
        self.reader()

    def say(self, *changes):
        lines = ""
        for change in changes:
            self.number += 1
            lines += f"{self.number} {change}\n"
        self.s.sendall(lines.encode())

    def set(self, variable, value):
        self.say(f'qnapups SETINFO {variable} "{value}"')

    def end(self):
        self.listener.close()
        self.s.close()


OK = '{\n   "status" : "OK",\n   "title" : "Update Device"\n}\n'
ERR = '{\n   "status" : "ERR"\n}\n'


class Domoticz(domoticzlib.Domoticz):
    """One that has the sensors 12, 13 and 14, and lets everybody in. `answer`, a function of
    the request, says what it gets instead: status, body, seconds of waiting before."""

    def __init__(self, tls=None):
        super().__init__(tls)
        self.answer = None
        for idx, mapped in (12, 0xF306), (13, 0xF306), (14, 0x5005):
            self.house.devices[idx] = dict(self.house.devices[1], mapped=mapped, serial=idx)
        self.fault = self.answers

    def answers(self, handler):
        if self.answer is None:
            return False
        status, body, seconds = self.answer(handler.path)
        if seconds:
            time.sleep(seconds)
        return handler.answer(status, body)

    def took(self):
        """The requests since the last call, as "12=34.0"."""
        asked, self.asked = self.asked, []
        return [short(path) for path, _ in asked]

    def takes(self, *wanted, seconds=None):
        """Exactly these come, in whatever order, and nothing else for a while."""
        wait_for(f"{wanted} (came: {[p for p, _ in self.asked]})",
                 lambda: len(self.asked) >= len(wanted), seconds)
        time.sleep(0.3)
        same("what Domoticz was told", sorted(self.took()), sorted(wanted))


def short(path):
    """A request must be this one, letter by letter."""
    before = "/json.htm?type=command&param=udevice&idx="
    if not path.startswith(before) or "&nvalue=0&svalue=" not in path:
        die(f"not what Domoticz understands: {path}")
    return path[len(before):].replace("&nvalue=0&svalue=", "=")


SENSORS = "load = 12\ncharge = 13\ntemperature = 14\n"


class Out:
    """`out` as holdupd starts it, before a core and a Domoticz."""

    def __init__(self, more=SENSORS, snapshot=SNAPSHOT, tls=None, domoticz=None, url=None):
        self.domoticz = domoticz or Domoticz(tls)
        self.folder = Folder(
            holdup_conf=f"[domoticz]\nurl = {url or self.domoticz.url()}\n{more}")
        os.mkdir(f"{self.folder.dir}/out")
        self.core = Core(self.folder, snapshot)
        self.start()
        self.core.reader()

    def start(self):
        conf = os.open(f"{self.folder.etc}/holdup.conf", os.O_RDONLY)
        self.process = self.folder.start("out", "-C", str(conf), "-d", f"{self.folder.dir}/out",
                                         fds=(conf,), no_proxy="*")
        os.close(conf)
        self.log = self.process.log

    def child(self):
        """The process of the publisher."""
        found = children(self.process.pid)
        return next((pid for line, pid in found.items() if "-P domoticz" in line), None)

    def says(self, text, times=1):
        wait_for(f"the log says '{text}'", lambda: self.log().count(text) >= times)
        same(f"lines with '{text}'", self.log().count(text), times)

    def end(self):
        """out ends, and its publisher with it."""
        child = self.child()
        self.process.terminate()
        same("exit status", self.process.wait(), 0)
        if child:
            wait_for("its publisher ends", lambda: not os.path.exists(f"/proc/{child}"))

    def stop(self):
        self.end()
        self.domoticz.end()
