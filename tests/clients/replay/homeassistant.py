# SPDX-License-Identifier: ISC
"""Home Assistant's integration (aionut 4.3): ASCII, lines as they are, 5 s, one connection
that stays open for an update each minute. Identity makes the unique ID."""

from kit import Trip, harmless_command, tries

CLIENT = "Home Assistant"
PARTS = "mfr", "model", "serial"
LIMIT = 64 * 1024  # of asyncio's reader


def ascii_only(text, what):
    for row in text.split("\n"):
        if not row.isascii():
            raise Trip(f"{what}: not ASCII in {row!r}, the whole update fails")
    return text


def listing(wire, question):
    first = ascii_only(wire.ask(question) + "\n", question)
    if first.startswith("ERR"):
        raise Trip(f"{question}: {first.strip()}, every entity becomes unavailable")
    if not first.startswith(f"BEGIN {question}"):
        raise Trip(f"{question}: begins with {first!r}")
    text = wire.until(f"END {question}\n", question)
    if len(text) > LIMIT:
        raise Trip(f"{question}: more than {LIMIT} bytes")
    return ascii_only(text, question).splitlines()[:-1]


def variables(wire, ups):
    out = {}
    for row in listing(wire, f"LIST VAR {ups}"):
        parts = row.split(" ", 3)
        if row.startswith("VAR ") and len(parts) < 4:
            raise Trip(f"{row!r} has less than four words")
        out[parts[2]] = parts[3].strip('"')
    return out


def sign_on(server):
    wire = server.connect(5)
    for word, text in ("USERNAME", server.user), ("PASSWORD", server.password):
        if text and wire.ask(f"{word} {text}").startswith("ERR"):
            raise Trip(f"{word} is refused, it asks for new credentials")
    return wire


def identity(have):
    """What the unique ID is made of; without all three there is none."""
    parts = [have.get(f"device.{x}") or have.get(f"ups.{x}", "") for x in PARTS]
    known = all(part.strip().lower() not in ("", "unknown", "blank") for part in parts)
    return parts if known else None


@tries("LIST UPS: a UPS is there once, under one name")
def list_ups(server):
    wire = server.connect(5)
    rows = listing(wire, "LIST UPS")
    if not rows or not rows[0].startswith("UPS"):
        raise Trip(f"LIST UPS: the first row is {rows[:1]}")
    known = {}
    for name in [row.split(" ", 2)[1] for row in rows if len(row.split(" ", 2)) == 3]:
        who = tuple(identity(variables(wire, name)) or [name])
        if known.setdefault(who, name) != name:
            raise Trip(f"{name} and {known[who]} are one UPS: it asks which one to take")


@tries("LIST VAR: status and identity in the first answer")
def list_var(server):
    have = variables(server.connect(5), server.ups)
    if not have.get("ups.status", "").split():
        raise Trip("no ups.status")
    if not (have.get("device.mfr") or have.get("ups.mfr")):
        raise Trip("no manufacturer")
    return "" if identity(have) else "no serial number, hence no unique ID"


@tries("the next update on the idle connection; identity is what it was")
def next_update(server):
    wire = server.connect(5)
    before = identity(variables(wire, server.ups))
    wire.silent(1)
    if identity(variables(wire, server.ups)) != before:
        raise Trip("the identity has changed: a new device for Home Assistant")


@tries("with an account: LIST CMD and a harmless INSTCMD")
def commands(server):
    server.account()
    wire = sign_on(server)
    rows = listing(wire, f"LIST CMD {server.ups}")
    command = harmless_command([row.split(" ", 2)[2] for row in rows], variables(wire, server.ups))
    answer = wire.ask(f"INSTCMD {server.ups} {command}")
    if answer.startswith("ERR"):
        raise Trip(f"INSTCMD {command}: {answer}")
