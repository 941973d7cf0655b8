#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A reload that puts the machines of holdup.conf in other places while some of them have been
told: what was done for one is neither done again nor taken for done for another."""

import os
import signal

from corelib import same, wait_for
from ctllib import Machine

TASK_ROWS, TELL = 0x10000, 0


def section(name):
    return (f"[machine {name}]\n"
            "hook = \"cd $NUT_STATEPATH/.. && echo $HOLDUP_MACHINE >>told;"
            " while [ -e $HOLDUP_MACHINE.hangs ]; do sleep 0.05; done; exit 3\"\n")


def files(*names):
    with open(f"{m.etc}/holdup.conf", "w") as f:
        f.write("".join(section(name) for name in names))


def key(place):
    """As core makes it: the first telling in outage 7."""
    return 1 << 31 | place << 21 | 7 << 7


def ask(place):
    m.run_row(TASK_ROWS + place * 3 + TELL, key(place))


def answer(place):
    number, status = m.done()
    same("key", number & 0xffffffff, key(place))
    return os.waitstatus_to_exitcode(status)


def reload(*names):
    files(*names)
    m.holdupd.send_signal(signal.SIGHUP)
    m.core()
    m.heartbeat()


m = Machine()
files("esx", "gone", "nas")
m.go()
m.heartbeat()
for place in 0, 1:
    ask(place)
    same("hook", answer(place), 3)
same("told", m.file("told"), ["esx", "gone"])

# The new first one has the place that esx had; it has not been told yet, esx has.
reload("first", "esx", "nas")
ask(0)
same("the hook of the first", answer(0), 3)
ask(1)
same("what came of esx", answer(1), 3)
same("told", m.file("told"), ["esx", "gone", "first"])

# A hook that runs meanwhile counts as killed (it may do its work); it is not begun again.
with open(f"{m.dir}/nas.hangs", "w"):
    pass
ask(2)
wait_for("the hook", lambda: m.file("told")[-1] == "nas")
reload("nas", "first", "esx")
ask(0)
same("what came of nas", answer(0), -signal.SIGKILL)
ask(2)
same("what came of esx", answer(2), 3)
same("told", m.file("told"), ["esx", "gone", "first", "nas"])

# Machines at the end of the file move nobody.
reload("nas", "first", "esx", "last")
ask(2)
same("what came of esx", answer(2), 3)
ask(3)
same("the hook of the last", answer(3), 3)
same("told", m.file("told"), ["esx", "gone", "first", "nas", "last"])
m.stop()
