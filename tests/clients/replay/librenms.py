# SPDX-License-Identifier: ISC
"""LibreNMS' agent: upsc of the UPS `APCUPS`, unless it was told another name."""

from kit import Trip, tries
from upsclient import variables

CLIENT = "LibreNMS"


@tries("upsc APCUPS")
def by_its_name(server):
    wire = server.connect(10)
    wire.starttls()
    have = variables(wire, "APCUPS")
    for name in "battery.charge", "battery.runtime", "battery.voltage", "ups.load", "input.voltage":
        if name not in have:
            raise Trip(f"no {name}")
