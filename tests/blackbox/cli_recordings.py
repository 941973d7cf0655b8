#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdup probe --replay by the real program on every recording of a real device: each field
that NUT decoded stands in a line of --fields, at its place and with its value; --vars says
of the article's UPS what NUT said of it."""

import glob
import json
import os
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
BUILD = os.environ.get("BUILD") or ROOT + "/build"
FOLDER = (os.environ.get("HOLDUP_SHARED") or ROOT + "/../shared") + "/hid"

# Read wrongly from the bus on purpose: to be refused.
REFUSED = ["0764_0501_vp1600elcd-corrupt-read.json"]
# Where NUT kept 8 of the 16 bits (NUT issue 3540): report, offset, NUT's value: the bytes'.
NUT_WRONG = {(24, 0, 0.000209): 0.001233, (27, 0, 0.000193): 0.001217,
             (24, 0, 0.00011): 0.002414, (27, 0, 0.000104): 0.002408}
VALUES_MIN = 1500


def die(text):
    print(text)
    sys.exit(1)


def replay(path, *options):
    return subprocess.run([BUILD + "/cli/holdup", "probe", "--replay", path, *options],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)


def fields(text, name):
    """The lines of --fields by what they say of the place; the first of a kind counts."""
    found = {}
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) != 7 or words[0] not in ("feature", "input"):
            die(f"{name}: no field: {line}")
        found.setdefault((words[0], *map(int, words[1:4]), words[4]), words[5])
    return found


def check_fields(path, name):
    """Compares with what is expected of one recording; returns the number of values."""
    with open(path, encoding="utf-8") as f:
        recording = json.load(f)
    got = replay(path, "--fields")
    if name in REFUSED:
        if got.returncode != 1 or got.stdout or "read it again" not in got.stderr:
            die(f"{name} is not refused: {got.stderr}")
        return 0
    if got.returncode != 0 or got.stderr:
        die(f"{name}: status {got.returncode}: {got.stderr}")
    found = fields(got.stdout, name)
    # Of a report that was read several times the last reading is printed.
    last = {(r["type"], r["id"]): r["hex"] for r in recording["reports"]}
    count = 0
    for row in recording["expected"]:
        kind, number = row["type"].lower(), row["report_id"]
        place = (kind, number, row["offset"], row["size"], row["usages"])
        if place not in found:
            die(f"{name}: {row['path']} is not there: {place}")
        if row["report"] != last.get((kind, number), last.get(("feature", number))):
            continue
        value = NUT_WRONG.get((number, row["offset"], row["value"]), row["value"])
        if found[place] == "-" or abs(float(found[place]) - value) > 1e-6:
            die(f"{name}: {row['path']} is {found[place]}, expected {value}")
        count += 1
    return count


def check_vars(path, name):
    """--vars names at least what a QNAP and a Synology need; returns all of it."""
    got = replay(path, "--vars")
    if name in REFUSED:
        if got.returncode != 1 or got.stdout or not got.stderr.startswith("holdup: "):
            die(f"{name} is not refused: {got.stdout}{got.stderr}")
        return {}
    if got.returncode != 0 or got.stderr:
        die(f"{name}: status {got.returncode}: {got.stderr}")
    found = dict(line.split(": ", 1) for line in got.stdout.splitlines())
    for var in "ups.mfr", "ups.model", "ups.status", "ups.test.result", "ups.vendorid":
        if var not in found:
            die(f"{name}: no {var}")
    return found


def main():
    recordings = sorted(glob.glob(FOLDER + "/*.json"))
    if not recordings:
        print(f"no recordings in {FOLDER}")
        sys.exit(77)
    values = 0
    for path in recordings:
        values += check_fields(path, os.path.basename(path))
        check_vars(path, os.path.basename(path))
    if values < VALUES_MIN:
        die(f"only {values} values")

    # The unit of the article's model, and what NUT 2.8.0 published for that very unit; its
    # serial number is not in the recording.
    path = FOLDER + "/051d_0002_back-ups-500-cs500.json"
    got = check_vars(path, "cs500")
    with open(path, encoding="utf-8") as f:
        wanted = json.load(f)["nut_vars"]
    for var, value in wanted.items():
        if not var.startswith("driver.") and not var.endswith(".serial") and \
                got.get(var) != value:
            die(f"cs500: {var} is {got.get(var)!r}, expected {value!r}")


main()
