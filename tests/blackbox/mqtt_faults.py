#!/usr/bin/python3
# SPDX-License-Identifier: ISC
# takes 90 s
"""Brokers that are away, say nothing, say rubbish or what they should not, or take their time;
two brokers; orders that somebody left behind; 512 UPSes."""

import os
import select
import signal
import socket
import threading
import time

from baselib import die, same, wait_for
from corelib import Folder
from mqttlib import BASE, UPS, Listener, Mosquitto, Wire, needed

needed()
folder = Folder()
SITE = "site = home\ndiscovery = no\n"


class Fake:
    """Something that is no broker: `serve` gets each connection."""

    def __init__(self, serve):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.count = self.listener.getsockname()[1], 0
        self.serve = serve
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            s = self.listener.accept()[0]
            self.count += 1
            threading.Thread(target=self.run, args=(s,), daemon=True).start()

    def run(self, s):
        try:
            self.serve(s)
        except OSError:
            pass

    def url(self):
        return f"mqtt://127.0.0.1:{self.port}"


CONNACK = b"\x20\x02\x00\x00"


def silent(s):
    while s.recv(65536):
        pass


def rubbish(s):
    s.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" + b"<p>What is that?</p>" * 20)
    silent(s)


def deaf(s):
    """Lets us in, and never takes a message."""
    s.recv(65536)
    s.sendall(CONNACK)
    silent(s)


def stuffed(s):
    """… and does not even read them."""
    s.recv(4096)
    s.sendall(CONNACK)
    time.sleep(1000)


def wild(s):
    """Lets us in, and says all that MQTT has, with lengths and numbers that fit nothing."""
    s.recv(65536)
    s.sendall(CONNACK)
    while True:
        s.sendall(bytes([s.fileno() * 7 % 256]) + os.urandom(40))
        time.sleep(0.01)


def huge(s):
    """A message of 200 MB begins."""
    s.recv(65536)
    s.sendall(CONNACK + b"\x30\xff\xff\xff\x60\x00\x03abc")
    for _ in range(20):
        s.sendall(bytes(1 << 20))
    silent(s)


def alive(wire, text):
    """It says that once, goes on, and leaves when it is told to."""
    wire.says(text)
    wire.set("ups.load", "35")
    same("the process", wire.process.poll(), None)
    wire.end()
    with open(f"{folder.dir}/mqtt.log", "w"):
        pass


def box(*urls, more="", **kw):
    return Wire(folder, f"url = {' '.join(urls)}\n{SITE}{more}", **kw)


for serve, text in ((silent, "does not answer: url ="), (rubbish, "does not speak MQTT"),
                    (lambda s: s.close(), "ends the connection at once")):
    alive(box(Fake(serve).url()), text)
for serve in deaf, stuffed, wild, huge:
    fake = Fake(serve)
    wire = box(fake.url())
    wire.says("connected to")
    wire.event(1)
    time.sleep(2)
    alive(wire, "connected to")

# --- the second of two, when the first does not answer; and back when that one is gone
broker, second = Mosquitto(folder), Mosquitto(folder)
listener, other = Listener(broker), Listener(second)
fake = Fake(silent)
wire = box(fake.url(), broker.url())
listener.has(f"{UPS}/condition", "On mains")
wire.end()
wire = box(broker.url(), second.url())
listener.has(f"{BASE}/status", "online")
wire.event(1000)
wire.takes(1000)
broker.end(signal.SIGKILL)
wire.set("ups.load", "77")
other.has(f"{UPS}/ups/load", "77")
wire.event(1001)
wire.takes(1001)
same("events there", [e["id"] for e in other.events()], [1001])
wire.end()

# --- a broker that is away while things happen: all of it comes, late
broker.start()
wire = box(broker.url())
listener.has(f"{BASE}/status", "online")
broker.end()
numbers = list(range(2000, 2100))
for number in numbers:
    wire.event(number, at=int(time.time() * 1000) - 60000)
for i in range(1000):
    wire.set("ups.load", str(i % 100))
wire.set("ups.load", "42")
since = len(listener.messages)
broker.start()
wire.takes(numbers[-1])
listener.has(f"{UPS}/ups/load", "42")
wait_for("all events", lambda: [e for e in listener.events() if e["id"] == numbers[-1]])
events = [e for e in listener.events() if e["id"] >= 2000]
same("late events", ([e["id"] for e in events], {e["late"] for e in events}), (numbers, {True}))
loads = [m for m in listener.messages[since:] if m.topic == f"{UPS}/ups/load"]
same("values of a load", len({m.payload for m in loads}) <= 3, True)

# --- a broker that hangs for a while; when it took long for a message, all is said again
listener.has(f"{UPS}/link", "online")
since = len(listener.messages)
broker.process.send_signal(signal.SIGSTOP)
wire.set("ups.status", "OB DISCHRG")
wire.event(3000)
for i in range(100):
    wire.set("ups.load", str(i))
time.sleep(5)
broker.process.send_signal(signal.SIGCONT)
listener.has(f"{UPS}/condition", "On battery")
wait_for("what has not changed, again", lambda: [
    m for m in listener.messages[since:] if m.topic == f"{UPS}/battery/charge"])
wire.takes(3000)
wire.end()

# --- orders: one that was left there is not obeyed
listener.publish(f"{UPS}/command/test/battery/start/quick", "", retain=False)
listener.publish(f"{UPS}/command/beeper/toggle", "left", retain=True)
wire = box(broker.url(), more="commands = beeper.toggle\n")
wire.commands["qnapups"] = ["beeper.toggle", "load.off"]
wire.tell()
listener.has(f"{BASE}/status", "online")
wait_for("an order", lambda: listener.publish(f"{UPS}/command/beeper/toggle", "now") or
         time.sleep(1) or wire.asks)
first = [words[:4] for words in wire.asks][0]
same("the order", first[1:], ["INSTCMD", "qnapups", "beeper.toggle"])
wire.end()

# --- 512 UPSes, each with a value that changes
values = {"ups.status": "OL", "battery.charge": "100", "ups.load": "1", "input.voltage": "230.0"}
wire = box(broker.url(), values={})
wire.upses = {f"ups{i}": dict(values) for i in range(512)}
wire.tell()
wait_for("all of them", lambda: f"{BASE}/ups511/input/voltage" in listener.kept)
for i in range(512):
    wire.set("ups.load", "55", ups=f"ups{i}")
wait_for("all that changed", lambda: all(
    listener.kept.get(f"{BASE}/ups{i}/ups/load") == "55" for i in range(512)))
wire.end()
listener.has(f"{BASE}/status", "offline")
