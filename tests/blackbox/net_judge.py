#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Hashed passwords of upsd.users: judged beside the loop, remembered, in the order of the
questions, whatever becomes of judge or of the client meanwhile."""

import socket

from baselib import Stopwatch
from judgelib import Judge, hashed
from netlib import Net, die, logged, same, wait_for

HASH = hashed("a long one")
USERS = f"""[hashed]
    password = {HASH}
    actions = SET
    upsmon secondary
[far]
    password = {HASH}
    upsmon secondary
    allowfrom = 10.0.0.0/8
[broken]
    password = $y$nonsense
    upsmon secondary
[plain]
    password = "$ecret $y$"
    upsmon secondary
"""
DENIED = "ERR ACCESS-DENIED\n"

net = Net(users=USERS)
judge = Judge(net.dir + "/run")


def login(user, password, source=None):
    """The answer to LOGIN."""
    with net.client(source=source) as c:
        c.login(user, f'"{password}"')
        return c.ask("LOGIN qnapups")


# Wrong, right, and right again: that is remembered, so judge is not needed any more.
before = judge.memory()
same("a wrong password", login("hashed", "a short one"), DENIED)
same("the hash as password", login("hashed", HASH), DENIED)
same("the right one", login("hashed", "a long one"), "OK\n")
if judge.memory() > before + 4096:
    die(f"judge keeps {judge.memory()} kB, {before} kB before")
judge.kill()
same("the right one, remembered", login("hashed", "a long one"), "OK\n")

# What others may not: another account has not been judged by that, nor has its address.
judge.start()
same("from where it may not", login("far", "a long one", "127.0.0.3"), DENIED)
same("nobody", login("nobody", "a long one", "127.0.0.4"), DENIED)
same("a broken hash", login("broken", "x", "127.0.0.5"), DENIED)
same("no hash", login("plain", "$ecret $y$", "127.0.0.5"), "OK\n")
same("a password too long for crypt", login("hashed", "x" * 600, "127.0.0.6"), DENIED)

# Answers keep the order of the questions, in one piece and with what follows.
with net.client(source="127.0.0.7") as c:
    c.send("USERNAME hashed\nPASSWORD nonsense\nSET VAR qnapups ups.id you\nNETVER\n")
    same("answers", "".join(c.line() for _ in range(4)), f"OK\nOK\n{DENIED}1.3\n")
    same("the next one", c.ask("VER")[:8], "Network ")

# Judge dies with a question in hand: the next one gets it.
judge.kill()
with net.client(source="127.0.0.8") as c, net.client(source="127.0.0.9") as gone:
    c.login("far", "b")  # never right there, so never remembered
    c.send("LOGIN qnapups\nNETVER\n")
    gone.login("hashed", "c")
    gone.send("LOGIN qnapups\n")
    gone.s.close()  # a client that goes costs nothing
    with net.client(source="127.0.0.10") as other:
        same("others meanwhile", other.ask("NETVER"), "1.3\n")
    judge.start()
    same("answer of another judge", c.line() + c.line(), f"{DENIED}1.3\n")

logged(
    net,
    "upsd.users: the password of broken is no hash",
    "LOGIN refused to user hashed from 127.0.0.1: upsd.users:1: the password is another one",
    "LOGIN refused to user far from 127.0.0.3: upsd.users:8: allowfrom does not hold",
)
if "a long one" in net.log() + judge.log():
    die("a password is in the log")

# Nobody judges: 10 s, then it is refused, and that is no failure of the client.
judge.kill()
unjudged = Stopwatch()
same("nobody to judge", login("far", "d", "127.0.0.11"), DENIED)
unjudged.check("refused", 8, 20)
wait_for("a word about that", lambda: "could not be judged in time" in net.log())
net.stop()

# While the password of one who is logged in is judged, core comes back and hears of that
# login again: its answer is none to what the client has asked.
def primary():
    return f"[it]\n\tpassword = {hashed('a long one')}\n\tinstcmds = ALL\n\tupsmon primary\n"


control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
net = Net(users=primary(), extra={"-K": theirs})
judge = Judge(net.dir + "/run")
with net.client() as c:
    c.login("it", '"a long one"')
    same("LOGIN", c.ask("LOGIN qnapups"), "OK\n")
    judge.kill()
    net.reload(control, "", primary())  # another hash of the same password
    c.send("INSTCMD qnapups load.off\n")
    with net.client() as other:
        same("others meanwhile", other.ask("NETVER"), "1.3\n")
    net.core.answer = lambda words: None
    net.core.req.shutdown(socket.SHUT_RDWR)
    wait_for("the login again", lambda: len(net.core.asked("LOGIN")) == 2)
    judge.start()
    wait_for("the command", lambda: net.core.asked("INSTCMD"))
    again, command = (net.core.asked(verb)[-1].split()[0] for verb in ("LOGIN", "INSTCMD"))
    net.core.req.sendall(f"OK {again}\nERR {command} CMD-NOT-SUPPORTED\n".encode())
    same("the command", c.line(), "ERR CMD-NOT-SUPPORTED\n")
net.stop()
