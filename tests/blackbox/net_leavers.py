#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""net keeps a LOGOUT until a core has answered it: said while core was away, or to one that
ended before it could; and who logs in again meanwhile is logged in."""

from netlib import Core, Net, same, wait_for

net = Net()
core = net.core


def login(account, password):
    c = net.client()
    c.login(account, password)
    same("LOGIN", c.ask("LOGIN qnapups"), "OK\n")
    return c


def leave(c):
    same("LOGOUT", c.ask("LOGOUT"), "OK Goodbye\n")
    c.ended()


def sessions(verb):
    return [r.split()[1] for r in core.asked(verb)]


stays = login("admin", "123456")
unanswered, unheard, returns = (login("mon", "secret") for _ in range(3))
stays_id, *others = sessions("LOGIN")

# One LOGOUT that this core hears and never answers, two that it does not hear.
core.answer = lambda words: None
leave(unanswered)
wait_for("LOGOUT", lambda: core.asked("LOGOUT"))
core.close()
leave(unheard)
leave(returns)
returns = login("mon", "secret")

# The next one hears of all three, with their age, before it hears who is there.
core = Core(net.dir + "/run", core.snapshot, 3)
wait_for("LOGIN said again", lambda: len(core.asked("LOGIN")) == 2)
same("LOGOUT", sessions("LOGOUT"), others)
same("order", [r.split()[5] for r in core.requests], ["LOGOUT"] * 3 + ["LOGIN"] * 2)
for request in core.asked("LOGOUT"):
    _, _, account, address, _, _, ups, ago = request.split()
    same("who has left", (account, address, ups), ("mon", "127.0.0.1", "qnapups"))
    same("an age", int(ago) > 0, True)
same("who is there", sessions("LOGIN").index(stays_id) >= 0, True)
returns_id = next(s for s in sessions("LOGIN") if s != stays_id)

# What was answered is not said once more; one that is said now has no age.
core.close()
core = Core(net.dir + "/run", core.snapshot, 3)
wait_for("LOGIN said again", lambda: len(core.asked("LOGIN")) == 2)
leave(returns)
wait_for("LOGOUT", lambda: core.asked("LOGOUT"))
same("LOGOUT", core.asked("LOGOUT")[0].split()[1:],
     [returns_id, "mon", "127.0.0.1", "-", "LOGOUT", "qnapups"])
net.stop()
