#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""SIGHUP: who is told nothing new goes on, listeners that stay are not closed, and files
that cannot be used change nothing."""

import os
import signal
import socket

from corelib import Folder, Lines, children, die, free_port, same, wait_for

ports = [free_port() for _ in range(3)]
UPS = "[{0}]\n\tdriver = remote\n\tport = x@127.0.0.1:1\n"
folder = Folder(ups_conf=UPS.format("a") + UPS.format("b"),
                upsd_conf=f"LISTEN 127.0.0.1 {ports[0]}\nLISTEN 127.0.0.1 {ports[1]}\n",
                upsd_users="[admin]\n\tpassword = x\n")
holdupd = folder.start("holdupd", "-F")
wait_for("ready", lambda: "ready: serving a, b" in holdupd.log())
wait_for("four children", lambda: len(children(holdupd.pid)) == 4)


def names():
    """Name → pid, as holdupd calls them."""
    return {command.partition(" -C")[0].partition(" -l")[0].replace("-a ", ""): pid
            for command, pid in children(holdupd.pid).items()}


def write(name, text):
    with open(f"{folder.etc}/{name}", "w") as f:
        f.write(text)


reloads = 0


def reload(says):
    """Returns who has kept his pid."""
    global reloads
    before = names()
    reloads += 1
    holdupd.send_signal(signal.SIGHUP)
    wait_for("the reload", lambda: holdupd.log().count("reload: reading") == reloads)
    wait_for(says, lambda: says in holdupd.log().rpartition("reload: reading")[2])
    return lambda: {name for name, pid in names().items() if before.get(name) == pid}


def ask(port, question):
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        c = Lines(s)
        c.send(question + "\n")
        return c.line()


# Another account: net alone is concerned, and is told while it runs (holdupd_renew.py).
ALL = {"core", "remote a", "remote b", "net"}
write("upsd.users", "[admin]\n\tpassword = y\n")
kept = reload("0 of 4 programs start afresh")
same("NETVER", ask(ports[0], "NETVER"), "1.3")
same("kept", kept(), ALL)

# Another address in the place of one: the one that stays is never closed.
write("upsd.conf", f"LISTEN 127.0.0.1 {ports[0]}\nLISTEN 127.0.0.1 {ports[2]}\n")
kept = reload("0 of 4 programs start afresh")
same("NETVER", ask(ports[0], "NETVER"), "1.3")
same("NETVER", ask(ports[2], "NETVER"), "1.3")


def refused():
    try:
        ask(ports[1], "NETVER")
        return False
    except ConnectionError:
        return True


wait_for("nobody at an address that is no longer in upsd.conf", refused)
# A wildcard in the place of all: nothing of the old ones is in its way.
write("upsd.conf", f"LISTEN * {ports[2]}\n")
kept = reload("0 of 4 programs start afresh")
same("NETVER", ask(ports[2], "NETVER"), "1.3")
same("kept", kept(), ALL)
if "cannot listen" in holdupd.log():
    die("an old listener was in the way of a new one")

# A UPS goes, another comes.
write("ups.conf", UPS.format("b") + UPS.format("c"))
reload("2 of 4 programs start afresh")
wait_for("the others", lambda: set(names()) == {"core", "remote b", "remote c", "net"})
wait_for("sockets", lambda: sorted(n for n in os.listdir(folder.run) if n.startswith("remote"))
         == ["remote-b", "remote-c"])
wait_for("c", lambda: ask(ports[2], "GET UPSDESC c").startswith("UPSDESC c "))
same("a", ask(ports[2], "GET UPSDESC a"), "ERR UNKNOWN-UPS")

# Nothing to do, or a file that cannot be read: everything stays.
write("nut.conf", "MODE=none\n")
kept = reload("the files leave nothing to do: everything stays as it was")
same("kept", kept(), {"core", "remote b", "remote c", "net"})
os.unlink(f"{folder.etc}/nut.conf")
os.unlink(f"{folder.etc}/ups.conf")
os.mkdir(f"{folder.etc}/ups.conf")
kept = reload("a file cannot be read: everything stays as it was")
same("kept", kept(), {"core", "remote b", "remote c", "net"})
os.rmdir(f"{folder.etc}/ups.conf")
same("NETVER", ask(ports[2], "NETVER"), "1.3")

# A MONITOR line brings run, its going ends it.
write("ups.conf", UPS.format("b") + UPS.format("c"))
write("upsmon.conf", "MONITOR b@localhost 1 u p primary\n")
reload("2 of 5 programs start afresh")
wait_for("run", lambda: "run -M 3 -O 4 -H 5" in "\n".join(children(holdupd.pid)))
os.unlink(f"{folder.etc}/upsmon.conf")
reload("1 of 4 programs start afresh")
wait_for("no run", lambda: set(names()) == {"core", "remote b", "remote c", "net"})
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
