#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What core hears of machines that read without logging in: a QNAP by its stand-in,
WinNUT, a Synology whose LOGIN fails, and the others. Each has an address of its own."""

import atexit
import os
import subprocess
import sys
import time

from baselib import Program, Stopwatch
from netlib import Net, die, same, wait_for

QNAP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../clients/qnap.py")

net = Net()
core = net.core
core.say('qnapups SETINFO ups.test.result "No test initiated"')


def seen(address):
    """The kinds that core was told for an address, in order."""
    return [r.split()[7] for r in core.asked("SEEN") if r.split()[3] == address]


def told(address, kinds):
    wait_for(f"SEEN {kinds}", lambda: seen(address) == kinds)


# The stand-in has 127.0.0.1 to itself; it goes off one second after it saw OB.
qnap = Program(
    [sys.executable, QNAP, "127.0.0.1", "--port", str(net.port), "--interval", "1.2",
     "--off-after", "1"], stdout=subprocess.PIPE, text=True)
atexit.register(qnap.kill)
same("the stand-in", qnap.stdout.readline(), "status OL\n")
wait_for("three readings", lambda: len(seen("127.0.0.1")) >= 3)
# From the third connection on it is known, and core hears of each reading.
if "qnap" not in seen("127.0.0.1") or seen("127.0.0.1")[-1] != "qnap":
    die(f"core heard {seen('127.0.0.1')}")

# Beside it, the others.
with net.client(source="127.0.0.2") as c:
    c.send("USERNAME mon\r\r\nPASSWORD secret\r\r\nLOGIN\r\r\nVER\r\r\n")
    same("bare LOGIN", [c.line() for _ in range(3)], ["OK\n", "OK\n", "ERR INVALID-ARGUMENT\n"])
    c.line()
    for _ in range(2):
        c.send("GET VAR qnapups ups.status\r\r\n")
        same("WinNUT's status", c.line(), 'VAR qnapups ups.status "OL"\n')
        time.sleep(1.1)
    told("127.0.0.2", ["winnut", "winnut"])
with net.client(source="127.0.0.3") as c:
    for _ in range(3):
        c.ask_list("LIST VAR qnapups")
        time.sleep(0.4)
    told("127.0.0.3", ["other"])

# They are told to this machine, and to whoever has an account.
with net.client() as c:
    readers = [line.split() for line in c.ask_list("LIST READER QNAPUPS").splitlines()[1:-1]]
same("who reads", sorted(r[1:5] for r in readers), [
    ["QNAPUPS", "127.0.0.1", "qnap", '""'],
    ["QNAPUPS", "127.0.0.2", "winnut", '""'],
    ["QNAPUPS", "127.0.0.3", "stranger", '""'],
])
same("how often", [r[6:8] for r in readers if r[2] == "127.0.0.3"], [["3", "0"]])

# So is what somebody asked for that is not there; a login that comes right is no fault any more.
with net.client(source="127.0.0.4") as c:
    for _ in range(3):
        same("no such UPS", c.ask("GET VAR nas ups.status"), "ERR UNKNOWN-UPS\n")
for source, password, answer in (("127.0.0.5", "bad", "ERR ACCESS-DENIED\n"),
                                 ("127.0.0.6", "bad", "ERR ACCESS-DENIED\n"),
                                 ("127.0.0.6", "secret", "OK\n")):
    with net.client(source=source) as c:
        c.login("mon", password)
        same(f"LOGIN with {password}", c.ask("LOGIN qnapups"), answer)
with net.client() as c:
    misses = [line.split()[1:5] for line in c.ask_list("LIST MISS").splitlines()[1:-1]]
same("what was missed", sorted(misses), [["127.0.0.4", "ups", '"nas"', "3"],
                                         ["127.0.0.5", "account", '"mon"', "1"]])

since = Stopwatch()
core.say('qnapups SETINFO ups.status "OB DISCHRG"')
same("the stand-in", qnap.stdout.readline(), "status OB DISCHRG\n")
going_off = Stopwatch()
same("the stand-in", qnap.stdout.readline(), "off\n")
going_off.check("off", 0, 3)
since.check("off", 1, 5)
same("its end", qnap.wait(), 0)
known = len(seen("127.0.0.1"))
time.sleep(1.5)
same("readings after it is off", len(seen("127.0.0.1")), known)
net.stop()

# A Synology that may not log in is known by trying; one that may is a login, which core
# knows of, and so are the readings of its upsc beside that.
for word, kinds in (("other", ["synology"]), ("secret", [])):
    net = Net(users=f"[monuser]\npassword = {word}\nupsmon slave\n")
    net.core.say('UPS ups "as a NAS asks"')
    net.core.say('ups SETINFO ups.status "OL"')
    net.core.say("ups DATAOK")
    core = net.core
    with net.client() as c:
        wait_for("the UPS", lambda: c.ask("GET UPSDESC ups").startswith("UPSDESC"))
        same("STARTTLS", c.ask("STARTTLS"), "ERR FEATURE-NOT-CONFIGURED\n")
        c.login("monuser", "secret")
        c.ask("LOGIN ups")
        same("status", c.ask("GET VAR ups ups.status"), 'VAR ups ups.status "OL"\n')
        with net.client() as upsc:
            upsc.ask("STARTTLS")
            upsc.ask("GET VAR ups ups.mfr")
            readers = upsc.ask_list("LIST READER ups").splitlines()
        told("127.0.0.1", kinds)
    account = "" if kinds else "monuser"
    same("LIST READER", readers[1:-1],
         [f'READER ups 127.0.0.1 synology "{account}" 0 2 {len(kinds)} "GET VAR, GET ..."'])
    same("logins", len(core.asked("LOGIN")), 0 if kinds else 1)
    net.stop()
