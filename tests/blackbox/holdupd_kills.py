#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdupd: whichever child is killed comes back and the sockets keep their names; nothing
outlives holdupd, however it ends; nobody inherits a descriptor that is not his."""

import os
import signal
import socket
import stat

from corelib import Folder, Lines, children, connect_unix, die, free_port, logged, same, \
    wait_for

def running(pid):
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descriptors(pid):
    """Kinds of what a process holds beyond 0, 1, 2, its event loop's and its own."""
    kinds = {}
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            kinds[int(fd)] = os.readlink(f"/proc/{pid}/fd/{fd}")
        except FileNotFoundError:
            pass
    return kinds


dead = free_port()
port = free_port()
folder = Folder(ups_conf=f"[a]\n\tdriver = remote\n\tport = x@127.0.0.1:{dead}\n"
                         f"[b]\n\tdriver = remote\n\tport = x@127.0.0.1:{dead}\n",
                upsd_conf=f"LISTEN 127.0.0.1 {port}\n",
                upsd_users="[admin]\n\tpassword = x\n")
os.rmdir(folder.run)
# A descriptor that holdupd itself was given by mistake stays with it.
stray = os.open("/dev/zero", os.O_RDONLY)
holdupd = folder.start("holdupd", "-F", fds=(stray,))
wait_for("ready", lambda: f"ready: serving a, b on 127.0.0.1:{port}" in holdupd.log())
before = wait_for("four children", lambda: len(c := children(holdupd.pid)) == 4 and c)
files = sorted(os.listdir(folder.run))
same("files", files, ["holdup.feed", "holdup.judge", "holdup.memory", "holdup.req",
                      "holdup.state", "holdupd.pid", "remote-a", "remote-b"])
same("pid", open(f"{folder.run}/holdupd.pid").read(), f"{holdupd.pid}\n")
same("mode of holdup.state", stat.S_IMODE(os.stat(f"{folder.run}/holdup.state").st_mode), 0o600)
same("mode of holdup.memory", stat.S_IMODE(os.stat(f"{folder.run}/holdup.memory").st_mode), 0o600)
for name in set(files) - {"holdup.memory", "holdup.state", "holdupd.pid"}:
    same(f"mode of {name}", stat.S_IMODE(os.stat(f"{folder.run}/{name}").st_mode), 0o660)


def ask(question):
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        c = Lines(s)
        c.send(question + "\n")
        return c.line()


def settled():
    return ask("GET VAR a ups.status") == "ERR DATA-STALE"


wait_for("the drivers are connected", settled)
for command, pid in before.items():
    kinds = descriptors(pid)
    if any("zero" in kind for kind in kinds.values()):
        die(f"{command} has inherited /dev/zero")
    same(f"stdin of {command}", kinds[0], "/dev/null")
    first_foreign = 3 + sum(word.isdigit() for word in command.replace(",", " ").split())
    for fd, kind in kinds.items():
        if fd >= first_foreign and "memfd" in kind:
            die(f"{command} holds {kind} as {fd}")

# Each child is killed; the same command line runs again, with another pid.
for command in before:
    pid = children(holdupd.pid)[command]
    os.kill(pid, signal.SIGKILL)
    wait_for(f"{command} again", lambda: children(holdupd.pid).get(command, pid) != pid)
    # Who connects meanwhile waits instead of failing.
    same("VER", ask("NETVER"), "1.3")
    connect_unix(f"{folder.run}/remote-a").close()
    wait_for("the drivers are connected again", settled)
    same("sockets", sorted(os.listdir(folder.run)), files)
    name = command.replace("-a ", "").partition(" -")[0]
    logged(holdupd, f"{name} ended (signal 9); starting it again\n")

# SIGHUP is no end. SIGTERM is: with 0, nothing left.
holdupd.send_signal(signal.SIGHUP)
wait_for("an answer to SIGHUP", lambda: "reload: 0 of 4 programs start afresh" in holdupd.log())
last = children(holdupd.pid)
same("children", len(last), 4)
holdupd.send_signal(signal.SIGTERM)
same("exit status", holdupd.wait(), 0)
same("left in the folder", sorted(os.listdir(folder.run)), ["holdup.memory", "holdup.state"])
same("left running", [c for c, pid in last.items() if running(pid)], [])
if "no driver" in holdupd.log().rpartition("stopping")[2]:
    die("stopping looked like the loss of a driver")

# Killed itself, holdupd takes all with it; the next one takes over the dead sockets.
holdupd = folder.start("holdupd", "-F")
last = wait_for("four children", lambda: len(c := children(holdupd.pid)) == 4 and c)
wait_for("net", lambda: ask("NETVER") == "1.3")
holdupd.kill()
holdupd.wait()
wait_for("nobody survives", lambda: not any(running(pid) for pid in last.values()))
holdupd = folder.start("holdupd", "-F")
wait_for("served again", lambda: holdupd.log().count("ready: serving") == 3)
wait_for("the drivers are connected", settled)

# A second one in the same folder does no harm.
second = folder.start("holdupd", "-F")
same("exit status of a second holdupd", second.wait(), 1)
wait_for("a reason", lambda: "does another holdupd run there?" in second.log())
same("VER", ask("NETVER"), "1.3")
holdupd.send_signal(signal.SIGINT)
same("exit status", holdupd.wait(), 0)
