#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A primary whose UPS another machine serves: it tells that server FSD, so that the others
leave, waits until they have, and goes down itself; whoever is restarted meanwhile."""

import os
import signal
import socket
import time

from corelib import Driver, Folder, Lines, Stopwatch, children, die, free_port, listen_unix, logged, \
    same, wait_for

HOSTSYNC = 30

port = free_port()
far = Folder(ups_conf="[qnapups]\n\tdriver = dummy\n\tport = x\n",
             upsd_conf=f"LISTEN 127.0.0.1 {port}\n",
             upsd_users="[boss]\n\tpassword = p\n\tupsmon master\n"
                        "[mon]\n\tpassword = p\n\tupsmon slave\n")
near = Folder(nut_conf="MODE=netclient\n",
              upsmon_conf=f"MONITOR qnapups@127.0.0.1:{port} 1 boss p primary\n"
                          f"HOSTSYNC {HOSTSYNC}\nFINALDELAY 0\n"
                          'SHUTDOWNCMD "date >>$NUT_STATEPATH/../down"\n')
listener = listen_unix(f"{far.run}/dummy-qnapups")
server = far.start("holdupd", "-F")
dummy = Driver(listener)
dummy.dump('SETINFO ups.status "OL"', "DATAOK")


def connect():
    try:
        return Lines(socket.create_connection(("127.0.0.1", port), 10))
    except ConnectionRefusedError:
        return None


def client(account):
    c = wait_for("the server", connect)
    c.send(f"USERNAME {account}\nPASSWORD p\nLOGIN qnapups\n")
    c.expect("OK", "OK", "OK")
    return c


def status():
    other.send("GET VAR qnapups ups.status\n")
    return other.line()


def is_down():
    return os.path.exists(f"{near.dir}/down")


other = client("mon")
primary = near.start("holdupd", "-F")
wait_for("the primary's login", lambda: "has logged us in as the primary" in primary.log())
dummy.send('SETINFO ups.status "OB LB"\n')
wait_for("FSD at the far server", lambda: status() == 'VAR qnapups ups.status "FSD OB LB"')
began = Stopwatch()

# Its connection is made anew, its core too: FSD stays, and nobody is in more of a hurry.
for name, pid in children(primary.pid).items():
    if name.split()[0] in ("remote", "core"):
        os.kill(pid, signal.SIGKILL)
time.sleep(2.5)
same("down while another is there", is_down(), False)
other.send("LOGOUT\n")
wait_for("the shutdown", is_down)
if began.ran() > HOSTSYNC:
    die("the primary waited for HOSTSYNC")
for text in "takes the others down: forced shutdown is set", "no other machine is on":
    logged(primary, text)
primary.terminate()
primary.wait()
server.terminate()
server.wait()
