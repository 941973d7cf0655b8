#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 30 s
"""The wire from `out` to a publisher: one that is too slow gets a new snapshot, one that says
what cannot be is started again, nobody takes what he was not handed; core that is away; orders
on their way to core; energy, which never grows less."""

import fcntl
import os
import socket
import struct
import termios

from baselib import PATIENCE, die, listen_unix, same, wait_for
from corelib import Lines
from wirelib import MQTT, Wire

CHANGES = 20000  # more than 256 kB, and what the kernel holds


def unread(s):
    """Bytes that the other end of a socket has not read."""
    return struct.unpack("i", fcntl.ioctl(s, termios.TIOCOUTQ, bytes(4)))[0]


def slow():
    wire = Wire()
    p = wire.publisher()
    for i in range(0, CHANGES, 100):
        wire.core.say(*(f'qnapups SETINFO input.voltage "{200 + k % 60}.{k % 10}"'
                        for k in range(i, i + 100)))
    wire.core.set("input.voltage", "77.7")
    wire.core.set("ups.status", "OB DISCHRG")
    # A snapshot is of what out has read: all of it, before the publisher reads a byte.
    wait_for("out has read all", lambda: unread(wire.core.s) == 0)
    lines = 0
    while not (line := p.must()).startswith("BEGIN "):
        lines += 1
    if lines >= CHANGES:
        die("all changes came, and a snapshot too")
    snapshot = []
    while not line.startswith("END "):
        snapshot.append(line := p.must())
    if 'qnapups SETINFO input.voltage "77.7"' not in snapshot:
        die(f"the snapshot is not of now: {snapshot}")
    same("its number", line, f"END {wire.core.number}")
    # Events came in between, or do now: none is lost.
    wire.core.set("ups.status", "OL")
    p.event("online")
    wire.stop()


def bounds():
    """A window of 16 events, and what may be taken of it."""
    wire = Wire()
    p = wire.publisher()
    first = p.event("start")
    for _ in range(15):
        wire.core.set("ups.status", "OB DISCHRG")
        wire.core.set("ups.status", "OL")
    events = [first] + [p.event() for _ in range(15)]
    p.send("ASK 1 INSTCMD qnapups beeper.toggle\n")  # an answer behind all that came
    while (line := p.must()) != "ASKED 1 ACCESS-DENIED":
        if line.startswith("EVENT "):
            die("more than 16 events are under way")
    p.send(f"TAKEN {events[-1].id + 10**9}\n")
    same("the next", [p.event().kind for _ in range(15)][-2:], ["onbatt", "online"])
    for words in ("NOTHING", "TAKEN x", "KEEP a", "x" * 5000):
        p.send(f"{words}\n")
        p = wire.publisher()
        same("handed on again", p.event().kind, "online")
    wire.says("said what no publisher says")
    wire.stop()


def away():
    """Core dies: after 15 s nothing is known any more; then it is back."""
    wire = Wire()
    p = wire.publisher()
    p.event("start")
    wire.core.end()
    p.until("an empty snapshot", lambda l: l == "BEGIN 0")
    p.until("its end", lambda l: l == "END 0")
    os.unlink(wire.core.path)
    wire.core.begin()
    wire.core.reader()
    p.until("a snapshot", lambda l: l == f"END {wire.core.number}")
    wire.stop()


def orders():
    wire = Wire(MQTT + "commands = beeper.toggle all\nsettings = ups.id all\n",
                names=("mqtt", "domoticz"))
    with open(f"{wire.folder.etc}/holdup.conf", "a") as f:
        f.write("[domoticz]\nurl = http://127.0.0.1:9\n")
    p = wire.publisher()
    p.event("start")
    p.send("ASK 1 INSTCMD qnapups beeper.toggle\n")
    p.until("without core", lambda l: l == "ASKED 1 INSTCMD-FAILED")
    listener = listen_unix(f"{wire.folder.run}/holdup.req")
    listener.settimeout(PATIENCE)
    core = Lines(listener.accept()[0])
    p.send("ASK 2 INSTCMD qnapups beeper.toggle\nASK 3 SET qnapups ups.id \"a b\"\n"
           "ASK 4 INSTCMD qnapups load.off\nASK 5 SET qnapups outlet.1.switch off\n"
           "ASK 6 INSTCMD qnapups test.battery.start 7\n")
    p.until("cuts power", lambda l: l == "ASKED 4 ACCESS-DENIED")
    p.until("so does this", lambda l: l == "ASKED 5 ACCESS-DENIED")
    core.expect("1 0 mqtt - - INSTCMD-TRACKED qnapups beeper.toggle",
                '2 0 mqtt - - SET-TRACKED qnapups ups.id "a b"',
                '3 0 mqtt - - INSTCMD-TRACKED qnapups test.battery.start "7"')
    core.send("OK 2\nERR 1 DATA-STALE\nDONE 2 0\nOK 99\nDONE 0 0\nOK 3\n")
    for answer in ("3 OK", "2 DATA-STALE", "3 DONE 0", "6 OK"):
        p.until(answer, lambda l: l == f"ASKED {answer}")
    # Core is gone: what it had accepted has failed. Who asks too much is refused.
    core.close()
    p.until("failed", lambda l: l == "ASKED 6 DONE 3")
    core = Lines(listener.accept()[0])
    for i in range(100, 130):
        p.send(f"ASK {i} INSTCMD qnapups beeper.toggle\n")
    p.until("too many", lambda l: l.endswith("INSTCMD-FAILED"))
    wire.kill()
    # Another publisher may not at all.
    wire.start()
    wire.core.reader()
    p = wire.publisher("domoticz")
    p.send("ASK 1 INSTCMD qnapups beeper.toggle\n")
    p.until("no order of Domoticz", lambda l: l == "ASKED 1 ACCESS-DENIED")
    wire.stop()


def energy():
    """Watt hours are told when they are on the disk, and go on where they were."""
    wire = Wire()
    p = wire.publisher()
    wire.core.set("ups.realpower", "36000")
    p.until("energy", lambda l: l.startswith("ENERGY qnapups "))
    first = p.energy["qnapups"]
    if not 30 <= first <= 1000:
        die(f"{first} Wh in 10 s of 36 kW")
    if f"UPS qnapups ".encode() not in wire.file():
        die("it is told before it is on the disk")
    wire.kill()
    wire.start()
    wire.core.reader()
    p = wire.publisher()
    p.until("energy", lambda l: l.startswith("ENERGY qnapups "))
    if p.energy["qnapups"] < first:
        die(f"{p.energy['qnapups']} Wh after {first}")
    wire.stop()


slow()
bounds()
away()
orders()
energy()
