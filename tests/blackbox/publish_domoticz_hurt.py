#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 60 s
"""Domoticz without numbers, hurt: it ends and begins in the middle of everything, an old
backup gives its numbers to others, it hangs, breaks off, sends what has no end, leads
elsewhere; its answers are strange; the publisher is killed. No device that is not ours is ever
written to, none is made twice, and what is so at the end is what Domoticz has."""

import os
import random
import signal
import socket
import threading
import time

from corelib import die, same, wait_for
from domoticzlib import DUMMY, Domoticz
from outlib import Out

NAMES = ("condition", "on battery", "status", "charge", "load", "temperature",
         "replace battery", "communication")
OTHERS = ("Memory", "A lamp", "Theirs")


class Hurt:
    """out before a Domoticz; what is written to others is seen at once."""

    def __init__(self):
        self.domoticz = Domoticz()
        self.house = self.domoticz.house
        self.house.add_device(2, "Theirs", 0xF306, "", 1)
        self.out = Out("", domoticz=self.domoticz)

    def value(self, name):
        device = self.domoticz.device(f"qnapups {name}")
        return device and device["svalue"]

    def has(self, load, charge="100.0"):
        wait_for(f"load {load} (it is {self.value('load')})",
                 lambda: (self.value("load"), self.value("charge")) == (load, charge))
        self.check()

    def check(self):
        """Each sensor is there once, and nobody else was written to."""
        with self.house.lock:
            names = sorted(d["name"] for d in self.house.devices.values())
            written = {self.house.devices.get(i, {"name": "?"})["name"]
                       for i, *_ in self.house.written}
            ours = [h for h in self.house.hardware.values() if h["name"] == "UPS"]
        same("devices", names, sorted([*OTHERS, *(f"qnapups {n}" for n in NAMES)]))
        same("hardware", len(ours), 1)
        if written & set(OTHERS):
            die(f"written to {written}")

    def sets(self, load):
        self.out.core.set("ups.load", str(load))

    def stop(self):
        self.domoticz.fault = None
        self.out.stop()


# It ends and begins while it is set up, at each of the first questions; somebody else makes
# devices between ours.
for question in 1, 2, 3, 4, 5, 8, 13:
    hurt = Domoticz()
    counted = []

    def ends(handler, counted=counted, question=question, hurt=hurt):
        counted.append(1)
        if len(counted) == question:
            hurt.house.ask(handler.path.partition("?")[2], ("admin", 2))  # done, and not told
            handler.connection.shutdown(socket.SHUT_RDWR)
            return True
        if len(counted) == question + 3:
            hurt.house.add_device(2, f"new {question}", 0xF306, "", 1)
        return False

    hurt.fault = ends
    out = Out("", domoticz=hurt)
    wait_for("the load", lambda: (d := hurt.device("qnapups load")) and d["svalue"] == "34.0")
    names = [d["name"] for d in hurt.house.devices.values() if d["name"].startswith("qnapups")]
    same(f"sensors after question {question}", sorted(names), sorted(set(names)))
    same("hardware", [h["name"] for h in hurt.house.hardware.values()].count("UPS"), 1)
    out.stop()

# It ends and begins; it is restarted with an old backup, in which our numbers are others'.
hurt = Hurt()
before = hurt.house.backup()
hurt.has("34.0")
later = hurt.house.backup()
hurt.domoticz.end()
hurt.sets(35)
hurt.out.says("does not answer (Couldn't connect to server)")
hurt.domoticz.begin()
hurt.has("35.0")
numbers = {n: hurt.domoticz.device(f"qnapups {n}")["idx"] for n in NAMES}
hurt.domoticz.end()
hurt.sets(36)
hurt.out.says("does not answer", times=2)
hurt.house.restore(before)
weather = hurt.domoticz.device("Theirs")["hardware"] + 1  # the number that our hardware had
hurt.house.hardware[weather] = {"name": "Weather", "type": DUMMY}
for i in range(len(NAMES)):
    hurt.house.add_device(weather, f"Theirs {i}", 0xF306, "", 100 + i)
OTHERS += tuple(f"Theirs {i}" for i in range(len(NAMES)))
hurt.house.written.clear()
hurt.domoticz.begin()
hurt.has("36.0")
if set(numbers.values()) & {hurt.domoticz.device(f"qnapups {n}")["idx"] for n in NAMES}:
    die("a number has come back")
# It goes on with the newer one, while it runs.
time.sleep(2.1)  # a list is believed for so long
hurt.house.written.clear()
hurt.house.restore(later)
OTHERS = OTHERS[:3]
hurt.sets(37)
hurt.has("37.0")
same("numbers", {n: hurt.domoticz.device(f"qnapups {n}")["idx"] for n in NAMES}, numbers)

# It answers 500, hangs, leads elsewhere, breaks off, has no end, is not Domoticz.
elsewhere = Domoticz()


def endless(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(1 << 30))
    handler.end_headers()
    block, sent = b"x" * 65536, 0
    while sent < 1 << 30:
        handler.wfile.write(block)
        sent += len(block)
    return True


def breaks(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"status" : "OK", ')
    handler.connection.shutdown(socket.SHUT_RDWR)
    return True


hang = threading.Event()
load = 40
for what, fault, says in (
        ("500", lambda h: h.answer(500, "x"), "is not able to answer (HTTP 500)"),
        ("a redirect", lambda h: h.answer(302, "", Location=elsewhere.url() + h.path),
         "not as Domoticz does (HTTP 302)"),
        ("no end", endless, "not as Domoticz does (HTTP 200, without an end)"),
        ("breaks off", breaks, "does not answer (Transferred a partial file)"),
        ("a router", lambda h: h.answer(200, "<html>a router</html>"), "(HTTP 200): is the url"),
        ("deep", lambda h: h.answer(200, "[" * 100000), "(HTTP 200): is the url"),
        ("hangs", lambda h: hang.wait(60), "does not answer (Timeout was reached)")):
    had = hurt.out.log().count(says)
    hurt.domoticz.fault = fault
    load += 1
    hurt.sets(load)
    wait_for(f"{what}: the log", lambda: hurt.out.log().count(says) > had)
    hurt.domoticz.fault = None
    hang.set()
    hurt.has(f"{load}.0")
same("what came elsewhere", elsewhere.asked, [])
elsewhere.end()
with open(f"/proc/{hurt.out.child()}/status") as f:
    memory = next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))
if memory > 200000:  # kB; a sanitizer takes most of it
    die(f"the publisher had {memory} kB")

# Its process is killed at any time, while somebody renames and deletes: nothing is made twice.
random.seed(8)
for round in range(6):
    time.sleep(random.random())
    if child := hurt.out.child():
        os.kill(child, signal.SIGKILL)
    if (victim := hurt.domoticz.device("qnapups charge")) and round % 2:
        hurt.house.ask(f"type=command&param=deletedevice&idx={victim['idx']}", ("admin", 2))
    load += 1
    hurt.sets(load)
hurt.has(f"{load}.0")
hurt.stop()
