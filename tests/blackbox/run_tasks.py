#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""run does for the machines of holdup.conf what core names by number: hooks, magic packets,
probes; each key once, however often core says it."""

import os
import signal
import socket

import nslib
from corelib import PATIENCE, Stopwatch, children, same, wait_for
from ctllib import ONBATT, Machine

TASK_ROWS, TELL, WAKE, PROBE = 0x10000, 0, 1, 2
HOSTS = {"here": "10.7.0.2", "nowhere": "10.7.0.9"}
MAC = bytes.fromhex("001122334455")

nslib.enter()
far = nslib.Neighbour()
nslib.ip("addr", "add", "10.7.0.1/24", "brd", "+", "dev", "eth0")
nslib.ip("link", "set", "eth0", "up")
with far:
    nslib.ip("addr", "add", f"{HOSTS['here']}/24", "dev", "eth0")
    nslib.ip("link", "set", "eth0", "up")
    listener = socket.create_server((HOSTS["here"], 22))
    wakes = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wakes.bind(("", 9))
    wakes.settimeout(PATIENCE)

m = Machine(
    "NOTIFYCMD \"while ! [ -e $NUT_STATEPATH/../go ]; do sleep 0.05; done;\"\n"
    "NOTIFYFLAG ONBATT EXEC\n",
    holdup_conf=f"""
[machine esx]
hook = "cd $NUT_STATEPATH/.. && echo $HOLDUP_MACHINE $HOLDUP_VERB >>told && . ./hook"
wake-hook = "cd $NUT_STATEPATH/.. && echo $HOLDUP_MACHINE $HOLDUP_VERB >>told"
address = {HOSTS['here']}
off = tcp 22
[machine nas]
address = {HOSTS['here']}
off = ping
wake = {MAC.hex(':')}
[machine shut]
address = {HOSTS['here']}
off = tcp 23
[machine gone]
address = {HOSTS['nowhere']}
off = tcp 22
""",
)


def row(machine, verb):
    return TASK_ROWS + machine * 3 + verb


def hook(text):
    with open(f"{m.dir}/hook", "w") as f:
        f.write(text + "\n")


def task(machine, verb, key):
    """What comes of it: the exit status."""
    m.run_row(row(machine, verb), key)
    number, status = m.done()
    same("key", number, key)
    return status >> 8


hook("exit 3")
m.go()
m.heartbeat()

# A hook has its machine's name, and its exit status comes back; so has a wake-hook.
same("hook", task(0, TELL, 1), 3)
same("told", m.file("told"), ["esx tell"])
same("wake-hook", task(0, WAKE, 2), 0)
same("told", m.file("told"), ["esx tell", "esx wake"])

# The same key again, as a core says it that was killed before it heard: nothing is done, and
# the answer is the old one. Another key is another action.
same("the key again", task(0, TELL, 1), 3)
same("told", m.file("told"), ["esx tell", "esx wake"])
same("another key", task(0, TELL, 65), 3)
same("told", m.file("told"), ["esx tell", "esx wake", "esx tell"])

# A machine answers, or does not: a port that is open, one that is shut, an address where
# nobody is, a ping. A probe may have any key twice.
same("an open port", task(0, PROBE, 3), 0)
same("a shut port", task(2, PROBE, 4), 1)
probe = Stopwatch()
same("nobody", task(3, PROBE, 5), 1)
probe.check("a probe of nobody", 0, 10)
same("ping", task(1, PROBE, 6), 0)
listener.close()
same("a port that was shut meanwhile", task(0, PROBE, 3), 1)

# The magic packet: six bytes of ones, sixteen times the address.
same("wake", task(1, WAKE, 7), 0)
same("magic packet", wakes.recv(200), b"\xff" * 6 + MAC * 16)

# What a machine has not, and rows of nobody, have failed at once: nobody was told.
for number, verb in (1, TELL), (3, WAKE), (4, TELL), (200, PROBE):
    same("nothing to do", task(number, verb, 100 + number), 1)

# Messages to people that hang keep no machine from being told.
for number in range(20):
    m.run_row(ONBATT, 200 + number)
hook("exit 0")
same("a hook beside them", task(0, TELL, 8), 0)
with open(f"{m.dir}/go", "w"):
    pass
same("messages", sorted(m.done()[0] for _ in range(20)), list(range(200, 220)))

# A run that dies under a hook: the hook goes on, counts as killed (it may do its work), and its
# key is not begun again.
hook("echo >>begun; while ! [ -e stop ]; do sleep 0.05; done; echo >>finished")
m.run_row(row(0, TELL), 9)
wait_for("the hook", lambda: len(m.file("begun")) == 1)
run = next(pid for name, pid in children(m.holdupd.pid).items() if name.startswith("run "))
os.kill(run, signal.SIGKILL)
m.says("run ended (signal 9)")
same("key and status", m.done(), (9, signal.SIGKILL))
m.run_row(row(0, TELL), 9)
same("the key again", m.done(), (9, signal.SIGKILL))
with open(f"{m.dir}/stop", "w"):
    pass
wait_for("its end", lambda: len(m.file("finished")) == 1)
same("begun", len(m.file("begun")), 1)
m.stop()
