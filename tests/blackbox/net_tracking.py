#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""SET TRACKING: a command is answered by an id at once, and GET TRACKING tells anybody who
knows the id what the driver made of it; ids are other ones after each start."""

import re

from netlib import Net, die, same, wait_for

UUID = re.compile(r"OK TRACKING ([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\n")


def tracked(c, line):
    answer = UUID.fullmatch(c.ask(line))
    if not answer:
        die(f"{line} is not answered by a UUID")
    return answer[1]


def number(net, verb, i):
    wait_for(verb, lambda: len(net.core.asked(verb)) > i)
    return net.core.asked(verb)[i].split()[0]


def start():
    net = Net(conf="MAXAGE 2\nTRACKINGDELAY 8\n")
    c = net.client()
    c.login("admin", "123456")
    same("GET TRACKING", c.ask("GET TRACKING"), "OFF\n")
    same("without it", c.ask("INSTCMD qnapups load.off"), "OK\n")
    same("SET TRACKING", c.ask("SET TRACKING ON"), "OK\n")
    return net, c


net, c = start()
ids = [tracked(c, "INSTCMD qnapups load.off"), tracked(c, "SET VAR qnapups ups.id x"),
       tracked(c, "INSTCMD qnapups load.off"), tracked(c, "INSTCMD qnapups load.off")]
same("different ids", len(set(ids)), 4)
done = f"DONE {number(net, 'INSTCMD-TRACKED', 0)} 0\nDONE {number(net, 'SET-TRACKED', 0)} 2\n" \
       f"DONE {number(net, 'INSTCMD-TRACKED', 1)} 3\nDONE 999 0\n"
same("before the driver says so", c.ask(f"GET TRACKING {ids[0]}"), "PENDING\n")
net.core.req.sendall(done.encode())
wait_for("the results", lambda: c.ask(f"GET TRACKING {ids[2]}") == "ERR FAILED\n")
same("0", c.ask(f"GET TRACKING {ids[0]}"), "SUCCESS\n")
same("2", c.ask(f"GET TRACKING {ids[1]}"), "ERR INVALID-ARGUMENT\n")
same("none yet", c.ask(f"GET TRACKING {ids[3]}"), "PENDING\n")
same("unknown", c.ask("GET TRACKING 0"), "ERR UNKNOWN\n")

# A refusal is one; another session that tracks sees the same.
net.core.answer = lambda words: "READONLY"
same("refused", c.ask("SET VAR qnapups ups.id y"), "ERR READONLY\n")
with net.client() as other:
    other.login("mon", "secret")
    same("without TRACKING", other.ask(f"GET TRACKING {ids[0]}"), "ERR FEATURE-NOT-CONFIGURED\n")
    same("SET TRACKING", other.ask("SET TRACKING ON"), "OK\n")
    same("another session", other.ask(f"GET TRACKING {ids[0]}"), "SUCCESS\n")

# Core goes: what it owed has failed. TRACKINGDELAY: nobody knows them any more.
net.core.close()
wait_for("the loss", lambda: c.ask(f"GET TRACKING {ids[3]}") == "ERR FAILED\n")
wait_for("TRACKINGDELAY", lambda: c.ask(f"GET TRACKING {ids[0]}") == "ERR UNKNOWN\n")
net.stop()

net, c = start()
if tracked(c, "INSTCMD qnapups load.off") in ids:
    die("the ids are the same after a start")
net.stop()
