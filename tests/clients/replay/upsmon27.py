# SPDX-License-Identifier: ISC
"""upsmon of NUT 2.7 (Debian 11, ESXi, Proxmox, OMV, Unraid, many a NAS)."""

from kit import Trip, number, tries
from upsclient import get, status

CLIENT = "upsmon 2.7"


def login(server):
    user, password = server.account()
    wire = server.connect(5)
    wire.starttls()
    wire.demand(f"USERNAME {user}", "OK")
    wire.demand(f"PASSWORD {password}", "OK")
    wire.demand(f"LOGIN {server.ups}", "OK")
    return wire


@tries("reads ups.status again and again without an account")
def polls(server):
    wire = server.connect(5)
    for _ in range(5):
        status(wire, server.ups)
    wire.logout()


@tries("secondary: LOGIN, counted by NUMLOGINS at once, LOGOUT")
def secondary(server):
    wire = login(server)
    status(wire, server.ups)
    logins = get(wire, "NUMLOGINS", server.ups)[0]
    if number(logins, "NUMLOGINS") < 1:
        raise Trip(f"NUMLOGINS is {logins} after LOGIN: the primary would not wait for it")
    if not any(row.startswith("CLIENT ") for row in wire.list(f"LIST CLIENT {server.ups}")):
        raise Trip("LIST CLIENT is empty after LOGIN")
    wire.logout()


@tries("primary: MASTER")
def master(server):
    wire = login(server)
    answer = wire.ask(f"MASTER {server.ups}")
    wire.logout()
    if answer == "ERR ACCESS-DENIED":
        return "this account is no primary"
    if not answer.startswith("OK"):
        raise Trip(f"MASTER: {answer}")


@tries("primary: FSD, which is the first word of ups.status then")
def fsd(server):
    server.danger("FSD")
    wire = login(server)
    wire.demand(f"MASTER {server.ups}", "OK")
    wire.demand(f"FSD {server.ups}", "OK")
    if not status(wire, server.ups).startswith("FSD"):
        raise Trip("ups.status does not begin with FSD after it was set")
