# SPDX-License-Identifier: ISC
"""node-nut 1.0.3 (npm; ioBroker, Homebridge): takes what has come whenever it ends in a
line end; greedy expressions; ASCII; one question at a time."""

import re

from kit import Trip, Untried, tries

CLIENT = "node-nut"


def chunk(wire):
    text = ""
    while not text.endswith("\n"):
        more = wire.receive()
        if not more:
            raise Trip("the connection is closed")
        text += more
    return text


def listing(wire, question, pattern):
    """What the expression finds in the rows, chunk by chunk until one has the end."""
    wire.send(question + "\n")
    word, out = question.split(" ")[1], []
    while True:
        for row in chunk(wire).split("\n")[:-1]:
            if row.startswith(f"{word} "):
                match = re.match(pattern, row)
                if not match:
                    raise Trip(f"{row!r} does not match {pattern}: it throws")
                out.append(match.groups())
            elif row.startswith(f"END LIST {word}"):
                return out
            elif row.startswith("ERR"):
                raise Trip(f"{question}: {row}")


def one(wire, question, pattern):
    wire.send(question + "\n")
    text = chunk(wire)
    match = re.match(pattern, text)
    if not match:
        raise Trip(f"{question}: {text!r}")
    return match[1]


def variables(wire, ups):
    return dict(listing(wire, f"LIST VAR {ups}", r'^VAR\s+.+\s+(.+)\s+"(.*)"'))


@tries("GetUPSList, GetUPSVars")
def readings(server):
    wire = server.connect(10)
    listed = dict(listing(wire, "LIST UPS", r'^UPS\s+(.+)\s+"(.*)"'))
    if server.ups not in listed:
        raise Trip(f"{server.ups} is not in {listed}")
    have = variables(wire, server.ups)
    for name, value in have.items():
        if not re.fullmatch(r"[A-Za-z0-9._-]+", name) or '"' in value:
            raise Trip(f"its greedy expression reads {name!r} = {value!r}")
        if any(ord(c) > 127 for c in value):
            raise Trip(f"{name}: {value!r} is not ASCII, it shows other letters")
    if "ups.status" not in have:
        raise Trip("no ups.status")
    wire.logout()


@tries("GetVarType, GetVarDescription of each")
def about(server):
    wire = server.connect(10)
    for name in variables(wire, server.ups):
        one(wire, f"GET TYPE {server.ups} {name}", r"^TYPE\s+.+\s+.+\s+(.+)")
        one(wire, f"GET DESC {server.ups} {name}", r'^DESC\s+.+\s+.+\s+"(.+)"')


@tries("GetUPSCommands with texts, GetRWVars, GetEnumsForVar, GetRangesForVar")
def more(server):
    wire = server.connect(10)
    for (command,) in listing(wire, f"LIST CMD {server.ups}", r"^CMD\s+.+\s+(.+)"):
        one(wire, f"GET CMDDESC {server.ups} {command}", r'^CMDDESC\s+.+\s+.+\s+"(.+)"')
    for name, _ in listing(wire, f"LIST RW {server.ups}", r'^RW\s+.+\s+(.+)\s+"(.*)"'):
        listing(wire, f"LIST ENUM {server.ups} {name}", r'^ENUM\s+.+\s+.+\s+"(.*)"')
        listing(wire, f"LIST RANGE {server.ups} {name}", r'^RANGE\s+.+\s+.+\s+"(.+)"\s+"(.+)"')


@tries("SetUsername, SetPassword, SetRWVar without quotes")
def set_var(server):
    user, password = server.account()
    wire = server.connect(10)
    rw = dict(listing(wire, f"LIST RW {server.ups}", r'^RW\s+.+\s+(.+)\s+"(.*)"'))
    if "battery.charge.low" not in rw:
        raise Untried("battery.charge.low cannot be set")
    one(wire, f"USERNAME {user}", "(OK)")
    one(wire, f"PASSWORD {password}", "(OK)")
    one(wire, f"SET VAR {server.ups} battery.charge.low {rw['battery.charge.low']}", "(OK)")
