# SPDX-License-Identifier: ISC
"""upsmon of NUT 2.8: PRIMARY first and MASTER when that is unknown; TLS where offered."""

import time

from kit import Trip, number, tries
from upsclient import get, status

CLIENT = "upsmon 2.8"


def connect(server):
    wire = server.connect(5)
    if wire.starttls():
        number(wire.ask("PROTVER"), "PROTVER")
    return wire


def login(server):
    user, password = server.account()
    wire = connect(server)
    wire.demand(f"USERNAME {user}", "OK")
    wire.demand(f"PASSWORD {password}", "OK")
    wire.demand(f"LOGIN {server.ups}", "OK")
    return wire


@tries("STARTTLS, then on with or without it")
def polls(server):
    wire = connect(server)
    for _ in range(5):
        status(wire, server.ups)
    wire.logout()


@tries("a refused account is told apart from a lost server")
def refused(server):
    wire = connect(server)
    wire.demand("USERNAME nobody-of-this-name", "OK")
    wire.demand("PASSWORD wrong", "OK")
    answer = wire.ask(f"LOGIN {server.ups}")
    if answer != "ERR ACCESS-DENIED":
        raise Trip(f"LOGIN with a wrong password: {answer}")
    status(wire, server.ups)


@tries("primary: PRIMARY, NUMLOGINS, LOGOUT")
def primary(server):
    wire = login(server)
    answer = wire.ask(f"PRIMARY {server.ups}")
    if not answer.startswith("OK"):
        answer = wire.ask(f"MASTER {server.ups}")
    status(wire, server.ups)
    if number(get(wire, "NUMLOGINS", server.ups)[0], "NUMLOGINS") < 1:
        raise Trip("NUMLOGINS is 0 after LOGIN: the primary would not wait for it")
    wire.logout()
    if answer == "ERR ACCESS-DENIED":
        return "this account is no primary"
    if not answer.startswith("OK"):
        raise Trip(f"PRIMARY and MASTER: {answer}")


@tries("the logins that ended are forgotten")
def gone(server):
    wire = login(server)
    with_me = int(get(wire, "NUMLOGINS", server.ups)[0])
    wire.logout()
    wire = connect(server)
    for _ in range(20):
        if int(get(wire, "NUMLOGINS", server.ups)[0]) < with_me:
            return
        time.sleep(0.05)
    raise Trip("NUMLOGINS still counts who has said LOGOUT: a primary waits for nobody")
