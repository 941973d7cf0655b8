# SPDX-License-Identifier: ISC
"""rups and nut-client (Rust): NETVER before all else; UTF-8; words split as a shell would;
a new buffer for each answer; TLS only when told to."""

import shlex

from kit import Trip, number, tries

CLIENT = "rups"


def split(row):
    try:
        row.encode("latin-1").decode()
        return shlex.split(row)
    except ValueError as error:
        raise Trip(f"{row!r}: {error}") from None


def listing(wire, question, length):
    rows = [split(row) for row in wire.list(question)]
    for row in rows:
        if len(row) < length:
            raise Trip(f"{question}: {row} has less than {length} words")
    if wire.buffer:
        raise Trip(f"{wire.buffer!r} came too much and is lost")
    return rows


@tries("NETVER first, USERNAME, PASSWORD")
def sign_on(server):
    wire = server.connect(5)
    number(wire.ask("NETVER"), "NETVER")
    if server.user:
        wire.demand(f"USERNAME {server.user}", "OK")
        wire.demand(f"PASSWORD {server.password}", "OK")


@tries("LIST UPS, VAR and CLIENT")
def lists(server):
    wire = server.connect(5)
    wire.ask("NETVER")
    listing(wire, "LIST UPS", 3)
    listing(wire, f"LIST VAR {server.ups}", 4)
    listing(wire, f"LIST CLIENT {server.ups}", 3)
    wire.logout()


@tries("GET VAR, DESC, TYPE, NUMLOGINS")
def gets(server):
    wire = server.connect(5)
    wire.ask("NETVER")
    for question, length in (
        (f"VAR {server.ups} ups.status", 4),
        (f"DESC {server.ups} ups.status", 4),
        (f"TYPE {server.ups} ups.status", 4),
        (f"NUMLOGINS {server.ups}", 3),
    ):
        if len(split(wire.demand(f"GET {question}", question))) < length:
            raise Trip(f"GET {question}: too few words")
