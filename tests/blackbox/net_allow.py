#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""allowfrom of upsd.users: who is let in from 127.0.0.1, and what the log says of it."""

from netlib import Net, die, same

USERS = """[local]
password = x
upsmon slave
allowfrom = 10.0.0.1 localhost
[far]
password = x
upsmon slave
allowfrom = 10.0.0.0/8
allowfrom = lan
[office]
password = x
upsmon slave
allowfrom = office
[typo]
password = x
upsmon slave
allowfrom = ofice
[part]
password = x
upsmon slave
allowfrom = 10.0.0.1 nonsense
[none]
password = x
upsmon slave
"""
ACL = "ACL office 127.0.0.0/255.0.0.0\n"

net = Net(conf=ACL, users=USERS)


def login(user, password="x"):
    with net.client() as c:
        c.login(user, password)
        return c.ask("LOGIN qnapups")


DENIED = "ERR ACCESS-DENIED\n"
for user, answer in (
    ("local", "OK\n"),
    ("far", DENIED),
    ("office", "OK\n"),  # by its ACL line
    ("typo", "OK\n"),  # nothing is left: from everywhere
    ("part", DENIED),
    ("none", "OK\n"),
):
    same(f"LOGIN of {user}", login(user), answer)

# A password that is wrong says no more than that, wherever it comes from.
same("LOGIN of far", login("far", "y"), DENIED)
same("LOGIN of nobody", login("nobody"), DENIED)  # guessed, like the one before
same("LOGIN of far", login("far"), DENIED)

log = net.log()
for text, times in (
    ("LOGIN refused to user far from 127.0.0.1: upsd.users:8: allowfrom does not hold", 1),
    ("LOGIN refused to user part from 127.0.0.1: upsd.users:21: allowfrom does not hold", 1),
    ("LOGIN refused to user far from 127.0.0.1: upsd.users:5: the password is another one", 1),
    ("refused", 3),
    ("/upsd.users:17: allowfrom knows no \"ofice\": write localhost, lan, an address", 1),
    ("/upsd.users:17: allowfrom of \"typo\" says nothing that is known", 1),
    ("come from everywhere, as in NUT", 1),
    ("/upsd.users:21: allowfrom knows no \"nonsense\"", 1),
    ("/upsd.users:", 3),  # what holdupd has said already is not said again
    ("/upsd.conf:", 0),
):
    if log.count(text) != times:
        die(f"the log says {log.count(text)} times, not {times}: {text}\n{log}")

# Without the right to log in, reading is open as ever.
with net.client() as c:
    c.login("far", "x")
    same("status", c.ask("GET VAR qnapups ups.status"), 'VAR qnapups ups.status "OL"\n')
net.stop()
