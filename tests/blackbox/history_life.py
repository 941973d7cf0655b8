#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""history lives and dies without anybody else's noticing: stopped, as by a disk that hangs,
while thousands of changes come, it delays neither core nor a client; it goes on where it
was; killed, it is started again, and what it had said to be on the disk is there."""

import os
import re
import signal
import socket
import sqlite3

from corelib import Driver, Folder, Lines, children, die, free_port, listen_unix, wait_for

CHANGES = 20000  # far more than core queues for a reader (256 kB)


class House:
    def __init__(self):
        self.port = free_port()
        self.folder = Folder(
            ups_conf="[qnapups]\n\tdriver = dummy\n\tport = x\n",
            upsd_conf=f"LISTEN 127.0.0.1 {self.port}\n",
            holdup_conf="[history]\n")
        self.listener = listen_unix(f"{self.folder.run}/dummy-qnapups")
        self.holdupd = self.folder.start("holdupd", "-FD")
        self.dummy = Driver(self.listener)
        self.dummy.dump('SETINFO ups.status "OL"', 'SETINFO ups.load "1"',
                        'SETINFO battery.charge "100"', "DATAOK")
        wait_for("the UPS", lambda: self.value("ups.status") == "OL")

    def value(self, name):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 10) as s:
                c = Lines(s)
                c.send(f"GET VAR qnapups {name}\n")
                answer = c.line() or ""
        except ConnectionError:
            return None
        return answer.partition('"')[2].rstrip('"') if answer.startswith("VAR") else None

    def pid(self):
        return next((pid for name, pid in children(self.holdupd.pid).items()
                     if "/history" in name.split()[0] or name.split()[0] == "history"), None)

    def ask(self, sql):
        try:
            with sqlite3.connect(f"file:{self.folder.run}/history/history.db?mode=ro",
                                 uri=True) as db:
                return db.execute(sql).fetchall()
        except sqlite3.Error:
            return []

    def kinds(self):
        return [row[0] for row in self.ask("SELECT kind FROM event ORDER BY id")]

    def acknowledged(self):
        return [int(n) for n in re.findall(r"event (\d+) is on the disk", self.holdupd.log())]

    def status(self, status):
        self.dummy.send(f'SETINFO ups.status "{status}"\n')


def stopped(house):
    """Nobody waits for a history that hangs: who did would not answer before it goes on."""
    pid = house.pid()
    os.kill(pid, signal.SIGSTOP)
    for i in range(CHANGES):
        house.dummy.send(f'SETINFO input.voltage "{200 + i % 60}.{i % 10}"\n')
        if i % 2000 == 0 and house.value("ups.status") != "OL":
            die("the server does not answer while history hangs")
    house.dummy.send('SETINFO ups.load "2"\n')
    wait_for("the last change", lambda: house.value("ups.load") == "2")
    os.kill(pid, signal.SIGCONT)
    house.status("OB DISCHRG")
    wait_for("an event after it", lambda: "onbatt" in house.kinds())
    if house.pid() != pid:
        die("it was started anew")
    house.status("OL")
    wait_for("the end of the outage", lambda: "online" in house.kinds())


def killed(house):
    """kill -9: started again, and it goes on in the file."""
    pid, said = house.pid(), house.acknowledged()
    os.kill(pid, signal.SIGKILL)
    wait_for("another one", lambda: house.pid() not in (None, pid))
    wait_for("its start", lambda: house.kinds().count("start") == 2)
    have = [row[0] for row in house.ask("SELECT id FROM event")]
    if not said or not set(said) <= set(have):
        die(f"events {sorted(set(said) - set(have))} of {said} are gone")
    if house.ask("SELECT * FROM pragma_integrity_check(1)") != [("ok",)]:
        die("the file is not whole")
    if house.kinds().count("onbatt") != 1:
        die("the outage of before is told again")


def rests(pid):
    """A process that waits has read what it was sent."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "S"


def ended(house):
    """SIGTERM: what waits is written first."""
    house.status("OB DISCHRG")
    wait_for("another event", lambda: house.kinds().count("onbatt") == 2)
    house.dummy.send('SETINFO ups.load "77"\n')
    wait_for("the last value", lambda: house.value("ups.load") == "77")
    wait_for("all of it read", lambda: rests(house.pid()))
    os.kill(house.holdupd.pid, signal.SIGTERM)
    house.holdupd.wait(30)
    if house.kinds()[-1] != "stop":
        die(f"no last event: {house.kinds()}")
    if (77.0,) not in house.ask("SELECT value FROM full"):
        die("the last value was not written")


house = House()
wait_for("history", lambda: house.pid() and "start" in house.kinds())
wait_for("the first event on the disk", house.acknowledged)
stopped(house)
killed(house)
ended(house)
