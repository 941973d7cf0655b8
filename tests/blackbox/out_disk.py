#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 45 s
"""The disk of the outbox: full, missing, damaged, hanging. Events are told all the same; what
was written is there again, and what could not be is when it can."""

import os
import resource
import signal

from baselib import die, same, wait_for
from wirelib import Wire


def writer(wire):
    """The child of `out` that touches the disk."""
    def find():
        with open(f"/proc/{wire.process.pid}/task/{wire.process.pid}/children") as f:
            for pid in map(int, f.read().split()):
                with open(f"/proc/{pid}/comm") as comm:
                    if comm.read() == "out-writer\n":
                        return pid
        return None
    return wait_for("the child that writes", find)


def full():
    """What cannot be written is told, with one line in the log; out goes on when it is killed
    there, with what it had written before."""
    wire = Wire()
    p = wire.publisher()
    p.event("start")
    wait_for("the file", lambda: b" start " in wire.file())
    before = wire.file()
    resource.prlimit(writer(wire), resource.RLIMIT_FSIZE, (len(before), -1))
    wire.core.set("ups.status", "OB DISCHRG")
    p.event("onbatt")
    wire.core.set("ups.status", "OL CHRG")
    off = p.event("online")
    wire.says("File too large; until it can be written, events wait in memory")
    same("lines in the log", wire.log().count("events wait in memory"), 1)
    same("the file", wire.file(), before)
    # A process of its own tries again, which may.
    wire.says("is written again")
    wait_for("the file", lambda: b" online " in wire.file())
    p.take(off)
    wait_for("that it is taken", lambda: f"mqtt {off.id}".encode() in wire.file())
    wire.stop()
    if b" stop " not in wire.file():
        die(f"at its end the outbox is {wire.file()!r}")


def torn():
    """It is killed in the middle of writing, wherever that is, and a byte is damaged."""
    wire = Wire()
    p = wire.publisher()
    wire.core.set("ups.status", "OB DISCHRG")
    on = p.event("onbatt")
    wait_for("the file", lambda: b" onbatt " in wire.file())
    wire.kill()
    text = wire.file()
    for cut in range(len(text) - 200, len(text), 31):
        with open(f"{wire.box}/outbox", "wb") as f:
            f.write(text[:cut])
        wire.start()
        wire.core.reader_is('qnapups SETINFO ups.status "OB DISCHRG"')
        p = wire.publisher()
        same("what waits first", p.event().kind, "start")
        again = p.event("onbatt")
        same("its text", again.text, on.text)
        wire.kill()
    with open(f"{wire.box}/outbox", "wb") as f:
        f.write(text.replace(b"onbatt", b"onbutt"))
    wire.start()
    wire.core.reader()
    p = wire.publisher()
    p.event("start")
    wire.says("1 damaged pieces of")
    wait_for("it is set aside",
             lambda: os.path.exists(f"{wire.box}/outbox.damaged") and
             b"onbutt" in open(f"{wire.box}/outbox.damaged", "rb").read())
    wire.stop()


def missing():
    """No folder at all: everything works, but over a restart."""
    wire = Wire()
    wire.publisher()
    wire.stop()
    os.rename(wire.box, f"{wire.box}.away")
    wire.start()
    wire.core.reader()
    p = wire.publisher()
    p.event("start")
    wire.says("No such file or directory; until it can be written")
    wire.core.set("ups.status", "OB DISCHRG")
    p.event("onbatt")
    wire.stop()


def hangs():
    """A disk that hangs holds nobody up; when it answers, all is written."""
    wire = Wire()
    p = wire.publisher()
    p.event("start")
    pid = writer(wire)
    os.kill(pid, signal.SIGSTOP)
    wire.core.set("ups.status", "OB DISCHRG")
    on = p.event("onbatt")
    wire.says("the disk does not answer; until it can be written")
    wire.core.set("ups.status", "OB DISCHRG LB")
    low = p.event("lowbatt")
    os.kill(pid, signal.SIGCONT)
    wire.says("is written again")
    wait_for("the file", lambda: all(str(e.id).encode() in wire.file() for e in (on, low)))
    # Killed while the disk hangs, another one begins before it is read.
    os.kill(pid, signal.SIGSTOP)
    p.take(on)
    wire.core.set("battery.charge", "50")
    wire.core.set("ups.status", "OL")
    p.event("online")
    wire.kill()
    wire.start()
    wire.core.reader_is('qnapups SETINFO ups.status "OB DISCHRG LB"')
    p = wire.publisher()
    p.event("start")
    p.event("onbatt")
    os.kill(pid, signal.SIGCONT)
    late = p.event("lowbatt")
    if late.id <= low.id:
        die("what was told already keeps its number")
    wire.stop()


full()
torn()
missing()
hangs()
