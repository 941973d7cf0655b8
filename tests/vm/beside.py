#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Reads what tests/vm/usbip's guest says and prints the variables of `hid` and of Debian's
usbhid-ups (2.8.0) side by side, a table for each device, and a result line for each: PASS
if every difference is one of EXPLAINED. Other result lines pass through.
"""

import fnmatch
import re
import sys

# Of the driver itself, not of the UPS.
IGNORED = "driver.*"

NO_SERIAL = "no serial number: said, not left out"
NO_STRING = "the string was not recorded: usbhid-ups says \"\", hid what the make has, or nothing"
HELD = "hid keeps the delays of its delayed commands for every device"
NO_TEST = "always there with hid, as a client may wait for it"
NEWER = "as NUT 2.8.5 has it; Debian's 2.8.0 does not"
CLAMPED = "0 in a report that was not recorded; usbhid-ups lifts it into the logical range"
OWN_RANGE = "what the report says; usbhid-ups cuts it at the descriptor's wrong range"
UNKNOWN = "usbhid-ups 2.8.0 does not know this device"
FEWER = "usbhid-ups 2.8.0 does not know this report of this make"
ZEROS = "the reports were not recorded: zeros"
FORMAT = "the same number, as usbhid-ups 2.8.5 writes it for this make"

CYBERPOWER = "cp[0-9-]*|ec850lcd|or2200*|pr3000*|vp1600elcd|powerwalker-vi-750"
APC = "back-ups-*|bk650m2-ch|smart-ups-*"
OUTLETS = "eaton-*|santak-*"

# Devices, variables, sign, and why they are not the same; patterns as of file names, with
# "|" between them. The sign: "=" both have it, "+" hid alone, "-" usbhid-ups alone.
EXPLAINED = [
    ("*", "ups.serial|device.serial", "+=", NO_SERIAL),
    ("*", "battery.type|battery.mfr.date|ups.firmware", "=-", NO_STRING),
    ("*", "ups.delay.shutdown|ups.delay.start", "+", HELD),
    ("*", "ups.test.result", "+", NO_TEST),
    ("two-delays|legrand-keor-dk-3k", "*", "+", UNKNOWN),
    ("arduino-*", "*", "+", "usbhid-ups 2.8.0 takes the third interface of any Arduino"),
    ("*-corrupt-read", "*", "-", "the kernel and hid refuse a descriptor that begins with "
     "the request for it; usbhid-ups takes it and says OB"),
    ("ellipse-eco-short-read", "ups.status", "=", "not one report can be read: hid waits, "
     "usbhid-ups says OB"),
    (APC, "ups.model|device.model", "=", "the firmware is a variable of its own"),
    (APC, "ups.firmware|battery.date|battery.charge.restart|input.transfer.reason", "+", NEWER),
    ("back-ups-es-850m2", "ups.timer.reboot|input.transfer.*", "=", CLAMPED),
    (CYBERPOWER, "ups.delay.shutdown|ups.delay.start|battery.status|input.sensitivity", "+=",
     NEWER + " for CyberPower, which counts minutes"),
    (CYBERPOWER, "input.transfer.*|ups.power|ups.power.nominal|ups.realpower", "+", FEWER),
    (CYBERPOWER, "input.transfer.*|battery.charge.low", "=", CLAMPED),
    (CYBERPOWER, "input.voltage|output.voltage", "=", OWN_RANGE),
    ("santak-*", "ups.model|device.model", "=", "usbhid-ups adds the rating to a name that "
     "has it"),
    (OUTLETS, "outlet.*", "-", "usbhid-ups makes up what the strings would say"),
    (OUTLETS, "outlet.*|battery.charger.type", "+", NEWER),
    (OUTLETS, "battery.voltage*", "+", "usbhid-ups believes it of some series alone"),
    ("eaton-3s-700|eaton-5sc-*", "ups.status", "=", "the charger's own status counts where "
     "ABM is in use, and only there"),
    ("powercom-*", "battery.date|battery.mfr.date|ups.mfr.date", "+-", "the date is that of "
     "manufacture"),
    ("powercom-*", "battery.voltage|ups.temperature|output.frequency.nominal", "+", FEWER),
    ("powercom-*", "ups.timer.*", "=-", "minutes and seconds in a code, not a number"),
    ("tripp-lite", "ups.realpower", "+", FEWER),
    ("liebert-psa5", "*", "+", FEWER),
    ("liebert-gxt5", "*", "+", FEWER),
    ("liebert-gxt5", "battery.runtime|battery.voltage", "=", "minutes, and hundredths"),
    ("liebert-gxt5", "battery.voltage.nominal", "-", "that of the mains, which usbhid-ups "
     "takes for the battery's"),
    ("legrand-ups", "*", "+", FEWER),
    ("legrand-ups", "output.voltage|input.transfer.high", "=", OWN_RANGE),
    ("legrand-ups", "ups.realpower.nominal", "-", "the 800 are VA"),
    ("minuteman", "*voltage|output.current|ups.timer.*", "=", "2.8.0 takes it for another "
     "make (Delta), and the descriptor at its word"),
    ("minuteman", "*", "=", FORMAT),
    ("minuteman", "battery.capacity|input.source", "-", "names that Delta's table has"),
    ("minuteman", "ups.power", "+", FEWER),
    ("powerwalker-vi-1200-shl|salicru-*|idowell-*", "*", "+", FEWER),
    ("salicru-*", "ups.status", "=", ZEROS),
]


def matches(text, patterns):
    return any(fnmatch.fnmatch(text, pattern) for pattern in patterns.split("|"))


def explanation(device, variable, sign):
    for devices, variables, signs, reason in EXPLAINED:
        if matches(device, devices) and matches(variable, variables) and sign in signs:
            return reason
    return None


def show(value):
    return "-" if value is None else value or '""'


def sign_of(ours, nut):
    return "+" if nut is None else "-" if ours is None else "="


def compare(device, ours, nut):
    """Prints the table of a device; returns the names that nobody has explained."""
    print(f"{device:34} {'hid':26} usbhid-ups")
    unexplained = []
    for variable in sorted(set(ours) | set(nut)):
        if matches(variable, IGNORED):
            continue
        one, other = ours.get(variable), nut.get(variable)
        why = ""
        if one != other:
            why = explanation(device, variable, sign_of(one, other))
            if why is None:
                unexplained.append(variable)
                why = "???"
        print(f"  {variable:32} {show(one):26} {show(other):26} {why}".rstrip())
    return unexplained


def main():
    said = {"OURS": {}, "NUT": {}}
    devices = []
    for line in sys.stdin:
        line = line.rstrip("\r\n")
        found = re.match(r"(OURS|NUT) (\S+) ([a-z][a-z0-9.]*): (.*)$", line)
        if found:
            who, device, variable, value = found.groups()
            said[who].setdefault(device, {})[variable] = value.strip()
        elif line.startswith("DEVICE "):
            devices.append(line.split()[1])
        else:
            print(line)
    for device in devices:
        if not said["NUT"]:
            print(f"SKIP usbip:{device} there is no usbhid-ups to put beside it")
            continue
        ours, nut = (said[who].get(device, {}) for who in ("OURS", "NUT"))
        unexplained = compare(device, ours, nut)
        if unexplained:
            print(f"FAIL usbip:{device} not explained: {' '.join(unexplained)}")
        else:
            print(f"PASS usbip:{device}")


if __name__ == "__main__":
    main()
