# SPDX-License-Identifier: ISC
"""nut_webgui: four connections, NETVER as a ping, every list there is, GET VAR ups.status
every 2 s, SET VAR with quotes; reads backslashes as NUT does."""

from kit import Trip, Untried, harmless_command, number, tries, words

CLIENT = "nut_webgui"


def listing(wire, question, length):
    rows = [words(row) for row in wire.list(question)]
    for row in rows:
        if len(row) != length:
            raise Trip(f"{question}: {row} is not {length} words")
    return rows


@tries("four connections, each pinged by NETVER")
def pool(server):
    pool = [server.connect(5) for _ in range(4)]
    for wire in pool + pool:
        number(wire.ask("NETVER"), "NETVER")


@tries("LIST UPS, VAR, RW, CMD and CLIENT; ups.status")
def lists(server):
    wire = server.connect(5)
    listing(wire, "LIST UPS", 3)
    listing(wire, f"LIST VAR {server.ups}", 4)
    listing(wire, f"LIST RW {server.ups}", 4)
    for row in listing(wire, f"LIST CMD {server.ups}", 3):
        wire.demand(f"GET CMDDESC {server.ups} {row[2]}", "CMDDESC")
    listing(wire, f"LIST CLIENT {server.ups}", 3)
    for _ in range(3):
        wire.demand(f"GET VAR {server.ups} ups.status", f'VAR {server.ups} ups.status "')


@tries('an account: INSTCMD that is harmless, SET VAR "quoted"')
def commands(server):
    user, password = server.account()
    wire = server.connect(5)
    names = [row[2] for row in listing(wire, f"LIST CMD {server.ups}", 3)]
    have = {row[2]: row[3] for row in listing(wire, f"LIST VAR {server.ups}", 4)}
    wire.demand(f"USERNAME {user}", "OK")
    wire.demand(f"PASSWORD {password}", "OK")
    if "battery.charge.low" in [row[2] for row in listing(wire, f"LIST RW {server.ups}", 4)]:
        low = have["battery.charge.low"]
        wire.demand(f'SET VAR {server.ups} battery.charge.low "{low}"', "OK")
    wire.demand(f"INSTCMD {server.ups} {harmless_command(names, have)}", "OK")


@tries("STARTTLS")
def tls(server):
    wire = server.connect(5)
    if not wire.starttls():
        raise Untried("no TLS here")
    number(wire.ask("NETVER"), "NETVER")
