#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 30 s
"""Domoticz without numbers, seen through its API alone: the hardware and a sensor for each
value are made, told and found again, whatever somebody does to them. With DOMOTICZ_URL
(http://admin:password@host:8080) it is a real Domoticz that is tried."""

import os
import shutil
import urllib.parse

from corelib import same, wait_for
from domoticzlib import Api, Domoticz, real_url
from outlib import Out

SNAPSHOT = """UPS upsA "Server"
upsA SETINFO battery.charge "100"
upsA SETINFO battery.runtime "1540"
upsA SETINFO battery.voltage "27.31"
upsA SETINFO input.frequency "50.0"
upsA SETINFO input.voltage "231.4"
upsA SETINFO output.current "1.2"
upsA SETINFO ups.load "34"
upsA SETINFO ups.realpower "126"
upsA SETINFO ups.status "OL CHRG"
upsA SETINFO ups.temperature "27.5"
upsA DATAOK
UPS upsB ""
upsB SETINFO ups.status "OL"
upsB SETINFO ups.load "7"
upsB DATAOK
"""

WANTED = {
    "upsA condition": "On mains, battery charging", "upsA status": "On mains, battery charging",
    "upsA on battery": "Off", "upsA replace battery": "Off", "upsA communication": "On",
    "upsA charge": "100%", "upsA load": "34%", "upsA runtime": "1540 s",
    "upsA temperature": "27.5 C", "upsA power": "126 Watt", "upsA input voltage": "231.4 V",
    "upsA battery voltage": "27.31 V", "upsA output current": "1.2 A",
    "upsA input frequency": "50 Hz", "upsB condition": "On mains", "upsB status": "On mains",
    "upsB on battery": "Off", "upsB replace battery": "Off", "upsB communication": "On",
    "upsB load": "7%",
}
HARDWARE = "UPS of a test"
LOGIN = f'hardware = "{HARDWARE}"\n'

url, house = real_url(), Domoticz()
if url is None:
    house.house.trusted = False
    house.house.plain = True
    url = f"http://admin:domoticz@127.0.0.1:{house.port}"
api = Api(url)
parts = urllib.parse.urlsplit(url)
if parts.username:
    LOGIN += f'user = {parts.username}\npassword = "{parts.password}"\n'
plain = f"{parts.scheme}://{parts.hostname}:{parts.port or 80}"


ENERGY = "upsA energy"  # comes when out has counted some


def ours(energy=False):
    """The devices of our hardware by name."""
    return {n: r for n, r in api.devices().items()
            if r["HardwareName"] == HARDWARE and (n == ENERGY) == energy}


def close(shown, wanted):
    """Versions differ in how many zeros they show."""
    value, _, unit = wanted.partition(" ")
    number = value.rstrip("%")
    if not number.replace(".", "").isdigit():
        return shown == wanted
    got = shown.replace("%", " %").split()
    return abs(float(got[0]) - float(number)) < 0.06 and (not unit or got[-1][0] == unit[0])


def shows(wanted):
    """The list of devices comes to say so, and names no other device."""
    def so():
        have = ours()
        return set(have) == set(wanted) and all(
            close(have[n]["Data"], text) for n, text in wanted.items())
    wait_for(f"all of {sorted(wanted)}", so)


def remove_all():
    for name, row in api.hardware().items():
        if name == HARDWARE:
            api.ask("deletehardware", idx=row["idx"])


remove_all()
out = Out(LOGIN, SNAPSHOT, domoticz=house, url=plain)
shows(WANTED)
out.says("it answers\n")
first = {name: row["idx"] for name, row in ours().items()}
wait_for("the charge beside all sensors that have one",
         lambda: {n for n, r in ours().items() if r["BatteryLevel"] == 100} ==
         {n for n in WANTED if n.startswith("upsA")})
same("the lamp", ours()["upsA condition"]["Level"], 1)

# The power fails: lamp, switch and status are told.
out.core.say('upsA SETINFO ups.status "OB DISCHRG"', 'upsA SETINFO battery.charge "97"')
WANTED.update({"upsA condition": "ON BATTERY", "upsA status": "ON BATTERY",
               "upsA on battery": "On", "upsA charge": "97%"})
shows(WANTED)
same("the lamp", ours()["upsA condition"]["Level"], 3)
out.core.say('upsA SETINFO ups.status "OB LB"')
wait_for("a red lamp", lambda: ours()["upsA condition"]["Level"] == 4)
out.core.say('upsA SETINFO ups.status "OL RB"')
WANTED.update({"upsA condition": "On mains, replace the battery", "upsA on battery": "Off",
               "upsA status": "On mains, replace the battery", "upsA replace battery": "On"})
shows(WANTED)

# A value that comes later is a sensor more.
out.core.say('upsB SETINFO battery.charge "55"')
WANTED["upsB charge"] = "55%"
shows(WANTED)

# Renamed: it stays ours, and so it does after a restart.
api.ask("renamedevice", idx=first["upsA load"], name="What the server takes")
del WANTED["upsA load"]
out.core.say('upsA SETINFO ups.load "61"')
WANTED["What the server takes"] = "61%"
shows(WANTED)
out.end()
out.core.snapshot = out.core.snapshot.replace('load "34"', 'load "62"').replace(
    "OL CHRG", "OL RB").replace('charge "100"', 'charge "97"')
out.start()
out.core.reader()
WANTED["What the server takes"] = "62%"
shows(WANTED)

wait_for("the energy", lambda: (e := ours(energy=True).get(ENERGY)) and
         e["Usage"].split(".")[0].split()[0] == "126" and e["Data"].split()[1] == "kWh")

# Deleted: it is made again, with a number of its own; the others keep theirs.
api.ask("deletedevice", idx=first["upsA runtime"])
out.core.say('upsA SETINFO battery.runtime "1200"')
WANTED["upsA runtime"] = "1200 s"
shows(WANTED)
same("the others", {n: ours()[n]["idx"] for n in ("upsA charge", "upsB load")},
     {n: first[n] for n in ("upsA charge", "upsB load")})

# The hardware is deleted with all of its sensors.
remove_all()
out.core.say('upsA SETINFO battery.runtime "1100"')
WANTED["upsA runtime"] = "1100 s"
WANTED["upsA load"] = WANTED.pop("What the server takes")
del WANTED["upsB charge"]  # nobody has told it since the restart
shows(WANTED)

# What was kept is lost: all of it is found by its name.
numbers = {name: row["idx"] for name, row in ours().items()}
out.end()
shutil.rmtree(f"{out.folder.dir}/out")
os.mkdir(f"{out.folder.dir}/out")
out.core.snapshot = out.core.snapshot.replace('load "62"', 'load "63"')
out.start()
out.core.reader()
WANTED["upsA load"], WANTED["upsA runtime"] = "63%", "1540 s"
shows(WANTED)
same("numbers", {name: row["idx"] for name, row in ours().items()}, numbers)
out.end()
remove_all()
house.end()
