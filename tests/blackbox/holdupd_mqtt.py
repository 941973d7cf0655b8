#!/usr/bin/python3
# SPDX-License-Identifier: ISC
# takes 30 s
"""The whole way from a device to Home Assistant and back, through holdupd and all its
programs: what it tells, what is ordered from there, and what an outage was like."""

import json

from baselib import die, listen_unix, same, wait_for
from corelib import Driver, Folder, free_port
from mqttlib import BASE, UPS, Listener, Mosquitto, needed

NODE = "holdup_home__qnapups"
DUMP = """SETINFO ups.mfr "EATON"
SETINFO ups.model "Ellipse ECO 650"
SETINFO ups.status "OL"
SETINFO battery.charge "97"
SETINFO ups.realpower "120"
SETINFO ups.beeper.status "enabled"
SETINFO battery.charge.low "20"
SETFLAGS battery.charge.low RW NUMBER
ADDRANGE battery.charge.low 10 50
ADDCMD beeper.enable
ADDCMD beeper.disable
ADDCMD load.off
DATAOK""".splitlines()


def config(component, name):
    """The message that announces it."""
    topic = f"homeassistant/{component}/{NODE}/{name}/config"
    wait_for(topic, lambda: topic in listener.kept)
    return json.loads(listener.kept[topic])


def result(since, word):
    return wait_for(f"a result {word}", lambda: next(
        (r for r in (json.loads(m.payload) for m in listener.messages[since:]
                     if m.topic == f"{UPS}/result") if r["result"] == word), None))


def event(kind):
    return wait_for(f"an event {kind}", lambda: next(
        (e for e in listener.events() if e["kind"] == kind), None))


needed()
folder = Folder(ups_conf="[qnapups]\n\tdriver = dummy\n\tport = x\n\tdesc = \"Rack in the cellar\"\n",
                upsd_conf=f"LISTEN 127.0.0.1 {free_port()}\n")
broker = Mosquitto(folder)
listener = Listener(broker)
with open(f"{folder.etc}/holdup.conf", "w") as f:
    f.write(f"[mqtt]\nurl = {broker.url()}\nsite = home\ncommands = all\nsettings = all\n")
socket = listen_unix(f"{folder.run}/dummy-qnapups")
holdupd = folder.start("holdupd", "-F")
driver = Driver(socket)
driver.dump(*DUMP)

# --- what it tells
listener.has(f"{UPS}/battery/charge", "97")
charge = config("sensor", "battery_charge")
same("topic", charge["state_topic"], f"{UPS}/battery/charge")
same("device", {k: charge["device"][k] for k in ("name", "manufacturer", "model", "via_device")},
     {"name": "Rack in the cellar", "manufacturer": "EATON", "model": "Ellipse ECO 650",
      "via_device": "holdup_home"})
if f"homeassistant/button/{NODE}/do_load_off/config" in listener.kept:
    die("load.off is among all commands")

# --- the beeper, switched off there
switch = config("switch", "beeper_switch")
wait_for("orders are heard", lambda: f"{BASE}/+/set/# (QoS 0)" in broker.log())
since = len(listener.messages)
listener.publish(switch["command_topic"], switch["payload_off"])
words = driver.request().split()
same("the driver's order", words[:3], ["INSTCMD", "beeper.disable", "TRACKING"])
driver.send(f'TRACKING {words[3]} 0\nSETINFO ups.beeper.status "disabled"\n')
result(since, "done")
listener.has(switch["state_topic"], switch["payload_off"])
deed = event("deed")
same("who", deed["who"].split("@")[0], "mqtt")

# --- a threshold, set there; one that is out of range
number = config("number", "set_battery_charge_low")
since = len(listener.messages)
listener.publish(number["command_topic"], "30.0")
words = driver.request().split()
same("the driver's setting", words[:4], ["SET", "battery.charge.low", '"30"', "TRACKING"])
driver.send(f'SETINFO battery.charge.low "30"\nTRACKING {words[4]} 0\n')
result(since, "done")
listener.has(number["state_topic"], "30")
listener.publish(number["command_topic"], "99")
same("why", "takes 10 to 50" in result(since, "refused")["text"], True)

# --- an outage
driver.send('SETINFO ups.status "OB DISCHRG"\nSETINFO battery.charge "95"\n')
listener.has(f"{UPS}/mains", "OFF")
listener.has(f"{UPS}/condition", "On battery")
event("onbatt")
driver.send('SETINFO ups.status "OL CHRG"\n')
listener.has(f"{UPS}/mains", "ON")
same("the event's facts", "outage.seconds" in json.dumps(event("online")), True)
began = config("sensor", "outage_began")
wait_for("when it began", lambda: began["state_topic"] in listener.kept)
same("its class", began["device_class"], "timestamp")
if not listener.kept[config("sensor", "outage_seconds")["state_topic"]].isdigit():
    die("the length of the outage")

holdupd.terminate()
same("exit status", holdupd.wait(), 0)
listener.has(f"{BASE}/status", "offline")
listener.end()
folder.end()
