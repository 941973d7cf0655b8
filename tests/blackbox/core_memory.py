#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What core knows beyond the power-off: whom it took down is woken by the next boot; a torn
block, a disk that hangs and a scribe that dies harm nobody."""

import os
import signal
import struct

from corelib import Core, Driver, Stopwatch, die, logged, same, wait_for

SHUTDOWN, RUN = 3, 4
TASK_ROWS, WAKE = 0x10000, 1
HEAD = 24 + 64  # magic, sum, number, boot id

core = Core("[qnapups]\n\tdriver = usbhid-ups\n\tport = auto\n",
            "MONITOR qnapups@localhost 1 nut nut master\n"
            "NOTIFYCMD /bin/true\nHOSTSYNC 2\nFINALDELAY 0\n",
            "[plan]\nrestart = 30\ncalm = 1\n"
            "[machine nas]\nlogin = admin\nafter = 2\ntakes = 1\nwake = 00:11:22:33:44:55\n")
path = f"{core.run}/holdup.memory"
core.open["V"] = os.open(path, os.O_RDWR | os.O_CREAT)
listener = core.driver_socket("usbhid-ups-qnapups")


def dump(status, charge):
    driver = Driver(listener)
    driver.dump(f'SETINFO battery.charge "{charge}"', f'SETINFO ups.status "{status}"', "DATAOK")
    return driver


def scribe():
    with open(f"/proc/{core.process.pid}/task/{core.process.pid}/children") as f:
        return int(f.read().split()[0])


def blocks():
    with open(path, "rb") as f:
        data = f.read()
    return [data[:len(data) // 2], data[len(data) // 2:]]


def with_sum(block):
    total = 0xcbf29ce484222325
    for (word,) in struct.iter_unpack("=Q", block[16:]):
        total = (total ^ word) * 0x100000001b3 % 2**64
    return block[:8] + struct.pack("=Q", total) + block[16:]


def number(block):
    """0 for one that is damaged."""
    return struct.unpack("=Q", block[16:24])[0] if with_sum(block) == block else 0


def younger():
    return max(blocks(), key=number)


def reboot():
    """Of this boot only what is on disk is left, and it is of another one."""
    core.process.kill()
    core.process.wait()
    data = b""
    for block in blocks():
        same("the sum", with_sum(block), block)
        data += with_sum(block[:24] + b"another boot".ljust(64, b"\0") + block[HEAD:])
    with open(path, "wb") as f:
        f.write(data)
    os.ftruncate(core.open["T"], 0)


def task():
    """The next row of run that is a task's."""
    while (row := struct.unpack("=II", core.told(RUN))[0]) < TASK_ROWS:
        pass
    return row


core.go()
driver = dump("OL", 80)
ask = core.requests()
ask.send("1 5 admin 192.168.0.20 - LOGIN qnapups\n")
ask.expect("OK 1")
reader, snapshot = core.feed()
driver.send('SETINFO ups.status "OB"\n')
while not (line := reader.line("VIEW")).endswith("qnapups VIEW nas fsd"):
    pass
# It is on disk before anybody reads it.
if b"nas" not in younger():
    die("the NAS was told, and no block of the memory knows it")
ask.send("2 5 admin 192.168.0.20 - LOGOUT qnapups\n")
ask.expect("OK 2")
old_scribe = scribe()

# The power goes and returns.
reboot()
wait_for("the end of the scribe", lambda: not os.path.exists(f"/proc/{old_scribe}"))
core.go()
driver = dump("OL", 80)
same("task", task(), TASK_ROWS + WAKE)
lines = [line for line in core.feed()[1] if line.startswith("* MACHINE nas")]
same("how it stands, and why", lines[0].startswith("* MACHINE nas waking \"") and
     not lines[0].endswith(' ""'), True)

# A torn block is none: the other one is enough.
reboot()
data = blocks()
torn = data.index(max(data, key=number))
with open(path, "r+b") as f:
    f.seek(torn * len(data[0]) + 1000)
    f.write(b"\xff" * 100)
core.go()
driver = dump("OL", 80)
same("task", task(), TASK_ROWS + WAKE)
if "left aside" in core.process.log():
    die("one torn block is no damage")

# The scribe is killed: what is to be kept is kept.
before = number(younger())
os.kill(scribe(), signal.SIGKILL)
driver.send('SETINFO ups.status "OB"\n')
wait_for("a block", lambda: number(younger()) > before)
logged(core.process, "the child that writes the memory is gone")

# Both blocks are damaged: it begins anew.
core.process.kill()
core.process.wait()
with open(path, "r+b") as f:
    for offset in range(0, os.path.getsize(path), 1000):
        f.seek(offset)
        f.write(b"?")
os.ftruncate(core.open["T"], 0)
core.go()
driver = dump("OL", 80)
wait_for("a line", lambda: "what was known of earlier outages is left aside: it is damaged"
         in core.process.log())

# A disk that hangs: the way down takes a second longer.
os.kill(scribe(), signal.SIGSTOP)
way_down = Stopwatch()
ask = core.requests()
ask.send("1 5 admin 192.168.0.20 - FSD qnapups\n")
ask.expect("OK 1")
same("cut", struct.unpack("=II", core.told(SHUTDOWN))[0], 1)
way_down.check("SHUTDOWN", 0, 2)
logged(core.process, "the disk does not answer")
hung = number(younger())
os.kill(scribe(), signal.SIGCONT)
wait_for("what was written late", lambda: number(younger()) > hung)
core.stop()
