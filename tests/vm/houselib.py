# SPDX-License-Identifier: ISC
"""The article's house for tests/vm/house and tests/vm/plan: a virtual UPS that feeds two or
three guests and a stand-in for a QNAP, beside a stand-in for Domoticz. All are processes of
this machine; no privilege is needed. The house network is 192.168.0.0/24, datagrams that
Wire hands on between the guests' network cards; the stand-in reaches the pi's 192.168.0.9
through a second card and QEMU's user network, as 10.0.2.2; there the pi finds Domoticz as
10.0.2.100."""

import gzip
import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

LOG_LINES = 80  # of a machine, in a report
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


class Failure(Exception):
    """What was expected and did not happen."""


def wait_for(what, seconds, condition):
    """Until the condition gives something true, which is returned."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise Failure(f"{what}: not within {seconds} s")
        time.sleep(0.1)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Ups:
    """The virtual UPS, and everything that hangs on its output."""

    def __init__(self, build, folder, quirks=()):
        self.folder, self.usb = folder, f"{folder}/usb"
        self.control = f"{folder}/sim.ctl"
        self.log = open(f"{folder}/sim.log", "w")
        self.process = subprocess.Popen(
            [f"{build}/sim/sim", "--usbredir", self.usb, "--control", self.control, *quirks],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        wait_for("sim's sockets", 5, lambda: os.path.exists(self.control))

    def say(self, line):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(5)
            s.connect(self.control)
            s.sendall(line.encode() + b"\n")
            answer = s.makefile().readline().rstrip("\n")
        if not answer.startswith("OK"):
            raise Failure(f"sim: {line}: {answer}")
        return answer

    def status(self):
        return dict(word.split("=", 1) for word in self.say("status").split()[1:])

    def end(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


class Wire:
    """The house network: what one card sends, all others get. A magic packet starts the
    machine that it names, as its sleeping card would."""

    def __init__(self, house):
        self.house, self.path = house, f"{house.folder}/wire"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        threading.Thread(target=self.carry, daemon=True).start()

    def carry(self):
        while True:
            frame, sender = self.socket.recvfrom(65536)
            for guest in self.house.guests:
                if guest.net != sender:
                    try:
                        self.socket.sendto(frame, socket.MSG_DONTWAIT, guest.net)
                    except OSError:
                        pass  # it is off, or does not listen fast enough
                if b"\xff" * 6 + guest.mac * 16 in frame:
                    self.house.wake(guest)


class Guest:
    """One machine: a QEMU process that is there while the machine is on. `systemd` is the
    Debian of tests/vm/debian-image with our files, on a disk of its own, `bare` that of
    tests/vm/packages-image with no UPS software at all, beside a disk of packages; `holdup`
    and `nut` are busybox with our programs or Debian's NUT, and forget everything. `files`
    are laid over its own, path and text."""

    HOSTS = {"pi": 9, "pi2": 20, "pi3": 30}
    DISKS = {"systemd": "debian.img", "bare": "bare.img"}

    def __init__(self, house, role, software, files=()):
        self.house, self.name, self.software = house, role, software
        self.base = f"{house.folder}/{role}"
        self.process, self.boots, self.typed = None, 0, 0
        self.mac = bytes.fromhex(f"5254000000{self.HOSTS[role]:02d}")
        self.address = f"192.168.0.{self.HOSTS[role]}"
        self.net, self.log = f"{self.base}.net", f"{self.base}.log"
        open(self.log, "w").close()
        self.disk = self.DISKS.get(software)
        if self.disk:
            subprocess.run(["cp", "--sparse=always", f"{house.build}/vm/{self.disk}",
                            f"{self.base}.img"], check=True)
        self.start = f"{house.build}/vm/{'debian' if self.disk else 'house'}.gz"
        if files:
            self.lay_over(dict(files))

    def lay_over(self, files):
        """Its first files are the image's, and these: the kernel unpacks one after another."""
        tree = f"{self.base}.over"
        for path, text in files.items():
            os.makedirs(os.path.dirname(f"{tree}/over{path}"), exist_ok=True)
            with open(f"{tree}/over{path}", "w") as f:
                f.write(text)
        names = "\n".join(os.path.relpath(path, tree) for path, _, _ in os.walk(tree)
                          if path != tree)
        names += "\n" + "\n".join(f"over{path}" for path in files)
        made = subprocess.run(["cpio", "--quiet", "-o", "-H", "newc"], cwd=tree, check=True,
                              input=names.encode(), stdout=subprocess.PIPE).stdout
        shutil.copy(self.start, f"{self.base}.gz")
        self.start = f"{self.base}.gz"
        with open(self.start, "ab") as f:
            f.write(gzip.compress(made))

    def network(self):
        if os.path.exists(self.net):
            os.remove(self.net)
        mac = self.mac.hex(":")
        wire = ["-netdev", f"dgram,id=wire,local.type=unix,local.path={self.net},"
                f"remote.type=unix,remote.path={self.house.wire.path}",
                "-device", f"e1000,netdev=wire,romfile=,mac={mac}"]
        if self.name != "pi":
            return wire
        user = (f"user,id=user,restrict=on,"
                f"hostfwd=tcp:127.0.0.1:{self.house.port}-192.168.0.9:3493,"
                "guestfwd=tcp:10.0.2.100:8080-cmd:busybox nc 127.0.0.1 "
                f"{self.house.domoticz.port}")
        return wire + ["-netdev", user,
                       "-device", "e1000,netdev=user,romfile=,mac=52:54:00:00:01:09",
                       "-device", "qemu-xhci", "-device", "usb-redir,chardev=ups",
                       "-chardev", f"socket,id=ups,path={self.house.ups.usb}"]

    def boot(self):
        self.boots += 1
        commands = f"{self.base}.cmd"
        disk = ["-drive", f"file={self.base}.img,if=virtio,format=raw"] if self.disk else []
        if self.software == "bare":
            disk += ["-drive", f"file={self.house.build}/vm/packages.img,if=virtio,format=raw,"
                     "readonly=on"]
        with open(f"{self.base}.qemu", "a") as log:
            self.process = subprocess.Popen(
                ["qemu-system-x86_64", "-accel", "tcg", "-m", "384" if self.disk else "192",
                 "-smp", "1", "-nodefaults", "-no-reboot", "-display", "none",
                 "-serial", f"file:{self.base}.{self.boots}.log",
                 "-chardev", f"socket,id=cmd,path={commands},server=on,wait=off",
                 "-serial", "chardev:cmd", "-kernel", f"{self.house.build}/vm/kernel/vmlinuz",
                 "-initrd", self.start, "-append",
                 "console=ttyS0 loglevel=5 systemd.show_status=0 panic=-1 mitigations=off "
                 "no_timer_check "  # as in lib.sh
                 "net.ifnames=0 clocksource=hpet "  # a busy host spoils how tsc is measured
                 f"role={self.name} software={self.software}"] + disk + self.network(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.house.note(f"{self.name} on")

    def is_on(self):
        return self.process is not None and self.process.poll() is None

    def text(self, boot=None):
        """What was logged so far, since this boot or in another."""
        try:
            with open(f"{self.base}.{boot or self.boots}.log", errors="replace") as f:
                return f.read().replace("\r", "")
        except OSError:
            return ""

    def run(self, command, seconds=10):
        """Types a command in the guest; its output, "" from one that does not answer."""
        self.typed += 1
        begin, end = (f"{word} {self.typed}\n" for word in ("BEGIN", "END"))
        got = ""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(seconds)
            try:
                s.connect(f"{self.base}.cmd")
                s.sendall(f"echo {begin[:-1]}; {command}; echo {end}".encode())
                while end not in got:
                    part = s.recv(4096)
                    if not part:
                        return ""
                    got += part.decode(errors="replace")
            except OSError:
                return ""
        return got.split(begin, 1)[-1].split(end, 1)[0].rstrip("\n")

    def status(self):
        """ups.status as a client in this machine reads it from the pi."""
        host = "127.0.0.1" if self.name == "pi" else "192.168.0.9"
        text = self.run(f"upsc qnapups@{host} ups.status")
        return [] if "Error" in text else text.split("\n")[-1].split()

    def cut(self):
        if self.is_on():
            self.process.kill()
            self.process.wait()


class Domoticz:
    """A stand-in that remembers what each of its virtual sensors was told last."""

    def __init__(self):
        sensors = self.sensors = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked = dict(urllib.parse.parse_qsl(urllib.parse.urlparse(self.path).query))
                if asked.get("param") == "udevice":
                    sensors[int(asked["idx"])] = float(asked["svalue"])
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"status": "OK", "title": "Update Device"}')

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self):
        self.server.shutdown()
        self.server.server_close()


