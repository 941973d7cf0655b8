# SPDX-License-Identifier: ISC
"""collectd's plug-in `nut`: libupsclient, STARTTLS first, then LIST VAR at each interval on
the same connection; the values must be numbers."""

from kit import Trip, number, tries
from upsclient import variables

CLIENT = "collectd"
READ = "battery.charge battery.voltage input.voltage output.voltage ups.load ups.temperature"


@tries("STARTTLS, three intervals of LIST VAR")
def intervals(server):
    wire = server.connect(10)
    wire.starttls()
    for _ in range(3):
        have = variables(wire, server.ups)
        for name in READ.split():
            if name in have:
                number(have[name], name)
        wire.silent(0.2)
    if "battery.charge" not in have:
        raise Trip("no battery.charge")
