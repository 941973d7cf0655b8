#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 75 s
"""What clients may not do: send without end, be slow without end, be too many; and that
nobody else notices when they try."""

import socket
import time

from baselib import Stopwatch
from weblib import PATIENCE, UPS, Stream, Web, die, same, wait_for

BIG = UPS + "".join(f'qnapups SETINFO x.var{i} "{"v" * 400}"\n' for i in range(100))
GET = b"GET /healthz HTTP/1.1\r\nHost: web.test\r\n\r\n"

web = Web(snapshot=BIG)


def connect(source="127.0.0.1"):
    return web.connect(source)


def ended(s):
    """True once the other end has closed."""
    try:
        while s.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


def answered(s, *statuses):
    """The status of the next answer, or None when the connection is closed instead."""
    try:
        head = s.recv(65536)
    except ConnectionResetError:
        head = b""
    status = int(head.split()[1]) if head else None
    if status not in statuses:
        die(f"the answer is {head[:200]}")
    return status


def fine():
    """Somebody else is served meanwhile."""
    watch = Stopwatch()
    same("another client", web.get("/healthz", source="127.0.0.99").status, 200)
    watch.check("another client's answer", 0, 2)


# A slow reader of 40 kB a change is given up after 30 s, and a request that takes longer than
# 10 s: both clocks begin here.
slow = socket.socket()
slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
slow.connect(("127.0.0.1", web.port))
slow.settimeout(PATIENCE)
slow.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: web.test\r\n\r\n")
loris, loris_watch = connect(), Stopwatch()
loris.setblocking(False)
body, body_watch = connect(), Stopwatch()
body.sendall(b"POST /api/v1/login HTTP/1.1\r\nHost: web.test\r\nContent-Length: 9000\r\n\r\n{")
stream = Stream(web)
stream.event()
for i in range(20):
    web.core.say(f'qnapups SETINFO battery.charge "{i}"')
    stream.ups(lambda ups: ups["battery"]["charge"] == i)
stuck = Stopwatch()
for c in b"GET / HTTP/1.1\r\nX-" + b"y" * 1000:
    try:
        loris.send(bytes([c]))
        if loris.recv(1000) == b"":
            break
    except BlockingIOError:
        pass
    except (BrokenPipeError, ConnectionResetError):
        break
    time.sleep(0.2)
loris_watch.check("the end of who sends a byte now and then", 9, 16)
ended(body)
fine()

# Heads and targets without end.
for head in (b"GET /" + b"x" * 40000 + b" HTTP/1.1\r\n\r\n",
             b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 40000 + b"\r\n\r\n",
             b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 10000 + b"\r\n"):
    with connect() as s:
        try:
            s.sendall(head)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answered(s, 413, 414, 431, None)
    fine()
# ... but 8 kB are none.
same("a long head", web.get("/healthz", headers={"X": "y" * 8000}).status, 200)

# Garbage, also behind a good request, and requests that lie about their length.
for garbage in (b"\0" * 1000, b"\xff\xfe\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                b"\x16\x03\x01\x02\x00" + b"x" * 500, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
                b"POST /api/v1/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                GET + b"garbage\r\n\r\n" * 10, GET * 50 + b"\0" * 100):
    with connect() as s:
        s.sendall(garbage)
        s.shutdown(socket.SHUT_WR)
        ended(s)
fine()
with connect() as s:
    s.sendall(GET * 20)
    got = b""
    while got.count(b"\r\n\r\nok\n") < 20:
        got += s.recv(65536)

# Sixty connections of one address; others come in.
many = [connect("127.0.0.50") for _ in range(60)]
for s in many:
    s.sendall(GET)
    same("one of sixty", answered(s, 200), 200)
with connect("127.0.0.50") as s:
    answered(s, 503, None)
fine()
for s in many:
    s.close()
wait_for("room again", lambda: web.get("/healthz", source="127.0.0.50").status == 200)

# The slow reader has been ended; who reads goes on.
mine = slow.getsockname()[1]


def is_open():
    """The kernel still has web's end of the slow reader's connection."""
    with open("/proc/net/tcp") as f:
        lines = [line.split() for line in f][1:]
    return any(int(line[1].split(":")[1], 16) == web.port and
               int(line[2].split(":")[1], 16) == mine and line[3] == "01" for line in lines)


wait_for("the end of a slow reader", lambda: not is_open(), 60)
stuck.check("the end of a slow reader", 25, 60)
web.core.say('qnapups SETINFO battery.charge "99"')
stream.ups(lambda ups: ups["battery"]["charge"] == 99)
web.stop()
