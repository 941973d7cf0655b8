#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""judge under holdupd: there where a password is hashed and only there, whatever a reload
changes, and there again when it dies."""

import os
import signal
import socket

from corelib import BUILD, Folder, Lines, children, die, free_port, same, wait_for
from judgelib import hashed

PORT = free_port()
PLAIN = "[admin]\n\tpassword = x\n\tupsmon secondary\n"
HASHED = PLAIN + f"[safe]\n\tpassword = {hashed('a b')}\n\tupsmon secondary\n"
DENIED = "ERR ACCESS-DENIED"

folder = Folder(ups_conf="[a]\n\tdriver = remote\n\tport = x@127.0.0.1:1\n",
                upsd_conf=f"LISTEN 127.0.0.1 {PORT}\n", upsd_users=PLAIN)
holdupd = folder.start("holdupd", "-F")
wait_for("ready", lambda: "ready: serving a" in holdupd.log())


def child(name):
    """The pid of a child, or None."""
    found = [pid for command, pid in children(holdupd.pid).items()
             if os.path.basename(command.split()[0]) == name]
    return found[0] if found else None


def login(user, password):
    with socket.create_connection(("127.0.0.1", PORT), 10) as s:
        c = Lines(s)
        c.send(f"USERNAME {user}\nPASSWORD \"{password}\"\nLOGIN a\n")
        c.expect("OK", "OK")
        return c.line()


def reload(users):
    with open(f"{folder.etc}/upsd.users", "w") as f:
        f.write(users)
    holdupd.send_signal(signal.SIGHUP)


same("a plain login", login("admin", "x"), "OK")
net = child("net")
same("judge without a hash", child("judge"), None)
client = Lines(socket.create_connection(("127.0.0.1", PORT), 10))
client.send("NETVER\n")
client.expect("1.3")

# The first hashed password comes by a reload: net goes on, judge comes.
same("a login too early", login("safe", "a b"), DENIED)
reload(HASHED)
judge = wait_for("judge", lambda: child("judge"))
same("a hashed login", wait_for("net to know", lambda: login("safe", "a b") == "OK"), True)
same("a wrong one", login("safe", "a c"), DENIED)
same("net", child("net"), net)
client.send("NETVER\n")
client.expect("1.3")

# It may open no file, and has no way out; 16 MB and more are given back.
with open(f"/proc/{judge}/status") as f:
    status = f.read()
for wanted in "NoNewPrivs:\t1\n", "Seccomp:\t2\n":
    if wanted not in status and "asan" not in BUILD:  # a sanitizer confines nothing
        die(f"judge is not confined: {wanted!r} is not in\n{status}")
anonymous = int(status.partition("RssAnon:")[2].split()[0])
if anonymous > 4096:
    die(f"judge keeps {anonymous} kB")

# It hangs, and it dies: the next question gets another one, and clients nothing but that.
os.kill(judge, signal.SIGSTOP)
same("a login while judge hangs", login("safe", "a d"), DENIED)
os.kill(judge, signal.SIGKILL)
wait_for("another judge", lambda: child("judge") not in (None, judge))
for _ in range(2):  # refused by judge: what it cannot judge would take 10 s
    same("a wrong one", login("safe", "a c"), DENIED)
reload(HASHED.replace("[safe]", "[safer]"))
wait_for("a new name", lambda: login("safer", "a b") == "OK")

# The last hash goes, and judge with it.
judge = child("judge")
reload(PLAIN)
wait_for("the end of judge", lambda: child("judge") is None)
same("a plain login", login("admin", "x"), "OK")
same("net", child("net"), net)
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
if os.path.exists(f"{folder.run}/holdup.judge"):
    die("holdup.judge is left over")
