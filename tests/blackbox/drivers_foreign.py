#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 45 s
"""A driver of NUT (here a script that speaks as one) is started from driverpath, started
again when it ends, left alone over a reload that is not about it, and used where somebody
else runs it, until he does not; one that is not installed is told of once, and the rest is served."""

import os
import signal
import socket
import subprocess
import time

from corelib import Folder, Lines, children, die, free_port, logged, same, wait_for

DRIVER = """#!/usr/bin/env python3
import os, socket, sys, threading
state = os.environ["NUT_STATEPATH"]
with open(state + "/started", "a") as f:
    print(*sys.argv[1:], os.environ["NUT_CONFPATH"], os.environ.get("NOTIFY_SOCKET"), file=f)
path = state + "/" + os.path.basename(sys.argv[0]) + "-" + sys.argv[2]
if os.path.exists(path):
    os.unlink(path)
s = socket.socket(socket.AF_UNIX)
s.bind(path)
s.listen(5)


def serve(peer):
    for line in peer.makefile():
        if line == "DUMPALL\\n":
            peer.sendall(b'SETINFO ups.status "OL"\\nSETINFO x.pid "%d"\\n'
                         b"DATAOK\\nDUMPDONE\\n" % os.getpid())
        elif line == "PING\\n":
            peer.sendall(b"PONG\\n")


while True:
    threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
"""

port = free_port()
folder = Folder(upsd_conf=f"LISTEN 127.0.0.1 {port}\n")
os.mkdir(folder.dir + "/nut")


def install(name):
    with open(f"{folder.dir}/nut/{name}", "w") as f:
        f.write(DRIVER)
    os.chmod(f"{folder.dir}/nut/{name}", 0o755)


def conf(*lines, d=False):
    """ups.conf with UPSes a, b (running elsewhere) and c (not installed); more lines for a;
    d, a file, where it is wanted."""
    with open(f"{folder.etc}/ups.conf", "w") as f:
        f.write(f"driverpath = {folder.dir}/nut\n"
                "[a]\n driver = some-ups\n port = auto\n" + "".join(f" {x}\n" for x in lines) +
                "[b]\n driver = other-ups\n port = auto\n"
                "[c]\n driver = no-such-ups\n port = auto\n" +
                "[d]\n driver = dummy-ups\n port = d.dev\n" * d)


def get(ups, name):
    try:
        with socket.create_connection(("127.0.0.1", port), 10) as s:
            c = Lines(s)
            c.send(f"GET VAR {ups} {name}\n")
            return c.line()
    except OSError:
        return None


def pid(ups):
    """Who drives it, as it says."""
    said = get(ups, "x.pid") or ""
    return int(said.split('"')[1]) if said.startswith("VAR ") else None


def started():
    with open(folder.run + "/started") as f:
        return f.read().splitlines()


install("some-ups")
install("other-ups")
conf()
theirs = subprocess.Popen([f"{folder.dir}/nut/other-ups", "-a", "b"], env=folder.env)
folder.processes.append(theirs)
wait_for("the driver of somebody else", lambda: os.path.exists(folder.run + "/other-ups-b"))
holdupd = folder.start("holdupd", "-F", NOTIFY_SOCKET=folder.run + "/nobody")
first = wait_for("a", lambda: pid("a"))
same("b", wait_for("b", lambda: pid("b")), theirs.pid)
same("command lines", started()[1:], [f"-a a -F {folder.etc} None"])
same("c", get("c", "ups.status"), "ERR DRIVER-NOT-CONNECTED")
logged(holdupd, "other-ups b: somebody runs it already, it is used as it is",
       "no-such-ups c: NUT's driver no-such-ups is not installed", "apt install nut-server")

# Killed: at once the first time, a second later the next.
os.kill(first, signal.SIGKILL)
second = wait_for("a again", lambda: pid("a") not in (None, first) and pid("a"))
begin = time.monotonic()
os.kill(second, signal.SIGKILL)
third = wait_for("a once more", lambda: pid("a") not in (None, first, second) and pid("a"))
if time.monotonic() - begin < 0.8:
    die("no pause before the third start")

# A reload that is not about it leaves it alone; one that is does not.
def reload():
    count = holdupd.log().count("programs start afresh")
    holdupd.send_signal(signal.SIGHUP)
    wait_for("the reload", lambda: holdupd.log().count("programs start afresh") > count)


conf(d=True)
with open(f"{folder.etc}/d.dev", "w") as f:
    f.write("ups.status: OB\n")
by_hand = folder.start("dummy", "-a", "d")
wait_for("a driver at a terminal", lambda: os.path.exists(folder.run + "/dummy-ups-d"))
reload()
wait_for("d", lambda: get("d", "ups.status") == 'VAR d ups.status "OB"')
same("a after a reload", pid("a"), third)
conf("pollinterval = 5", d=True)
reload()
wait_for("a afresh", lambda: pid("a") not in (None, third))
wait_for("b after all that", lambda: pid("b") == theirs.pid)
same("a driver of ours", "dummy" in " ".join(children(holdupd.pid)), False)
for other in theirs, by_hand:
    other.kill()
    other.wait()
gone = time.monotonic()

# What was missing is found when it is there.
install("no-such-ups")
wait_for("c", lambda: pid("c"), 40)
logged(holdupd, "no-such-ups is not installed", times=1)

others = pid("a"), pid("c")

# Nobody starts b again: we do, but only when that is sure.
wait_for("b", lambda: pid("b") not in (None, theirs.pid), 45)
if time.monotonic() - gone < 25:
    die("a driver of somebody else was not waited for")
logged(holdupd, "other-ups b: nobody has run it for 30 s: starting it")
wait_for("d", lambda: "dummy" in " ".join(children(holdupd.pid)))
wait_for("d", lambda: get("d", "ups.status") == 'VAR d ups.status "OB"')
same("a and c", (pid("a"), pid("c")), others)
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
same("drivers left", [name for name in children(os.getpid()) if "-ups" in name], [])
