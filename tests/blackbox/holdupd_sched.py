#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 40 s
"""upssched as NOTIFYCMD of a real holdupd: timers come of notifications and are cancelled by
them, and who keeps them outlives `run`, holdupd, and being killed itself."""

import os
import signal

from corelib import Driver, Folder, children, free_port, listen_unix, same, wait_for
from ctllib import LOWBATT, ONBATT, ONLINE, Machine
from schedlib import UPSSCHED, Sched

UPS = "ups@127.0.0.1:1"

m = Machine(f"""
NOTIFYCMD {UPSSCHED}
NOTIFYFLAG ONBATT EXEC
NOTIFYFLAG ONLINE EXEC
NOTIFYFLAG LOWBATT EXEC
NOTIFYMSG ONBATT "%s: no mains"
NOTIFYMSG LOWBATT "%s: low"
NOTIFYMSG ONLINE "%s: fine"
""")
sched = Sched(m, f"""
AT ONBATT * START-TIMER off 5
AT ONBATT other@host EXECUTE never
AT ONLINE * CANCEL-TIMER off too-late
AT LOWBATT {UPS} START-TIMER-SHARED low 5
AT LOWBATT * EXECUTE low-now
""")


def tell(row):
    """core says the row, and that it lives; NOTIFYCMD has ended well when this returns."""
    m.heartbeat()
    m.run_row(row, row)
    same("number and status", m.done(), (row, 0))


m.go()

# On battery for five seconds; then it is too late to cancel.
tell(ONBATT)
same("told", sched.told(), [])
sched.tells(f"off|1|{UPS}|ONBATT|{UPS}: no mains")
tell(ONLINE)
sched.tells(f"too-late|1|{UPS}|ONLINE|{UPS}: fine")

# Mains is back before: nothing happens.
tell(ONBATT)
tell(ONLINE)
sched.ends()
same("told", sched.told(), [])

# EXECUTE at once, the shared timer once for two events.
tell(LOWBATT)
tell(LOWBATT)
sched.tells(*[f"low-now|1|{UPS}|LOWBATT|{UPS}: low"] * 2,
            f"low|1|{UPS}|LOWBATT|{UPS}: low")

# Two at the same moment: two timers, one keeper.
m.run_row(ONBATT, 1)
m.run_row(ONBATT, 2)
same("numbers and status", sorted([m.done(), m.done()]), [(1, 0), (2, 0)])
same("keepers", len(sched.keepers()), 1)
sched.tells(*[f"off|1|{UPS}|ONBATT|{UPS}: no mains"] * 2)
sched.ends()

# The keeper belongs to no group of `run`: that is killed, and holdupd stopped.
tell(ONBATT)
run = next(pid for name, pid in children(m.holdupd.pid).items() if name.startswith("run "))
os.kill(run, signal.SIGKILL)
m.says("run ended (signal 9)")
sched.tells(f"off|1|{UPS}|ONBATT|{UPS}: no mains")
tell(ONBATT)
m.holdupd.terminate()
same("exit status of holdupd", m.holdupd.wait(), 0)
sched.tells(f"off|1|{UPS}|ONBATT|{UPS}: no mains")
sched.ends()

# Killed, it takes its timers with it; the next event finds a new one.
m.go()
tell(ONBATT)
os.kill(sched.keepers()[0], signal.SIGKILL)
wait_for("its end", lambda: not sched.keepers())
tell(LOWBATT)
sched.tells(f"low-now|1|{UPS}|LOWBATT|{UPS}: low", f"low|1|{UPS}|LOWBATT|{UPS}: low")
sched.ends()
m.stop()

# The whole way: a driver, core that notices, run, upssched.
folder = Folder(
    ups_conf="[qnapups]\n\tdriver = dummy\n\tport = x\n",
    upsd_conf=f"LISTEN 127.0.0.1 {free_port()}\n",
    upsmon_conf="MONITOR qnapups@localhost 1 admin 123456 master\n"
                f"NOTIFYCMD {UPSSCHED}\n"
                "NOTIFYFLAG ONBATT EXEC\nNOTIFYFLAG ONLINE EXEC\n")
sched = Sched(folder, """
AT ONBATT qnapups@localhost START-TIMER off 5
AT ONBATT * EXECUTE begins
AT ONLINE qnapups@localhost CANCEL-TIMER off
AT ONLINE * EXECUTE ends
""")
listener = listen_unix(f"{folder.run}/dummy-qnapups")
holdupd = folder.start("holdupd", "-F")
dummy = Driver(listener)
dummy.dump('SETINFO ups.status "OL"', "DATAOK")


def heads(*words):
    """CMDSCRIPT gets these, one by one."""
    wait_for(f"{words}", lambda: [line.split("|")[0] for line in sched.told()] == list(words))


wait_for("the UPS", lambda: "driver dummy connected" in holdupd.log())
dummy.send('SETINFO ups.status "OB DISCHRG"\n')
heads("begins")
dummy.send('SETINFO ups.status "OL CHRG"\n')
heads("begins", "ends")
sched.ends()
dummy.send('SETINFO ups.status "OB DISCHRG"\n')
heads("begins", "ends", "begins", "off")
same("what it is told", sched.told()[-1].split("|")[2:4], ["qnapups@localhost", "ONBATT"])
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
