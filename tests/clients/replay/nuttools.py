# SPDX-License-Identifier: ISC
"""upsc, upscmd and upsrw of NUT 2.8, and all that run them: Zabbix, LibreNMS, Munin,
Checkmk, the MQTT bridges."""

import time

from kit import Trip, Untried, harmless_command, tries, words
from upsclient import get, rows, variables

CLIENT = "upsc, upscmd, upsrw"

TYPES = {"RW", "STRING", "ENUM", "RANGE", "NUMBER"}


def connect(server):
    wire = server.connect(10)
    wire.starttls()
    return wire


@tries("upsc -l, -L, -c")
def lists(server):
    wire = connect(server)
    listed = rows(wire, "UPS")
    if server.ups not in [row[0] for row in listed]:
        raise Trip(f"LIST UPS has no {server.ups}: {listed}")
    if any(len(row) != 2 for row in listed):
        raise Trip(f"LIST UPS has a row that is not a name and a text: {listed}")
    rows(wire, "CLIENT", server.ups)
    get(wire, "UPSDESC", server.ups)


@tries("upsc: all variables, and each by itself has the same value")
def upsc(server):
    wire = connect(server)
    moving = "battery.", "ups.load", "ups.timer.", "input.", "output.", "ups.t", "ups.realpower"
    for name, value in variables(wire, server.ups).items():
        got = get(wire, "VAR", server.ups, name)
        if got != [value] and not name.startswith(moving):
            raise Trip(f"{name} is {value!r} in the list and {got} by itself")


@tries("upsc: what is not there is refused by the right word")
def refusals(server):
    wire = connect(server)
    for question, word in (
        (f"GET VAR {server.ups} no.such", "VAR-NOT-SUPPORTED"),
        ("GET VAR no-such-ups ups.status", "UNKNOWN-UPS"),
        ("LIST VAR no-such-ups", "UNKNOWN-UPS"),
    ):
        answer = wire.ask(question)
        if not answer.startswith(f"ERR {word}"):
            raise Trip(f"{question}: {answer}, wants ERR {word}")


@tries("upscmd -l: commands and what they do")
def upscmd(server):
    wire = connect(server)
    for (command,) in rows(wire, "CMD", server.ups):
        get(wire, "CMDDESC", server.ups, command)


@tries("upsrw: settings with type, text, values and ranges")
def upsrw(server):
    wire = connect(server)
    for name, _ in rows(wire, "RW", server.ups):
        kinds = get(wire, "TYPE", server.ups, name)
        unknown = [kind for kind in kinds if kind.split(":")[0] not in TYPES]
        if unknown:
            raise Trip(f"TYPE of {name}: {unknown}")
        get(wire, "DESC", server.ups, name)
        if "ENUM" in kinds and not rows(wire, "ENUM", server.ups, name):
            raise Trip(f"{name} is an ENUM without values")
        if "RANGE" in kinds and any(len(r) != 2 for r in rows(wire, "RANGE", server.ups, name)):
            raise Trip(f"a range of {name} is not two numbers")


def tracked(wire, question):
    """Sends what is answered with a tracking id, and follows it."""
    wire.demand("SET TRACKING ON", "OK")
    answer = words(wire.demand(question, "OK"))
    if answer[1:2] != ["TRACKING"] or len(answer) != 3:
        raise Trip(f"{question} with TRACKING: {' '.join(answer)!r}, has no id")
    for _ in range(50):
        state = wire.ask(f"GET TRACKING {answer[2]}")
        if state != "PENDING":
            return state
        time.sleep(0.1)
    raise Trip("the tracked request stays PENDING")


@tries("upscmd -w: a harmless command, followed by TRACKING")
def follow(server):
    user, password = server.account()
    wire = connect(server)
    command = harmless_command([r[0] for r in rows(wire, "CMD", server.ups)],
                               variables(wire, server.ups))
    wire.demand(f"USERNAME {user}", "OK")
    wire.demand(f"PASSWORD {password}", "OK")
    state = tracked(wire, f"INSTCMD {server.ups} {command}")
    if state != "SUCCESS":
        raise Trip(f"{command}: {state}")


@tries("upsrw -s: a setting to what it is")
def setting(server):
    user, password = server.account()
    wire = connect(server)
    name = "battery.charge.low"
    values = {row[0]: row[1] for row in rows(wire, "RW", server.ups)}
    if name not in values:
        raise Untried(f"{name} cannot be set")
    wire.demand(f"USERNAME {user}", "OK")
    wire.demand(f"PASSWORD {password}", "OK")
    wire.demand(f'SET VAR {server.ups} {name} "{values[name]}"', "OK")
