#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""LISTEN with names and with the name of a port: asked again until somebody knows, and at
each reload, while those who are connected stay. In a network and with a /etc/hosts of its
own."""

import ctypes
import os
import signal
import socket
import subprocess
import tempfile

from nslib import enter, ip, ipv6, skip

CLONE_NEWNS = 0x00020000
enter()
if ctypes.CDLL(None).unshare(CLONE_NEWNS) != 0:
    skip("only root can make mount namespaces")

from corelib import Folder, Lines, children, die, same, wait_for  # noqa: E402

etc = tempfile.TemporaryDirectory(prefix="holdup-names.")


def sh(*args):
    subprocess.run(args, check=True)


def file(path, text):
    """Puts a file of ours in the place of one of the machine, for us alone."""
    ours = os.path.join(etc.name, os.path.basename(path))
    new = not os.path.exists(ours)
    with open(ours, "w") as f:
        f.write(text)
    if new:
        sh("mount", "--bind", ours, path)


def hosts(text):
    file("/etc/hosts", "127.0.0.1 localhost\n" + text)


sh("mount", "--make-rprivate", "/")
hosts("")
file("/etc/nsswitch.conf", "hosts: files\nservices: files\n")
file("/etc/services", "nut 3493/tcp\nups 3494/tcp\n")
for address in "10.1.0.1/32", "10.1.0.2/32", "10.1.0.3/32":
    ip("addr", "add", address, "dev", "lo")

folder = Folder(
    ups_conf="[qnapups]\n\tdriver = remote\n\tport = u@127.0.0.1:1\n",
    upsd_conf="LISTEN localhost nut\nLISTEN server.lan 3494\nLISTEN nas.lan ups\n"
              "LISTEN 127.0.0.1 no-such-port\n",
)
holdupd = folder.start("holdupd", "-F")
both = "127.0.0.1:3493, [::1]:3493" if ipv6() else "127.0.0.1:3493"
wait_for("ready", lambda: f"ready: serving qnapups on {both}\n" in holdupd.log())


def connect(address, port):
    return Lines(socket.create_connection((address, port), 1))


def answers(address, port):
    try:
        c = connect(address, port)
    except OSError:
        return False
    c.send("NETVER\n")
    return c.line() == "1.3"


def says(text, count=1):
    wait_for(text, lambda: text in holdupd.log())
    same(f"lines '{text}'", holdupd.log().count(text), count)


def net_pid():
    return next((pid for line, pid in children(holdupd.pid).items() if line.startswith("net ")), 0)


same("localhost and a port by name", answers("127.0.0.1", 3493), True)
says("LISTEN server.lan: nobody knows this name now")
says("LISTEN nas.lan: nobody knows this name now")
says('upsd.conf:4: LISTEN 127.0.0.1: /etc/services knows no port "no-such-port"')
same("a name that nobody knows", answers("10.1.0.1", 3494), False)
pid = wait_for("net", net_pid)
old = connect("127.0.0.1", 3493)

# It comes by itself: at once in the running net, with each of its addresses once.
hosts("10.1.0.1 server.lan nas.lan\n10.1.0.2 server.lan\n")
wait_for("the name is known", lambda: answers("10.1.0.1", 3494))
wait_for("its other address", lambda: answers("10.1.0.2", 3494))
says("LISTEN server.lan: that is 10.1.0.1, 10.1.0.2")
wait_for("the other name", lambda: "LISTEN nas.lan: that is 10.1.0.1" in holdupd.log())
on_name = connect("10.1.0.1", 3494)
same("lines about it", holdupd.log().count("nobody knows"), 2)

# It moves: nobody asks before the next reload; who is connected stays.
hosts("10.1.0.3 server.lan\n10.1.0.2 nas.lan\n")
same("the old address", answers("10.1.0.1", 3494), True)
holdupd.send_signal(signal.SIGHUP)
wait_for("the new address", lambda: answers("10.1.0.3", 3494))
wait_for("the old one", lambda: not answers("10.1.0.1", 3494))
# Each name is looked up by itself, and the other one has this address now.
says("LISTEN nas.lan: that is 10.1.0.2")
wait_for("the address of both", lambda: answers("10.1.0.2", 3494))

# Nobody knows it at a reload: it means what it meant.
hosts("")
holdupd.send_signal(signal.SIGHUP)
wait_for("the lines", lambda: holdupd.log().count("nobody knows") == 4)
same("where it was", answers("10.1.0.3", 3494), True)
if net_pid() != pid:
    die("net has started afresh for a name")
for c in old, on_name:
    c.send("NETVER\n")
    c.expect("1.3")


def zombies():
    with open(f"/proc/{holdupd.pid}/task/{holdupd.pid}/children") as f:
        for child in f.read().split():
            with open(f"/proc/{child}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
    return False


wait_for("children that nobody waits for", lambda: not zombies())
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
