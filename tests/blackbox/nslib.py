# SPDX-License-Identifier: ISC
"""Network namespaces for the black-box scripts: `enter()` puts this process (and whom it
starts) into one of its own, `Neighbour` is another machine on its cable."""

import atexit
import ctypes
import os
import socket
import subprocess
import sys

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def skip(text):
    print(text)
    sys.exit(77)


def ip(*args):
    subprocess.run(["ip", *args], check=True)


def enter():
    """Before any thread is started; skips the script where that is not allowed."""
    if os.geteuid() != 0 or libc.unshare(CLONE_NEWNET) != 0:
        skip("only root can make network namespaces")
    if subprocess.run(["ip", "link", "set", "lo", "up"], check=False).returncode != 0:
        skip("ip (iproute2) does not work here")


def ipv6():
    """True when this kernel has it switched on."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


class Neighbour:
    """Is at the other end of our interface `here`; `with` a neighbour, sockets are its."""

    def __init__(self, here="eth0", there="eth0"):
        self.process = subprocess.Popen(
            ["unshare", "-n", "sh", "-c", "echo; exec sleep 300"], stdout=subprocess.PIPE
        )
        atexit.register(self.process.kill)
        self.process.stdout.readline()
        self.ours = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.theirs = os.open(f"/proc/{self.process.pid}/ns/net", os.O_RDONLY)
        try:
            ip("link", "add", here, "type", "veth", "peer", "name", "away")
        except subprocess.CalledProcessError:
            skip("this kernel has no veth")
        for end in (here, "away") if ipv6() else ():
            ip("link", "set", end, "addrgenmode", "none")
        ip("link", "set", "away", "name", there, "netns", str(self.process.pid))
        with self:
            ip("link", "set", "lo", "up")
            ip("link", "set", there, "up")

    def __enter__(self):
        libc.setns(self.theirs, CLONE_NEWNET)
        return self

    def __exit__(self, *_):
        libc.setns(self.ours, CLONE_NEWNET)
