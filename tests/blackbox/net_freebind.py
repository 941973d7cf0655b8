#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""LISTEN on an address that is not there yet (the article's 192.168.0.9 before DHCP): it
is served the moment it appears, without a restart, and again after it was away."""

import socket

from nslib import Neighbour, enter, ip

enter()

from corelib import Folder, Lines, die, same, wait_for  # noqa: E402

PORT = 3493
LATER = "192.168.0.9"

cable = Neighbour()
ip("link", "set", "eth0", "up")
with cable:
    ip("addr", "add", "192.168.0.20/24", "dev", "eth0")

folder = Folder(
    ups_conf="[qnapups]\n\tdriver = remote\n\tport = u@127.0.0.1:1\n",
    upsd_conf=f"LISTEN 127.0.0.1\nLISTEN {LATER}\n",
)
holdupd = folder.start("holdupd", "-F")
wait_for("ready", lambda: "ready: serving qnapups on 127.0.0.1:3493, 192.168.0.9:3493" in holdupd.log())


def ask(address):
    with socket.create_connection((address, PORT), 1) as s:
        c = Lines(s)
        c.send("NETVER\n")
        return c.line()


def ask_later():
    """What the neighbour hears at the address, None without it."""
    with cable:
        try:
            return ask(LATER)
        except OSError:
            return None


same("NETVER on loopback", ask("127.0.0.1"), "1.3")
same("NETVER where no address is", ask_later(), None)
for _ in range(2):
    ip("addr", "add", f"{LATER}/24", "dev", "eth0")
    wait_for("the address is served", lambda: ask_later() == "1.3", 2)
    ip("addr", "del", f"{LATER}/24", "dev", "eth0")
    same("NETVER where no address is", ask_later(), None)
if "cannot listen" in holdupd.log():
    die("holdupd complains of an address that is only late")
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
