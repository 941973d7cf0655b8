#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""out when the others fail: Domoticz slow, silent, gone and back; the publisher's process
killed; core away. Nothing is waited for, nothing piles up, the newest value arrives."""

import os
import signal
import time

from corelib import Stopwatch, die, same, wait_for
from outlib import OK, Out


def memory(pid):
    with open(f"/proc/{pid}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# A slow one: 100,000 changes meanwhile are read at once and told as a few.
out = Out()
out.domoticz.takes("12=34.0", "13=100.0", "14=27.5")
out.domoticz.answer = lambda path: (200, OK, 1)
out.core.set("ups.load", "1")
wait_for("a slow question", lambda: out.domoticz.asked)
before, reading = memory(out.process.pid), Stopwatch()
for round in range(200):
    out.core.say(*(f'qnapups SETINFO ups.load "{n}.5"' for n in range(500)))
reading.check("beside a slow Domoticz, the feed was read", 0, 15)
out.core.set("ups.load", "77")
out.core.set("battery.charge", "88")
wait_for("the newest", lambda: {"12=77.0", "13=88.0"} <= {
    p.split("idx=")[1].replace("&nvalue=0&svalue=", "=") for p, _ in out.domoticz.asked})
if memory(out.process.pid) > before + 8192:
    die(f"out has grown from {before} to {memory(out.process.pid)} kB")
took = out.domoticz.took()
if len(took) > 25:
    die(f"{len(took)} requests: {took}")
out.domoticz.answer = lambda path: (200, OK, 0)

# Gone: one line, and the newest values only when it is back; nothing spins meanwhile.
out.domoticz.takes()
out.domoticz.end()
out.core.set("ups.load", "20")
out.says("does not answer (Couldn't connect to server)")
out.core.set("ups.load", "21")
out.core.set("battery.charge", "50")
child, before = out.child(), cpu_seconds(out.child())
time.sleep(2.5)
if cpu_seconds(child) - before > 0.3:
    die("the publisher spins")
out.domoticz.begin()
out.domoticz.takes("12=21.0", "13=50.0")
out.says("does not answer")
out.says("it answers again")

# Its process is killed: a new one tells everything.
os.kill(child, signal.SIGKILL)
out.domoticz.takes("12=21.0", "13=50.0", "14=27.5")
out.says("its process ended; starting it again in 0 s")
os.kill(out.child(), signal.SIGKILL)
out.says("starting it again in 1 s")
out.domoticz.takes("12=21.0", "13=50.0", "14=27.5")

# Stopped, it is as slow as can be: the queue fills, and nobody waits.
child = out.child()
os.kill(child, signal.SIGSTOP)
for round in range(20):
    out.core.say(*(f'qnapups SETINFO ups.load "{n}.5"' for n in range(500)))
    time.sleep(0.01)
out.core.set("ups.load", "33")
time.sleep(0.3)
before = cpu_seconds(out.process.pid)
time.sleep(1)
if cpu_seconds(out.process.pid) - before > 0.3:
    die("out spins before a full queue")
os.kill(child, signal.SIGCONT)
wait_for("the newest", lambda: any(p.endswith("idx=12&nvalue=0&svalue=33.0")
                                   for p, _ in out.domoticz.asked))
time.sleep(0.3)
same("the last", out.domoticz.took()[-1], "12=33.0")

# Silent: given up after 10 s, with one line.
out.domoticz.answer = lambda path: (200, OK, 12)
out.core.set("ups.load", "34")
out.says("does not answer (Timeout was reached)")
out.domoticz.answer = lambda path: (200, OK, 0)
out.says("it answers again", times=2)

# It ends while its publisher waits for an answer.
out.domoticz.took()
out.domoticz.answer = lambda path: (200, OK, 12)
out.core.set("ups.load", "35")
wait_for("a question", lambda: out.domoticz.asked)
out.stop()
