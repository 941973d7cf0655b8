#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""remote alone between a far server and a server of this machine: push, a dead line,
commands, then an old server that is polled, and one that accepts and says nothing."""

import os
import socket

from corelib import PATIENCE, Folder, Lines, Stopwatch, connect_unix, die, logged, same, \
    wait_for

VARS = ('BEGIN LIST VAR far\nVAR far battery.charge "{charge}"\nVAR far driver.name "dummy"\n'
        'VAR far ups.serial "{serial}"\nVAR far ups.status "{status}"\nEND LIST VAR far\n')

listener = socket.create_server(("127.0.0.1", 0))
listener.settimeout(PATIENCE)
port = listener.getsockname()[1]
folder = Folder(ups_conf=f"""
[near]
    driver = remote
    port = far@localhost:{port}
    user = admin
    password = "12 34"
""")
remote = folder.start("remote", "-a", "near")
path = f"{folder.run}/remote-near"
wait_for("the driver socket", lambda: os.path.exists(path))
near = connect_unix(path)


def answer(far, question, reply):
    far.expect(question)
    far.send(reply)


def serve(far, push, charge=90, status="OL", serial="S1"):
    """Answers what a remote asks at first."""
    answer(far, "SUBSCRIBE far", "OK SUBSCRIBE far\n" if push else "ERR UNKNOWN-COMMAND\n")
    answer(far, "LIST VAR far", VARS.format(charge=charge, status=status, serial=serial))
    answer(far, "LIST RW far", "BEGIN LIST RW far\nEND LIST RW far\n")
    answer(far, "LIST CMD far", "BEGIN LIST CMD far\nCMD far load.off\nEND LIST CMD far\n")


def dump():
    near.send("DUMPALL\n")
    lines = []
    while not lines or lines[-1] != "DUMPDONE":
        lines.append(near.line("dump"))
    return lines


def until(wanted):
    """Everything that is said up to that line."""
    lines = []
    while not lines or lines[-1] != wanted:
        lines.append(near.line(wanted))
    return lines


# Before the far server has said anything the data are stale, but PING is answered.
far = Lines(listener.accept()[0])
near.send("PING\n")
near.expect("PONG")
lines = dump()
if "DATASTALE" not in lines or 'SETINFO driver.name "remote"' not in lines:
    die(f"first dump: {lines}")

serve(far, push=True)
lines = until("ADDCMD load.off")
for wanted in ('SETINFO battery.charge "90"', 'SETINFO ups.status "OL"', "DATAOK",
               'SETINFO driver.state "quiet"'):
    if wanted not in lines:
        die(f"{wanted} is not in {lines}")
if any("dummy" in line for line in lines):
    die("driver.* of the far side has come through")

# Push: at once, and nothing is asked.
push = Stopwatch()
far.send('NOTIFY VAR far ups.status "FSD OB LB"\n')
near.expect('SETINFO ups.status "FSD OB LB"')
push.check("a pushed change", 0, 0.5)
far.send("NOTIFY DRIVER far STALE\nNOTIFY DELVAR far battery.charge\n")
near.expect("DATASTALE", "DELINFO battery.charge")
far.send("NOTIFY DRIVER far OK\n")
near.expect("DATAOK")
answer(far, "LIST VAR far", VARS.format(charge=90, status="OL", serial="S1"))
until('SETINFO ups.status "OL"')
for list in "RW", "CMD":
    answer(far, f"LIST {list} far", f"BEGIN LIST {list} far\nEND LIST {list} far\n")
near.expect("DELCMD load.off")

# Commands with the account of the section, and their results.
near.send("INSTCMD load.off TRACKING 11\nSET ups.id \"x\" TRACKING 12\n")
answer(far, 'USERNAME "admin"', "OK\n")
answer(far, 'PASSWORD "12 34"', "OK\n")
answer(far, "INSTCMD far load.off", "ERR CMD-NOT-SUPPORTED\n")
answer(far, 'SET VAR far ups.id "x"', "OK\n")
near.expect("TRACKING 11 1", "TRACKING 12 0")

# A connection that breaks and returns at once changes nothing but what differs; the
# serial number stays the first that was known.
far.close()
far = Lines(listener.accept()[0])
near.expect('SETINFO driver.state "reconnect.trying"')
poll = Stopwatch()
serve(far, push=False, charge=80, serial="S2")
near.expect('SETINFO battery.charge "80"', 'SETINFO driver.state "quiet"', "ADDCMD load.off")

# An old server is polled: the status each 2 s, a change of it brings the rest at once.
answer(far, "GET VAR far ups.status", 'VAR far ups.status "OL"\n')
poll.check("first poll", 1, 3)
answer(far, "GET VAR far ups.status", 'VAR far ups.status "OB"\n')
near.expect('SETINFO ups.status "OB"')
answer(far, "LIST VAR far", VARS.format(charge=79, status="OB", serial="S1"))
near.expect('SETINFO battery.charge "79"')
answer(far, "GET VAR far ups.status", "ERR DATA-STALE\n")
near.expect("DATASTALE")
answer(far, "GET VAR far ups.status", 'VAR far ups.status "OB"\n')
near.expect("DATAOK")

# Gone for good: stale after 3 s; meanwhile PING is answered.
gone = Stopwatch()
far.close()
listener.close()
near.expect('SETINFO driver.state "reconnect.trying"')
near.expect("DATASTALE")
gone.check("stale", 2, 5)
near.send("PING\nINSTCMD load.off TRACKING 13\n")
near.expect("PONG", "TRACKING 13 3")

for wanted in ("which pushes", "which is polled", "ups near: server localhost: "):
    logged(remote, wanted)
remote.terminate()
same("exit status", remote.wait(), 0)
