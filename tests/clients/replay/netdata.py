# SPDX-License-Identifier: ISC
"""Netdata's go.d collector `upsd`: a CSV reader with the blank as separator splits the
rows; one ERR fails all UPSes; at its end it waits until the connection is closed."""

import csv
import time

from kit import Trip, tries

CLIENT = "Netdata"


def split(row):
    """As Go's encoding/csv: a quoted field ends at the next single quote, and must be
    followed by a blank."""
    try:
        return next(csv.reader([row], delimiter=" ", strict=True), [])
    except csv.Error as error:
        raise Trip(f"{row!r}: {error}") from None


def collect(wire):
    """The variables of each UPS."""
    have = {}
    for row in wire.list("LIST UPS"):
        name = split(row)[1]
        have[name] = {}
        for line in wire.list(f"LIST VAR {name}"):
            parts = split(line)
            if len(parts) != 4:
                raise Trip(f"{line!r} has {len(parts)} fields: this variable is lost")
            have[name][parts[2]] = parts[3]
    return have


def sign_on(server):
    wire = server.connect(2)
    for word, text in ("USERNAME", server.user), ("PASSWORD", server.password):
        if text and wire.ask(f"{word} {text}") != "OK":
            raise Trip(f"{word} is not answered by OK")
    return wire


@tries("two collections on one connection")
def collections(server):
    wire = server.connect(2)
    first = collect(wire)
    wire.silent(0.5)
    if collect(wire).keys() != first.keys():
        raise Trip("the UPSes have changed")
    if "ups.status" not in first[server.ups]:
        raise Trip("no ups.status")


@tries("[USERNAME, PASSWORD,] and stops: waits after LOGOUT for the close")
def stop(server):
    wire = sign_on(server)
    begin = time.monotonic()
    wire.demand("LOGOUT", "OK Goodbye")
    wire.ended("")
    if time.monotonic() - begin > 1:
        raise Trip(f"the server closes {time.monotonic() - begin:.1f} s after LOGOUT")
