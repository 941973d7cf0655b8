#!/usr/bin/python3
# SPDX-License-Identifier: ISC
# takes 30 s
"""What Home Assistant and Domoticz are told of every recorded device, and of some that are
made up: each message as Home Assistant's schema has it, each value as its entity takes it,
each entity something sensible in Domoticz; both forms, and the way from one to the other;
orders that come from there."""

import glob
import json
import os
import sys

from baselib import die, same, wait_for
from corelib import PATIENCE, Folder
from mqttlib import BASE, Listener, Mosquitto, Wire, needed

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
sys.path.insert(0, f"{ROOT}/tests/hass")
sys.dont_write_bytecode = True
import schema  # noqa: E402

GOLDEN = f"{ROOT}/tests/blackbox/golden"
NODE = "holdup_home"
# Three phases, outlets, surroundings; and what a driver may say that is no number or date.
PHASES = {f"{side}.L{n}{rest}": value for side in ("input", "output") for n in (1, 2, 3)
          for rest, value in ((".voltage", "231.0"), ("-N.voltage", "230.9"), (".current", "4.1"),
                              (".realpower", "901"), (".power", "950"))}
MADE = {
    "phases": {**PHASES, "ups.status": "OL", "ups.realpower": "2703", "output.L1.power.percent": "44",
               "input.bypass.L1.voltage": "229", "ups.realpower.nominal": "9000"},
    "outlets": {"ups.status": "OL CHRG", "outlet.1.status": "on", "outlet.2.status": "off",
                "outlet.1.current": "0.4", "outlet.1.realpower": "71", "outlet.1.powerfactor": "0.93",
                "outlet.status": "on", "outlet.1.delay.shutdown": "60", "ambient.temperature": "23.5",
                "ambient.1.humidity": "41", "ups.beeper.status": "muted"},
    "odd": {"ups.status": "OL", "battery.charge": "n/a", "battery.voltage": "", "ups.load": "12 %",
            "battery.date": "11/23/26", "battery.mfr.date": "2024-02-01", "ups.mfr": "B\u00fcro",
            "ups.alarm": 'x" \\ <b>', "input.sensitivity": "medium", "battery.health": "88",
            "battery.date.replace": "2028-05-01", "ups.temperature": "27.5"},
    "last": {"ups.status": "OL", "battery.charge": "100"},
}


class House(Wire):
    """Publishes for many UPSes; `settings` says of each what can be set, as `probe` does."""

    settings = {}

    def tell(self):
        lines = [f"BEGIN {self.number}"]
        for ups, values in self.upses.items():
            lines.append(f'UPS {ups} "Description unavailable"')
            for name, value in values.items():
                quoted = value.replace("\\", "\\\\").replace('"', '\\"')
                lines.append(f'{ups} SETINFO {name} "{quoted}"')
            for name, kind, rest in self.settings.get(ups, ()):
                lines.append(f"{ups} SETFLAGS {name} RW {'STRING' if kind == 'string' else 'NUMBER'}")
                if kind == "string":
                    lines.append(f"{ups} SETAUX {name} {rest[0]}")
                elif kind == "range":
                    lines.append(f"{ups} ADDRANGE {name} {rest[0]} {rest[1]}")
                else:
                    lines += [f"{ups} ADDENUM {name} {word}" for word in rest]
            lines += [f"{ups} ADDCMD {name}" for name in self.commands.get(ups, ())]
            lines += [f"{ups} DATAOK", f"{ups} VIEW * none"]
        self.write(*lines, f"END {self.number}")
        for ups in self.upses:
            self.write(f"ENERGY {ups} 1500")


def recorded():
    """What hid makes of each recording: values, settings, commands."""
    values, settings, commands = {}, {}, {}
    for path in sorted(glob.glob(f"{GOLDEN}/vars/*.txt")):
        ups = os.path.basename(path)[:-4]
        with open(path) as f:
            values[ups] = dict(line.rstrip("\n").split(": ", 1) for line in f if ": " in line)
        settings[ups], commands[ups] = [], []
        with open(f"{GOLDEN}/commands/{ups}.txt") as f:
            for words in (line.split() for line in f):
                if words[0] == "cmd":
                    commands[ups].append(words[1])
                elif words[1] in values[ups]:
                    settings[ups].append((words[1], words[2], words[3:-1]))
    return values, settings, commands


def configs(listener):
    """The messages of discovery that are kept, by topic."""
    return {t: p for t, p in list(listener.kept.items()) if t.startswith("homeassistant/") and
            t.endswith("/config")}


