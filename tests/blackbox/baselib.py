# SPDX-License-Identifier: ISC
"""What all the black-box scripts share: how they fail, wait, and listen."""

import os
import socket
import sys
import time

BUILD = os.environ.get("BUILD") or os.path.join(os.path.dirname(__file__), "../../build")

failed = False


def die(text):
    global failed
    failed = True
    print(text)
    sys.exit(1)


def excepthook(*args):
    global failed
    failed = True
    sys.__excepthook__(*args)


sys.excepthook = excepthook


def same(what, got, wanted):
    if got != wanted:
        die(f"{what} is {got!r}, expected {wanted!r}")


def wait_for(what, condition, seconds=5):
    """Returns what the condition came to."""
    end = time.monotonic() + seconds
    while not (got := condition()):
        if time.monotonic() > end:
            die(f"{what}: not within {seconds} s")
        time.sleep(0.005)
    return got


def listen_unix(path):
    """accept() waits 10 s."""
    if os.path.exists(path):
        os.unlink(path)
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen(5)
    s.settimeout(10)
    return s


def connected(path, kind=socket.SOCK_STREAM):
    """A connection to a socket whose name is there a moment before anybody listens."""
    s = socket.socket(socket.AF_UNIX, kind)

    def connects():
        try:
            s.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True

    wait_for(f"a listener at {path}", connects)
    return s
