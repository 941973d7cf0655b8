# SPDX-License-Identifier: ISC
"""check_ups of the monitoring plugins (Nagios, Icinga): a connection for each of five
variables, one read, the value at an offset that it has reckoned, no LOGOUT."""

from kit import Trip, number, tries

CLIENT = "check_ups"
BUFFER = 1023


def variable(server, name):
    """None when the UPS has none."""
    wire = server.connect(10)
    wire.send(f"GET VAR {server.ups} {name}\n")
    answer = wire.receive(BUFFER).removesuffix("\n")
    wire.s.close()
    if answer == "ERR VAR-NOT-SUPPORTED":
        return None
    if not answer or answer.startswith("ERR"):
        raise Trip(f"{name}: {answer!r} is CRITICAL")
    value = answer[len(name) + len(server.ups) + 6 :]
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        raise Trip(f"cannot parse {answer!r}: the quotes are not where it looks")
    return value[1:-1]


@tries("ups.status in one read")
def status(server):
    text = variable(server, "ups.status")
    if not text or not {"OL", "OB", "OFF"} & set(text.split()):
        raise Trip(f"ups.status is {text!r}")


@tries("input.voltage, battery.charge, ups.load, ups.temperature")
def values(server):
    for name in "input.voltage", "battery.charge", "ups.load", "ups.temperature":
        text = variable(server, name)
        if text is not None:
            number(text, name)


@tries("ten checks in a row")
def ten(server):
    for _ in range(10):
        values(server)
