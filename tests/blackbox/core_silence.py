#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""core with a driver that is there but answers no PING: lost after 10 s, holdupd is told,
core connects anew. Another driver, which answers, is not disturbed; one of NUT has MAXAGE."""

import struct
import time

from corelib import PATIENCE, Core, Driver, Stopwatch, same

core = Core("[first]\n\tdriver = remote\n\tport = x@y\n"
            "[second]\n\tdriver = usbhid-ups\n\tport = auto\n"
            "[third]\n\tdriver = snmp-ups\n\tport = z\n")
good = core.driver_socket("remote-first")
bad = core.driver_socket("usbhid-ups-second")
busy = core.driver_socket("snmp-ups-third")
core.go("-A", "13")
first, second = Driver(good, by_hand=True), Driver(bad, by_hand=True)
reader, _ = core.feed()
first.dump('SETINFO ups.status "OL"', "DATAOK")
reader.expect('1 first SETINFO ups.status "OL"', "2 first DATAOK")
silence = Stopwatch()
third = Driver(busy, by_hand=True)
third.dump('SETINFO ups.status "OL"', "DATAOK")
reader.expect('3 third SETINFO ups.status "OL"', "4 third DATAOK")
second.dump('SETINFO ups.status "OL"', "DATAOK")
reader.expect('5 second SETINFO ups.status "OL"', "6 second DATAOK")

# The second goes on talking; only PONG counts.
same("PING", first.line(), "PING")
first.send("PONG\n")
second.send('SETINFO ups.status "OL"\n')
time.sleep(max(0, 8 - silence.real()))
second.send("DATAOK\n")
reader.expect("7 second LOST")
same("PING", first.line(), "PING")
first.send("PONG\n")
silence.check("lost", 9, 12)

core.ctl.settimeout(PATIENCE)
while (packet := core.ctl.recv(100))[:4] == struct.pack("=I", 1):
    pass
same("packet for holdupd", struct.unpack("=IIII", packet)[::2], (2, 1))
second = Driver(bad, by_hand=True)
second.dump('SETINFO ups.status "OB"', "DATAOK")
reader.expect('8 second SETINFO ups.status "OB"', "9 second DATAOK")
reader.expect("10 third LOST")
silence.check("one of NUT lost", 12, 15)
core.stop()
