# SPDX-License-Identifier: ISC
"""QNAP QTS as "network UPS slave" (captured from a TS-653D): the UPS is `qnapups` and
cannot be called otherwise, no credentials, a new connection for each command, for ever."""

from kit import Trip, tries

CLIENT = "QNAP QTS"


def command(server, question):
    """One command, one connection."""
    wire = server.connect(5)
    if question.startswith("LIST"):
        answer = wire.list(question)
    else:
        answer = wire.demand(question, "VAR qnapups ")
    wire.logout()
    return answer


def value(answer):
    if answer.count('"') != 2:
        raise Trip(f"{answer!r} has no quoted value")
    return answer.split('"')[1]


@tries("ups.status of qnapups")
def status(server):
    words = value(command(server, "GET VAR qnapups ups.status")).split(" ")
    if ("OL" in words) == ("OB" in words):
        raise Trip(f"ups.status is {words}: not one of OL and OB")


@tries("ups.test.result, which it always asks for")
def test_result(server):
    if not value(command(server, "GET VAR qnapups ups.test.result")):
        raise Trip("ups.test.result is empty")


@tries("LIST VAR on a third connection")
def list_var(server):
    rows = command(server, "LIST VAR qnapups")
    for needed in "ups.status", "ups.mfr", "ups.model", "battery.charge":
        if not any(row.startswith(f'VAR qnapups {needed} "') for row in rows):
            raise Trip(f"LIST VAR has no {needed}")


@tries("40 connections in a row, as it goes on for ever")
def for_ever(server):
    for _ in range(20):
        status(server)
        command(server, "GET VAR qnapups ups.test.result")
