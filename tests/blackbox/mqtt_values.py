#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""What stands on the topics of a UPS: each value, the conditions, the JSON object; what is
changed, gone, or from before; the last will and the farewell."""

import json
import signal
import time

from baselib import same, wait_for
from corelib import Folder
from mqttlib import BASE, UPS, VALUES, Listener, Mosquitto, Wire, needed

needed()


def left():
    """What the broker keeps of the UPS, but for orders."""
    return [t for t in list(listener.kept) if t.startswith(f"{UPS}/") and "/command/" not in t]


folder = Folder()
broker = Mosquitto(folder)
listener = Listener(broker)
wire = Wire(folder, f"url = {broker.url()}\nsite = home\ndiscovery = no\n")

# --- all of it, retained
listener.has(f"{BASE}/status", "online")
listener.has(f"{UPS}/battery/charge", "100")
listener.has(f"{UPS}/battery/charge/low", "20")
listener.has(f"{UPS}/ups/load", "34")
listener.has(f"{UPS}/link", "online")
wait_for("the object", lambda: f"{UPS}/state" in listener.kept)
kept = Listener(broker)
wait_for("all of it kept", lambda: {f"{UPS}/{t}" for t in ("ups/load", "state", "condition")}
         <= set(kept.kept))
for topic, payload in {"ups/status": "OL", "mains": "ON", "on_battery": "OFF",
                       "low_battery": "OFF", "replace_battery": "OFF", "overload": "OFF",
                       "condition": "On mains", "link": "online"}.items():
    same(topic, kept.kept.get(f"{UPS}/{topic}"), payload)
same("a secret", [t for t in list(kept.kept) if "parameter" in t], [])
state = json.loads(kept.kept[f"{UPS}/state"])
same("the object", {k: state[k] for k in ("site", "ups", "link", "status", "text", "mains",
                                          "low_battery", "condition")},
     {"site": "home", "ups": "qnapups", "link": "online", "status": "OL", "text": "On mains",
      "mains": True, "low_battery": False, "condition": "On mains"})
same("its variables", state["vars"],
     {k: v for k, v in VALUES.items() if not k.startswith("driver.parameter")})

# --- changes: the status and what follows from it come first
since = len(listener.messages)
wire.upses["qnapups"].update({"battery.charge": "99", "input.voltage": "0.0",
                              "ups.status": "OB DISCHRG"})
wire.say('qnapups SETINFO battery.charge "99"', 'qnapups SETINFO input.voltage "0.0"',
         'qnapups SETINFO ups.status "OB DISCHRG"')
listener.has(f"{UPS}/on_battery", "ON")
listener.has(f"{UPS}/battery/charge", "99")
listener.has(f"{UPS}/input/voltage", "0.0")
order = [(m.topic[len(UPS) + 1:], m.payload) for m in listener.messages[since:]]
first = {"ups/status": "OB DISCHRG", "mains": "OFF", "on_battery": "ON", "discharging": "ON",
         "condition": "On battery", "state": listener.kept[f"{UPS}/state"]}
for later in ("battery/charge", "99"), ("input/voltage", "0.0"):
    for said in first.items():
        if order.index(said) > order.index(later):
            same(f"{said} before {later}", order, "so")
same("condition", listener.kept[f"{UPS}/condition"], "On battery")
state = json.loads(listener.kept[f"{UPS}/state"])
same("on battery in the object", (state["on_battery"], state["vars"]["battery.charge"]),
     (True, "99"))

# --- a value that changes all the time comes once a second, a status each time
since = len(listener.messages)
begun = time.monotonic()
for i in range(30):
    wire.set("ups.load", str(i))
    time.sleep(0.1)
listener.has(f"{UPS}/ups/load", "29")
seconds = time.monotonic() - begun
loads = [m for m in listener.messages[since:] if m.topic == f"{UPS}/ups/load"]
if len(loads) > seconds + 2:
    same("values of a load that changes all the time", len(loads), f"{seconds + 2:.0f} at most")

# --- what is gone is deleted, but not at once
wire.delete("battery.charge.low")
time.sleep(2)
same("what is just missing", listener.kept.get(f"{UPS}/battery/charge/low"), "20")
wait_for("what is gone", lambda: f"{UPS}/battery/charge/low" not in listener.kept)
fresh = Listener(broker)
wait_for("the rest", lambda: f"{UPS}/ups/load" in fresh.kept)
same("deleted at the broker", f"{UPS}/battery/charge/low" in fresh.kept, False)
fresh.end()

# --- a driver that is lost, a core that is away: what is known stays, and is not of now
wire.say("qnapups LOST")
listener.has(f"{UPS}/link", "offline")
wait_for("the object", lambda: json.loads(listener.kept[f"{UPS}/state"])["link"] == "offline")
wire.say("qnapups DATAOK")
listener.has(f"{UPS}/link", "online")
wire.away()
listener.has(f"{UPS}/link", "offline")
wait_for("the object", lambda: json.loads(listener.kept[f"{UPS}/state"])["link"] == "offline")
same("a value", listener.kept[f"{UPS}/ups/load"], "29")
wire.tell()
listener.has(f"{UPS}/link", "online")

# --- energy, and the last outage, which is kept
wire.energy["qnapups"] = 1234567
wire.write("ENERGY qnapups 1234567")
listener.has(f"{UPS}/energy", "1234.567")
wire.event(1, "online", facts="outage.kind=outage outage.began=1764000000123 outage.seconds=75")
listener.has(f"{UPS}/outage/began", "2025-11-24T16:00:00.123Z")
listener.has(f"{UPS}/outage/seconds", "75")
wait_for("a last outage kept", lambda: wire.kept.get("outage.qnapups") == "1764000000123 75")

# --- who hears of an event finds the state that it is about
since = len(listener.messages)
wire.process.send_signal(signal.SIGSTOP)
wire.set("ups.status", "OL CHRG")
wire.event(2, "online")
wire.process.send_signal(signal.SIGCONT)
wire.takes(2)
wait_for("the event", lambda: [m for m in listener.messages[since:] if m.topic == f"{UPS}/event"])
order = [m.topic[len(UPS) + 1:] for m in listener.messages[since:]]
for early in "ups/status", "mains", "charging", "condition", "state":
    if early not in order[:order.index("event")]:
        same(f"{early} before the event", order, "so")

# --- a farewell; the will where there was none
wire.end()
listener.has(f"{BASE}/status", "offline")
wire.start()
listener.has(f"{BASE}/status", "online")
listener.has(f"{UPS}/outage/seconds", "75")
wire.kill()
listener.has(f"{BASE}/status", "offline")

# --- variables and UPSes that went while nobody was there
listener.publish(f"{UPS}/battery/type", "PbAc", retain=True)
listener.publish(f"{UPS}/command/beeper", "x", retain=True)
listener.publish(f"{BASE}/stranger/battery/charge", "1", retain=True)
listener.publish(f"{BASE}/stranger/event", "{}", retain=True)
listener.publish(f"{BASE}/_house/event", "{}", retain=True)
same("UPSes that are kept", wire.kept.get("ups.qnapups"), "1")
wire.upses = {"other": {"ups.status": "OL CHRG", "ups.id": "ümläut\xff"}}
wire.start(late=True)
listener.has(f"{BASE}/other/condition", "Charging")
wait_for("nothing left of the UPS that is gone", lambda: not left())
same("what others keep", [listener.kept.get(f"{BASE}/{topic}") for topic in (
    "stranger/battery/charge", "stranger/event", "_house/event")], ["1", "{}", "{}"])
wait_for("it is not kept any more", lambda: "ups.qnapups" not in wire.kept)

# --- somebody says our will while we are here
listener.publish(f"{BASE}/status", "offline", retain=True)
listener.has(f"{BASE}/status", "online")

# --- Home Assistant is born: everything again
wire.end()
listener.has(f"{BASE}/status", "offline")
wire = Wire(folder, f"url = {broker.url()}\nsite = home\n", values={"ups.status": "OL"})
listener.has(f"{UPS}/condition", "On mains")
since = len(listener.messages)
listener.publish("homeassistant/status", "online")
wait_for("everything again", lambda: [
    m for m in listener.messages[since:] if m.topic == f"{UPS}/condition"])
wire.end()
