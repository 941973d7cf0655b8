# SPDX-License-Identifier: ISC
"""999LV's NUT_UPS plug-in for Domoticz: a new connection each minute, LIST VAR."""

from kit import Trip, tries

CLIENT = "NUT_UPS (Domoticz)"


@tries("[USERNAME, PASSWORD,] LIST VAR")
def poll(server):
    wire = server.connect(10)
    if server.user:
        wire.demand(f"USERNAME {server.user}", "OK")
        wire.demand(f"PASSWORD {server.password}", "OK")
    for row in wire.list(f"LIST VAR {server.ups}"):
        if row.count('"') != 2:
            raise Trip(f"{row!r} is not split by two quotes")
    wire.s.close()
