#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 25 s
"""Nothing of `out` is on the way from "battery low" to the shutdown: houses side by side, in
which it is stopped, killed again and again, has a disk that hangs, that is full, or a publisher
that reads nothing, are down as soon as the one that has none."""

import os
import resource
import signal
import time

from corelib import Driver, Folder, children, die, free_port, listen_unix, same, wait_for

CHANGES = 8000  # more than core queues for a reader (256 kB)
LATER = 5       # s: the machine that runs this is busy; who waited would wait for ever

MQTT = "[mqtt]\nurl = mqtt://127.0.0.1:9\n"


class House:
    def __init__(self, name, holdup_conf=MQTT):
        self.name = name
        self.folder = Folder(
            ups_conf="[qnapups]\n\tdriver = dummy\n\tport = x\n",
            upsd_conf=f"LISTEN 127.0.0.1 {free_port()}\n",
            upsd_users="[admin]\n\tpassword = 123456\n\tupsmon master\n",
            upsmon_conf="MONITOR qnapups@localhost 1 admin 123456 master\nFINALDELAY 1\n"
                        'SHUTDOWNCMD "cd $NUT_STATEPATH/.. && echo x >>down"\n',
            holdup_conf=holdup_conf)
        # A publisher that never reads.
        os.mkdir(f"{self.folder.dir}/libexec")
        with open(f"{self.folder.dir}/libexec/mqtt", "w") as f:
            f.write("#!/bin/sh\nexec sleep 600\n")
        os.chmod(f"{self.folder.dir}/libexec/mqtt", 0o755)
        self.listener = listen_unix(f"{self.folder.run}/dummy-qnapups")
        self.holdupd = self.folder.start("holdupd", "-F",
                                         HOLDUP_LIBEXEC=f"{self.folder.dir}/libexec")
        self.dummy = Driver(self.listener)
        self.dummy.dump('SETINFO ups.status "OL"', "DATAOK")

    def out(self):
        return next((pid for name, pid in children(self.holdupd.pid).items()
                     if name.split()[0] == "out"), None)

    def writer(self):
        """The child of out that touches the disk."""
        for pid in map(int, open(f"/proc/{self.out()}/task/{self.out()}/children").read().split()):
            if open(f"/proc/{pid}/comm").read() == "out-writer\n":
                return pid
        return None

    def box(self):
        try:
            with open(f"{self.folder.run}/out/outbox") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def begun(self):
        wait_for(f"{self.name}: out", lambda: "Publish" in self.box() or " start " in self.box())

    def down(self):
        try:
            return os.stat(f"{self.folder.dir}/down").st_mtime
        except FileNotFoundError:
            return None


houses = [House(name) for name in ("stopped", "killed", "disk hangs", "disk full", "deaf")]
without = House("without", "")
stopped, killed, hangs, full, deaf = houses
for house in houses:
    house.begun()
os.kill(stopped.out(), signal.SIGSTOP)
os.kill(hangs.writer(), signal.SIGSTOP)
resource.prlimit(full.writer(), resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
houses.append(without)

for house in houses:
    house.dummy.send('SETINFO ups.status "OB DISCHRG"\n')
    for i in range(CHANGES):
        house.dummy.send(f'SETINFO input.voltage "{i % 60}.{i % 10}"\n')
low = time.time()
for house in houses:
    house.dummy.send('SETINFO ups.status "OB DISCHRG LB"\n')


def all_down():
    if pid := killed.out():
        os.kill(pid, signal.SIGKILL)
    return all(house.down() for house in houses)


wait_for("all are down", all_down)
first = without.down() - low
for house in houses:
    if house.down() - low > first + LATER:
        die(f"{house.name}: down after {house.down() - low:.1f} s, without out {first:.1f} s")
for house, text in ((hangs, "the disk does not answer"), (full, "File too large")):
    wait_for(f"{house.name}: it says so", lambda: text in house.holdupd.log())
    same(f"{house.name}: how often", house.holdupd.log().count("until it can be written"), 1)
os.kill(stopped.out(), signal.SIGCONT)
os.kill(hangs.writer(), signal.SIGCONT)
for house in houses:
    house.holdupd.terminate()
    same(f"{house.name}: exit status", house.holdupd.wait(), 0)
