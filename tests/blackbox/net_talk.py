#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""net before a core: reading, logging in, commands, push, and core going away."""

import socket
import struct
import time

from baselib import Stopwatch
from netlib import Core, Net, die, logged, same, wait_for

net = Net()
core = net.core

# Reading, CR CR LF, pipelining in one packet.
with net.client() as c:
    same("LIST UPS", c.ask_list("LIST UPS"), 'BEGIN LIST UPS\nUPS qnapups "Server"\nEND LIST UPS\n')
    c.send("GET VAR QNAPUPS ups.status\r\r\nNETVER\r\nFOO\n")
    same("status", c.line(), 'VAR QNAPUPS ups.status "OL"\n')
    same("NETVER", c.line(), "1.3\n")
    same("FOO", c.line(), "ERR UNKNOWN-COMMAND\n")
    same("LOGOUT", c.ask("LOGOUT"), "OK Goodbye\n")
    c.ended()
wait_for("SEEN", lambda: core.asked("SEEN"))

# Counting, at once after the OK. A connection that just ends is no LOGOUT.
with net.client() as c:
    c.login("mon", "secret")
    c.send("LOGIN qnapups\nGET NUMLOGINS qnapups\nLIST CLIENT qnapups\n")
    same("LOGIN", c.line(), "OK\n")
    same("NUMLOGINS", c.line(), "NUMLOGINS qnapups 1\n")
    same("BEGIN", c.line(), "BEGIN LIST CLIENT qnapups\n")
    same("CLIENT", c.line(), "CLIENT qnapups 127.0.0.1\n")
    same("END", c.line(), "END LIST CLIENT qnapups\n")
    same("FSD", c.ask("FSD qnapups"), "ERR ACCESS-DENIED\n")
wait_for("BROKEN", lambda: core.asked("BROKEN"))
same("LOGOUT", core.asked("LOGOUT"), [])
with net.client() as c:
    c.login("admin", "123456")
    same("LOGIN", c.ask("LOGIN qnapups"), "OK\n")
    same("PRIMARY", c.ask("PRIMARY qnapups"), "OK PRIMARY-GRANTED\n")
    wait_for("PRIMARY", lambda: core.asked("PRIMARY"))
    if not core.asked("PRIMARY")[0].endswith("admin 127.0.0.1 - PRIMARY qnapups"):
        die(f"core was told {core.asked('PRIMARY')}")
    same("LOGOUT", c.ask("LOGOUT"), "OK Goodbye\n")
wait_for("LOGOUT", lambda: core.asked("LOGOUT"))
same("BROKEN", len(core.asked("BROKEN")), 1)

# An answer that takes its time holds back this session and no other.
core.answer = lambda words: None
with net.client() as slow, net.client() as quick:
    slow.login("admin", "123456")
    slow.send("INSTCMD qnapups load.off 5\nNETVER\n")
    wait_for("INSTCMD", lambda: core.asked("INSTCMD"))
    same("the other client", quick.ask("NETVER"), "1.3\n")
    request = core.asked("INSTCMD")[0]
    words = request.split(" ", 2)
    if not request.endswith('admin 127.0.0.1 - INSTCMD qnapups load.off "5"'):
        die(f"core was asked {request!r}")
    core.req.sendall(f"ERR {words[0]} INVALID-ARGUMENT\n".encode())
    same("INSTCMD", slow.line(), "ERR INVALID-ARGUMENT\n")
    same("NETVER after it", slow.line(), "1.3\n")

# Who goes while core is asked is gone at once: a login of his is broken, unanswered.
for how in "close", "shutdown", "reset":
    core.requests.clear()
    c = net.client()
    c.login("mon", "secret")
    c.send("LOGIN qnapups\nNETVER\n")
    wait_for("LOGIN", lambda: core.asked("LOGIN"))
    if how == "reset":
        c.s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if how == "shutdown":
        c.s.shutdown(socket.SHUT_WR)
    else:
        c.s.close()
    wait_for(f"BROKEN after {how}", lambda: core.asked("BROKEN"), 1)
    same("answer after all", core.req.sendall(f"OK {core.asked('LOGIN')[0].split()[0]}\n".encode()), None)
    c.s.close()

