#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdupd takes the machine down: once, with the flag where the output is to be cut, again
when the command fails, at core's deadline without core; and never for nothing."""

import os
import signal
import time

from corelib import same, wait_for
from ctllib import FSD, SLEEP, Machine, boottime_ms

MAGIC = ["upsmon-shutdown-file"]


def counting(status=0):
    """A command that says in the file `down` that it ran, and how many the flags were."""
    return f"""SHUTDOWNCMD "cd $NUT_STATEPATH/..; ls run | grep -c killpower >>down; exit {status}"\n"""


# Once, however often it is said; a cut that comes later adds the flag.
m = Machine(counting()).go()
m.heartbeat()
m.shutdown(0)
wait_for("the command", lambda: m.file("down") == ["0"])
m.shutdown(0)
m.shutdown(1)
wait_for("the flag", lambda: m.file("run/killpower") == MAGIC)
m.shutdown(0)
time.sleep(1.2)
same("runs of the command", m.file("down"), ["0"])
# Files and FSD are taken, but not to begin anew.
m.holdupd.send_signal(signal.SIGHUP)
m.says("reload: not while a shutdown is under way")
m.stop()

# The flag comes before the command; an earlier outage's is gone at the start.
m = Machine(counting())
with open(f"{m.run}/killpower", "w") as f:
    f.write(MAGIC[0])
m.go()
same("flag of an earlier outage", m.file("run/killpower"), [])
m.shutdown(1)
wait_for("the command", lambda: m.file("down") == ["1"])
# A holdupd that is killed keeps nothing itself: the next core says it again.
m.holdupd.kill()
m.holdupd.wait()
os.rename(f"{m.dir}/down", f"{m.dir}/before")
m.go()
m.shutdown(1)
wait_for("the command", lambda: m.file("down") == ["1"])
m.stop()

# A command that fails is repeated once, then systemd is asked; here that is only said.
m = Machine(counting(status=3)).go()
m.shutdown(0)
wait_for("the second time", lambda: m.file("down") == ["0", "0"])
m.says("is left out in a private folder, in a container and for ordinary users: "
       "systemctl poweroff -i")
same("runs of the command", m.file("down"), ["0", "0"])
m.stop()

# The default command is only said.
m = Machine().go()
m.shutdown(1)
m.says("ordinary users: /sbin/shutdown -h +0")
same("the flag", m.file("run/killpower"), MAGIC)
m.stop()

# The flag of upsmon.conf; a file that is something else is not written over.
m = Machine(f'{counting()}POWERDOWNFLAG "/proc/self/nothing/here"\n').go()
m.shutdown(1)
m.says("the UPS will not be told to cut its output: /proc/self/nothing/here: ")
wait_for("the command all the same", lambda: m.file("down") == ["0"])
m.stop()

# From the deadline on core is not missed: killed, it comes back at once, and a core that
# has forgotten does not take back what the one before it has promised.
m = Machine(counting()).go()
end = boottime_ms() + 20000  # a busy machine takes its time for what has to be before it
m.heartbeat(end, cut=1)
for _ in range(4):
    time.sleep(0.1)
    os.kill(m.core_pid, signal.SIGKILL)
    m.core()
    m.heartbeat(0)
same("not before the deadline", (m.file("down"), boottime_ms() < end), ([], True))
wait_for("the command", lambda: m.file("down") == ["1"])
if boottime_ms() < end:
    raise SystemExit("the machine was taken down before core's deadline")
m.says("core has let its deadline pass: shutting down without it")
m.stop()

# The core that has set a deadline may move it and take it back.
m = Machine(counting()).go()
began = boottime_ms()
m.heartbeat(began + 3000)
m.heartbeat(began + 9000, cut=1)
time.sleep(3.5)
same("at the first deadline", m.file("down"), [])
m.heartbeat(0)
time.sleep(6)
same("after both", m.file("down"), [])
# What is no message costs core its life, and nothing else.
m.say(7, b"12345678")
m.says("core: sent what is no message: killing it")
m.core()

# upsmon -c fsd: core is told, and whoever comes after one that cannot have kept it. It ends
# with its outage: a later core is not told again.
m.holdupd.send_signal(signal.SIGUSR1)
m.hears(FSD)
for _ in range(2):
    m.heartbeat()
    os.kill(m.core_pid, signal.SIGKILL)
    m.core()
    m.hears(FSD)
for _ in range(3):
    m.heartbeat()
m.say(7, b"12345678")
m.core()
m.holdupd.send_signal(signal.SIGUSR2)
m.hears(SLEEP)
same("shutdowns that nobody asked for", m.file("down"), [])
m.stop()
