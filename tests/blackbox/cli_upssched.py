#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 60 s
"""upssched by itself: what upssched.conf says of an event is done, in time, once, by one
process in the background, whoever was killed before and whatever comes to its socket."""

import os
import random
import signal
import socket
import stat
import subprocess
import time

from corelib import PATIENCE, Folder, Stopwatch, die, same, wait_for
from schedlib import UPSSCHED, Sched

# What has to happen before a timer ends has 4 s.
AT = """
AT ONBATT a@x START-TIMER off 4
AT ONBATT b@x START-TIMER "my timer" 0
AT ONBATT s1@x START-TIMER-SHARED shared 4
AT ONBATT s2@x START-TIMER-SHARED shared 60
AT ONBATT hang@x START-TIMER hangs 0
AT ONBATT fails@x EXECUTE fail
AT ONBATT long@x START-TIMER long 300
AT ONLINE a@x CANCEL-TIMER off "was not"
AT ONLINE s1@x CANCEL-TIMER-MATCHED shared
AT ONLINE s2@x CANCEL-TIMER-MATCHED shared
AT ONLINE long@x CANCEL-TIMER long
AT LOWBATT * EXECUTE "two words"
AT LOWBATT a@x EXECUTE only-a
AT FSD * START-TIMER each 1
"""

folder = Folder()
sched = Sched(folder, AT)


def begin(ups, kind, message="", *args):
    return subprocess.Popen([UPSSCHED, *args, message], text=True, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            env=dict(folder.env, UPSNAME=ups, NOTIFYTYPE=kind))


def event(ups, kind, message="", said=""):
    p = begin(ups, kind, message)
    same("what upssched says", p.communicate(timeout=60)[0], said)
    same("exit status", p.returncode, 0)


def listed():
    p = subprocess.run([UPSSCHED, "-l"], env=folder.env, capture_output=True, text=True)
    return [line.split("\t") for line in p.stdout.splitlines()] if p.returncode == 0 else None


# Without timers nobody is in the background. EXECUTE is done before upssched ends.
event("a@x", "LOWBATT", "low's \"$(touch hole)\"")
sched.tells('two words|2|a@x|LOWBATT|low\'s "$(touch hole)"',
            'only-a|1|a@x|LOWBATT|low\'s "$(touch hole)"')
event("a@x", "OTHER")
same("told", sched.told(), [])
event("a@x", "ONLINE", "back")
sched.tells("was not|2|a@x|ONLINE|back")
same("keepers", sched.keepers(), [])
same("list", listed(), None)
event("fails@x", "ONBATT", "", "upssched: CMDSCRIPT for fail ended with status 3\n")
sched.tells("fail|1|fails@x|ONBATT|")

# A timer is told after its time; one keeper, which leaves nothing.
timer = Stopwatch()
event("a@x", "ONBATT", "on battery")
started = Stopwatch()
event("b@x", "ONBATT", "on battery")
sched.tells("my timer|2|b@x|ONBATT|on battery", "off|1|a@x|ONBATT|on battery")
timer.check("a timer of 4 s", 3.95, PATIENCE)
started.check("a timer of 4 s", 0, 5)
sched.ends()

# Cancelled it is not told, and does not count as missed.
event("a@x", "ONBATT")
((name, due, left, *told),) = listed()
same("list", [name, *told], ["off", "ONBATT", "a@x", '""'])
if not 0 <= int(left) <= 4 or abs(int(due) - int(left) - time.time()) > 5:
    die(f"the list says {due}, in {left} s")
event("a@x", "ONLINE")
same("list", listed(), [])
sched.ends()
same("told", sched.told(), [])

# A shared timer keeps its moment; who is matched leaves it, and the last one ends it.
event("s1@x", "ONBATT", "one")
event("s2@x", "ONBATT", "two")
sched.tells("shared|1|s1@x,s2@x|ONBATT|one.\ttwo")
event("s1@x", "ONBATT", "one")
event("s2@x", "ONBATT", "two")
event("s1@x", "ONLINE")
sched.tells("shared|1|s2@x|ONBATT|two")
event("s1@x", "ONBATT")
event("s1@x", "ONLINE")
sched.ends()
same("told", sched.told(), [])

