#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 80 s
"""Hooks that do not behave: one that leaves a child behind, one that writes megabytes, one that
ignores SIGTERM and has children that do so too."""

import os
import time

from corelib import Stopwatch, same, wait_for
from ctllib import Machine

TASK_ROWS, TELL = 0x10000, 0
DEADLINE, GRACE = 60, 5


def section(name, hook):
    return f"[machine {name}]\nhook = \"cd $NUT_STATEPATH/.. && {hook}\"\n"


m = Machine(holdup_conf=section("parent", "{ sleep 1000 & } && echo $! >left && exit 0") +
            section("loud", "head -c 3000000 /dev/zero && head -c 3000000 /dev/zero >&2") +
            section("stubborn", "trap '' TERM; (while :; do sleep 1; done) & echo $! $$ >stay;"
                    " while :; do sleep 1; done"))


def tell(place):
    m.run_row(TASK_ROWS + place * 3 + TELL, place + 1)


def runs(pid):
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


m.go()
m.heartbeat()
hangs = Stopwatch()
tell(2)
wait_for("the stubborn one", lambda: m.file("stay"))

# What a hook leaves behind is nobody's business, and holds nobody up.
tell(0)
same("key and status", m.done(), (1, 0))
left = int(m.file("left")[0])
same("the child", runs(left), True)
tell(1)
same("key and status", m.done(), (2, 0))

# SIGTERM, and then what cannot be ignored, to all of them.
while hangs.real() < DEADLINE + GRACE - 3:
    time.sleep(1)
    m.heartbeat()
same("key and status", m.done(), (3, 9))
hangs.check("killed", DEADLINE + GRACE - 1, DEADLINE + GRACE + 5)
m.says("tell stubborn has not ended within 60 s: killing it")
for pid in m.file("stay")[0].split():
    wait_for("its end", lambda: not runs(pid))
same("the other's child", runs(left), True)
os.kill(left, 9)
m.stop()
