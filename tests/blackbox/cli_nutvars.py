#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Every variable that NUT published of a recorded device, or of another of its model, is one
of ours in the same format, and where it does not move of the same value; or a reason is
given here. A report that was not recorded is made of ones, to see its variables' names."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("BUILD") or HERE + "/../../build"
FOLDER = (os.environ.get("HOLDUP_SHARED") or HERE + "/../../../shared") + "/hid"

# Published by NUT's driver of itself, or cut out of what was published.
NOT_OURS = re.compile(r"driver\..*|.*\.serial$")
# What is another number at another time.
MOVING = re.compile(r"battery\.(charge|runtime|voltage|temperature)|input\.voltage|ups\.status"
                    r"|output\.(voltage|frequency)|ups\.(load|timer\..*|test\.result|beeper.status)")
# What is another of another device of the model, or of another version of NUT.
OF_UNIT = re.compile(r".*\.date|.*\.firmware.*|input\.transfer\..*|input\.sensitivity"
                     r"|.*\.nominal|ups\.delay\..*|battery\.charge\.low|battery\.runtime\.low"
                     r"|outlet\..*|.*\.(mfr|model)")

# Of another device after all: a file of nut-ddl, why.
OTHERS = {
    "APC__Back-UPS_CS_500__usbhid-ups__2.6.0__01.dev":
        "the model of 2010 has another descriptor, which the body of the project's own has",
    "iDowell__iBox__usbhid-ups__2.6.5__01.dev":
        "the iBox has a larger descriptor than the battery that was recorded",
}

# Recording, variable, why it is not there or another.
NO_DATE = "iOEMInformation reads CPS, which is no date (NUT issue 439)"
AS_EATON = "NUT 2.7.4 took it for one of Eaton's; 2.8.5 has what we have"
REASONS = {
    ("0764_0501_cp1500avrlcda", "battery.mfr.date"): NO_DATE,
    ("0764_0501_cp1500pfclcd", "battery.mfr.date"): NO_DATE,
    ("0764_0501_ec850lcd", "battery.mfr.date"): NO_DATE,
    ("06da_ffff_powerwalker-vi-1200-shl", "device.model"): AS_EATON,
    ("06da_ffff_powerwalker-vi-1200-shl", "ups.model"): AS_EATON,
    ("06da_ffff_powerwalker-vi-1200-shl", "outlet.1.status"): AS_EATON,
    ("06da_ffff_powerwalker-vi-1200-shl", "battery.voltage"):
        "NUT 2.7.4 had no decimals; 2.8.5 has two",
    ("06da_ffff_powerwalker-vi-1200-shl", "ups.power.nominal"):
        "5 VA of a UPS of 1200: the firmware says so, and nobody is helped by it",
}


def die(text):
    print(text)
    sys.exit(1)


def run(path, option):
    got = subprocess.run([BUILD + "/cli/holdup", "probe", "--replay", path, option],
                         capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if got.returncode != 0:
        die(f"{path} {option}: {got.stderr}")
    return got.stdout


def variables(path):
    return dict(line.split(": ", 1) for line in run(path, "--vars").splitlines())


def filled(recording, path, folder):
    """The same device with ones for what was not recorded, and a text for each string."""
    sizes = {}
    for line in run(path, "--fields").splitlines():
        kind, number, offset, size = line.split(" ")[:4]
        if kind == "feature":
            sizes[int(number)] = max(sizes.get(int(number), 0), int(offset) + int(size))
    have = {(r["type"], r["id"]) for r in recording["reports"]}
    ones = [{"type": "feature", "id": n, "hex": f"{n:02x}" + "01" * ((bits + 7) // 8)}
             for n, bits in sizes.items() if ("feature", n) not in have]
    strings = {str(i): "PbAc" for i in range(1, 32)}
    new = f"{folder}/filled.json"
    with open(new, "w", encoding="utf-8") as f:
        json.dump(dict(recording, reports=ones + recording["reports"], strings=strings), f)
    return new


def shape(text):
    return re.sub(r"\d+", "9", text.lstrip("-")) if re.fullmatch(r"-?[\d./]+", text) else "text"


def check(name, path, folder, nut, same_unit):
    with open(path, encoding="utf-8") as f:
        recording = json.load(f)
    now, names, wrong = variables(path), variables(filled(recording, path, folder)), []
    for var, value in nut.items():
        value = value.strip()
        if NOT_OURS.fullmatch(var) or (name, var) in REASONS or value == "":
            continue
        if var not in names:
            wrong.append(f"{name}: {var} is missing, {value!r} in NUT")
        elif var not in now:
            continue
        elif shape(now[var]) != shape(value) and not MOVING.fullmatch(var):
            wrong.append(f"{name}: {var} is {now[var]!r}, {value!r} in NUT")
        elif MOVING.fullmatch(var) and shape(now[var]) != shape(value):
            wrong.append(f"{name}: {var} looks like {now[var]!r}, {value!r} in NUT")
        elif not MOVING.fullmatch(var) and now[var] != value and \
                (same_unit or not OF_UNIT.fullmatch(var)):
            wrong.append(f"{name}: {var} is {now[var]!r}, {value!r} in NUT")
    return wrong


def main():
    wrong, count = [], 0
    for path in sorted(glob.glob(FOLDER + "/*.json")):
        name = os.path.basename(path)[:-len(".json")]
        with open(path, encoding="utf-8") as f:
            recording = json.load(f)
        published = [(recording.get("nut_vars") or {}, True)]
        published += [(dump["nut_vars"], dump["same_unit"])
                      for dump in recording.get("nut_dumps") or []
                      if os.path.basename(dump["file"]) not in OTHERS]
        with tempfile.TemporaryDirectory() as folder:
            for nut, same_unit in published:
                if nut:
                    wrong += check(name, path, folder, nut, same_unit)
                    count += 1
    if wrong:
        die("\n".join(dict.fromkeys(wrong)))
    if count == 0:
        print(f"no recordings in {FOLDER}")
        sys.exit(77)


main()
