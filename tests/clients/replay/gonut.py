# SPDX-License-Identifier: ISC
"""go.nut, of nut_exporter and Telegraf: about 135 questions for a UPS, 2 s for each; a new
buffer for each question, so what comes too much is lost; any ERR ends it."""

import re
import time

from kit import Trip, tries

CLIENT = "nut_exporter, Telegraf (go.nut)"


def command(wire, question):
    """The lines of the answer."""
    if wire.buffer:
        raise Trip(f"{wire.buffer!r} came too much and is lost")
    lines = [wire.ask(question)]
    while question.startswith("LIST") and lines[-1] != f"END {question}":
        if lines[0].startswith("ERR"):
            break
        lines.append(wire.line(question))
    if lines[0].startswith("ERR "):
        raise Trip(f"{question}: {lines[0]} ends the scrape")
    return lines


def atoi(text, what):
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise Trip(f"{what}: Atoi of {text!r} fails")
    return int(text)


def scrape(wire, ups):
    """As NewUPS(); the variables."""
    command(wire, f"LIST CLIENT {ups}")
    for row in command(wire, f"LIST CMD {ups}")[1:-1]:
        command(wire, f"GET CMDDESC {ups} {row.removeprefix(f'CMD {ups} ')}")
    command(wire, f"GET UPSDESC {ups}")
    atoi(command(wire, f"GET NUMLOGINS {ups}")[0].removeprefix(f"NUMLOGINS {ups} "), "NUMLOGINS")
    have = {}
    for row in command(wire, f"LIST VAR {ups}")[1:-1]:
        parts = row.removeprefix(f"VAR {ups} ").split('"')
        if len(parts) < 2:
            raise Trip(f"{row!r} has no quotes: it panics")
        name = parts[0].removesuffix(" ")
        have[name] = parts[1].strip(" ")
        command(wire, f"GET DESC {ups} {name}")
        kind = command(wire, f"GET TYPE {ups} {name}")[0]
        kind = kind.removeprefix(f"TYPE {ups} {name} ").split(" ")
        if kind[0] == "RW" and len(kind) < 2:
            raise Trip(f"GET TYPE of {name} says RW and nothing else: it panics")
        if kind[0] == "RW" and kind[1].startswith("STRING:"):
            atoi(kind[1].split(":")[1], f"the length of {name}")
    return have


def connect(server, anonymous=False):
    wire = server.connect(2)
    command(wire, "VER")
    command(wire, "NETVER")
    if server.user and not anonymous:
        command(wire, f"USERNAME {server.user}")
        command(wire, f"PASSWORD {server.password}")
    return wire


@tries("nut_exporter: one whole scrape without an account, within 10 s")
def exporter(server):
    begin = time.monotonic()
    wire = connect(server, anonymous=True)
    for row in command(wire, "LIST UPS")[1:-1]:
        scrape(wire, row.removeprefix("UPS ").split('"')[0].removesuffix(" "))
    wire.logout()
    if time.monotonic() - begin > 10:
        raise Trip(f"the scrape takes {time.monotonic() - begin:.0f} s, Prometheus waits for 10")


@tries("Telegraf upsd: battery.runtime as a whole number; names for its tags")
def telegraf(server):
    have = scrape(connect(server), server.ups)
    atoi(have.get("battery.runtime", "0"), "battery.runtime")
    tags = "device.serial", "device.model", "ups.firmware"
    missing = [name for name in ("ups.status", "battery.runtime", *tags) if name not in have]
    return f"no {', '.join(missing)}" if missing else ""


@tries("numbers are numbers for the graphs")
def numbers(server):
    have = scrape(connect(server), server.ups)
    for name in "battery.charge", "battery.runtime", "ups.load", "input.voltage":
        if name in have and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", have[name]):
            raise Trip(f"{name} is {have[name]!r}, which becomes a text")
