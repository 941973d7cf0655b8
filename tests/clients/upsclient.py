# SPDX-License-Identifier: ISC
"""Asking as NUT's C library does (libupsclient): upsmon, upsc, collectd, Synology, TrueNAS.
The answer must repeat the question, case aside."""

from kit import Trip, words


def check(query, answer, line):
    got = [word.lower() for word in answer[: len(query)]]
    if got != [word.lower() for word in query]:
        raise Trip(f"asked {' '.join(query)}, got {line!r}")


def get(wire, *query):
    """The words behind the question's; None when the UPS has no such variable."""
    line = wire.ask("GET " + " ".join(query))
    if line == "ERR VAR-NOT-SUPPORTED":
        return None
    if line.startswith("ERR"):
        raise Trip(f"GET {' '.join(query)}: {line}")
    answer = words(line)
    check(query, answer, line)
    if len(answer) <= len(query):
        raise Trip(f"{line!r} has no value")
    return answer[len(query) :]


def var(wire, ups, name):
    answer = get(wire, "VAR", ups, name)
    return answer and answer[0]


def rows(wire, *query):
    """The rows of a list, without what they repeat."""
    out = []
    for line in wire.list("LIST " + " ".join(query)):
        answer = words(line)
        check(query, answer, line)
        out.append(answer[len(query) :])
    return out


def variables(wire, ups):
    out = {}
    for row in rows(wire, "VAR", ups):
        if len(row) < 2:
            raise Trip(f"a row of LIST VAR has no value: {row}")
        out[row[0]] = row[1]
    return out


def status(wire, ups):
    text = var(wire, ups, "ups.status")
    if not text or not {"OL", "OB", "OFF", "WAIT"} & set(text.split()):
        raise Trip(f"ups.status is {text!r}: neither on line nor on battery")
    return text
