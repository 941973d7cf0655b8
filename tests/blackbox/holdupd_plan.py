#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A moment for each, by the real programs: two dumb clients on the same UPS see FSD at
moments of their own, whoever else reads sees plain OB; a hook runs once, though core is
killed in the same moment; the mains back, they are woken, and nobody sees that FSD."""

import os
import signal
import socket
import threading
import time

from corelib import Driver, Folder, Lines, Stopwatch, children, die, free_port, listen_unix, same, wait_for

MOMENTS = {"first": 3, "second": 6}  # s on battery
NEAR = 0.5
PORT = free_port()

folder = Folder(
    ups_conf="[qnapups]\n\tdriver = dummy\n\tport = x\n",
    upsd_conf=f"LISTEN 127.0.0.1 {PORT}\n",
    upsd_users="".join(f"[{name}]\n\tpassword = x\n\tupsmon slave\n" for name in MOMENTS),
    upsmon_conf="MONITOR qnapups@localhost 1 first x master\nHOSTSYNC 4\nFINALDELAY 1\n"
                "RUN_AS_USER root\nSHUTDOWNCMD \"cd $NUT_STATEPATH/.. && echo x >>down\"\n",
    holdup_conf="[plan]\ncalm = 2\nrestart = 0\n"
                + "".join(f"[machine {name}]\nlogin = {name}\nafter = {s}\ntakes = 1\n"
                          f'wake-hook = "echo $HOLDUP_MACHINE >>{{0}}/woken"\n'
                          for name, s in MOMENTS.items())
                + '[machine pump]\nafter = 2\nhook = "echo $HOLDUP_VERB >>{0}/told"\ntakes = 1\n')
with open(f"{folder.etc}/holdup.conf") as f:
    text = f.read()
with open(f"{folder.etc}/holdup.conf", "w") as f:
    f.write(text.replace("{0}", folder.dir))
listener = listen_unix(f"{folder.run}/dummy-qnapups")
holdupd = folder.start("holdupd", "-F")


class Ups:
    """The driver of the UPS, for each core that comes."""

    def __init__(self):
        self.status = "OL"
        self.link = None
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            self.link = link = Driver(listener)
            link.dump(f'SETINFO ups.status "{self.status}"', "DATAOK")
            link.ends()

    def says(self, status):
        self.status = status
        self.link.send(f'SETINFO ups.status "{status}"\n')


class Client:
    """A dumb one: it logs in, unless it only reads, and looks at ups.status."""

    def __init__(self, name=None):
        self.lines = Lines(socket.create_connection(("127.0.0.1", PORT), 10))
        if name is not None:
            self.lines.send(f"USERNAME {name}\nPASSWORD x\nLOGIN qnapups\n")
            self.lines.expect("OK", "OK", "OK")

    def status(self):
        self.lines.send("GET VAR qnapups ups.status\n")
        return self.lines.line().partition('"')[2].rstrip('"')

    def leave(self):
        self.lines.send("LOGOUT\n")


def said(name):
    try:
        with open(f"{folder.dir}/{name}") as f:
            return f.read().split()
    except FileNotFoundError:
        return []


def core():
    return next((pid for command, pid in children(holdupd.pid).items()
                 if command.split()[0] == "core"), None)


def stands(name):
    reader.lines.send("LIST MACHINE\n")
    answer = []
    while not answer or not answer[-1].startswith("END"):
        answer.append(reader.lines.line())
    return next((line.split()[2] for line in answer if line.startswith(f"MACHINE {name} ")), None)


ups = Ups()
wait_for("ready", lambda: "ready: serving" in holdupd.log())
reader = Client()
wait_for("OL", lambda: reader.status() == "OL")
clients = {name: Client(name) for name in MOMENTS}
began = Stopwatch()
ups.says("OB DISCHRG")
wait_for("OB", lambda: reader.status() == "OB DISCHRG")

# Each at its own moment; core dies just as the pump was told.
seen, killed = {}, None
while len(seen) < len(MOMENTS):
    if began.ran() > max(MOMENTS.values()) + 2:
        die(f"FSD was seen by {seen} only")
    if killed is None and "pump: told to go down" in holdupd.log():
        killed = core()
        os.kill(killed, signal.SIGKILL)
    for name, client in clients.items():
        if name not in seen and "FSD" in client.status():
            seen[name] = began.real(), began.ran()
            if name == "first":
                client.leave()
    if "FSD" in reader.status():
        die("who has no moment sees FSD")
    time.sleep(0.05)
for name, moment in MOMENTS.items():
    real, ran = seen[name]
    if not (real > moment - NEAR and ran < moment + NEAR + 1):
        die(f"{name} saw FSD after {real:.1f} s ({ran:.1f}), not {moment}")
if killed is None or core() == killed:
    die("core was not killed")
same("runs of the hook", said("told"), ["tell"])
clients["second"].leave()
wait_for("second off", lambda: stands("second") == "off")
same("first", stands("first"), "off")
same("the pump", stands("pump"), "off")
same("status", reader.status(), "OB DISCHRG")

# Back: all who were taken down are woken, in order; who comes sees nothing of that FSD.
ups.says("OL CHRG")
wait_for("first is called", lambda: said("woken") == ["first"])
clients["first"] = Client("first")
same("status", clients["first"].status(), "OL CHRG")
wait_for("second is called", lambda: said("woken") == ["first", "second"])
clients["second"] = Client("second")
wait_for("second on", lambda: stands("second") == "on")
same("shutdowns of this machine", said("down"), [])
same("runs of the hook", said("told"), ["tell"])

# Drill: by hand, for real, with the mains there.
with socket.socket(socket.AF_UNIX) as s:
    s.connect(f"{folder.run}/holdup.req")
    s.sendall(b"7 0 - - second DRILL -\n")
    wait_for("FSD in a drill", lambda: "FSD" in clients["second"].status())
same("status of the other", clients["first"].status(), "OL CHRG")
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
