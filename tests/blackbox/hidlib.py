# SPDX-License-Identifier: ISC
"""What the black-box scripts of `hid` share: devices of the virtual bus that behave as a
script wants, a `hid` in a private folder, and a reader of its driver socket."""

import atexit
import copy
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time

from baselib import BUILD, Program, Stopwatch, connected, die, same, wait_for

INFO, DESCRIPTOR, GET, SET, STRING, LISTEN, INPUT, RESET = range(1, 9)
EPIPE, EINVAL = 32, 22
AC, CHARGING, DISCHARGING, LOW = 1, 2, 4, 8

# Status bits, charge, runtime, limit, beeper, test, chemistry: reports 1 to 7.
FIELDS = bytes.fromhex(
    "0584 0904 a101 0924 a100"
    "8501 0902 a100 0585 09d0 0944 0945 0942 1500 2501 7501 9504 b122 09d0 0944 0945"
    " 0942 8122 9504 b103 c0"
    "8502 0585 0966 26ff00 7508 9501 b122 0966 8122"
    "8503 0968 27ffff0000 7510 b122"
    "8504 0929 26ff00 7508 b122"
    "8505 0584 095a b122"
    "8506 0958 b122"
    "8507 0585 0989 b122"
    "c0 c0".replace(" ", "")
)
MOUSE = bytes.fromhex("05010902a1010901a1000509190129031500250195037501810295017505810105010930"
                      "09311581257f750895028106c0c0")


class Device:
    """A UPS on the virtual bus of `folder`. `stall` seconds pass before each feature
    report; `fails` maps report ids to errno values; `once` gives a report only once; `place`
    is the USB port; `resets` counts, and each calls `on_reset`."""

    def __init__(self, folder, name="hidraw0", serial="A1", descriptor=FIELDS, product=2,
                 place=""):
        self.path = f"{folder}/run/sim/{name}"
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        self.reports = {1: b"\x01\x01", 2: b"\x02\x64", 3: b"\x03\x08\x07", 4: b"\x04\x14",
                        5: b"\x05\x02", 6: b"\x06\x06", 7: b"\x07\x04"}
        self.strings = {4: b"PbAc"}
        self.serial, self.descriptor, self.product = serial, descriptor, product
        self.place, self.resets, self.on_reset = place, 0, lambda: None
        self.stall, self.fails, self.once = 0, {}, {}
        self.asked, self.written, self.listeners, self.all = [], [], [], []
        self.server = None
        self.plug()

    def plug(self):
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.server.bind(self.path)
        self.server.listen(8)
        threading.Thread(target=self.accept, args=(self.server,), daemon=True).start()

    def drop(self):
        os.unlink(self.path)
        for s in [self.server, *self.all]:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()
        self.listeners, self.all = [], []

    def accept(self, server):
        while True:
            try:
                s, _ = server.accept()
            except OSError:
                return
            self.all.append(s)
            threading.Thread(target=self.serve, args=(s,), daemon=True).start()

    def serve(self, s):
        try:
            while packet := s.recv(8192):
                op, report, _, _ = struct.unpack("=BBHI", packet[:8])
                if op == LISTEN:
                    self.listeners.append(s)
                    continue
                if op == RESET:
                    self.resets += 1
                    self.on_reset()
                    continue
                error, data = self.answer(op, report, packet[8:])
                s.send(struct.pack("=BBHI", op, report, error, len(data)) + data)
        except OSError:
            pass

    def answer(self, op, report, data):
        if op == INFO:
            return 0, struct.pack("=4H128s128s128s128s", 0x51D, self.product, 0x90, 3,
                                  b"American Power Conversion", b"Back-UPS CS 500",
                                  self.serial.encode(), self.place.encode())
        if op == DESCRIPTOR:
            return 0, self.descriptor
        if op == STRING:
            return 0, self.strings.get(report, b"")
        time.sleep(self.stall)
        if op == SET:
            self.written.append(data)
            self.reports[data[0]] = data
            return 0, b""
        self.asked.append(report)
        if report in self.fails:
            return self.fails[report], b""
        return 0, self.once.pop(report, None) or self.reports[report]

    def input(self, data):
        self.reports[data[0]] = data
        for s in list(self.listeners):
            try:
                s.send(struct.pack("=BBHI", INPUT, data[0], 0, len(data)) + data)
            except BrokenPipeError:
                self.listeners.remove(s)

    def status(self, bits):
        self.input(bytes([1, bits]))


