#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""dummy alone, as NUT's upsdrvctl starts dummy-ups and clone: a file that is replaced, set
from outside, gone and back; a sequence; an outlet of that UPS; a repeater; all confined."""

import os
import subprocess

from corelib import BUILD, Folder, Program, die, free_port, logged, same, wait_for
from hidlib import Reader

folder = Folder(ups_conf="""
[u]
    driver = dummy-ups
    port = u.dev
    override.battery.charge.low = 20
[s]
    driver = dummy-ups
    port = s.seq
[c]
    driver = clone
    port = u
    load.off = outlet.1.load.off
    load.status = outlet.1.status
    mincharge = 50
    offdelay = 1
    ondelay = 1
[nothing]
    driver = clone
    port = /dev/null
""")
os.symlink(f"{BUILD}/dummy/dummy", f"{folder.dir}/dummy-ups")


def write(name, text):
    """As editors do it that put a new file in the place of the old one."""
    with open(f"{folder.etc}/new", "w") as f:
        f.write(text)
    os.rename(f"{folder.etc}/new", f"{folder.etc}/{name}")


def start(ups, driver="dummy-ups"):
    log = open(f"{folder.dir}/{ups}.log", "a+")
    folder.logs.append(log)
    p = Program([f"{folder.dir}/dummy-ups", "-a", ups, "-u", "nobody", "-F"],
                stderr=log, env=folder.env)
    folder.processes.append(p)
    path = f"{folder.run}/{driver}-{ups}"
    wait_for("the driver socket", lambda: os.path.exists(path))
    p.log = lambda: open(log.name).read()
    return p, Reader(path)


# Not there, there, another one, gone, back.
process, u = start("u")
u.wait_fresh(False)
same("driver.name", u.vars["driver.name"], "dummy-ups")
write("u.dev", "ups.status: OL\nbattery.charge: 87\nups.id: x\noutlet.1.status: on\n")
u.wait("battery.charge", "87")
u.wait_fresh(True)
same("override", u.vars["battery.charge.low"], "20")
logged(process, "u.dev is there")
write("u.dev", "ups.status: OL\nbattery.charge: 86\n")
u.wait("battery.charge", "86")
same("ups.id", u.vars["ups.id"], "x")
os.unlink(f"{folder.etc}/u.dev")
u.wait_fresh(False)
write("u.dev", "ups.status: OL\nbattery.charge: 85\noutlet.1.status: on\n")
u.wait_fresh(True)
u.wait("battery.charge", "85")

# Settings and commands, with NUT's numbers.
same("SET", u.tracking('SET ups.id "y"', 1), 0)
u.wait("ups.id", "y")
same("SET to nothing", u.tracking('SET ups.id ""', 2), 0)
wait_for("ups.id is gone", lambda: "ups.id" not in u.vars)
same("SET of what is not there", u.tracking('SET ups.id "z"', 3), 1)
same("SET of an override", u.tracking('SET battery.charge.low "9"', 4), 1)
same("INSTCMD", u.tracking("INSTCMD load.off", 5), 1)
same("commands", u.cmds, {"load.off"})
u.ping()

# What is no line of a file is told by number.
write("u.dev", "ups.status: OL\nbattery.charge: 84\nTIMER soon\n\\bad\"\n")
u.wait("battery.charge", "84")
logged(process, "u.dev:3: ")

# The clone: FSD below 50 %, off a second later, on when the mains is back.
clone_process, c = start("c", "clone")
c.wait_fresh(True)
same("mirrored", c.vars["battery.charge"], "84")
same("its own", c.vars["driver.name"], "clone")
same("SET", u.tracking('SET battery.charge "40"', 6), 0)
c.wait("battery.charge", "40")
same("still on line", c.vars["ups.status"], "OL")
u.send('SET ups.status "OB"')
c.wait("ups.status", "FSD OB")
wait_for("load.off", lambda: "outlet.1.load.off for ups u" in clone_process.log())
u.send('SET outlet.1.status "off"')
c.wait("ups.status", "FSD OB OFF")
u.send('SET ups.status "OL"')
c.wait("ups.status", "OL OFF")
same("a command", c.tracking("INSTCMD shutdown.stayoff", 7), 0)
c.wait("ups.status", "FSD OL OFF")
process.terminate()
same("exit status", process.wait(), 0)
c.wait_fresh(False)
if os.path.exists(f"{folder.run}/dummy-ups-u"):
    die("the driver socket is left behind")

# A sequence.
write("s.seq", "ups.status: OL\nTIMER 1\nups.status: OB\nTIMER 1\n")
process, s = start("s")
for status in ("OL", "OB", "OL", "OB"):
    s.wait("ups.status", status)

# A section of no use ends the program that is only for it, with the remedy.
said = subprocess.run([f"{BUILD}/dummy/dummy", "-a", "nothing"], env=folder.env,
                      capture_output=True, text=True)
same("exit status", said.returncode, 1)
if "is no other UPS of ups.conf: write its name" not in said.stderr:
    die(said.stderr)

# Nothing to cut.
same("-k", subprocess.run([f"{BUILD}/dummy/dummy", "-k", "-a", "u"], env=folder.env).returncode, 0)

# holdupd has all in one process, the section of no use too, and a repeater of itself.
port = free_port()
with open(f"{folder.etc}/upsd.conf", "w") as f:
    f.write(f"LISTEN 127.0.0.1 {port}\n")
with open(f"{folder.etc}/ups.conf", "a") as f:
    f.write(f"[r]\n driver = dummy-ups\n port = u@127.0.0.1:{port}\n")
for p in folder.processes:
    p.terminate()
    p.wait()
holdupd = folder.start("holdupd", "-F")
wait_for("the sockets", lambda: os.path.exists(f"{folder.run}/dummy-ups-r"))
r = Reader(f"{folder.run}/dummy-ups-r")
r.wait("battery.charge", "84")
r.wait_fresh(True)
same("mode", r.vars["driver.parameter.mode"], "repeater")
u = Reader(f"{folder.run}/dummy-ups-u")
u.send('SET battery.charge "12"')
r.wait("battery.charge", "12")
nothing = Reader(f"{folder.run}/clone-nothing")
nothing.ping()
same("fresh", nothing.fresh, False)
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
