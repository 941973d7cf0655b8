# SPDX-License-Identifier: ISC
"""HON95's prometheus-nut-exporter: three regular expressions, UTF-8, no LOGOUT; a row that
does not match fails the whole scrape."""

import re

from kit import Trip, tries

CLIENT = "HON95 exporter"


def matching(rows, pattern):
    for row in filter(None, rows):
        try:
            row.encode("latin-1").decode()
        except UnicodeDecodeError:
            raise Trip(f"{row!r} is not UTF-8") from None
        if not re.fullmatch(pattern, row):
            raise Trip(f"{row!r} does not match {pattern}")


@tries("VER, which must match `upsd (.+) -`")
def version(server):
    answer = server.connect(10).ask("VER")
    if not re.search("upsd (.+) -", answer):
        raise Trip(f"VER is {answer!r}")


@tries("LIST UPS and LIST VAR of each")
def scrape(server):
    wire = server.connect(10)
    wire.ask("VER")
    rows = wire.list("LIST UPS")
    matching(rows, r'UPS\s+\S+\s+"[^"]*"')
    for row in rows:
        ups = row.split()[1]
        matching(wire.list(f"LIST VAR {ups}"), r'VAR\s+\S+\s+\S+\s+"[^"]*"')
    wire.s.close()