class Qnap:
    """The stand-in: off N seconds after it saw OB."""

    def __init__(self, house, off_after):
        self.name, self.house, self.off_after = "QNAP", house, off_after
        self.process = None

    def boot(self):
        with open(f"{self.house.folder}/qnap.log", "a") as log:
            self.process = subprocess.Popen(
                [sys.executable, f"{ROOT}/tests/clients/qnap.py", "127.0.0.1", "--port",
                 str(self.house.port), "--off-after", str(self.off_after)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.house.note("QNAP on")

    is_on = Guest.is_on
    cut = Guest.cut


class House:
    """Everybody, and a watch that writes down from outside what happened when."""

    def __init__(self, build, folder, pi="holdup", pi2="holdup", pi3=None, qnap_off_after=3,
                 quirks=(), files=None, spared=()):
        self.build, self.folder = build, folder
        self.began = time.monotonic()
        self.notes, self.running_at_cut = [], None
        self.lock = threading.Lock()
        self.port = free_port()
        self.domoticz = Domoticz()
        self.ups = Ups(build, folder, quirks)
        self.guests = [Guest(self, role, software, (files or {}).get(role, ()))
                       for role, software in (("pi", pi), ("pi2", pi2), ("pi3", pi3))
                       if software]
        self.pi, self.pi2 = self.guests[0], (self.guests[1:] or [None])[0]
        self.wire = Wire(self)
        self.machines = list(self.guests)
        self.spared = spared  # names of those who get their power elsewhere
        if qnap_off_after is not None:
            self.machines.append(Qnap(self, qnap_off_after))
        self.on = {m.name: False for m in self.machines}
        self.fed = {"mains": "on", "output": "on"}
        self.ending = False
        self.watch = threading.Thread(target=self.look, daemon=True)
        self.watch.start()

    def now(self):
        return time.monotonic() - self.began

    def note(self, what):
        self.notes.append((self.now(), what))

    def when(self, what, after=0.0):
        """The first time that this was noted, at or after a time; None if never."""
        return next((t for t, noted in self.notes if noted == what and t >= after), None)

    def boot(self, *machines):
        """Somebody presses the button; with no name: of everybody."""
        with self.lock:
            for machine in machines or self.machines:
                machine.boot()
                self.on[machine.name] = True

    def wake(self, guest):
        """A magic packet for this one passed by."""
        with self.lock:
            if self.on[guest.name] or self.fed["output"] == "off":
                return
            self.on[guest.name] = True
            self.note(f"{guest.name} woken")
            guest.boot()

    def look(self):
        """Twenty times a second: who is on, is there mains, is the output fed. When it is
        not, nobody stays on."""
        while not self.ending:
            try:
                now = self.ups.status()
            except (OSError, Failure):
                time.sleep(0.05)  # it has only begun to listen, or the machine is slow
                continue
            with self.lock:
                for machine in self.machines:
                    if self.on[machine.name] and not machine.is_on():
                        self.on[machine.name] = False
                        self.note(f"{machine.name} off")
                for key in self.fed:
                    if now[key] != self.fed[key]:
                        self.fed[key] = now[key]
                        self.note(f"{key} {now[key]}")
                        if key == "output" and now[key] == "off":
                            self.cut()
            time.sleep(0.05)

    def cut(self):
        fed = [m for m in self.machines if m.name not in self.spared]
        self.running_at_cut = [m.name for m in fed if m.is_on()]
        for machine in fed:
            machine.cut()

    def end(self):
        self.ending = True
        self.watch.join()
        for machine in self.machines:
            machine.cut()
        self.ups.end()
        self.domoticz.end()

    def report(self):
        """What helps to understand a failure."""
        print("--- seen from outside:", ", ".join(f"{t:.1f} {what}" for t, what in self.notes))
        for machine in self.guests:
            for boot in range(1, machine.boots + 1):
                print(f"--- {machine.name}'s log, its end, boot {boot}")
                print("\n".join(machine.text(boot).split("\n")[-LOG_LINES:]))
        for name in ("qnap.log", "pi.qemu", "pi2.qemu", "pi3.qemu", "sim.log"):
            path = f"{self.folder}/{name}"
            if os.path.exists(path) and os.path.getsize(path):
                print(f"--- {name}")
                with open(path, errors="replace") as f:
                    print("".join(f.readlines()[-12:]), end="")


class Story:
    """One run of a house; its expectations become result lines."""

    def __init__(self, group, name, verbose):
        self.group, self.name, self.verbose = group, name, verbose
        self.failed = False

    def expect(self, what, right, why=""):
        what = f"{self.group}:{self.name}-{what}"
        print(f"PASS {what}" if right else f"FAIL {what} {why}", flush=True)
        self.failed = self.failed or not right

    def step(self, what, seconds, condition):
        """Waits for something without which the story cannot go on."""
        try:
            wait_for(what, seconds, condition)
        except Failure as why:
            self.expect(what, False, str(why))
            raise
        self.expect(what, True)

    def run(self):
        began = time.monotonic()
        try:
            self.tell()
        except (Failure, OSError) as why:
            self.expect("end", False, str(why))
        finally:
            if self.failed or self.verbose:
                self.house.report()
            self.end()
        notes = ", ".join(f"{t:.1f} {what}" for t, what in self.house.notes)
        print(f"{self.name}: {time.monotonic() - began:.0f} s: {notes}", flush=True)
