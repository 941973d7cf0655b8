# SPDX-License-Identifier: ISC
"""What sim_socket.sh asks of the virtual UPS: simsocket.py STATEPATH"""
import os
import socket
import struct
import sys
import time

from baselib import PATIENCE, Stopwatch, connected, wait_for

HEAD = "=BBHI"
INFO, DESCRIPTOR, GET, SET, STRING, LISTEN, INPUT = range(1, 8)
state = sys.argv[1]
device = state + "/sim/hidraw0"


def check(what, got, wanted):
    if got != wanted:
        sys.exit("%s: %r, expected %r" % (what, got, wanted))


def connect():
    s = connected(device, socket.SOCK_SEQPACKET)
    s.settimeout(PATIENCE)
    return s


def take(s):
    packet = s.recv(8192)
    op, ident, error, length = struct.unpack(HEAD, packet[:8])
    check("length", len(packet) - 8, length)
    return op, ident, error, packet[8:]


def send(s, op, ident=0, data=b""):
    s.send(struct.pack(HEAD, op, ident, 0, len(data)) + data)


def ask(s, op, ident=0, data=b""):
    send(s, op, ident, data)
    return take(s)


def say(line):
    s = connected(state + "/sim.ctl")
    s.settimeout(PATIENCE)
    s.sendall(line.encode() + b"\n")
    return s.recv(4096).decode().strip()


def status():
    answer = say("status").split()
    check("status", answer[0], "OK")
    return dict(pair.split("=") for pair in answer[1:])


def inputs(s, count):
    return [take(s)[3].hex() for _ in range(count)]


Stopwatch.root = os.getppid()  # who has started sim
asker, listener = connect(), connect()
send(listener, LISTEN)

# Who it is.
op, ident, error, info = ask(asker, INFO)
check("ids", struct.unpack("=HHHH", info[:8]), (0x051D, 0x0002, 0x0106, 3))
check("name", info[136:264].rstrip(b"\0"), b"Back-UPS CS 500 FW:808.q10 .I USB FW:q10")
check("serial", info[264:392].rstrip(b"\0"), b"4B1038P51197")
check("descriptor", ask(asker, DESCRIPTOR)[3][:4].hex(), "05840904")
check("chemistry", ask(asker, STRING, 4)[3], b"PbAc")
check("charge", ask(asker, GET, 0x0C)[3].hex(), "0c640000250f")

# Questions that no device knows; the connection lives on.
check("no such report", ask(asker, GET, 0xFE)[2:], (32, b""))
check("no such string", ask(asker, STRING, 200)[2:], (32, b""))
check("an empty write", ask(asker, SET)[2:], (32, b""))
check("no such question", ask(asker, 99)[2:], (22, b""))

# A packet whose length lies ends its connection only.
liar = connect()
liar.send(struct.pack(HEAD, GET, 1, 0, 500))
check("a liar", liar.recv(10), b"")

# An outage arrives unasked, status first.
say("load 60%")
while take(listener)[3][0] != 0x0C:  # the runtime at the new load
    pass
outage = Stopwatch()
check("unplug", say("unplug"), "OK")
check("outage", inputs(listener, 3), ["160a000000", "06000110", "1300"])
outage.check("an outage", 0, 0.5)
check("mains", status()["mains"], "off")
check("plug", say("plug"), "OK")

# A write that acts: a quick self-test.
check("test", ask(asker, SET, 0x21, b"\x21\x01")[2], 0)
check("test runs", ask(asker, GET, 0x21)[3].hex(), "2105")
check("test in status", status()["test"], "running")

# A stalled device still sends what it has to say.
say("stall 60")
send(asker, GET, 0x0C)
asker.settimeout(0.3)
try:
    take(asker)
    sys.exit("a stalled device answered at once")
except TimeoutError:
    asker.settimeout(PATIENCE)
say("unplug")
while take(listener)[3].hex() != "1300":
    pass
say("stall 0")
check("the answer after all", take(asker)[3][0], 0x0C)

# It leaves the bus, and comes back.
say("usb-drop 3")
check("gone", os.path.exists(device), False)
check("the connection", asker.recv(10), b"")
wait_for("the device", lambda: os.path.exists(device))
ask(connect(), INFO)
say("usb-drop")
time.sleep(0.2)
check("gone for good", status()["usb"], "off")
say("usb-back")
check("back", ask(connect(), GET, 0x13)[3].hex(), "1300")

# What was meant is named.
for line, word in (("lod 5", "load"), ("charge 300%", "100%"), ("stall", "seconds"), ("plug in", "nothing")):
    answer = say(line)
    if not answer.startswith("ERR ") or word not in answer:
        sys.exit("'%s' is answered by '%s'" % (line, answer))

# At a thousand times the speed it ends soon, and comes back with mains.
say("speed 1000")
wait_for("the end of the battery", lambda: status()["output"] == "off")
say("plug")
check("output", status()["output"], "on")