# A script that hangs keeps nobody from the timers.
event("hang@x", "ONBATT")
event("a@x", "ONBATT")
sched.tells("hangs|1|hang@x|ONBATT|", "off|1|a@x|ONBATT|")
with open(f"{folder.dir}/go", "w"):
    pass
sched.ends()

# Forty at once: none is lost, none told twice, one keeper. Round two meets the one that is
# about to end.
for delay in 0, 1.9:
    time.sleep(delay)
    many = [begin(f"u{i}@x", "FSD") for i in range(40)]
    same("said", [p.communicate(timeout=60)[0] for p in many], [""] * 40)
    same("exit status", [p.returncode for p in many], [0] * 40)
    same("two keepers", len(sched.keepers()) > 1, False)
    wait_for("all of them", lambda: len(sched.told()) >= 40)
    same("told", sorted(sched.told()), sorted(f"each|1|u{i}@x|FSD|" for i in range(40)))
    os.unlink(sched.told_path)
sched.ends()

# Who comes while the keeper ends is served all the same.
random.seed(5)
for i in range(12):
    event("b@x", "ONBATT")
    sched.tells("my timer|2|b@x|ONBATT|")
    time.sleep(0.9 + random.random() / 5)
sched.ends()

# Killed, the keeper leaves its socket, and perhaps a lock that nobody may open, as NUT's.
event("long@x", "ONBATT")
os.kill(sched.keepers()[0], signal.SIGKILL)
wait_for("its end", lambda: not sched.keepers())
same("mode of its socket", stat.S_IMODE(os.stat(sched.pipe).st_mode), 0o600)
os.close(os.open(sched.lock, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0))
same("list", listed(), None)
event("long@x", "ONLINE")
event("a@x", "ONBATT", "again")
sched.tells("off|1|a@x|ONBATT|again")
sched.ends()

# Whatever comes to the socket, the timers go on; so do they when nobody reads answers.
event("long@x", "ONBATT")
for garbage in b"\0\xff" * 100 + b"\n", b"x" * 100000, b"START\n" * 1000, b"LIST", b"":
    s = socket.socket(socket.AF_UNIX)
    s.connect(sched.pipe)
    try:
        s.sendall(garbage)
    except (BrokenPipeError, ConnectionResetError):
        pass
    s.close()
idle = []
for _ in range(100):
    idle.append(socket.socket(socket.AF_UNIX))
    idle[-1].connect(sched.pipe)
event("a@x", "ONBATT")
same("list", sorted(line[0] for line in listed()), ["long", "off"])
sched.tells("off|1|a@x|ONBATT|")
for s in idle:
    s.close()
os.kill(sched.keepers()[0], signal.SIGTERM)
sched.ends()

# A keeper that is frozen does not hold upssched for good.
event("long@x", "ONBATT")
keeper = sched.keepers()[0]
os.kill(keeper, signal.SIGSTOP)
p = begin("a@x", "ONBATT")
said = p.communicate(timeout=60)[0]
if p.returncode != 1 or "has not answered for 10 s" not in said:
    die(f"a frozen keeper: {said}")
os.kill(keeper, signal.SIGKILL)
wait_for("its end", lambda: not sched.keepers())

# What keeps it from its work is said.
for path, said in (sched.pipe, "exists and is no socket"), (sched.lock, "cannot take the lock"):
    os.path.lexists(path) and os.unlink(path)
    os.mkdir(path)
    p = begin("a@x", "ONBATT")
    got = p.communicate(timeout=60)[0]
    if said not in got or p.returncode != 1:
        die(f"{path} is a folder: {got}")
    os.rmdir(path)
p = subprocess.run([UPSSCHED, "x"], capture_output=True, text=True, env=folder.env)
same("exit status without UPSNAME", p.returncode, 1)
if "UPSNAME and NOTIFYTYPE must be set" not in p.stdout:
    die(f"without UPSNAME: {p.stdout}")
os.unlink(f"{folder.etc}/upssched.conf")
p = begin("a@x", "ONBATT")
if "Can't open" not in p.communicate(timeout=60)[0] or p.returncode != 1:
    die("without upssched.conf")
