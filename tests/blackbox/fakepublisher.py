#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A publisher that a script is: what `out` says goes to the script's socket, and what that
says to `out`. It stands in the folder of HOLDUP_LIBEXEC by the names of the real ones."""

import os
import select
import socket
import sys


def option(letter):
    return sys.argv[sys.argv.index(f"-{letter}") + 1]


wire = socket.socket(fileno=int(option("q")))
script = socket.socket(socket.AF_UNIX)
script.connect(f"{os.environ['NUT_STATEPATH']}/{option('P')}.publisher")
other = {wire: script, script: wire}
while True:
    for s in select.select([wire, script], [], [])[0]:
        data = s.recv(65536)
        if not data:
            sys.exit(0)
        other[s].sendall(data)
