#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A stand-in that converses like a QNAP NAS with "network UPS slave" set.

usage: qnap.py HOST [--port PORT] [--off-after N] [--interval S]

As a real one does (TS-653D, captured): the UPS is "qnapups", no credentials are sent, and
each command has a connection of its own, ended by LOGOUT: ups.status, ups.test.result,
once LIST VAR, then ups.status and ups.test.result for ever, every S seconds (default 2).
A server that does not answer is asked again.

Prints each new ups.status as a line "status OL". With --off-after, N seconds after it
first saw OB it prints "off" and exits 0, as the NAS would stop; OL before that cancels.
"""

import argparse
import socket
import sys
import time

UPS = "qnapups"
PATIENCE = 5  # seconds for an answer


def ask(where, question):
    """One connection, one command: the lines of its answer, None when there is none."""
    try:
        with socket.create_connection(where, PATIENCE) as s:
            s.settimeout(PATIENCE)
            lines = s.makefile("r", encoding="latin-1", newline="\n")
            s.sendall(f"{question}\n".encode())
            answer = [lines.readline().rstrip("\n")]
            while answer[0].startswith("BEGIN ") and not answer[-1].startswith("END "):
                line = lines.readline()
                if not line:
                    return None
                answer.append(line.rstrip("\n"))
            s.sendall(b"LOGOUT\n")
            lines.readline()
            return answer
    except OSError:
        return None


def status(where):
    """The words of ups.status; none when the server has no answer."""
    answer = ask(where, f"GET VAR {UPS} ups.status")
    begin = f'VAR {UPS} ups.status "'
    if answer and answer[0].startswith(begin):
        return answer[0][len(begin):].rstrip('"').split()
    return []


def main():
    parser = argparse.ArgumentParser(description="A stand-in for a QNAP NAS.")
    parser.add_argument("host")
    parser.add_argument("--port", type=int, default=3493)
    parser.add_argument("--off-after", type=float, metavar="N")
    parser.add_argument("--interval", type=float, default=2, metavar="S")
    options = parser.parse_args()
    where = (options.host, options.port)
    known, on_battery, listed = [], None, False

    while True:
        words = status(where)
        if words and words != known:
            known = words
            print("status", *words, flush=True)
        if "OB" in words and on_battery is None:
            on_battery = time.monotonic()
        elif "OL" in words:
            on_battery = None
        ask(where, f"GET VAR {UPS} ups.test.result")
        if not listed:
            listed = ask(where, f"LIST VAR {UPS}") is not None
        rest = options.interval
        if on_battery is not None and options.off_after is not None:
            rest = min(rest, on_battery + options.off_after - time.monotonic())
            if rest <= 0:
                print("off", flush=True)
                return 0
        time.sleep(rest)


if __name__ == "__main__":
    sys.exit(main())