class Hid:
    """A `hid -a ups` in a private folder with a driver socket of its own making."""

    def __init__(self, conf="", folder=None, args=()):
        self.dir = folder or tempfile.mkdtemp(prefix="holdup-hid.")
        os.makedirs(self.dir + "/run", exist_ok=True)
        self.process = None
        atexit.register(self.close)
        with open(self.dir + "/ups.conf", "w") as f:
            f.write("[ups]\ndriver = usbhid-ups\nport = auto\n" + conf)
        self.env = {**os.environ, "NUT_STATEPATH": self.dir + "/run",
                    "NUT_CONFPATH": self.dir}
        self.log_path, self.socket = self.dir + "/log", self.dir + "/run/usbhid-ups-ups"
        self.args = [BUILD + "/hid/hid", "-a", "ups", *args]

    def beside(self, name):
        """A driver of another section in the same folder."""
        other = copy.copy(self)
        other.process, other.args = None, [self.args[0], "-a", name]
        other.log_path, other.socket = f"{self.dir}/log.{name}", f"{self.dir}/run/usbhid-ups-{name}"
        atexit.register(other.close)
        return other

    def start(self):
        with open(self.log_path, "a") as log:
            self.process = Program(self.args, stderr=log, env=self.env, stdin=subprocess.DEVNULL)
        wait_for("the driver socket", self.listens)
        return self

    def listens(self):
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(self.socket)
            return True
        except OSError:
            return False

    def log(self):
        with open(self.log_path) as f:
            return f.read()

    def says(self, text, seconds=None):
        wait_for(f"log line {text!r}", lambda: text in self.log(), seconds)

    def asker(self):
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(children) as f:
            return [int(pid) for pid in f.read().split()]

    def stop(self):
        self.process.terminate()
        same("exit status", self.process.wait(), 0)

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)


class Sim:
    """A virtual UPS on the bus of a `Hid`, gone at the end whatever happens."""

    def __init__(self, hid, *args):
        self.control = hid.dir + "/run/sim.ctl"
        self.process = subprocess.Popen([BUILD + "/sim/sim", *args], env=hid.env,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.close)
        wait_for("sim", lambda: os.path.exists(self.control))

    def steer(self, line):
        with connected(self.control) as s:
            s.sendall(line.encode() + b"\n")
            return s.recv(4096).decode()

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


class Reader:
    """Follows a driver socket: variables, commands, freshness; notes when lines came."""

    def __init__(self, path):
        self.vars, self.cmds, self.lines, self.fresh = {}, set(), [], None
        self.s = connected(path)
        threading.Thread(target=self.follow, daemon=True).start()
        self.send("DUMPALL")
        wait_for("DUMPDONE", lambda: "DUMPDONE" in self.lines)

    def send(self, line):
        self.s.sendall(line.encode() + b"\n")

    def follow(self):
        try:
            for line in self.s.makefile():
                self.take(line.rstrip("\n"))
        except OSError:
            pass

    def take(self, line):
        verb, _, rest = line.partition(" ")
        name, _, value = rest.partition(" ")
        if verb == "SETINFO":
            self.vars[name] = value.strip('"')
        elif verb == "DELINFO":
            self.vars.pop(name, None)
        elif verb == "ADDCMD":
            self.cmds.add(name)
        elif verb in ("DATAOK", "DATASTALE"):
            self.fresh = verb == "DATAOK"
        self.lines.append(line)

    def ping(self, seconds=1):
        count = self.lines.count("PONG")
        self.send("PING")
        wait_for("PONG", lambda: self.lines.count("PONG") > count, seconds)

    def wait(self, name, value, seconds=None):
        wait_for(f"{name} {value!r} (is {self.vars.get(name)!r})",
                 lambda: self.vars.get(name) == value, seconds)

    def wait_fresh(self, fresh, seconds=None):
        wait_for("DATAOK" if fresh else "DATASTALE", lambda: self.fresh == fresh, seconds)

    def tracking(self, line, ticket):
        """Sends a request and returns its status."""
        self.send(f"{line} TRACKING {ticket}")
        found = []
        wait_for(f"result of {line}", lambda: found.extend(
            x for x in self.lines if x.startswith(f"TRACKING {ticket} ")) or found)
        return int(found[0].split()[2])
