#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""core with a reader of the feed that does not read: it is closed at 256 kB and comes back
to a new snapshot, while another one misses nothing; and with a driver in a flood."""

import socket

from corelib import Core, Driver, die, same

CHANGES, VALUE = 3000, "x" * 400

core = Core("[u]\n\tdriver = usbhid-ups\n\tport = auto\n")
listener = core.driver_socket("usbhid-ups-u")
core.go()
driver = Driver(listener)
slow, _ = core.feed()
slow.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
fast, _ = core.feed()
driver.dump('SETINFO ups.status "OL"', "DATAOK")
fast.expect('1 u SETINFO ups.status "OL"', "2 u DATAOK")

# What a reader says is ignored.
fast.send("PING\nBEGIN 0\n")

# 1.2 MB in small pieces; the fast reader keeps up, the slow one never looks.
for i in range(CHANGES):
    driver.send(f'SETINFO ups.id "{i}{VALUE}"\n')
    same("change", fast.line(), f'{i + 3} u SETINFO ups.id "{i}{VALUE}"')

# What waits for the slow one begins with its next line, has no gap, and ends.
number = 0
while (line := slow.line()) is not None:
    number += 1
    if not line.startswith(f"{number} u "):
        die(f"line {line[:40]} after change {number - 1}")
if not 0 < number < CHANGES + 2:
    die(f"a reader that does not read got {number} of {CHANGES + 2} changes")

slow, snapshot = core.feed()
same("snapshot", (snapshot[0], snapshot[2]),
     (f"BEGIN {CHANGES + 2}", f'u SETINFO ups.id "{CHANGES - 1}{VALUE}"'))
driver.send('SETINFO ups.status "OB"\n')
for reader in slow, fast:
    reader.expect(f'{CHANGES + 3} u SETINFO ups.status "OB"')
core.stop()