def checked(listener):
    """All entities: {(ups, platform, id): (topic, config)}; each is as it must be."""
    found = {}
    for topic, payload in configs(listener).items():
        ups = topic.split("/")[2].removeprefix(NODE).removeprefix("__")
        try:
            for platform, name, o in schema.check(topic, payload):
                found[ups, platform, name] = topic, o
                value = listener.kept.get(o.get("state_topic"))
                if value is not None and platform not in ("event", "button"):
                    schema.check_state(platform, o, value)
        except (schema.Fault, ValueError) as e:
            die(f"{topic}: {payload}: {e}")
    return found


folder = Folder()
needed()
broker = Mosquitto(folder)
listener = Listener(broker)
values, settings, commands = recorded()
if len(values) < 30:
    die(f"only {len(values)} recordings")
House.settings = settings
conf = f"url = {broker.url()}\nsite = home\nevents = all\nsettings = all\n"
ORDERS = "commands = all load.off outlet.1.load.on outlet.1.load.off\n"
commands["outlets"] = ["beeper.enable", "beeper.disable", "outlet.1.load.on", "outlet.1.load.off",
                       "outlet.2.load.on", "outlet.2.load.off", "test.battery.start.quick"]
commands["last"] = ["test.panel.start"]
wire = House(folder, conf + ORDERS, values={})
wire.upses, wire.commands = {**values, **MADE}, commands
wire.tell()
LAST = f"homeassistant/button/{NODE}__last/do_test_panel_start/config"
wait_for("the last message of the last UPS", lambda: LAST in listener.kept, 3 * PATIENCE)

# --- each message, each value
entities = checked(listener)
for ups in wire.upses:
    for platform, name in (("binary_sensor", "link"), ("binary_sensor", "mains"),
                           ("sensor", "condition"), ("sensor", "load_energy"), ("event", "event")):
        if (ups, platform, name) not in entities:
            die(f"{ups} has no {platform} {name}")
same("the house", sorted(key for key in entities if key[0] == ""),
     [("", "binary_sensor", "connection"), ("", "event", "event")])
kinds = {"sensor": 400, "number": 40, "select": 15, "switch": 15, "button": 60, "text": 2}
for platform, least in kinds.items():
    if (count := sum(key[1] == platform for key in entities)) < least:
        die(f"only {count} of {platform}")
for ups, platform, name in (
        ("phases", "sensor", "input_l1_n_voltage"), ("phases", "sensor", "output_l3_watts"),
        ("outlets", "switch", "outlet_1_switch"), ("outlets", "binary_sensor", "outlet_2"),
        ("outlets", "switch", "beeper_switch"), ("outlets", "button", "do_test_start_quick"),
        ("odd", "sensor", "battery_date"), ("odd", "sensor", "warning"),
        ("odd", "sensor", "battery_health"), ("odd", "sensor", "battery_date_replace")):
    if (ups, platform, name) not in entities:
        die(f"{ups} has no {platform} {name}")
for name in "battery_charge", "battery_voltage", "load":
    if ("odd", "sensor", name) in entities:
        die(f"{name} is no number, and announced as one")
same("a date that is none", entities["odd", "sensor", "battery_date"][1].get("device_class"), None)
same("one that is one", entities["odd", "sensor", "battery_mfr_date"][1]["device_class"], "date")

# --- what Domoticz makes of it
types = {}
for (ups, platform, name), (topic, o) in entities.items():
    try:
        types[ups, platform, name] = schema.domoticz(topic, o, listener.kept.get(
            o.get("state_topic"), ""))
    except schema.Fault as e:
        die(f"{topic}: {e}")
for name, kind in {"battery_charge": "Percentage", "battery_runtime": "Custom (s)", "load": "Percentage",
                   "load_energy": "kWh", "condition": "Text", "input_voltage": "Voltage",
                   "load_watts": "Usage", "nominal_watts": "Custom (Watt)",
                   "output_frequency": "Custom (Hz)", "battery_date_replace": "Text",
                   "temperature": "Temp", "ambient_1_humidity": "Humidity"}.items():
    got = {t for (_, platform, one), t in types.items() if (platform, one) == ("sensor", name)}
    same(f"{name} in Domoticz", got, {kind})
