#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdup probe --replay by the real program on every recording of a real device, and on the
project's own. Each field that NUT decoded stands in a line of --fields, at its place and with
its value, in each of the readings that were recorded. What --vars, --commands and --quirks
print is in golden/, a folder each; GOLDEN=write writes it."""

import difflib
import glob
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = HERE + "/../.."
BUILD = os.environ.get("BUILD") or ROOT + "/build"
FOLDER = (os.environ.get("HOLDUP_SHARED") or ROOT + "/../shared") + "/hid"

# Read wrongly from the bus on purpose: to be refused. Its values are those of a device that
# nobody could trust.
REFUSED = ["0764_0501_vp1600elcd-corrupt-read"]

# Where NUT is wrong and ours is right: recording, report, offset, NUT's value, ours, why.
NUT_WRONG = [
    ("05dd_a0a0_minuteman", 24, 0, 0.000209, 0.001233,
     "the logical maximum 255 is left over from an item before, and NUT keeps 8 of 16 bits"),
    ("05dd_a0a0_minuteman", 27, 0, 0.000193, 0.001217, "the same"),
    ("1cb0_0032_legrand-ups", 24, 0, 0.00011, 0.002414, "the same (NUT issue 3540)"),
    ("1cb0_0032_legrand-ups", 27, 0, 0.000104, 0.002408, "the same"),
]
# All values that the recordings have, but for the one that is refused.
VALUES = 1651


def die(text):
    print(text)
    sys.exit(1)


def replay(path, *options):
    return subprocess.run([BUILD + "/cli/holdup", "probe", "--replay", path, *options],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)


def printed(path, name, option):
    got = replay(path, option)
    if got.returncode != 0 or got.stderr:
        die(f"{name} {option}: status {got.returncode}: {got.stderr}")
    return got.stdout


def fields(text, name):
    """The lines of --fields by what they say of the place; the first of a kind counts."""
    found = {}
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) != 7 or words[0] not in ("feature", "input"):
            die(f"{name}: no field: {line}")
        found.setdefault((words[0], *map(int, words[1:4]), words[4]), words[5])
    return found


def place(row):
    return row["type"].lower(), row["report_id"], row["offset"], row["size"], row["usages"]


class Recording:
    """One file, and what has been compared of it."""

    def __init__(self, path, folder):
        self.path, self.folder = path, folder
        self.name = os.path.basename(path)[:-len(".json")]
        with open(path, encoding="utf-8") as f:
            self.json = json.load(f)
        self.left = list(self.json.get("expected", []))

    def read(self, readings):
        """The fields, with further readings after those of the recording."""
        changed = dict(self.json, reports=self.json["reports"] + readings)
        path = f"{self.folder}/{self.name}.json"
        with open(path, "w", encoding="utf-8") as f:
            json.dump(changed, f)
        return fields(printed(path, self.name, "--fields"), self.name)

    def value(self, row):
        for name, report, offset, nut, ours, _ in NUT_WRONG:
            if (name, report, offset, nut) == \
                    (self.name, row["report_id"], row["offset"], row["value"]):
                return ours
        return row["value"]

    def compare(self, row, found):
        if place(row) not in found:
            die(f"{self.name}: {row['path']} is not there: {place(row)}")
        got, value = found[place(row)], self.value(row)
        if got == "-" or abs(float(got) - value) > 1e-6:
            die(f"{self.name}: {row['path']} is {got}, expected {value}")
        if "value_unfixed" in row and abs(float(got) - row["value_unfixed"]) <= 1e-6:
            die(f"{self.name}: {row['path']} is clamped: {got}")

    def newest(self, row):
        """The report that a row is printed from as recorded: its own kind's, or where there
        is none the feature report with the same field."""
        last = {(r["type"], r["id"]): r["hex"] for r in self.json["reports"]}
        own = (row["type"].lower(), row["report_id"])
        return last.get(own, last.get(("feature", row["report_id"])))

    def check_fields(self):
        """Compares each row with the reading that it is of; returns their number."""
        found = fields(printed(self.path, self.name, "--fields"), self.name)
        now = {id(row): self.newest(row) for row in self.left}
        total = len(self.left)
        while True:
            fit = [row for row in self.left if row["report"] == now[id(row)]]
            for row in fit:
                self.compare(row, found)
            self.left = [row for row in self.left if row not in fit]
            if not self.left:
                break
            # Once more, with the next reading of each report.
            new = {}
            for row in self.left:
                new.setdefault((row["type"].lower(), row["report_id"]), row["report"])
            readings = [{"type": kind, "id": number, "hex": text}
                        for (kind, number), text in new.items()]
            found = self.read(readings)
            now = {id(row): new[(row["type"].lower(), row["report_id"])]
                   for row in self.left}
        self.check_short()
        self.check_interrupts()
        self.check_others()
        return total

    def check_short(self):
        """A report that ends early has the fields that it reaches, and no others."""
        for short in self.json.get("short_reads", []):
            found = self.read([short])
            for row in self.json["expected"]:
                if (row["type"].lower(), row["report_id"]) != (short["type"], short["id"]):
                    continue
                if row["offset"] + row["size"] <= 8 * (short["got"] - 1):
                    self.compare(row, found)
                elif found[place(row)] != "-":
                    die(f"{self.name}: {row['path']} is {found[place(row)]} in {short['hex']}")

    def check_interrupts(self):
        """So has one that goes on and on."""
        for long in self.json.get("interrupt_reads", []):
            text = long["hex_head"] + "00" * (long["got"] - len(long["hex_head"]) // 2)
            found = self.read([{"type": "input", "id": long["id"], "hex": text}])
            rows = [row for row in self.json["expected"] if row["type"] == "Input" and
                    row["report_id"] == long["id"] and
                    row["report"].startswith(long["hex_head"])]
            if not rows:
                die(f"{self.name}: nothing is known of {long['hex_head']}")
            for row in rows:
                self.compare(row, found)

    def check_others(self):
        """Other devices with this descriptor, of which only values are known: there is a
        number in that place that comes to the value."""
        found = fields(printed(self.path, self.name, "--fields"), self.name)
        for run in self.json.get("other_runs", []):
            for row in run["expected_without_raw"]:
                if place(row) not in found:
                    die(f"{self.name}: {row['path']} is not there: {place(row)}")
            left = {(place(row), row["value"]) for row in run["expected_without_raw"]}
            while left:
                # One value a place at a time, as tenths, as hundredths, or as it is.
                now, done = dict(left), set()
                for power in range(3):
                    got = self.read(written(found, now, 10 ** power))
                    done |= {(at, value) for at, value in now.items()
                             if abs(float(got[at]) - value) <= 1e-6}
                if done != set(now.items()):
                    die(f"{self.name}: cannot be: {set(now.items()) - done}")
                left -= done


def written(found, values, factor):
    """Reports in which each place holds its value times factor."""
    sizes, numbers = {}, {}
    for kind, number, offset, size, _ in found:
        sizes[kind, number] = max(sizes.get((kind, number), 0), offset + size)
    for (kind, number, offset, size, _), value in values.items():
        bits = round(value * factor) & ((1 << size) - 1)
        numbers[kind, number] = numbers.get((kind, number), 0) | bits << offset
    return [{"type": kind, "id": number, "hex": f"{number:02x}" + bits.to_bytes(
        (sizes[kind, number] + 7) // 8, "little").hex()}
        for (kind, number), bits in numbers.items()]


def check_refused(path, name):
    for option in "--fields", "--vars", "--commands", "--quirks":
        got = replay(path, option)
        if got.returncode != 1 or got.stdout or "read it again" not in got.stderr:
            die(f"{name} is not refused: {got.stderr}")


def check_writes(recording, text, name):
    """A setting as it stands writes the very report that was read."""
    reports = {(r["type"], r["id"]): r["hex"] for r in recording["reports"]}
    for line in text.splitlines():
        kind, var, *_, written = line.split(" ")
        if kind == "rw" and written != "-" and \
                reports["feature", int(written[:2], 16)] != written:
            die(f"{name}: {var} as it stands would be written as {written}")


def check_golden(path, name, missing):
    """--vars names at least what a QNAP and a Synology need."""
    for option in "vars", "commands", "quirks":
        text = printed(path, name, "--" + option)
        if option == "commands":
            with open(path, encoding="utf-8") as f:
                check_writes(json.load(f), text, name)
        golden = f"{HERE}/golden/{option}/{name}.txt"
        if os.environ.get("GOLDEN") == "write":
            os.makedirs(os.path.dirname(golden), exist_ok=True)
            with open(golden, "w", encoding="utf-8") as f:
                f.write(text)
        if not os.path.exists(golden):
            missing.append(f"{option}/{name}")
            continue
        with open(golden, encoding="utf-8") as f:
            wanted = f.read()
        if text != wanted:
            die(f"{name}: --{option} differs\n" + "\n".join(difflib.unified_diff(
                wanted.splitlines(), text.splitlines(), golden, "now", lineterm="")))
        if option == "vars":
            for var in "ups.mfr", "ups.model", "ups.status", "ups.test.result", \
                    "ups.vendorid":
                if f"\n{var}: " not in "\n" + text:
                    die(f"{name}: no {var}")


def main():
    missing = []
    for path in sorted(glob.glob(ROOT + "/sim/bodies/*.json") +
                       glob.glob(HERE + "/devices/*.json")):
        check_golden(path, os.path.basename(path)[:-len(".json")], missing)
    recordings = sorted(glob.glob(FOLDER + "/*.json"))
    values = 0
    for path in recordings:
        name = os.path.basename(path)[:-len(".json")]
        if name in REFUSED:
            check_refused(path, name)
            continue
        with tempfile.TemporaryDirectory() as folder:
            values += Recording(path, folder).check_fields()
        check_golden(path, name, missing)
    if missing:
        die("not in golden/: " + " ".join(missing))
    if not recordings:
        print(f"no recordings in {FOLDER}")
        sys.exit(77)
    if values < VALUES:
        die(f"only {values} values")

    # The unit of the article's model, and what NUT 2.8.0 published for that very unit; its
    # serial number is not in the recording.
    path = FOLDER + "/051d_0002_back-ups-500-cs500.json"
    got = dict(line.split(": ", 1) for line in printed(path, "cs500", "--vars").splitlines())
    with open(path, encoding="utf-8") as f:
        wanted = json.load(f)["nut_vars"]
    for var, value in wanted.items():
        if not var.startswith("driver.") and not var.endswith(".serial") and \
                got.get(var) != value:
            die(f"cs500: {var} is {got.get(var)!r}, expected {value!r}")


main()
