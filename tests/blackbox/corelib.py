# SPDX-License-Identifier: ISC
"""What the black-box scripts of `core`, `holdupd` and `remote` share: a private folder,
a driver that says what the script wants, and raw line connections."""

import atexit
import os
import queue
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading

import baselib
from baselib import (BUILD, PATIENCE, Program, Stopwatch, connected, die, listen_unix, logged, same,
                     wait_for)
from freeport import free_port


def children(parent):
    """Command line → pid of all children of a process that have come to their own."""
    with open(f"/proc/{parent}/task/{parent}/children") as f:
        pids = [int(pid) for pid in f.read().split()]
    found = {}
    for pid in pids:
        try:
            with open(f"/proc/{pid}/cmdline") as f:
                command = f.read().replace("\0", " ").strip()
            if command and "holdupd" not in command:
                found[command] = pid
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


class Folder:
    """D/etc and D/run, gone at the end with all processes; logs are shown on failure."""

    def __init__(self, **files):
        self.dir = tempfile.mkdtemp(prefix="holdup-test.")
        self.etc, self.run = f"{self.dir}/etc", f"{self.dir}/run"
        os.mkdir(self.etc)
        os.mkdir(self.run)
        self.env = dict(os.environ, NUT_CONFPATH=self.etc, NUT_STATEPATH=self.run)
        self.processes, self.logs = [], []
        for name, text in files.items():
            with open(f"{self.etc}/{name.replace('_', '.')}", "w") as f:
                f.write(text)
        atexit.register(self.end)

    def start(self, program, *args, fds=(), **env):
        """A program of ours; fds are inherited as they are numbered. remote-tls is in remote/."""
        log = open(f"{self.dir}/{program}.log", "a+")
        self.logs.append(log)
        p = Program([f"{BUILD}/{program.partition('-')[0]}/{program}", *args], stdout=log,
                    stderr=log, pass_fds=fds, env=dict(self.env, **env))
        self.processes.append(p)
        p.log = lambda: open(log.name).read()
        return p

    def end(self):
        for p in self.processes:
            if p.poll() is None:
                p.terminate()
                try:
                    p.wait(5)
                except subprocess.TimeoutExpired:
                    p.kill()
        for log in self.logs:
            log.seek(0)
            if baselib.failed and (text := log.read()):
                print(f"--- {os.path.basename(log.name)}\n{text[-4000:]}")
        shutil.rmtree(self.dir, ignore_errors=True)


class Lines:
    """A connection that carries lines, with a deadline for each."""

    def __init__(self, sock):
        self.sock, self.buffer = sock, b""
        sock.settimeout(PATIENCE)

    def send(self, text):
        self.sock.sendall(text.encode())

    def line(self, what="a line"):
        while b"\n" not in self.buffer:
            try:
                data = self.sock.recv(65536)
            except TimeoutError:
                die(f"no {what} within {self.sock.gettimeout()} s")
            if not data:
                return None
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode()

    def expect(self, *lines):
        for wanted in lines:
            same("line", self.line(f"line {wanted!r}"), wanted)

    def silent(self, seconds):
        """Nothing comes for that long."""
        self.sock.settimeout(seconds)
        try:
            data = self.buffer or self.sock.recv(65536)
            die(f"unexpected {data!r}")
        except TimeoutError:
            self.sock.settimeout(PATIENCE)

    def close(self):
        self.sock.close()


def connect_unix(path):
    return Lines(connected(path))


class Driver(Lines):
    """One connection that core made to a driver socket. It answers PINGs, however long the
    script is busy with others, unless that does so by hand."""

    def __init__(self, listener, by_hand=False):
        super().__init__(listener.accept()[0])
        self.expect("DUMPALL", "PING")
        self.requests, self.follower = queue.Queue(), None
        if not by_hand:
            self.sock.settimeout(None)
            self.follower = threading.Thread(target=self.follow, daemon=True)
            self.follower.start()

    def follow(self):
        try:
            while (line := self.line()) is not None:
                if line == "PING":
                    self.send("PONG\n")
                else:
                    self.requests.put(line)
        except OSError:
            pass  # closed, by whichever end

    def dump(self, *lines):
        self.send("".join(f"{line}\n" for line in (*lines, "DUMPDONE", "PONG")))

    def request(self):
        """The next line that is no PING."""
        try:
            return self.requests.get(timeout=PATIENCE)
        except queue.Empty:
            return die("no request")

    def ends(self):
        """Waits until core has gone."""
        self.follower.join()

    def close(self):
        self.sock.shutdown(socket.SHUT_RDWR)
        super().close()


class Core(Folder):
    """`core` as holdupd starts it, with the script at every other end."""

    def __init__(self, ups_conf, upsmon_conf=None, holdup_conf=None):
        super().__init__(ups_conf=ups_conf)
        self.listeners = {}
        feed, req = (listen_unix(f"{self.run}/holdup.{n}") for n in ("feed", "req"))
        for s in (feed, req):
            s.setblocking(False)
        self.keep = (feed, req)
        self.open = {"C": os.open(f"{self.etc}/ups.conf", os.O_RDONLY),
                     "F": feed.fileno(), "R": req.fileno()}
        if upsmon_conf is not None:
            with open(f"{self.etc}/upsmon.conf", "w") as f:
                f.write(upsmon_conf)
            self.open["M"] = os.open(f"{self.etc}/upsmon.conf", os.O_RDONLY)
            self.open["T"] = os.open(f"{self.run}/holdup.state", os.O_RDWR | os.O_CREAT)
        if holdup_conf is not None:
            with open(f"{self.etc}/holdup.conf", "w") as f:
                f.write(holdup_conf)
            self.open["O"] = os.open(f"{self.etc}/holdup.conf", os.O_RDONLY)

    def driver_socket(self, name):
        self.listeners[name] = listen_unix(f"{self.run}/{name}")
        return self.listeners[name]

    def go(self, *options):
        self.ctl, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        fds = dict(self.open, H=theirs.fileno())
        self.process = self.start("core", *(a for o, fd in fds.items()
                                            for a in (f"-{o}", str(fd))), *options,
                                  fds=tuple(fds.values()))
        theirs.close()
        return self.process

    def told(self, kind):
        """The next packet of this type for holdupd; others are passed over."""
        self.ctl.settimeout(PATIENCE)
        while True:
            packet = self.ctl.recv(100)
            if struct.unpack("=I", packet[:4])[0] == kind:
                return packet[8:]

    def drain(self):
        """Passes over all packets that have come."""
        self.ctl.setblocking(False)
        try:
            while self.ctl.recv(100):
                pass
        except BlockingIOError:
            pass

    def feed(self):
        """A reader of the feed and the snapshot that it got."""
        reader = connect_unix(f"{self.run}/holdup.feed")
        lines = []
        while not lines or not lines[-1].startswith("END "):
            lines.append(reader.line("snapshot"))
        return reader, lines

    def requests(self):
        return connect_unix(f"{self.run}/holdup.req")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        same("exit status of core", self.process.wait(), 0)
