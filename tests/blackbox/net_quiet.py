#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 35 s
"""All clients fall silent as the mains fails: their switch is not on the UPS, and the log
says so. One that goes on asking, or that is only told of changes, speaks against it."""

import time

from nslib import Neighbour, enter, ip

enter()

from netlib import Net, logged, same, wait_for  # noqa: E402  (starts no thread before enter())

NAMES = "192.168.77.20", "192.168.77.21"
cables = [Neighbour("eth0"), Neighbour("eth1")]
for n, cable in enumerate(cables):
    ip("addr", "add", f"192.168.{77 + n}.9/24", "dev", f"eth{n}")
    ip("link", "set", f"eth{n}", "up")
    with cable:
        for name in range(20, 22):
            ip("addr", "add", f"192.168.{77 + n}.{name}/24", "dev", "eth0")


def pair(net, n):
    """Two machines behind switch `n`."""
    with cables[n]:
        return [net.client(f"192.168.{77 + n}.9", f"192.168.{77 + n}.{name}") for name in (20, 21)]


def ask(clients):
    for c in clients:
        same("answer", c.ask("GET VAR qnapups ups.status").startswith("VAR"), True)


def said(net):
    return net.log().count("your network switch is not on the UPS")


# Switch 0 dies with the mains. Three servers: one has all its clients there, the clients of
# one go on asking, and one has two more that are only told of changes, elsewhere.
servers = dead, alive, told = [Net(conf="MAXAGE 2\n", address="0.0.0.0") for _ in range(3)]
doomed = pair(dead, 0) + pair(told, 0)
fine = pair(alive, 1)
listeners = pair(told, 1)
for c in listeners:
    same("answer", c.ask("SUBSCRIBE qnapups"), "OK SUBSCRIBE qnapups\n")
ask(doomed + fine)
for net in servers:
    net.core.say('qnapups SETINFO ups.status "OB"')
ip("link", "set", "eth0", "down")
began = time.monotonic()
while time.monotonic() < began + 33:
    ask(fine)
    time.sleep(1)
wait_for("the line in the log", lambda: said(dead) == 1)
for name in NAMES:
    logged(dead, name)
same("said while everybody goes on asking", said(alive), 0)
same("said while two are told of changes", said(told), 0)
for net in servers:
    net.stop()