for ups in wire.upses:
    of_ups = [o for (one, platform, _), (_, o) in entities.items()
              if one == ups and platform == "sensor"]
    watts = schema.watts_of(entities[ups, "sensor", "load_energy"][1], of_ups)
    if (ups, "sensor", "load_watts") in entities:
        same(f"watts beside the kWh of {ups}", watts["unique_id"], f"{NODE}__{ups}_load_watts")
    elif watts and "nominal" in watts["unique_id"]:
        die(f"{watts['unique_id']} beside the kWh")

# --- Home Assistant is born: all of it again
since = len(listener.messages)
listener.publish("homeassistant/status", "online")
wait_for("all of it again", lambda: set(configs(listener)) <= {
    m.topic for m in listener.messages[since:]}, 3 * PATIENCE)

# --- orders
UPS = f"{BASE}/outlets"


def ordered(tail, payload, *words):
    """An order gets to out with these words, and its answer back."""
    count = len(wire.asks)
    listener.publish(f"{UPS}/{tail}", payload)
    wait_for(f"the order {tail}", lambda: len(wire.asks) > count)
    same(f"{tail} {payload}", wire.asks[-1][1:], list(words))
    since = len(listener.messages)
    wire.write(f"ASKED {wire.asks[-1][0]} OK", f"ASKED {wire.asks[-1][0]} DONE 0")
    wait_for("what came of it", lambda: [json.loads(m.payload)["result"] for m in
             listener.messages[since:] if m.topic == f"{UPS}/result"] == ["accepted", "done"])


def refused(tail, payload, why, retain=False):
    count, since = len(wire.asks), len(listener.messages)
    listener.publish(f"{UPS}/{tail}", payload, retain=retain)
    got = wait_for(f"{tail} {payload} is refused", lambda: [json.loads(m.payload) for m in
                   listener.messages[since:] if m.topic == f"{UPS}/result"])
    same(f"{tail} {payload}", (got[0]["result"], why in got[0]["text"]), ("refused", True))
    same("orders", len(wire.asks), count)


wait_for("orders are heard", lambda: f"{BASE}/+/set/# (QoS 0)" in broker.log())
ordered("command/test/battery/start/quick", "PRESS", "INSTCMD", "outlets",
        "test.battery.start.quick")
ordered("command/beeper", "OFF", "INSTCMD", "outlets", "beeper.disable")
ordered("command/beeper", "enabled", "INSTCMD", "outlets", "beeper.enable")
ordered("command/outlet/1/load", "OFF", "INSTCMD", "outlets", "outlet.1.load.off")
refused("command/outlet/2/load", "OFF", "commands of [mqtt]")
refused("command/test/panel/start", "PRESS", "no such command")
refused("set/ups/status", "OB", "no such variable")
wire.say("outlets SETFLAGS outlet.1.delay.shutdown RW NUMBER",
         "outlets ADDRANGE outlet.1.delay.shutdown 0 600")
number = f"homeassistant/number/{NODE}__outlets/set_outlet_1_delay_shutdown/config"
wait_for("a setting that is new", lambda: number in listener.kept)
ordered("set/outlet/1/delay/shutdown", "90.0", "SET", "outlets", "outlet.1.delay.shutdown", "90")
refused("set/outlet/1/delay/shutdown", "601", "takes 0 to 600")
refused("set/outlet/1/delay/shutdown", "soon", "takes a number")

# --- the other form: those of the first are warned, make place, and are gone; the UPS that is
# no more goes with all it had
before = {key for key in entities if key[0] != "last"}
wire.end()
gone = wire.upses.pop("last")
since = len(listener.messages)
wire.conf += "form = device\n"
wire.start()
wait_for("nothing of the first form", lambda: all("/device/" in t for t in configs(listener)),
         4 * PATIENCE)
entities = checked(listener)
same("messages", len(configs(listener)), len(wire.upses) + 1)
new = set(entities) - {("outlets", "number", "set_outlet_1_delay_shutdown")}
same("entities that are no more", sorted(before - new), [])
order = [m for m in listener.messages[since:] if "__outlets/" in m.topic and m.topic.endswith("/config")]
first = next(i for i, m in enumerate(order) if "/device/" in m.topic)
same("warned before", all(json.loads(m.payload) == {"migrate_discovery": True}
                          for m in order[:first] if not m.retain), True)
same("emptied behind", all(m.payload == "" for m in order[first + 1:]), True)

# --- a setting that is no more is taken back where it stood; nothing at all with discovery = no
wire.end()
wire.conf += "discovery = no\n"
wire.start()
wait_for("no message left", lambda: not configs(listener), 2 * PATIENCE)
wire.end()
listener.end()
folder.end()
