#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The disk and the mains of a guest: serves an image by NBD as a drive with a write cache
does, and cuts the power of the guest again and again.

What the guest has flushed (FLUSH, FUA) is kept. Of what it has written since, a cut keeps
a random part, sector by sector, in no order: what a drive had in its cache may be lost or
be on the medium. usage: powerdisk.py IMAGE CUTS LOG -- QEMU ARGUMENT…"""

import ctypes
import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

SECTOR = 512
READ, WRITE, DISC, FLUSH = 0, 1, 2, 3
HAS_FLAGS, SEND_FLUSH, SEND_FUA = 1, 4, 8
FUA = 1 << 16
FUSE = 120  # requests to write or to flush in the life of a guest, at most
LIFE = 60  # s, where it writes less
STEP = 10  # s that the guest's clock is set forward from run to run, beside what has passed


class Disk:
    """The image as the guest sees it, as it is on the medium, and what lies between."""

    def __init__(self, image):
        self.medium = bytearray(image)
        self.seen = bytearray(image)
        self.dirty = set()  # sectors in the cache of the drive
        self.flushes = self.lost = self.kept = 0
        self.fuse = 0  # requests to write or flush until the power is gone
        self.gone = threading.Event()
        self.lock = threading.Lock()

    def spend(self):
        """One request more; when the power is gone, nothing is done any more."""
        self.fuse -= 1
        if self.fuse <= 0:
            self.gone.set()
            raise ConnectionError

    def do(self, kind, offset, length, data):
        """A request; returns what was read."""
        if self.gone.is_set():
            raise ConnectionError
        if kind & 0xffff == READ:
            return bytes(self.seen[offset:offset + length])
        if kind & 0xffff == WRITE:
            self.write(offset, data, bool(kind & FUA))
            self.spend()
        elif kind & 0xffff == FLUSH:
            self.spend()
            self.flush()
        return b""

    def write(self, offset, data, fua):
        self.seen[offset:offset + len(data)] = data
        sectors = range(offset // SECTOR, (offset + len(data)) // SECTOR)
        if fua:
            self.medium[offset:offset + len(data)] = data
            self.dirty.difference_update(sectors)
        else:
            self.dirty.update(sectors)

    def keep(self, sector):
        at = sector * SECTOR
        self.medium[at:at + SECTOR] = self.seen[at:at + SECTOR]

    def flush(self):
        self.flushes += 1
        for sector in self.dirty:
            self.keep(sector)
        self.dirty.clear()

    def cut(self, part):
        """The power is gone: `part` of what was in the cache is on the medium."""
        with self.lock:
            self.gone.set()
        for sector in self.dirty:
            if random.random() < part:
                self.keep(sector)
                self.kept += 1
            else:
                self.lost += 1
        self.dirty.clear()
        self.seen = bytearray(self.medium)


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def take(s, n):
    data = b""
    while len(data) < n:
        got = s.recv(n - len(data))
        if not got:
            raise ConnectionError
        data += got
    return data


def greet(s, size):
    """NBD's handshake, of the fixed newstyle: any export is ours."""
    flags = HAS_FLAGS | SEND_FLUSH | SEND_FUA
    s.sendall(b"NBDMAGICIHAVEOPT" + struct.pack(">H", 3))
    plain = not struct.unpack(">I", take(s, 4))[0] & 2
    while True:
        _, option, length = struct.unpack(">QII", take(s, 16))
        data = take(s, length)

        def reply(kind, body=b""):
            s.sendall(struct.pack(">QIII", 0x3e889045565a9, option, kind, len(body)) + body)

        if option == 1:  # EXPORT_NAME
            s.sendall(struct.pack(">QH", size, flags) + (bytes(124) if plain else b""))
            return
        if option in (6, 7):  # INFO, GO
            reply(3, struct.pack(">HQH", 0, size, flags))
            reply(1)
            if option == 7:
                return
        else:
            reply(0x80000001)  # not supported
            del data


def serve(listener, disk):
    """One guest after the other; ends with the listener."""
    while True:
        try:
            s, _ = listener.accept()
        except OSError:
            return
        try:
            greet(s, len(disk.seen))
            while True:
                magic, kind, handle, offset, length = struct.unpack(">IIQQI", take(s, 28))
                assert magic == 0x25609513
                data = take(s, length) if kind & 0xffff == WRITE else b""
                if kind & 0xffff == DISC:
                    break
                with disk.lock:
                    body = disk.do(kind, offset, length, data)
                s.sendall(struct.pack(">IIQ", 0x67446698, 0, handle) + body)
        except (ConnectionError, OSError):
            pass
        while disk.gone.is_set():
            time.sleep(0.01)  # the guest waits for an answer until it is dead
        s.close()


