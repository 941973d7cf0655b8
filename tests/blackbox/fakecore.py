#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Stands in for `core`: what the script says goes to holdupd and back, packet by packet.
Started by holdupd, with interface 4 as -H; the script waits at STATEPATH/../core."""

import os
import select
import socket
import sys

ctl = socket.socket(fileno=int(sys.argv[sys.argv.index("-H") + 1]))
script = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
script.connect(os.environ["NUT_STATEPATH"] + "/../core")
script.send(str(os.getpid()).encode())
while True:
    for ready in select.select([ctl, script], [], [])[0]:
        if not (packet := ready.recv(64)):
            sys.exit(0)
        (ctl if ready is script else script).send(packet)