# A script that sends a command and its end of file still hears the answer.
core.requests.clear()
with net.client() as c:
    c.send("USERNAME admin\nPASSWORD 123456\nINSTCMD qnapups load.off\nNETVER\n")
    c.s.shutdown(socket.SHUT_WR)
    wait_for("INSTCMD", lambda: core.asked("INSTCMD"))
    time.sleep(0.1)
    core.req.sendall(f"OK {core.asked('INSTCMD')[0].split()[0]}\n".encode())
    same("answers", "".join(c.line() for _ in range(4)), "OK\nOK\nOK\n1.3\n")
    c.ended()
core.answer = lambda words: "OK"

# Refusals are logged, once a minute, address and reason (the FSD above was the first).
for _ in range(3):
    with net.client() as c:
        c.login("admin", "wrong")
        same("LOGIN", c.ask("LOGIN qnapups"), "ERR ACCESS-DENIED\n")
logged(net, "FSD refused to user mon from 127.0.0.1: upsd.users:7: this user has no such right", times=1)
logged(net, "LOGIN refused to user admin from 127.0.0.1: upsd.users:2: the password is another one", times=1)
logged(net, "refused to user", times=2)

# Push: only to who asked, in order, as it happens.
with net.client() as c, net.client() as other:
    same("SUBSCRIBE", c.ask("SUBSCRIBE"), "OK SUBSCRIBE\n")
    push = Stopwatch()
    core.say('qnapups SETINFO ups.status "OB DISCHRG"')
    same("push", c.push(), 'NOTIFY VAR qnapups ups.status "OB DISCHRG"\n')
    push.check("a push", 0, 0.5)
    core.say("qnapups DELINFO battery.charge")
    same("push", c.push(), "NOTIFY DELVAR qnapups battery.charge\n")
    core.say("qnapups DATASTALE")
    same("push", c.push(), "NOTIFY DRIVER qnapups STALE\n")
    c.send("GET VAR qnapups ups.status\n")
    same("GET VAR", c.push(), "ERR DATA-STALE\n")
    core.say("qnapups DATAOK")
    same("push", c.push(), "NOTIFY DRIVER qnapups OK\n")
    same("beat", c.line(), "NOTIFY BEAT\n")
    same("the other", other.ask("NETVER"), "1.3\n")

    # FSD is in the status when its OK comes.
    other.login("admin", "123456")
    other.send("FSD qnapups\nGET VAR qnapups ups.status\n")
    same("FSD", other.line(), "OK FSD-SET\n")
    same("status", other.line(), 'VAR qnapups ups.status "FSD OB DISCHRG"\n')
    same("push", c.push(), 'NOTIFY VAR qnapups ups.status "FSD OB DISCHRG"\n')
    core.say("qnapups VIEW * none")
    same("push", c.push(), 'NOTIFY VAR qnapups ups.status "OB DISCHRG"\n')

    # core restarts: the old values stay, the login is said again, then the news come.
    same("LOGIN", other.ask("LOGIN qnapups"), "OK\n")
    core.close()
    time.sleep(0.3)
    same("status", other.ask("GET VAR qnapups ups.status"), 'VAR qnapups ups.status "OB DISCHRG"\n')
    same("LOGIN without core", other.ask("INSTCMD qnapups load.off"), "ERR INSTCMD-FAILED\n")
    core = Core(net.dir + "/run", core.snapshot, 3)
    same("push", c.push(), 'NOTIFY VAR qnapups battery.charge "100"\n')
    same("push", c.push(), 'NOTIFY VAR qnapups ups.status "OL"\n')
    same("push", c.push(), "NOTIFY DRIVER qnapups OK\n")
    wait_for("LOGIN said again", lambda: core.asked("LOGIN"))
    wait_for("NUMLOGINS", lambda: other.ask("GET NUMLOGINS qnapups") == "NUMLOGINS qnapups 1\n")

    # core stays away: stale after MAXAGE, and fresh when it is back.
    core.close()
    same("push", c.push(), "NOTIFY DRIVER qnapups STALE\n")
    same("status", other.ask("GET VAR qnapups ups.status"), "ERR DATA-STALE\n")
    same("LIST UPS", other.ask_list("LIST UPS").count("qnapups"), 1)
    core = Core(net.dir + "/run", core.snapshot, 3)
    same("push", c.push(), "NOTIFY DRIVER qnapups OK\n")
    same("status", other.ask("GET VAR qnapups ups.status"), 'VAR qnapups ups.status "OL"\n')

net.stop()