class Guest:
    def __init__(self, command, log):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=log, preexec_fn=die_with_parent)
        self.text = b""
        self.log = log
        os.set_blocking(self.process.stdout.fileno(), False)

    def read(self):
        data = self.process.stdout.read()
        if data:
            self.text += data
            self.log.write(data)
            self.log.flush()
        elif self.process.poll() is not None:
            raise SystemExit(f"FAIL power-cut QEMU ended with status {self.process.returncode}")

    def wait(self, pattern, seconds=120):
        end = time.monotonic() + seconds
        while True:
            self.read()
            found = re.search(pattern, self.text)
            if found:
                return found
            if b"FAIL" in self.text:
                raise SystemExit("FAIL power-cut " + self.text.decode(errors="replace")[-300:])
            if time.monotonic() > end:
                raise SystemExit(f"FAIL power-cut no {pattern!r} in {seconds} s")
            time.sleep(0.01)

    def say(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        rest = self.process.stdout.read()
        self.text += rest or b""


class House:
    def __init__(self, image, log, qemu):
        with open(image, "rb") as f:
            self.disk = Disk(f.read())
        self.log = open(log, "wb")
        self.folder = tempfile.TemporaryDirectory(prefix="holdup-power.")
        self.disk.fuse = sys.maxsize
        self.path = f"{self.folder.name}/disk"
        self.saved = f"{self.folder.name}/ready"
        self.clock = int(time.time())
        self.acknowledged = 0
        self.qemu = [part.replace("@DISK@", self.path) for part in qemu]
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        listener.listen(4)
        threading.Thread(target=serve, args=(listener, self.disk), daemon=True).start()

    def prepare(self):
        """Boots once, as far as READY, and saves the machine as it is then."""
        monitor = f"{self.folder.name}/monitor"
        guest = Guest(self.qemu + ["-monitor", f"unix:{monitor},server=on,wait=off"], self.log)
        guest.wait(rb"READY")
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(monitor)
            s.sendall(f'migrate "exec:cat >{self.saved}"\n'.encode())
            end = time.monotonic() + 60
            while True:
                s.sendall(b"info migrate\n")
                time.sleep(0.2)
                answer = s.recv(65536)
                if b"Migration status: completed" in answer:
                    break
                if b"failed" in answer or time.monotonic() > end:
                    raise SystemExit(f"FAIL power-cut the guest cannot be saved: {answer!r}")
        guest.kill()

    def start(self, fuse):
        self.disk.fuse = fuse
        guest = Guest(self.qemu + ["-incoming", f"exec:cat {self.saved}", "-monitor", "none"],
                      self.log)
        self.clock += STEP
        guest.say(f"{self.clock}\n")
        return guest

    def check(self, guest):
        """What the file has is what was acknowledged, and it is whole."""
        words = guest.wait(rb"CHECK ([^\n]*)\n")[1].decode().split()
        if len(words) != 4 or words[0] != "ok":
            raise SystemExit(f"FAIL power-cut the file is not whole: {words}")
        last, count, since = int(words[1]), int(words[2]), int(words[3])
        if last < self.acknowledged or count != last:
            raise SystemExit(f"FAIL power-cut event {self.acknowledged} was on the disk, and "
                             f"the file has {count} up to {last}")
        if self.acknowledged > 0 and since < 0:
            raise SystemExit(f"FAIL power-cut the values end {-since} ms before the last event")

    def cut(self, number):
        """The power goes with a request to write or to flush, from mounting on."""
        guest = self.start(random.randrange(1, FUSE))
        began = time.monotonic()
        while not self.disk.gone.is_set() and time.monotonic() < began + LIFE:
            guest.read()
            time.sleep(0.005)
        guest.read()
        if b"CHECK" in guest.text:
            self.check(guest)
        if not self.disk.gone.is_set():
            print(f"{number}: {self.disk.fuse} requests were left", file=sys.stderr)
        self.disk.cut((0, 0.5, 0.9, 0.1)[number % 4])
        guest.kill()
        self.disk.gone.clear()
        said = re.findall(rb"event (\d+) is on the disk", guest.text)
        self.acknowledged = max([self.acknowledged] + [int(number) for number in said])
        self.clock += int(time.monotonic() - began) + 1


def main():
    image, cuts, log = sys.argv[1:4]
    house = House(image, log, sys.argv[5:])
    random.seed(int(os.environ.get("SEED", "1")))
    house.prepare()
    for number in range(int(cuts)):
        house.cut(number)
    guest = house.start(sys.maxsize)
    house.check(guest)
    guest.kill()
    disk = house.disk
    if disk.flushes == 0 or disk.lost == 0:
        raise SystemExit("FAIL power-cut the guest never flushed, or nothing was ever lost")
    print(f"PASS power-cut {cuts} cuts: {house.acknowledged} events were on the disk and are; "
          f"{disk.lost} sectors in the drive's cache were lost, {disk.kept} kept")


main()
