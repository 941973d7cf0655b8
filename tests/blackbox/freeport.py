#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Ports for the black-box scripts, many of which run at a time: one that nobody uses, outside
of those that the kernel gives to connections, and kept from the others by a socket without
a file. As a program it prints one, and keeps it for the process that is named."""

import os
import random
import select
import socket
import sys

FIRST = 10000
kept = []


def usual():
    """What the kernel gives to connections begins here."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as f:
        return int(f.read().split()[0])


def is_free(port):
    """Kept for us from now on, unless somebody was faster or listens there."""
    keeper = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        keeper.bind(f"\0holdup-test-port-{port}")
        for address in "127.0.0.1", "":
            with socket.socket() as s:
                s.bind((address, port))
    except OSError:
        keeper.close()
        return False
    kept.append(keeper)
    return True


def free_port():
    ports = range(FIRST, max(usual(), FIRST + 1000))
    return next(p for p in iter(lambda: random.choice(ports), None) if is_free(p))


if __name__ == "__main__":
    owner = os.pidfd_open(int(sys.argv[1]))
    print(free_port(), flush=True)
    if os.fork() == 0:
        os.setsid()
        null = os.open("/dev/null", os.O_RDWR)
        for fd in range(3):
            os.dup2(null, fd)
        select.select([owner], [], [])
