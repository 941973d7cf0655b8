#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 75 s
"""A server that cannot push is asked as often as upsmon.conf says: POLLFREQ usually,
POLLFREQALERT while its UPS says that something is wrong. One that is silent is in the log
every POLLFAIL_LOG_THROTTLE_MAX polls."""

import socket
import statistics
import threading
import time

from corelib import Folder, Lines, die, same, wait_for

POLLFREQ, POLLFREQALERT = 4, 1
LISTS = {"VAR": 'VAR far ups.status "{0}"\n', "RW": "", "CMD": ""}


class OldServer:
    """NUT as it is: it knows no SUBSCRIBE. Notes when it was asked for the status."""

    def __init__(self):
        self.status, self.asked, self.stale = "OL", [], False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            far = Lines(self.listener.accept()[0])
            far.sock.settimeout(None)
            while (line := far.line()) is not None:
                far.send(self.answer(line.split()))

    def answer(self, words):
        if self.stale and words[0] in ("GET", "LIST"):
            return "ERR DATA-STALE\n"
        if words[:2] == ["GET", "VAR"]:
            self.asked.append(time.monotonic())
            return f'VAR far ups.status "{self.status}"\n'
        if words[0] == "LIST":
            text = LISTS[words[1]].format(self.status)
            return f"BEGIN LIST {words[1]} far\n{text}END LIST {words[1]} far\n"
        return "OK\n" if words[0] in ("USERNAME", "PASSWORD", "LOGIN") else "ERR UNKNOWN-COMMAND\n"

    def pauses(self, n):
        """Between the next n questions."""
        first = len(self.asked)
        wait_for("questions", lambda: len(self.asked) > first + n)
        return [b - a for a, b in zip(self.asked[first:], self.asked[first + 1:first + n + 1])]


server = OldServer()
folder = Folder(nut_conf="MODE=netclient\n",
                upsmon_conf=f"MONITOR far@127.0.0.1:{server.port} 1 mon p secondary\n"
                            f"POLLFREQ {POLLFREQ}\nPOLLFREQALERT {POLLFREQALERT}\n"
                            "POLLFAIL_LOG_THROTTLE_MAX 1\nMINSUPPLIES 0\n")
holdupd = folder.start("holdupd", "-F")
for status, wanted in [("OL", POLLFREQ), ("OL BYPASS", POLLFREQALERT), ("OB", POLLFREQALERT),
                       ("OL ECO", POLLFREQ)]:
    server.status = status
    server.pauses(1)
    # A question that is late is so before and after it.
    took = server.pauses(3)
    if abs(statistics.median(took) - wanted) > 0.4:
        die(f"{status}: asked after {took} s, not {wanted}")

server.stale = True
wait_for("two lines of its silence", lambda: holdupd.log().count("ups far: no answer for") >= 2)
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
