#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""From core's feed to the phone: `out` and `publish` as they are, an internet that is down in the
outage, and both killed meanwhile. Each message comes once, with its own time."""

import os
import signal
import time

from notifylib import Receiver, die, same, wait_for
from outlib import Core
from corelib import Folder, children

# takes 40 s

CONF = """[notify phone]
via = ntfy
url = {url}
events = power machines
[notify quiet]
via = webhook
url = {hook}
events = lowbatt
title = "{{ups}} at {{battery.charge}} %"
"""


class House:
    def __init__(self):
        self.phone, self.hook = Receiver(), Receiver()
        conf = CONF.format(url=self.phone.url("/t"), hook=self.hook.url("/h"))
        self.folder = Folder(holdup_conf=conf)
        os.mkdir(f"{self.folder.dir}/out")
        self.core = Core(self.folder)
        self.start()

    def start(self):
        conf = os.open(f"{self.folder.etc}/holdup.conf", os.O_RDONLY)
        self.out = self.folder.start("out", "-C", str(conf), "-d", f"{self.folder.dir}/out",
                                     fds=(conf,), no_proxy="*")
        os.close(conf)
        self.core.reader()
        wait_for("both channels", lambda: len(self.channels()) == 2)

    def channels(self):
        return [pid for line, pid in children(self.out.pid).items() if "-P notify." in line]

    def dies(self):
        """out is killed, and publish ends with it."""
        pids = self.channels()
        self.out.kill()
        self.out.wait()
        for pid in pids:
            wait_for("its channels end", lambda p=pid: not os.path.exists(f"/proc/{p}"))
        self.core.s.close()

    def kept(self, kind):
        """An event of this kind is on the disk."""
        with open(f"{self.folder.dir}/out/outbox") as f:
            return any(line.startswith("EVENT ") and line.split()[3] == kind for line in f)

    def titles(self):
        return [asked.json()["title"] for asked in self.phone.asked]


house = House()
core = house.core

# Before the outage everything works.
core.say('qnapups SETINFO ups.status "OB DISCHRG"')
same("first", house.phone.gets().json()["title"], "Power failure: Server")
core.say('qnapups SETINFO ups.status "OL CHRG"')
same("second", house.phone.gets(2).json()["title"], "Power is back: Server")

# Then the internet goes first, and the battery after it; out and publish are killed.
house.phone.end()
house.hook.end()
core.say('qnapups SETINFO battery.charge "9"')
core.say('qnapups SETINFO ups.status "OB DISCHRG LB"')
wait_for("it is on the disk", lambda: house.kept("lowbatt"))
low = time.time()
core.snapshot = core.snapshot.replace('ups.status "OL"', 'ups.status "OB DISCHRG LB"').replace(
    'battery.charge "100"', 'battery.charge "9"')
house.dies()
house.start()
for pid in house.channels():
    os.kill(pid, signal.SIGKILL)
time.sleep(2)
house.phone.begin()
house.hook.begin()
wait_for("the message", lambda: "Battery is low: Server" in house.titles())
asked = house.hook.gets()
same("title of the webhook", asked.json()["title"], "qnapups at 9 %")
same("event", asked.json()["event"], "lowbatt")
at = asked.json()["at"]
if abs(time.mktime(time.strptime(at[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone - low) > 60:
    die(f"the battery was low at {at}")
same("messages that the battery is low", house.titles().count("Battery is low: Server"), 1)
house.out.terminate()
same("exit status of out", house.out.wait(), 0)
