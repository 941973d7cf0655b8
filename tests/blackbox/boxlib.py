# SPDX-License-Identifier: ISC
"""Boxes that publish to a broker of many houses, each `out` with its `mqtt` before a core
that says what the script wants, and the consumer that is an example for everybody."""

import atexit
import os
import signal
import tempfile

from baselib import PATIENCE, Program, die, same, wait_for
from corelib import Folder, children
from outlib import Core

HOUSES = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../packaging/mqtt/houses.py")
UPS = "qnapups"
SNAPSHOT = f"""UPS {UPS} "Server"
{UPS} SETINFO battery.charge "100"
{UPS} SETINFO battery.runtime "1540"
{UPS} SETINFO ups.load "34"
{UPS} SETINFO ups.status "OL CHRG"
{UPS} DATAOK
{UPS} VIEW * none
"""


class Box:
    """One house. `urls`: its broker, or the nodes of one that is a cluster."""

    def __init__(self, site, *urls, more=""):
        self.site, self.out = site, None
        self.folder = Folder(holdup_conf=f"[mqtt]\nurl = {' '.join(urls)}\nsite = {site}\n{more}")
        self.memory = f"{self.folder.dir}/memory"
        os.mkdir(self.memory)
        self.core = Core(self.folder, SNAPSHOT)
        self.start()

    def start(self):
        conf = os.open(f"{self.folder.etc}/holdup.conf", os.O_RDONLY)
        self.out = self.folder.start("out", "-C", str(conf), "-d", self.memory, fds=(conf,))
        os.close(conf)
        self.core.reader()

    def mqtt(self):
        """The pid of its publisher."""
        def child():
            found = children(self.out.pid)
            return next((pid for line, pid in found.items() if "-P mqtt" in line), None)
        return wait_for(f"{self.site} has a publisher", child)

    def log(self):
        return self.out.log()

    def say(self, **variables):
        """The UPS says so: ups_status="OB" is ups.status."""
        self.core.say(*(f'{UPS} SETINFO {name.replace("_", ".")} "{value}"'
                        for name, value in variables.items()))

    def kill(self):
        """All at once, as when its power is cut."""
        pids = [self.mqtt(), self.out.pid]
        for pid in (self.out.pid, pids[0]):
            os.kill(pid, signal.SIGKILL)
        self.out.wait()

    def stop(self):
        self.out.terminate()
        same(f"exit status of {self.site}", self.out.wait(), 0)


class Consumer:
    """packaging/mqtt/houses.py: the lines that it has printed."""

    def __init__(self, broker, name="", *login):
        self.broker, self.more = broker, (name, *login)
        self.file = tempfile.NamedTemporaryFile("w+", prefix="holdup-houses.")
        self.process = None
        atexit.register(self.file.close)
        atexit.register(self.end)
        self.start()

    def start(self):
        # It does not outlive a script that is killed.
        self.process = Program(["setpriv", "--pdeathsig", "KILL", "/usr/bin/python3", HOUSES,
                                f"127.0.0.1:{self.broker.port}", *self.more],
                               stdout=self.file, stderr=self.file)

    def lines(self, word="", where=""):
        with open(self.file.name) as f:
            lines = [line.rstrip("\n") for line in f if line.endswith("\n")]
        if any("Traceback" in line for line in lines):
            die("\n".join(lines))
        return [line for line in lines if line.startswith(f"{word} {where}".strip())]

    def comes(self, line, times=1):
        """The line comes so often, and no oftener."""
        wait_for(f"'{line}' ({times}) of the consumer", lambda: self.lines().count(line) >= times,
                 3 * PATIENCE)
        same(f"lines '{line}'", self.lines().count(line), times)

    def wrong(self):
        """What is wrong now, by the alarms that it told."""
        now = {}
        for line in self.lines():
            word, where, *text = line.split(" ", 2)
            if word in ("ALARM", "OVER"):
                now[f"{where} {text[0]}"] = word == "ALARM"
        return sorted(text for text, is_wrong in now.items() if is_wrong)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
