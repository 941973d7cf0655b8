# SPDX-License-Identifier: ISC
"""Synology DSM as network UPS client (captured; nut#949): MONITOR ups@… monuser secret
slave, none of which can be set. A failed LOGIN shows nowhere: it goes on reading."""

from kit import Trip, tries
from upsclient import status, var, variables

CLIENT = "Synology DSM"


@tries("upsmon's connection: STARTTLS, monuser, LOGIN ups, ups.status")
def upsmon(server):
    wire = server.connect(5)
    wire.starttls()
    wire.demand("USERNAME monuser", "OK")
    wire.demand("PASSWORD secret", "OK")
    login = wire.ask("LOGIN ups")
    for _ in range(3):
        status(wire, "ups")
    return "" if login.startswith("OK") else f"reads without being counted ({login})"


@tries("upsc beside it: ups.mfr and ups.model, or the panel shows no server")
def panel(server):
    wire = server.connect(5)
    wire.starttls()
    for name in "ups.mfr", "ups.model":
        if not var(wire, "ups", name):
            raise Trip(f"no {name}")


@tries("upsc beside it: LIST VAR ups")
def list_var(server):
    wire = server.connect(5)
    wire.starttls()
    if "ups.status" not in variables(wire, "ups"):
        raise Trip("LIST VAR has no ups.status")
    wire.logout()
