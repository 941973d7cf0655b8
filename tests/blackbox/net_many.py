#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""One server with a hundred UPSes and ten thousand connections: all of holdupd, each
connection asks for another UPS, all stay, and one that asks then is answered at once."""

import os
import resource
import socket

from corelib import BUILD, Folder, Stopwatch, children, die, free_port, same, wait_for

UPSES, CONNECTIONS = 100, 10000
SECONDS, BYTES_EACH, LATE_MS = 30, 2500, 20  # to connect, of net's memory, of an answer
SANITIZED = "asan" in BUILD

hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
if hard < CONNECTIONS + 500:
    print(f"only {hard} descriptors may be opened here")
    raise SystemExit(77)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

port = free_port()
names = [f"u{i}" for i in range(UPSES)]
folder = Folder(
    ups_conf="".join(f"[{n}]\n\tdriver = dummy-ups\n\tport = {n}.dev\n" for n in names),
    upsd_conf=f"LISTEN 127.0.0.1 {port}\n")
for i, name in enumerate(names):
    with open(f"{folder.etc}/{name}.dev", "w") as f:
        f.write(f"ups.status: OL\nups.mfr: A\nups.model: B\nbattery.charge: {i}\n" +
                "".join(f"outlet.{n}.status: on\n" for n in range(40)))


def connect():
    s = socket.create_connection(("127.0.0.1", port), 10)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def ask(s, question):
    """The answer to a question of one line, or all lines of a LIST."""
    s.sendall(question.encode() + b"\n")
    end = b"END " + question.encode() + b"\n" if question.startswith("LIST") else b"\n"
    answer = b""
    while not answer.endswith(end):
        more = s.recv(65536)
        if not more:
            die(f"closed after {answer!r}")
        answer += more
    return answer.decode()


def private_kb(pid):
    with open(f"/proc/{pid}/smaps_rollup") as f:
        return sum(int(line.split()[1]) for line in f if line.startswith("Private_Dirty"))


def served():
    try:
        with connect() as s:
            return all(ask(s, f"GET VAR {n} ups.status").endswith('"OL"\n') for n in names)
    except OSError:
        return False


holdupd = folder.start("holdupd", "-F")
wait_for("a hundred UPSes", served)
net = next(pid for command, pid in children(holdupd.pid).items() if "net" in command)

# In the order of ups.conf, so that the first is the one that aliases mean.
with connect() as s:
    listed = [line.split()[1] for line in ask(s, "LIST UPS").splitlines()[1:-1]]
    same("LIST UPS", listed, names)
    same("the first", ask(s, "GET VAR qnapups battery.charge"),
         'VAR qnapups battery.charge "0"\n')
    for i, name in enumerate(names):
        same("LIST VAR", f'VAR {name} battery.charge "{i}"\n' in ask(s, f"LIST VAR {name}"), True)

before, begin = private_kb(net), Stopwatch()
crowd = []
for i in range(CONNECTIONS):
    s = connect()
    n = i % UPSES
    answer = ask(s, f"GET VAR u{n} battery.charge")
    if answer != f'VAR u{n} battery.charge "{n}"\n':
        die(f"connection {i}: {answer}")
    crowd.append(s)
taken = begin.ran()
each = (private_kb(net) - before) * 1024 // CONNECTIONS

times = []
for i in range(0, CONNECTIONS, 50):
    begin = Stopwatch()
    same("one of the crowd", ask(crowd[i], "GET VAR u99 ups.status"), 'VAR u99 ups.status "OL"\n')
    times.append(begin.ran() * 1000)
begin = Stopwatch()
with connect() as s:
    ask(s, "LIST VAR u42")
another = begin.ran() * 1000
median = sorted(times)[len(times) // 2]
if os.environ.get("TELL"):
    print(f"{taken:.1f} s, {each} bytes each, {median:.2f} ms, a new one {another:.2f} ms")
if not SANITIZED and (taken > SECONDS or each > BYTES_EACH or median > LATE_MS):
    die(f"{taken:.1f} s to connect, {each} bytes each, answers after {median:.1f} ms")

# A change reaches who waits for it, through all of them.
with connect() as s:
    same("SUBSCRIBE", ask(s, "SUBSCRIBE u57"), "OK SUBSCRIBE u57\n")
    with open(f"{folder.etc}/u57.dev", "w") as f:
        f.write("battery.charge: 1\n")
    lines = b""
    s.settimeout(10)
    while b'NOTIFY VAR u57 battery.charge "1"\n' not in lines:
        lines += s.recv(65536)
for s in crowd:
    s.close()
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
