#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""run executes rows of the notify table: NOTIFYCMD gets what upsmon gives it, a message is
never text for the shell, sixteen at once, and a run that dies is not missed for long."""

import os
import signal
import time

from corelib import children, same, wait_for
from ctllib import LOWBATT, ONBATT, ONLINE, Machine

NASTY = """$(touch $NUT_STATEPATH/../hole) `touch hole` \\"; touch hole; echo \\" 'x' %s %d"""

m = Machine(f"""
NOTIFYCMD "cd $NUT_STATEPATH/.. && . ./notify"
NOTIFYFLAG ONBATT EXEC
NOTIFYFLAG LOWBATT SYSLOG+WALL+EXEC
NOTIFYFLAG ONLINE SYSLOG+WALL
NOTIFYMSG ONBATT "{NASTY}"
""")


def script(text):
    with open(f"{m.dir}/notify", "w") as f:
        f.write(text + "\n")


script('printf "%s\\n" "$#" "$1" "$UPSNAME" "$NOTIFYTYPE" >>said; exit 3; exec true')
m.go()
m.heartbeat()

# What upsmon gives; the exit status comes back with the number of the request.
m.run_row(ONBATT, 77)
same("number and status", m.done(), (77, 3 << 8))
nasty = NASTY.replace('\\"', '"').replace("%s", "ups@127.0.0.1:1")
same("NOTIFYCMD", m.file("said"), ["1", nasty, "ups@127.0.0.1:1", "ONBATT"])
same("holes", [n for n in os.listdir(m.dir) if "hole" in n], [])

# No terminal hears of a private folder; a row without anything to run ends at once, and
# one that upsmon.conf does not have too.
for row in ONLINE, 1000:
    m.run_row(row, row)
    same("number and status", m.done(), (row, 0))

# Its process group is its own, it holds no descriptor of ours, and reads nothing.
script("ls -l /proc/self/fd | grep -c -e socket -e memfd -e event >fds; cat >>fds; "
       "cut -d' ' -f5 /proc/self/stat >group; echo $$ >pid")
m.run_row(LOWBATT, 1)
same("number and status", m.done(), (1, 0))
same("descriptors of ours", m.file("fds"), ["0"])
same("group", m.file("group"), m.file("pid"))

# Sixteen at once, the others in the order in which they came.
script("echo >>begun; while ! [ -e go ]; do sleep 0.05; done")
for number in range(20):
    m.run_row(ONBATT, number)
wait_for("sixteen", lambda: len(m.file("begun")) == 16)
time.sleep(0.3)
same("begun", len(m.file("begun")), 16)
script("echo >>begun")
with open(f"{m.dir}/go", "w"):
    pass
same("numbers", sorted(m.done()[0] for _ in range(20)), list(range(20)))
same("begun", len(m.file("begun")), 20)

# Killed with a command under way, run comes back: the row counts as killed, what it has
# begun goes on, and the next row is executed.
os.unlink(f"{m.dir}/go")
script("echo >>begun; while ! [ -e go ]; do sleep 0.05; done; echo done >>finished")
m.run_row(ONBATT, 5)
wait_for("the command", lambda: len(m.file("begun")) == 21)
run = next(pid for name, pid in children(m.holdupd.pid).items() if name.startswith("run "))
os.kill(run, signal.SIGKILL)
m.says("run ended (signal 9)")
m.run_row(ONBATT, 6)
same("number and status", m.done(), (5, signal.SIGKILL))
with open(f"{m.dir}/go", "w"):
    pass
same("number and status", m.done(), (6, 0))
wait_for("both", lambda: m.file("finished") == ["done", "done"])
m.stop()
