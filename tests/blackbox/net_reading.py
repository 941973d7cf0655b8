#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""[server] read of holdup.conf: who reads without login, who after one, and what is open
to everybody."""

import socket
import tempfile

from netlib import USERS, Net, die, logged, same

STATUS = 'VAR qnapups ups.status "OL"\n'
DENIED = "ERR ACCESS-DENIED\n"


def net(text, **more):
    with tempfile.NamedTemporaryFile("w+") as f:
        f.write(text)
        f.flush()
        return Net(extra={"-O": f, **more})


def status(n, source, *login):
    with n.client(source=source) as c:
        if login:
            c.login(*login)
        return c.ask("GET VAR qnapups ups.status")


n = net("[server]\n\tread = open\n")
same("open", status(n, "127.0.0.9"), STATUS)
n.stop()

n = net("[server]\n\tread = 127.0.0.2 127.1.0.0/16\n")
for source, login, answer in (
    ("127.0.0.2", (), STATUS),
    ("127.1.2.3", (), STATUS),
    ("127.0.0.9", (), DENIED),
    ("127.0.0.9", ("one", "one"), STATUS),  # an account without any right may read
    ("127.0.0.9", ("one", "two"), DENIED),
):
    same(f"status for {source} {login}", status(n, source, *login), answer)
with n.client(source="127.0.0.9") as c:
    for line in "LIST UPS", "LIST VAR qnapups", "SUBSCRIBE", "GET UPSDESC qnapups":
        same(line, c.ask(line), DENIED)
    same("NETVER", c.ask("NETVER"), "1.3\n")
    c.login("mon", "secret")
    same("LOGIN", c.ask("LOGIN qnapups"), "OK\n")
    same("SUBSCRIBE", c.ask("SUBSCRIBE"), "OK SUBSCRIBE\n")
    same("LOGOUT", c.ask("LOGOUT"), "OK Goodbye\n")
logged(n, "GET refused to user (none) from 127.0.0.9: holdup.conf: [server] read")
if n.log().count("refused") > 2:
    die(f"the log says it again and again:\n{n.log()}")
n.stop()

# A reload that asks for a login ends what is told to those who have not said who they are.
control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
n = net("[server]\n\tread = open\n", **{"-K": theirs})
told = {source: n.client(source=source) for source in ("127.0.0.2", "127.0.0.8", "127.0.0.9")}
told["127.0.0.8"].login("mon", "secret")
same("LOGIN", told["127.0.0.8"].ask("LOGIN qnapups"), "OK\n")
for c in told.values():
    same("SUBSCRIBE", c.ask("SUBSCRIBE"), "OK SUBSCRIBE\n")
n.reload(control, "", USERS, "[server]\n\tread = 127.0.0.2\n")
n.core.say('qnapups SETINFO ups.status "OB"')
stranger = told["127.0.0.9"]
heard = stranger.left
while more := stranger.s.recv(1000):
    heard += more
same("a stranger is told", heard.replace(b"NOTIFY BEAT\n", b""), b"")
for source in "127.0.0.2", "127.0.0.8":
    same(f"told to {source}", told[source].push(), 'NOTIFY VAR qnapups ups.status "OB"\n')
n.stop()
