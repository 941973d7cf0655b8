#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 30 s
"""Domoticz without numbers, before somebody who may not do everything: wrong logins, the two
settings that are usually wrong, a user without an administrator's rights, an old version. What
is wrong is said once, with the remedy; once it is mended all goes on by itself."""

from corelib import logged, same, wait_for
from domoticzlib import USER, VIEWER, Domoticz
from outlib import Out

LOGIN = 'user = ups\npassword = "ge heim"\n'


def created(domoticz):
    return [path for path, _ in domoticz.asked
            if "param=createdevice" in path or "param=addhardware" in path]


def begin(more, trusted=False, **options):
    """What is wrong is arranged before anybody asks."""
    domoticz = Domoticz(trusted=trusted)
    house = domoticz.house
    for name, value in options.items():
        setattr(house, name, value)
    house.users["ups"] = ["ge heim", 2, None]
    return domoticz, house, lambda: Out(more, domoticz=domoticz)


# No login where one is needed: what to write. Nothing is made.
domoticz, house, start = begin("")
out = start()
out.says("lets nobody in without a login: write user = and password =")
same("what was made", created(domoticz), [])
house.trusted = True
wait_for("the charge", lambda: (d := domoticz.device("qnapups charge")) and d["svalue"] == "100.0")
out.says("it answers again\n")
out.stop()

# Basic authentication over plain HTTP is not allowed: once, with both settings; when it is,
# a second later all is there.
domoticz, house, start = begin(LOGIN)
out = start()
out.says("does not accept user ups: besides a wrong password")
logged(out, "Allow Basic-Auth over plain HTTP\" must be on", "Trusted Networks", times=1)
house.plain = True
wait_for("the charge", lambda: (d := domoticz.device("qnapups charge")) and d["svalue"] == "100.0")
logged(out, "Allow Basic-Auth", times=1)
out.stop()

# From a trusted network a wrong password is refused where none would be welcome.
domoticz, house, start = begin("user = ups\npassword = wrong\n", trusted=True, plain=True)
out = start()
out.says("if this machine is in it, leave user and password out")
same("what was made", created(domoticz), [])
house.users["ups"][0] = "wrong"
wait_for("the charge", lambda: domoticz.device("qnapups charge"))
out.stop()

def few_rights(forbids):
    """`forbids`: HTTP's status for a missing right, which differs by version."""
    # A user who is no administrator: nothing can be made, and it is said how it can be; what is
    # tried is tried once a minute.
    domoticz, house, start = begin(LOGIN, plain=True, forbids=forbids)
    house.users["ups"][1] = USER
    out = start()
    out.says("takes the rights of an administrator, once")
    wait_for("the questions end", lambda: len(domoticz.asked) > 2)
    same("sensors", [n for n in ("charge", "load") if domoticz.device(f"qnapups {n}")], [])
    out.core.set("ups.load", "35")
    out.core.set("ups.load", "36")
    logged(out, "rights of an administrator", times=1)
    same("what was tried", len(created(domoticz)) <= 1, True)
    out.end()

    # The same one, once an administrator has made the sensors: all are told.
    house.users["ups"][1] = 2
    out.start()
    out.core.reader()
    wait_for("the charge",
             lambda: (d := domoticz.device("qnapups charge")) and d["svalue"] == "100.0")
    out.end()
    numbers = {n: domoticz.device(f"qnapups {n}")["idx"] for n in ("charge", "load", "condition")}
    house.users["ups"][1] = USER
    for open_hardware in False, True:  # whether he may look at the hardware differs by version
        house.open_hardware = open_hardware
        house.written.clear()
        out.start()
        out.core.reader()
        wait_for("all values", lambda: {i for i, *_ in house.written} >= set(numbers.values()))
        out.core.set("ups.status", "OB")
        wait_for("a lamp", lambda: domoticz.device("qnapups condition")["nvalue"] == 3)
        same("what was made", {n: domoticz.device(f"qnapups {n}")["idx"] for n in numbers}, numbers)
        out.end()

    # A sensor that this user may not see is not told, and the others are. A viewer tells nothing.
    house.users["ups"][2] = {numbers["charge"], numbers["condition"]}
    house.written.clear()
    out.start()
    out.core.reader()
    wait_for("the charge", lambda: numbers["charge"] in {i for i, *_ in house.written})
    same("the load", numbers["load"] in {i for i, *_ in house.written}, False)
    out.end()
    house.users["ups"][1:] = [VIEWER, None]
    house.written.clear()
    out.start()
    out.core.reader()
    wait_for("it is said", lambda: "is refused by" in out.log())
    same("what was written", house.written, [])
    out.stop()


few_rights(200)
few_rights(403)

# One that is too old is named, and nothing is asked of it but its version.
domoticz, house, start = begin("", trusted=True, version="2022.2")
out = start()
out.says("is Domoticz 2022.2: it has to be 2023.2 or newer")
same("what was asked", {p for p, _ in domoticz.asked},
     {"/json.htm?type=command&param=getversion"})
house.version = "2024.7"
wait_for("the charge", lambda: domoticz.device("qnapups charge"))
out.says("is Domoticz 2024.7")
out.stop()

# One name of another UPS is in the file.
domoticz, house, start = begin("ups = second\n", trusted=True)
out = start()
out.says("no UPS is named second: correct ups = in [domoticz]")
same("what was asked", domoticz.asked, [])
out.core.say('UPS second ""', 'second SETINFO ups.load "7"', "second DATAOK")
wait_for("its load", lambda: (d := domoticz.device("second load")) and d["svalue"] == "7.0")
same("the other one", domoticz.device("qnapups load"), None)
out.stop()
