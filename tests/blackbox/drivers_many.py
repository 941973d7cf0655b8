#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A hundred UPSes that are files, and one more that is an outlet of the first: one process
drives them all, and they are there as soon as one would be."""

import socket

from corelib import BUILD, Folder, Lines, Stopwatch, children, die, free_port, same, wait_for

COUNT = 100
SECONDS, KILOBYTES = 5, 20000

port = free_port()
sections = "".join(f"[u{i}]\n\tdriver = dummy-ups\n\tport = u{i}.dev\n" for i in range(COUNT))
folder = Folder(ups_conf=sections + "[c]\n\tdriver = clone\n\tport = u0\n",
                upsd_conf=f"LISTEN 127.0.0.1 {port}\n")
for i in range(COUNT):
    with open(f"{folder.etc}/u{i}.dev", "w") as f:
        f.write(f"ups.status: OL\nbattery.charge: {i}\n" +
                "".join(f"outlet.{n}.status: on\n" for n in range(40)))


def ask(question):
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        c = Lines(s)
        c.send(question + "\n")
        return c.line()


def charge(name):
    try:
        return ask(f"GET VAR {name} battery.charge")
    except OSError:
        return None


begin = Stopwatch()
holdupd = folder.start("holdupd", "-F")
for i in [*range(COUNT)]:
    wait_for(f"u{i}", lambda: charge(f"u{i}") == f'VAR u{i} battery.charge "{i}"')
wait_for("c", lambda: charge("c") == 'VAR c battery.charge "0"')
taken = begin.ran()
if taken > SECONDS and "asan" not in BUILD:
    die(f"{COUNT} UPSes took {taken:.1f} s")

drivers = [pid for command, pid in children(holdupd.pid).items() if "dummy" in command]
same("processes that drive", len(drivers), 1)
with open(f"/proc/{drivers[0]}/smaps_rollup") as f:
    memory = next(int(line.split()[1]) for line in f if line.startswith("Pss:"))
if memory > KILOBYTES and "asan" not in BUILD:
    die(f"{COUNT} UPSes take {memory} kB")

# Each has a file of its own.
with open(f"{folder.etc}/u57.dev", "w") as f:
    f.write("battery.charge: 1\n")
wait_for("u57", lambda: charge("u57") == 'VAR u57 battery.charge "1"')
same("u58", charge("u58"), 'VAR u58 battery.charge "58"')
if folder.env.get("TELL"):
    print(f"{taken:.2f} s, {memory} kB")
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
