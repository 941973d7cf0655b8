# SPDX-License-Identifier: ISC
"""LibreNMS' agent: upsc of the UPS `APCUPS`, unless it was told another name."""

from kit import Trip, tries
from upsclient import variables

CLIENT = "LibreNMS"


@tries("upsc APCUPS")
def by_its_name(server):
    wire = server.connect(10)
    wire.starttls()
    if "battery.charge" not in variables(wire, "APCUPS"):
        raise Trip("no battery.charge")
