#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A secondary of another server leaves when SHUTDOWNEXIT says: with SHUTDOWNCMD, some time
after it, or only when holdupd is ended; until then its server counts it. It reads on. Its
SHUTDOWNCMD is of several words."""

import os
import signal
import socket
import time

from corelib import Driver, Folder, Lines, Stopwatch, children, die, free_port, listen_unix, same, wait_for

port = free_port()
far = Folder(ups_conf="[qnapups]\n\tdriver = dummy\n\tport = x\n",
             upsd_conf=f"LISTEN 127.0.0.1 {port}\n",
             upsd_users="[mon]\n\tpassword = p\n\tupsmon slave\n")
listener = listen_unix(f"{far.run}/dummy-qnapups")
server = far.start("holdupd", "-F")
dummy = Driver(listener)
dummy.dump('SETINFO ups.status "OL"', "DATAOK")


def connect():
    try:
        return Lines(socket.create_connection(("127.0.0.1", port), 10))
    except ConnectionRefusedError:
        return None


wait_for("the server", connect)
asks = connect()


def logins():
    asks.send("GET NUMLOGINS qnapups\n")
    return int(asks.line().split()[2])


class Secondary:
    def __init__(self, more):
        self.folder = Folder(nut_conf="MODE=netclient\n",
                             upsmon_conf=f"MONITOR qnapups@127.0.0.1:{port} 1 mon p secondary\n"
                                         "FINALDELAY 0\n"
                                         'SHUTDOWNCMD /bin/sh -c "echo $0 $# >>$NUT_STATEPATH/'
                                         '../down" "a  b" c\n' + more)
        self.holdupd = self.folder.start("holdupd", "-F")
        wait_for("the login", lambda: logins() == 1)

    def down(self):
        """What SHUTDOWNCMD has written; "" before it."""
        try:
            with open(f"{self.folder.dir}/down") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def outage(self):
        """The time since it began."""
        began = Stopwatch()
        dummy.send('SETINFO ups.status "FSD OB LB"\n')
        wait_for("the shutdown", self.down)
        same("SHUTDOWNCMD", self.down(), "a b 1\n")
        return began

    def remote(self):
        return next(pid for name, pid in children(self.holdupd.pid).items()
                    if name.split()[0] == "remote")

    def end(self):
        self.holdupd.terminate()
        same("exit status", self.holdupd.wait(), 0)
        dummy.send('SETINFO ups.status "OL"\n')
        wait_for("nobody", lambda: logins() == 0)


# At once, unless upsmon.conf says something else. It is told again to a new remote, and
# the values still come.
one = Secondary("")
one.outage()
wait_for("the logout", lambda: logins() == 0)
os.kill(one.remote(), signal.SIGKILL)
wait_for("another remote", lambda: one.holdupd.log().count("no longer waits for this machine") == 2)
wait_for("its connection", lambda: one.holdupd.log().count("connected to qnapups") >= 2)
time.sleep(0.5)
same("logins", logins(), 0)
one.end()

# So many seconds later.
one = Secondary("SHUTDOWNEXIT 6\n")
began = one.outage()
time.sleep(1.5)
same("logins", logins(), 1)
wait_for("the logout", lambda: logins() == 0)
if began.real() < 6:
    die(f"it left after {began.real():.1f} s, not 6")
one.end()

# When it is ended.
one = Secondary("SHUTDOWNEXIT no\n")
one.outage()
time.sleep(2)
same("logins", logins(), 1)
one.end()
server.terminate()
same("exit status of the server", server.wait(), 0)
