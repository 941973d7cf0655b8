#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdupd and its files: missing, empty, damaged, or saying that there is nothing to do;
an address in use; readiness told to a service manager."""

import os
import re
import socket

from corelib import Folder, Lines, free_port, logged, same, wait_for

PORT = free_port()
LISTEN = f"LISTEN 127.0.0.1 {PORT}\n"


def ready(holdupd):
    """Waits until it serves; returns what it says it serves, and where."""
    return wait_for("ready", lambda: re.search(r"ready: serving (.*) on (.*)\n",
                                               holdupd.log())).groups()


def ask(question):
    with socket.create_connection(("127.0.0.1", PORT), 10) as s:
        c = Lines(s)
        c.send(question + "\n")
        return c.line()


def run(**files):
    folder = Folder(**files)
    # An empty virtual bus: devices of this machine are none of our business.
    os.mkdir(f"{folder.run}/sim")
    return folder.start("holdupd", "-F")


def says(holdupd, *texts):
    for text in texts:
        logged(holdupd, text)


def stop(holdupd):
    holdupd.terminate()
    same("exit status", holdupd.wait(), 0)


# Nothing to do is no error.
for mode in "none", "netclient":
    holdupd = run(nut_conf=f"MODE={mode}\n")
    same(f"exit status of MODE={mode}", holdupd.wait(), 0)
    says(holdupd, f"MODE={mode}: nothing to do")

# Without ups.conf, and with one that names no UPS: one waits for what is plugged in.
for files in {}, {"ups_conf": "# nothing\nmaxretry = 3\n"}:
    holdupd = run(upsd_conf=LISTEN, **files)
    same("served", ready(holdupd), ("ups", f"127.0.0.1:{PORT}"))
    says(holdupd, "names no UPS: looking for devices")
    wait_for("a word of core", lambda: "this machine is not protected" in holdupd.log())
    same("NETVER", ask("NETVER"), "1.3")
    wait_for("ups", lambda: ask("GET UPSDESC ups").startswith("UPSDESC ups "))
    stop(holdupd)

# Damaged files: each fault is named with its place, and the rest is served.
holdupd = run(nut_conf='MODE="\n', ups_conf='[broken\n\x01\x02\n[a]\n  driver = remote\n'
              '  port = u@127.0.0.1:1\n[nodriver]\n  port = auto\n"\n',
              upsd_conf=LISTEN + "LISTEN x 1:2\nLISSEN 127.0.0.1\n\xff\n",
              upsd_users="password\n[", upsmon_conf="MONITOR\nMONITOR a@localhost 1 u p master\n")
same("served", ready(holdupd), ("a", f"127.0.0.1:{PORT}"))
for place in "nut.conf:1", "ups.conf:1", "upsd.conf:2", "upsd.conf:3", "upsd.users:1", "upsmon.conf:1":
    says(holdupd, f"/etc/{place}: ")
says(holdupd, "only a SHUTDOWNCMD that stands in upsmon.conf is run")
wait_for("a", lambda: ask("GET VAR a ups.status") == "ERR DATA-STALE")
stop(holdupd)

# An address in use is named and left out; the other one is served.
with socket.create_server(("127.0.0.1", 0)) as busy:
    taken = busy.getsockname()[1]
    conf = "[a]\n\tdriver = remote\n\tport = u@127.0.0.1:1\n"
    holdupd = run(ups_conf=conf, upsd_conf=f"LISTEN 127.0.0.1 {taken}\n{LISTEN}")
    ready(holdupd)
    same("NETVER", ask("NETVER"), "1.3")
    says(holdupd, f"cannot listen on 127.0.0.1 port {taken}: Address already in use")
    stop(holdupd)
    holdupd = run(ups_conf=conf, upsd_conf=f"LISTEN 127.0.0.1 {taken}\n")
    same("served", ready(holdupd), ("a", "no address"))
    says(holdupd, f"cannot listen on 127.0.0.1 port {taken}: Address already in use")
# It is served as soon as it is free.
wait_for("the address", lambda: f"listening on 127.0.0.1:{taken} now" in holdupd.log())
with socket.create_connection(("127.0.0.1", taken), 10) as s:
    c = Lines(s)
    c.send("NETVER\n")
    same("NETVER", c.line(), "1.3")
stop(holdupd)

# A service manager is told.
folder = Folder(ups_conf=conf, upsd_conf=LISTEN)
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
    notify.bind(f"{folder.dir}/notify")
    notify.settimeout(10)
    holdupd = folder.start("holdupd", "-F", NOTIFY_SOCKET=f"{folder.dir}/notify")
    same("notification", notify.recv(100), b"READY=1")
stop(holdupd)

# The command line.
folder = Folder()
same("exit status without -F", folder.start("holdupd").wait(), 1)
same("exit status of -V", folder.start("holdupd", "-V").wait(), 0)
same("exit status of -x", folder.start("holdupd", "-Fx").wait(), 1)
