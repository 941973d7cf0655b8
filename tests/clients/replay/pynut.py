# SPDX-License-Identifier: ISC
"""PyNUT (NUT-Monitor, many scripts): exact first lines; splits at the quotes; the newest
says STARTTLS and PROTVER first."""

from kit import Trip, Untried, harmless_command, number, tries

CLIENT = "PyNUT"


def listing(wire, question):
    """The rows as it cuts them out."""
    first = wire.ask(question)
    if first != f"BEGIN {question}":
        raise Trip(f"{question}: {first!r}")
    rows = wire.until(f"END {question}\n", question).split("\n")[:-2]
    for row in rows:
        if row.count('"') not in (0, 2):
            raise Trip(f"{row!r}: it takes what is between the first two quotes")
    return rows


def variables(wire, ups, word="VAR"):
    have = {}
    for row in listing(wire, f"LIST {word} {ups}"):
        name, *rest = row[len(f"{word} {ups} ") :].split('"')
        if not rest:
            raise Trip(f"{row!r} has no quotes")
        have[name.replace(" ", "")] = rest[0]
    return have


def sign_on(server):
    user, password = server.account()
    wire = server.connect(5)
    wire.demand(f"USERNAME {user}", "OK")
    wire.demand(f"PASSWORD {password}", "OK")
    return wire


@tries("GetUPSList, GetUPSVars")
def readings(server):
    wire = server.connect(5)
    for row in listing(wire, "LIST UPS"):
        if len(row[4:-1].split('"')) != 2:
            raise Trip(f"{row!r} is not a name and a text")
    if "ups.status" not in variables(wire, server.ups):
        raise Trip("no ups.status")
    wire.send("LOGOUT\n")


@tries("GetUPSCommands with texts, GetRWVars")
def more(server):
    wire = server.connect(5)
    for row in listing(wire, f"LIST CMD {server.ups}"):
        command = row[len(f"CMD {server.ups} ") :].replace(" ", "")
        text = wire.demand(f"GET CMDDESC {server.ups} {command}", "CMDDESC")
        if text.count('"') != 2:
            raise Trip(f"{text!r} has no text in quotes")
    variables(wire, server.ups, "RW")


@tries("RunUPSCommand: a harmless one, answered by exactly OK")
def run_command(server):
    wire = sign_on(server)
    commands = [row.split(" ")[-1] for row in listing(wire, f"LIST CMD {server.ups}")]
    command = harmless_command(commands, variables(wire, server.ups))
    answer = wire.ask(f"INSTCMD {server.ups} {command}")
    if answer != "OK":
        raise Trip(f"INSTCMD {command}: {answer!r}")


@tries("SetRWVar without quotes, answered by exactly OK")
def set_var(server):
    wire = sign_on(server)
    rw = variables(wire, server.ups, "RW")
    if "battery.charge.low" not in rw:
        raise Untried("battery.charge.low cannot be set")
    answer = wire.ask(f"SET VAR {server.ups} battery.charge.low {rw['battery.charge.low']}")
    if answer != "OK":
        raise Trip(f"SET VAR: {answer!r}")


@tries("the newest: STARTTLS, and PROTVER as a number behind it")
def tls(server):
    wire = server.connect(5)
    secure = wire.starttls()
    number(wire.ask("PROTVER"), "PROTVER")
    return "" if secure else "no TLS here, it goes on without"
