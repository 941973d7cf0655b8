#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""net under clients that behave badly: over the limit, never reading, never ending a
line; and with no descriptor left. The others notice nothing."""

import os
import resource
import socket
import struct
import time

from baselib import Stopwatch
from netlib import Net, die, logged, same, wait_for


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# MAXCONN 100 serves 100 (upsd: 99), and the next one is told.
net = Net(conf="MAXCONN 100\n")
clients = [net.client() for _ in range(100)]
for c in clients:
    same("one of a hundred", c.ask("GET VAR qnapups ups.status"), 'VAR qnapups ups.status "OL"\n')
with net.client() as c:
    same("the 101st", c.line(), "ERR ACCESS-DENIED\n")
    c.ended()
for c in clients:
    same("one of a hundred again", c.ask("NETVER"), "1.3\n")
    c.s.close()
net.stop()

# MAXCONN: who is over it is told so and closed; a place that is free is taken again.
net = Net(conf="MAXCONN 3\n")
clients = [net.client() for _ in range(3)]
for c in clients:
    same("NETVER", c.ask("NETVER"), "1.3\n")
for _ in range(5):
    with net.client() as c:
        same("over the limit", c.line(), "ERR ACCESS-DENIED\n")
        c.ended()
logged(net, "turned away", times=1)
clients.pop().s.close()


def admitted():
    with net.client() as again:
        return again.ask("NETVER") == "1.3\n"


wait_for("a free place", admitted)
net.stop()

# A client that asks and never reads, one that never ends its line, one that is cut off.
net = Net()
with net.client() as mute, net.client() as endless, net.client() as fine:
    mute.s.setblocking(False)
    endless.s.setblocking(False)
    question = b"LIST VAR qnapups\n" * 1000
    sent = 0
    for _ in range(2000):
        try:
            sent += mute.s.send(question)
        except BlockingIOError:
            time.sleep(0.001)
            break
    def cut_off():
        try:
            endless.s.send(b"x" * 16384)
        except BlockingIOError:
            return False
        except (BrokenPipeError, ConnectionResetError):
            return True
        return False

    wait_for("the end of who never ends a line", cut_off)
    thousand = Stopwatch()
    for _ in range(1000):
        same("NETVER", fine.ask("NETVER"), "1.3\n")
    thousand.check("beside a client that does not read, a thousand answers", 0, 2)
    with open(f"/proc/{net.process.pid}/status") as f:
        size = next(int(l.split()[1]) for l in f if l.startswith("VmRSS"))
    if size > 16 * 1024:
        die(f"net has grown to {size} kB")
    # It gets every answer once it reads.
    mute.s.setblocking(True)
    mute.s.shutdown(socket.SHUT_WR)
    got = b""
    while True:
        more = mute.s.recv(1 << 20)
        if not more:
            break
        got = got[-100:] + more
    if not got.endswith(b"END LIST VAR qnapups\n"):
        die(f"the last answer ends in {got[-60:]!r}")
net.stop()

# Who asks and leaves without reading leaves no line (upsd: one for each of his requests).
net = Net()
with net.client() as c:
    same("NETVER", c.ask("NETVER"), "1.3\n")
before = net.log()
for i in range(20):
    c = net.client()
    c.send("GET VAR qnapups ups.status\nLIST VAR qnapups\nLOGIN qnapups\n" * 300)
    if i % 2 == 0:  # a reset, or an end
        c.s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    c.s.close()
with net.client() as c:
    same("NETVER", c.ask("NETVER"), "1.3\n")
time.sleep(0.2)
same("lines about who left", net.log()[len(before):], "")
net.stop()

# No descriptor left: accepting rests, nothing spins, and goes on when there is room.
net = Net()
resource.prlimit(net.process.pid, resource.RLIMIT_NOFILE, (24, 24))
clients = [net.client() for _ in range(30)]
time.sleep(0.3)
before = cpu_seconds(net.process.pid)
same("a client that is in", clients[0].ask("NETVER"), "1.3\n")
time.sleep(1.5)
if cpu_seconds(net.process.pid) - before > 0.3:
    die("net spins without descriptors")
for c in clients[:25]:
    c.s.close()
same("the last client", clients[-1].ask("NETVER"), "1.3\n")
logged(net, "cannot accept", times=1)
net.stop()

# Without core, clients wait for the first snapshot, then hear that there is none.
net = Net(core=False)
with net.client() as c:
    same("LIST VAR", c.ask("LIST VAR qnapups"), "ERR DRIVER-NOT-CONNECTED\n")
    same("LIST UPS", c.ask("LIST UPS"), "ERR DRIVER-NOT-CONNECTED\n")
net.stop()
