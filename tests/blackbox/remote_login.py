#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""remote logs in to a server of ours as the secondary that its section says: the server
counts it, hears LOGOUT when it ends, and refuses a wrong password while it reads on.
How soon a forced shutdown comes through is measured."""

import statistics

from baselib import soon
from corelib import Folder, Stopwatch, connect_unix, logged
from netlib import Net, die, same, wait_for

net = Net()


def start(password, server=net):
    """A remote of its own, and a reader of its driver socket that has seen DATAOK."""
    folder = Folder(ups_conf=f"""
[far]
    driver = remote
    port = qnapups@127.0.0.1:{server.port}
    user = mon
    password = {password}
    login = secondary
""")
    remote = folder.start("remote", "-a", "far")
    wait_for("DATAOK", lambda: "connected to" in remote.log())
    near = connect_unix(f"{folder.run}/remote-far")
    lines = []
    while not {"ADDCMD test.battery.start", "SETAUX ups.id 4"} <= set(lines):  # it asks them last
        near.send("DUMPALL\n")
        lines = [near.line("dump")]
        while lines[-1] != "DUMPDONE":
            lines.append(near.line("dump"))
    for wanted in 'SETINFO ups.status "OL"', "DATAOK":
        if wanted not in lines:
            die(f"{wanted} is not in {lines}")
    return remote, near


remote, near = start("secret")
wait_for("the login", lambda: net.core.asked("LOGIN"))
if " mon " not in net.core.asked("LOGIN")[0]:
    die(f"the login is {net.core.asked('LOGIN')[0]!r}")
logged(remote, "has logged us in and waits for this machine")
with net.client() as c:
    same("NUMLOGINS", c.ask("GET NUMLOGINS qnapups"), "NUMLOGINS qnapups 1\n")
    same("LIST CLIENT", c.ask_list("LIST CLIENT qnapups"),
         "BEGIN LIST CLIENT qnapups\nCLIENT qnapups 127.0.0.1\nEND LIST CLIENT qnapups\n")

def ends(remote):
    """It is told to end; how long that takes."""
    watch = Stopwatch()
    remote.terminate()
    same("exit status", remote.wait(), 0)
    return watch.ran()


# A forced shutdown comes through as it is said.
took = []
for view, wanted in [("fsd", "FSD OL"), ("none", "OL")] * 20:
    comes = Stopwatch()
    net.core.say(f"qnapups VIEW * {view}")
    near.expect(f'SETINFO ups.status "{wanted}"')
    took.append(1000 * comes.ran())
if statistics.median(took) > 20:
    die(f"FSD takes {statistics.median(took):.1f} ms to come through")


# SIGTERM: LOGOUT is said before it ends, not a connection that breaks. The server's answer ends
# it, not the second that it would wait for that.
def goodbye(remote=None):
    remote = remote or start("secret")[0]
    wait_for("the login", lambda: len(net.core.asked("LOGIN")) > len(net.core.asked("LOGOUT")))
    logged(remote, "has logged us in and waits for this machine")
    took = ends(remote)
    wait_for("the logout", lambda: len(net.core.asked("LOGIN")) == len(net.core.asked("LOGOUT")))
    same("broken connections", net.core.asked("BROKEN"), [])
    return took


connected = [remote]
soon("the goodbye", 0.8, lambda: goodbye(connected and connected.pop()))

# Refused: said once, with the remedy, and the values come all the same.
remote, near = start("wrong")
wait_for("the refusal", lambda: "ERR ACCESS-DENIED" in remote.log())
for word in "upsd.users", "allowfrom", "upsmon secondary":
    logged(remote, word)
same("logins", len(net.core.asked("LOGIN")), len(net.core.asked("LOGOUT")))
net.core.say("qnapups SETINFO battery.charge \"55\"")
near.expect('SETINFO battery.charge "55"')

ends(remote)
net.close()


# A server that ends takes nothing with it; an end without a connection is at once.
def forsaken():
    server = Net()
    remote, near = start("wrong", server)
    wait_for("the refusal", lambda: "ERR ACCESS-DENIED" in remote.log())
    server.close()
    near.expect('SETINFO driver.state "reconnect.trying"', "DATASTALE")
    return ends(remote)


soon("the end without a server", 0.5, forsaken)
