# SPDX-License-Identifier: ISC
"""PeaNUT 6: compares whole chunks, so an answer must be all there is; splits rows at the
quotes; asks text and type of each variable; LOGIN before any command."""

from kit import Trip, Untried, harmless_command, tries

CLIENT = "PeaNUT"


def command(wire, question, until="\n"):
    """All that has come when `until` is in it."""
    wire.send(question + "\n")
    text = ""
    while until not in text:
        more = wire.receive()
        if not more:
            raise Trip(f"{question}: the connection is closed")
        text += more
        if text.startswith("ERR") and "\n" in text:
            raise Trip(f"{question}: {text.strip()}")
    return text


def ok(wire, question):
    text = command(wire, question)
    if text != "OK\n":
        raise Trip(f"{question}: the chunk is {text!r}, not 'OK\\n'")


def quoted(row):
    parts = row.split('"')
    if len(parts) < 2:
        raise Trip(f"{row!r} has no quotes: it crashes")
    return parts[1].strip()


def rows(wire, question, first):
    text = command(wire, question, f"END {question}")
    return [row for row in text.split("\n") if row.startswith(first)]


def variables(wire, ups):
    have = {}
    for row in rows(wire, f"LIST VAR {ups}", "VAR"):
        name = row.split('"')[0].replace(f"VAR {ups} ", "").strip()
        have[name] = quoted(row)
    return have


def sign_on(server):
    user, password = server.account()
    wire = server.connect(10)
    ok(wire, f"USERNAME {user}")
    ok(wire, f"PASSWORD {password}")
    first = quoted_name(rows(wire, "LIST UPS", "UPS")[0])
    text = command(wire, f"LOGIN {first}")
    if text != "OK\n":
        raise Trip(f"LOGIN: the chunk is {text!r}, not 'OK\\n'")
    return wire


def quoted_name(row):
    quoted(row)
    return row.split('"')[0].replace("UPS ", "").strip()


@tries("LIST UPS: each row has its text in quotes")
def list_ups(server):
    listed = rows(server.connect(10), "LIST UPS", "UPS")
    if server.ups not in [quoted_name(row) for row in listed]:
        raise Trip(f"{server.ups} is not in {listed}")


@tries("LIST VAR, GET DESC and GET TYPE of each")
def list_var(server):
    wire = server.connect(10)
    for name in variables(wire, server.ups):
        for word in "DESC", "TYPE":
            question = f"GET {word} {server.ups} {name}"
            text = command(wire, question)
            if not text.startswith(f"{word} {server.ups} {name}") or text.count("\n") != 1:
                raise Trip(f"{question}: the chunk is {text!r}")


@tries("USERNAME, PASSWORD, LOGIN of the first UPS, a harmless INSTCMD")
def commands(server):
    wire = sign_on(server)
    names = [row.split(" ")[-1] for row in rows(wire, f"LIST CMD {server.ups}", "CMD")]
    ok(wire, f"INSTCMD {server.ups} {harmless_command(names, variables(wire, server.ups))}")
    wire.ask("LOGOUT")


@tries("SET VAR without quotes, to what it is")
def set_var(server):
    wire = sign_on(server)
    for row in rows(wire, f"LIST RW {server.ups}", "RW"):
        if row.startswith(f"RW {server.ups} battery.charge.low "):
            ok(wire, f"SET VAR {server.ups} battery.charge.low {quoted(row)}")
            return
    raise Untried("battery.charge.low cannot be set")
