#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""FSD is a lease: whichever of our processes is started anew, who logs in then sees it or
not as the outage stands, and nobody sees it once that is over."""

import os
import signal
import socket
import threading

from corelib import Driver, Folder, Lines, children, free_port, listen_unix, same, wait_for

PORT = free_port()
NAMES = "nas", "there", "new"

folder = Folder(
    ups_conf="[qnapups]\n\tdriver = dummy\n\tport = x\n",
    upsd_conf=f"LISTEN 127.0.0.1 {PORT}\n",
    upsd_users="".join(f"[{name}]\n\tpassword = x\n\tupsmon slave\n" for name in NAMES),
    upsmon_conf="MONITOR qnapups@localhost 0 nas x master\nHOSTSYNC 2\n",
    holdup_conf="[plan]\ncalm = 2\nrestart = 30\n"
                # One that stays on, so that the output is not cut meanwhile.
                "[machine nas]\nlogin = nas\nafter = 1000\ntakes = 300\n")
listener = listen_unix(f"{folder.run}/dummy-qnapups")


class Ups:
    """The driver of the UPS, for each core that comes."""

    def __init__(self):
        self.status, self.charge, self.link = "OL", 100, None
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                self.link = link = Driver(listener)
                link.dump(f'SETINFO battery.charge "{self.charge}"',
                          f'SETINFO ups.status "{self.status}"', "DATAOK")
                link.ends()
            except OSError:
                pass

    def says(self, status, charge):
        self.status, self.charge = status, charge
        self.link.send(f'SETINFO battery.charge "{charge}"\nSETINFO ups.status "{status}"\n')


class Client:
    def __init__(self, name):
        self.lines = Lines(socket.create_connection(("127.0.0.1", PORT), 10))
        self.lines.send(f"USERNAME {name}\nPASSWORD x\nLOGIN qnapups\n")
        self.lines.expect("OK", "OK", "OK")

    def status(self):
        self.lines.send("GET VAR qnapups ups.status\n")
        return self.lines.line().partition('"')[2].rstrip('"')


def newcomer():
    """What somebody sees who logs in now; None: nobody can, or nothing."""
    try:
        with socket.create_connection(("127.0.0.1", PORT), 5) as s:
            s.sendall(b"USERNAME new\nPASSWORD x\nLOGIN qnapups\n"
                      b"GET VAR qnapups ups.status\nLOGOUT\n")
            said = s.makefile().read().splitlines()
    except OSError:
        return None
    found = [line.split('"')[1] for line in said if line.startswith("VAR ")]
    return found[0] if found and said[:3] == ["OK"] * 3 else None


def pid_of(program):
    return next((pid for command, pid in children(holdupd.pid).items()
                 if command.split()[0] == program), None)


def start():
    global holdupd
    holdupd = folder.start("holdupd", "-F")
    wait_for("ready", lambda: "ready: serving" in holdupd.log())


def kill(program):
    """It dies, and is there again."""
    if program == "holdupd":
        holdupd.kill()
        holdupd.wait()
        wait_for("a free port", lambda: newcomer() is None)
        start()
    else:
        old = wait_for(program, lambda: pid_of(program))
        os.kill(old, signal.SIGKILL)
        wait_for(f"another {program}", lambda: pid_of(program) not in (None, old))


def each(what, wanted):
    """Whatever dies, a newcomer sees this as soon as he can log in."""
    for program in "core", "net", "run", "holdupd":
        kill(program)
        status = wait_for("a server", newcomer)
        same(f"{what}: a newcomer, {program} killed", status, wanted)


ups = Ups()
start()
wait_for("OL", lambda: newcomer() == "OL")
nas, there = Client("nas"), Client("there")
ups.says("OB", 20)
wait_for("OB", lambda: there.status() == "OB")
holdupd.send_signal(signal.SIGUSR1)
wait_for("FSD", lambda: there.status() == "FSD OB")
each("mains away", "FSD OB")
holdupd.send_signal(signal.SIGUSR1)  # this holdupd, too, has heard of it

# The mains is back for 10 s, the charge below the mark: old for who was there.
there = Client("there")
same("who is there", there.status(), "FSD OB")
ups.says("OL", 20)
wait_for("old", lambda: newcomer() == "OL")
same("who was there", there.status(), "FSD OL")
kill("core")
wait_for("the feed", lambda: there.status() == "FSD OL")
each("old", "OL")

# The outage is over: it is not said again by anybody.
ups.says("OL", 40)
wait_for("its end", lambda: "the forced shutdown is over" in holdupd.log())
each("over", "OL")
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
