#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""One outage of the article's server, seen from all ends of core: killed in the middle of
HOSTSYNC it goes on where it was, waits for who has not left, and asks for the cut."""

import os
import signal
import struct
import time

from corelib import Core, Driver, Stopwatch, die, logged, same

HEARTBEAT, SHUTDOWN, RUN, DONE = 1, 3, 4, 5
ONBATT, LOWBATT, FSD, SHUT = 1, 2, 3, 6

core = Core("[qnapups]\n\tdriver = usbhid-ups\n\tport = auto\n",
            "MONITOR qnapups@localhost 1 nut nut master\n"
            "NOTIFYCMD /bin/true\nHOSTSYNC 30\nFINALDELAY 1\n",
            "[machine pc]\naddress = 192.168.0.32\ntakes = 9\n")
listener = core.driver_socket("usbhid-ups-qnapups")


def run_row():
    return struct.unpack("=II", core.told(RUN))[0]


core.go()
driver = Driver(listener)
driver.dump('SETINFO ups.status "OL"', "DATAOK")

# This machine is among the logins, as upsmon would be.
reader, snapshot = core.feed()
if "qnapups LOGIN 1 127.0.0.1 nut" not in snapshot:
    die(f"no login of our own in {snapshot}")
ask = core.requests()
ask.send("1 5 admin 192.168.0.20 - LOGIN qnapups\n")
ask.expect("OK 1")

# Mains fails, the battery runs low.
driver.send('SETINFO ups.status "OB"\n')
same("row of the notify table", run_row(), ONBATT)
low = time.clock_gettime(time.CLOCK_BOOTTIME)
driver.send('SETINFO ups.status "OB LB"\n')
same("row of the notify table", run_row(), LOWBATT)
same("row of the notify table", run_row(), FSD)
deadline, cut = struct.unpack("=QQII", core.told(HEARTBEAT))[1:3]
# 50 s, with the 9 s of the pc, from FSD, which is 3 s after LB.
most, least = (deadline / 1000 - t for t in (low + 3, time.clock_gettime(time.CLOCK_BOOTTIME)))
if not (most > 47 and least <= 50 and cut == 1):
    die(f"heartbeat in FSD: deadline in {least} s, cut {cut}")
while not (line := reader.line("VIEW")).endswith("qnapups VIEW * fsd"):
    pass
# HOSTSYNC begins when FSD is shown: from here on the deadline stands.
core.drain()
deadline, cut = struct.unpack("=QQII", core.told(HEARTBEAT))[1:3]

# kill -9: the same FSD, the same machines.
core.process.send_signal(signal.SIGKILL)
core.process.wait()
core.go()
driver = Driver(listener)
driver.dump('SETINFO ups.status "OB LB"', "DATAOK")
reader, snapshot = core.feed()
if "qnapups VIEW * fsd" not in snapshot:
    die(f"no FSD after the kill: {snapshot}")
again = struct.unpack("=QQII", core.told(HEARTBEAT))[1:3]
same("heartbeat after the kill", again, (deadline, cut))
# A run that ended badly is only logged.
core.ctl.send(struct.pack("=IIIi", DONE, 0, 2, 256))
time.sleep(1.5)
ask = core.requests()
ask.send("1 9 admin 192.168.0.20 - LOGIN qnapups\n")
ask.expect("OK 1")
final_delay = Stopwatch()
ask.send("2 9 admin 192.168.0.20 - LOGOUT qnapups\n")
ask.expect("OK 2")
same("row of the notify table", run_row(), SHUT)
same("cut", struct.unpack("=II", core.told(SHUTDOWN))[0], 1)
final_delay.check("SHUTDOWN", 0.9, 3)
same("cut, repeated", struct.unpack("=II", core.told(SHUTDOWN))[0], 1)
logged(
    core.process,
    "on battery and low: LB for 3.", " s; forced shutdown of what hangs on it",
    "waiting up to 30 s (HOSTSYNC) for 192.168.0.20 (admin)",
    "notification 2 failed: exit status 1",
    "a shutdown is under way since before the restart",
    "gone: 192.168.0.20 (admin)")
core.stop()

# A damaged file is left aside.
for offset in range(0, os.fstat(core.open["T"]).st_size, 1000):
    os.pwrite(core.open["T"], b"?", offset)
core.go()
driver = Driver(listener)
driver.dump('SETINFO ups.status "OL"', "DATAOK")
same("heartbeat", struct.unpack("=QQII", core.told(HEARTBEAT))[1:3], (0, 0))
logged(core.process, "what an older core knew is left aside: it is damaged")

# What a machine does without logging in, and one whose connection breaks.
ask = core.requests()
ask.send("1 5 - 192.168.0.30 - SEEN qnapups qnap\n2 6 - 192.168.0.31 - SEEN qnapups other\n"
         "6 9 - 192.168.0.32 - SEEN qnapups other\n"
         "3 7 admin 192.168.0.20 - LOGIN qnapups\n4 7 - - - BROKEN qnapups\n")
ask.expect("OK 3")
ask.send("5 8 admin 127.0.0.1 - FSD qnapups\n")
ask.expect("OK 5")
told = "waiting up to 30 s (HOSTSYNC) for QNAP at 192.168.0.30, a reader at 192.168.0.32, 192.168.0.20 (admin)"
logged(core.process, told)
core.stop()
