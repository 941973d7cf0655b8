#!/usr/bin/python3
# SPDX-License-Identifier: ISC
# takes 60 s
"""A dozen houses in one Mosquitto, and the consumer that is our example: it shows what each
is, raises each alarm once, and knows who is away; one that comes late knows the same."""

import os
import signal
import socket
import threading

from baselib import same, wait_for
from boxlib import UPS, Box, Consumer
from corelib import Folder
from mqttlib import Mosquitto, needed

HOUSES = 12

class Wire:
    """What lies between a house and the broker: cut, nothing comes through any more, but
    nobody is told."""

    def __init__(self, port):
        self.to, self.whole, self.pairs = port, True, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accepts, daemon=True).start()

    def accepts(self):
        while True:
            ours = self.listener.accept()[0]
            if not self.whole:
                ours.close()
                continue
            theirs = socket.create_connection(("127.0.0.1", self.to))
            self.pairs.append((ours, theirs))
            for a, b in (ours, theirs), (theirs, ours):
                threading.Thread(target=self.carry, args=(a, b), daemon=True).start()

    def carry(self, a, b):
        try:
            while data := a.recv(65536):
                if self.whole:
                    b.sendall(data)
        except OSError:
            pass
        if self.whole:
            b.close()

    def cut(self):
        """And the broker's end breaks, as after its keepalive, which is minutes: the box
        still believes in the connection."""
        self.whole = False
        for _, theirs in self.pairs:
            theirs.shutdown(socket.SHUT_RDWR)

    def mend(self):
        """What was under way is lost for good, and this end breaks, too."""
        for ours, _ in self.pairs:
            ours.close()
        self.pairs, self.whole = [], True


def happened(box, *kinds):
    """The consumer was told so of its UPS, each once, in order."""
    def told():
        lines = consumer.lines("EVENT", f"{box.site}/{UPS} ")
        return [line.split()[3].rstrip(":") for line in lines]
    wait_for(f"events of {box.site}", lambda: len(told()) >= len(kinds))
    same(f"events of {box.site}", told(), list(kinds))


needed()
broker = Mosquitto(Folder())
wire = Wire(broker.port)
consumer = Consumer(broker, "office")
boxes = [Box(f"house{n:02}", f"mqtt://127.0.0.1:{wire.port if n == 11 else broker.port}")
         for n in range(HOUSES)]
for box in boxes:
    consumer.comes(f"NOW {box.site}/{UPS} On mains, battery charging, 100 %")
same("wrong at the beginning", consumer.wrong(), [])

# What each says is told once, however often it says it, and ends.
on_battery, low, lost, replace, gone, partitioned = (boxes[n] for n in (1, 2, 3, 4, 5, 11))
for _ in range(2):
    on_battery.say(ups_status="OB DISCHRG")
    on_battery.say(battery_charge="97")
low.say(ups_status="OB DISCHRG")
consumer.comes(f"ALARM {low.site}/{UPS} on battery")
low.say(ups_status="OB DISCHRG LB")
lost.core.say("qnapups DATASTALE")
replace.say(ups_status="OL CHRG RB")
alarms = sorted(f"{box.site}/{UPS} {text}" for box, text in (
    (on_battery, "on battery"), (low, "on battery"), (low, "battery low"), (lost, "UPS lost"),
    (replace, "replace the battery")))
for alarm in alarms:
    consumer.comes(f"ALARM {alarm}")
same("what is wrong", consumer.wrong(), alarms)
happened(on_battery, "onbatt")
happened(low, "onbatt", "lowbatt")
happened(replace, "replace")

# One loses its power, and one its line.
gone.kill()
consumer.comes(f"ALARM {gone.site} away")
wire.cut()
consumer.comes(f"ALARM {partitioned.site} away")
alarms += [f"{gone.site} away", f"{partitioned.site} away"]
partitioned.say(ups_status="OB DISCHRG")

# Who comes later is told the same by what the broker has kept, and nothing of the past.
late = Consumer(broker)
for alarm in alarms:
    late.comes(f"ALARM {alarm}")
for box in boxes:
    wait_for(f"{box.site} is seen", lambda box=box: late.lines("NOW", f"{box.site}/"))
same("what is wrong, to one that came late", late.wrong(), sorted(alarms))
same("what it was told of the past", [line for box in (on_battery, low, replace)
                                      for line in late.lines("EVENT", f"{box.site}/{UPS} ")], [])
same("what houses it knows", sorted({line.split()[1] for line in late.lines("NOW")}),
     [f"{box.site}/{UPS}" for box in boxes])

# A consumer that is away is told what happened meanwhile; each once.
consumer.end()
on_battery.say(ups_status="OL CHRG")
late.comes(f"OVER {on_battery.site}/{UPS} on battery")
consumer.start()
consumer.comes(f"NOW {on_battery.site}/{UPS} On mains, battery charging, 97 %")
happened(on_battery, "onbatt", "online")

# They come back: what the one had to say is said, the other is as it was.
wire.mend()
gone.start()
for which in consumer, late:
    which.comes(f"OVER {partitioned.site} away")
    which.comes(f"ALARM {partitioned.site}/{UPS} on battery")
    which.comes(f"OVER {gone.site} away")
happened(on_battery, "onbatt", "online")
happened(low, "onbatt", "lowbatt")
happened(replace, "replace")
happened(partitioned, "onbatt")

# One that hangs is away as well, when the broker has not heard of it for some 20 s, until it
# runs on; one that is stopped in good order says so.
hangs = boxes[6]
os.kill(hangs.mqtt(), signal.SIGSTOP)
late.comes(f"ALARM {hangs.site} away")
os.kill(hangs.mqtt(), signal.SIGCONT)
late.comes(f"OVER {hangs.site} away")
boxes[0].stop()
late.comes(f"ALARM {boxes[0].site} away")
raised = late.lines("ALARM")
same("alarms by their number", len(set(raised)), len(raised))
for box in boxes[1:]:
    box.stop()
for which in consumer, late:
    which.end()
broker.end()
