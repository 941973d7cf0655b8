# SPDX-License-Identifier: ISC
"""TrueNAS: upsmon of the UPS `ups`, and a script at each event that runs upsc. It does not
shut down when the letters `ol` are anywhere in the status, or while a test is running."""

from kit import Trip, tries
from upsclient import status, variables

CLIENT = "TrueNAS"


def connect(server):
    wire = server.connect(5)
    wire.starttls()
    return wire


@tries("upsmon's connection: upsmon, fixmepass, LOGIN ups, ups.status")
def upsmon(server):
    wire = connect(server)
    wire.demand("USERNAME upsmon", "OK")
    wire.demand("PASSWORD fixmepass", "OK")
    login = wire.ask("LOGIN ups")
    for _ in range(3):
        status(wire, "ups")
    return "" if login.startswith("OK") else f"reads without being counted ({login})"


@tries("no word of the status but OL holds the letters ol")
def ol_rule(server):
    text = variables(connect(server), server.ups).get("ups.status", "")
    words = [word for word in text.split() if "ol" in word.lower() and word != "OL"]
    if words:
        raise Trip(f"{words[0]} holds the letters ol: with OB beside it, it never shuts down")


@tries("ups.test.result does not stay at TestInProgress")
def test_result(server):
    result = variables(connect(server), server.ups).get("ups.test.result")
    if result == "TestInProgress":
        raise Trip("ups.test.result is TestInProgress: every event is ignored")
