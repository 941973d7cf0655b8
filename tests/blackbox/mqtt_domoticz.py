#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""[domoticz] with a broker: its gateway, domoticz/in, is told the sensors that have a number,
in the form that it takes; all of them again after each connection."""

import json

from baselib import die, same, wait_for
from corelib import Folder
from mqttlib import Listener, Mosquitto, needed
from outlib import SENSORS, Domoticz, Out

needed()
broker = Mosquitto(Folder())
ear = Listener(broker)


def told(topic="domoticz/in"):
    """What came since the last call, as "12=34.0": as Domoticz reads it."""
    found = [m for m in ear.messages if m.topic == topic]
    for m in found:
        ear.messages.remove(m)
    values = []
    for m in found:
        o = json.loads(m.payload)
        if type(o["idx"]) is not int or type(o["nvalue"]) is not int or \
                type(o["svalue"]) is not str or o["command"] != "udevice" or m.retain:
            die(f"not what Domoticz takes: {m}")
        values.append(f"{o['idx']}={o['svalue']}")
    return values


def takes(*wanted, seconds=None, topic="domoticz/in"):
    got = []
    wait_for(f"{wanted} (came: {got})",
             lambda: got.extend(told(topic)) or len(got) >= len(wanted), seconds)
    same("what Domoticz was told", sorted(got), sorted(wanted))


out = Out(SENSORS, url=broker.url(), domoticz=Domoticz())
takes("12=34.0", "13=100.0", "14=27.5")
out.core.set("ups.load", "35")
takes("12=35.0", seconds=2)
out.core.say("qnapups DATASTALE")
out.core.set("ups.load", "36")
out.core.say("qnapups DATAOK")
takes("12=36.0")

# The broker ends and comes back: all three are told again, before or after our ear is there.
broker.end()
out.core.set("ups.load", "40")
before, granted = broker.log().count("'domoticz/in'"), ear.granted
broker.start()
wait_for("all of it", lambda: broker.log().count("'domoticz/in'") >= before + 3)
wait_for("our ear", lambda: ear.granted > granted)
out.core.set("ups.load", "41")
wait_for("the newest", lambda: "12=41.0" in told())
same("what Domoticz was asked by HTTP", out.domoticz.asked, [])
out.stop()

# Other topics; a UPS by its name, which comes later.
out = Out("load = 12\nups = second\nprefix = house/dom\n", url=broker.url(), domoticz=Domoticz())
out.says("no UPS is named second")
out.core.say('UPS second ""', 'second SETINFO ups.load "7"', "second DATAOK")
takes("12=7.0", topic="house/dom/in")
same("elsewhere", told(), [])
out.stop()
broker.end()
