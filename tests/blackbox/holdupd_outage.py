#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 50 s
"""A whole outage by the real programs, on a primary with one client that never leaves:
never before HOSTSYNC and FINALDELAY have passed, whoever is killed meanwhile, and in any
case soon afterwards, unless it leaves; a killed holdupd goes on where it was."""

import os
import signal
import socket
import time

from corelib import Driver, Folder, Lines, Stopwatch, children, die, free_port, listen_unix, same, wait_for

HOSTSYNC, FINALDELAY, LASTS = 4, 1, 3  # s; so long a low battery is not believed


class House:
    def __init__(self, hostsync=HOSTSYNC):
        self.port = free_port()
        self.folder = Folder(
            ups_conf="[qnapups]\n\tdriver = dummy\n\tport = x\n",
            upsd_conf=f"LISTEN 127.0.0.1 {self.port}\n",
            upsd_users="[admin]\n\tpassword = 123456\n\tupsmon slave\n",
            upsmon_conf=f"MONITOR qnapups@localhost 1 admin 123456 master\n"
                        f"HOSTSYNC {hostsync}\nFINALDELAY {FINALDELAY}\n"
                        'NOTIFYCMD "cd $NUT_STATEPATH/.. && echo $NOTIFYTYPE >>told; :"\n'
                        "NOTIFYFLAG ONBATT EXEC\nNOTIFYFLAG FSD EXEC\nNOTIFYFLAG SHUTDOWN EXEC\n"
                        'SHUTDOWNCMD "cd $NUT_STATEPATH/.. && ls run/killpower >>down"\n')
        self.listener = listen_unix(f"{self.folder.run}/dummy-qnapups")
        self.go()
        self.client = Lines(socket.create_connection(("127.0.0.1", self.port), 10))
        self.client.send("USERNAME admin\nPASSWORD 123456\nLOGIN qnapups\n")
        self.client.expect("OK", "OK", "OK")

    def go(self):
        self.holdupd = self.folder.start("holdupd", "-F")
        self.driver("OL")
        wait_for("the UPS", lambda: self.status() == "OL")

    def driver(self, status):
        self.dummy = Driver(self.listener)
        self.dummy.dump(f'SETINFO ups.status "{status}"', "DATAOK")

    def status(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 10) as s:
                c = Lines(s)
                c.send("GET VAR qnapups ups.status\n")
                answer = c.line() or ""
        except ConnectionError:
            return None
        return answer.partition('"')[2].rstrip('"') if answer.startswith("VAR") else None

    def file(self, name):
        try:
            with open(f"{self.folder.dir}/{name}") as f:
                return f.read().split()
        except FileNotFoundError:
            return []

    def pid(self, program):
        return next((pid for name, pid in children(self.holdupd.pid).items()
                     if name.split()[0] == program), None)

    def outage(self):
        """On battery, then low; returns when FSD was seen, with the time since it was low."""
        self.dummy.send('SETINFO ups.status "OB DISCHRG"\n')
        wait_for("OB", lambda: self.file("told") == ["ONBATT"])
        low = Stopwatch()
        self.dummy.send('SETINFO ups.status "OB DISCHRG LB"\n')
        wait_for("FSD", lambda: "FSD" in (self.status() or ""))
        return low

    def goes_down(self, low):
        wait_for("the shutdown", lambda: self.file("down"), HOSTSYNC + FINALDELAY + 12)
        if low.real() < LASTS + HOSTSYNC + FINALDELAY - 0.3:
            die(f"down after {low.real():.1f} s, with a client to wait for that is on")
        same("runs of the command, with the flag", self.file("down"), ["run/killpower"])

    def stop(self):
        self.holdupd.terminate()
        same("exit status", self.holdupd.wait(), 0)


# Nobody is killed; mains that comes back before FSD ends it.
house = House()
house.dummy.send('SETINFO ups.status "OB DISCHRG"\n')
wait_for("OB", lambda: house.file("told") == ["ONBATT"])
house.dummy.send('SETINFO ups.status "OL CHRG"\n')
wait_for("OL", lambda: house.status() == "OL CHRG")
os.unlink(f"{house.folder.dir}/told")
house.goes_down(house.outage())
wait_for("what is told", lambda: house.file("told") == ["ONBATT", "FSD", "SHUTDOWN"])
house.stop()

# Each program in turn while the client is waited for, core more than once.
house = House()
low = house.outage()
for program in "net", "run", "core", "core", "core":
    pid = house.pid(program)
    os.kill(pid, signal.SIGKILL)
    wait_for(f"{program} anew", lambda: house.pid(program) not in (pid, None))
    if program == "core":
        house.driver("OB DISCHRG LB")
    time.sleep(0.3)
house.goes_down(low)
house.stop()

# holdupd itself: what was begun is carried through by the next one.
house = House()
low = house.outage()
time.sleep(1)
house.holdupd.kill()
house.holdupd.wait()
house.holdupd = house.folder.start("holdupd", "-F")
house.driver("OB DISCHRG LB")
house.goes_down(low)
house.stop()

# Frozen, core is not waited for: the deadline is holdupd's.
house = House()
low = house.outage()
time.sleep(0.5)
os.kill(house.pid("core"), signal.SIGSTOP)
house.goes_down(low)
house.stop()

# A LOGOUT that no core has heard reaches the next one, which need not wait for that client.
house = House(hostsync=300)
house.outage()
core = house.pid("core")
os.kill(core, signal.SIGSTOP)
house.client.send("LOGOUT\n")
house.client.expect("OK Goodbye")
os.kill(core, signal.SIGKILL)
wait_for("core anew", lambda: house.pid("core") not in (core, None))
house.driver("OB DISCHRG LB")
wait_for("the shutdown", lambda: house.file("down"), 60)
if "gone: 127.0.0.1 (admin)" not in house.holdupd.log():
    die("down, and nobody heard that the client has left")
house.stop()

# Called off: who stops holdup cleanly and starts it again begins anew, mains or not.
house = House()
house.outage()
house.stop()
house.go()
same("status", house.status(), "OL")
if "a shutdown is under way" in house.holdupd.log():
    die("a shutdown that was called off goes on")
house.dummy.send('SETINFO ups.status "OB DISCHRG LB"\n')
wait_for("FSD", lambda: "FSD" in (house.status() or ""))
house.stop()
