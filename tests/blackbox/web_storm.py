#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 60 s
"""A thousand streams that read and two hundred that do not, of one installation: each of the
thousand hears of the mains within a second, web's memory stays bounded, and core and net go on
as if nobody was there. web is killed: holdupd starts it anew."""

import os
import resource
import selectors
import signal
import socket
import time

from baselib import BUILD, PATIENCE, Stopwatch, die, same, wait_for
from corelib import Folder, Lines, children, free_port

GOOD, SLOW = 1000, 200
SANITIZED = "asan" in BUILD
KILOBYTES = 40  # for each stream, in web's memory
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
TICKS = os.sysconf("SC_CLK_TCK")

DEVICE = "ups.status: {}\nbattery.charge: 88\nups.load: 20\n" + "".join(
    f"ambient.{i}.status: {'x' * 60}\n" for i in range(40))

nut, page = free_port(), free_port()
folder = Folder(ups_conf="[a]\n\tdriver = dummy-ups\n\tport = a.dev\n",
                upsd_conf=f"LISTEN 127.0.0.1 {nut}\n", upsd_users="",
                holdup_conf=f"[web]\nlisten = 127.0.0.1:{page}\n")


def device(status):
    with open(f"{folder.etc}/new", "w") as f:
        f.write(DEVICE.format(status))
    os.rename(f"{folder.etc}/new", f"{folder.etc}/a.dev")


device("OL")
holdupd = folder.start("holdupd", "-F")


def child(name):
    for command, pid in children(holdupd.pid).items():
        if os.path.basename(command.split()[0]) == name:
            return pid
    return None


def seconds(pid):
    """Of the processor that it has used."""
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid):
    with open(f"/proc/{pid}/smaps_rollup") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("Rss:"))


def begin(source, **options):
    """A stream that has been asked for."""
    s = socket.socket()
    for option, value in options.items():
        s.setsockopt(socket.SOL_SOCKET, getattr(socket, option), value)
    s.bind((source, 0))
    s.settimeout(PATIENCE)
    s.connect(("127.0.0.1", page))
    s.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: a\r\n\r\n")
    return s


class Crowd:
    """Those who read."""

    def __init__(self):
        self.selector, self.got = selectors.DefaultSelector(), {}
        for i in range(GOOD):
            s = begin(f"127.0.1.{i // 50 + 1}")
            s.setblocking(False)
            self.selector.register(s, selectors.EVENT_READ)
            self.got[s] = b""

    def hears(self, text):
        """Reads until everybody has got it."""
        left = set(self.got)

        def all_have():
            for key, _ in self.selector.select(0.05):
                data = key.fileobj.recv(65536)
                if not data:
                    die("a stream has ended")
                self.got[key.fileobj] = self.got[key.fileobj][-200:] + data
                if text in self.got[key.fileobj]:
                    left.discard(key.fileobj)
            return not left

        wait_for(f"{text} in each stream", all_have)


def latency():
    """The slowest of many questions of a NUT client, in ms, but for one in a hundred."""
    took = []
    for _ in range(500):
        watch = Stopwatch()
        client.send("GET VAR a ups.status\n")
        client.line()
        took.append(1000 * watch.ran())
        time.sleep(0.001)
    return sorted(took)[len(took) * 99 // 100]


def connects():
    try:
        return socket.create_connection(("127.0.0.1", page), 5)
    except ConnectionRefusedError:
        return None


wait_for("ready", lambda: "ready: serving a" in holdupd.log())
wait_for("web", lambda: child("web") and connects())
client = Lines(socket.create_connection(("127.0.0.1", nut), 10))
web, core, net = (wait_for(name, lambda: child(name)) for name in ("web", "core", "net"))
quiet, before = latency(), memory(web)
work = seconds(core), seconds(net)

crowd = Crowd()
crowd.hears(b"event: state")
slow = [begin(f"127.0.2.{i // 50 + 1}", SO_RCVBUF=2048) for i in range(SLOW)]
crowded = Stopwatch()
for status in "OB", "OL", "OB", "OL":
    device(status)
    client.send("GET VAR a ups.status\n")
    while client.line() != f'VAR a ups.status "{status}"':
        time.sleep(0.005)
        client.send("GET VAR a ups.status\n")
    watch = Stopwatch()
    crowd.hears(f'"status":"{status}"'.encode())
    watch.check(f"{status} in a thousand streams", 0, 1)
busy, after = min(latency() for _ in range(3)), memory(web)
if busy > max(20, 20 * quiet):
    die(f"a question takes {busy:.1f} ms beside the streams, {quiet:.1f} ms without")
if after - before > KILOBYTES * (GOOD + SLOW) and not SANITIZED:
    die(f"{GOOD + SLOW} streams take {after - before} kB of web's memory")
# What they do is what they do anyway: beats, and the answers to this script.
for name, used, pid in ("core", work[0], core), ("net", work[1], net):
    if seconds(pid) - used > 1 + crowded.real() / 4:
        die(f"{name} has worked for {seconds(pid) - used:.2f} s in {crowded.real():.1f} s")
same("the others", (child("web"), child("core"), child("net")), (web, core, net))

# No more than that; and web is not missed for long.
with begin("127.0.3.1") as more:
    if not more.recv(1000).startswith(b"HTTP/1.1 503"):
        die("there is a stream too many")
os.kill(web, signal.SIGKILL)
wait_for("another web", lambda: child("web") not in (None, web))
with begin("127.0.3.1") as again:
    if not again.recv(1000).startswith(b"HTTP/1.1 200"):
        die("the new web does not stream")
same("core", child("core"), core)
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
