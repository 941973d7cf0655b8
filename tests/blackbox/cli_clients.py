#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""`holdup clients`: everybody who reads, for people and for programs; of a server that is
not ours, those who are logged in."""

import contextlib
import json
import os
import re
import socket
import subprocess
import threading

from baselib import BUILD, PATIENCE, same, wait_for
from netlib import Net

HOLDUP = BUILD + "/cli/holdup"

net = Net()


def clients(*args):
    env = {**os.environ, "NUT_CONFPATH": net.dir, "LC_ALL": "C.UTF-8", "COLUMNS": "100"}
    return subprocess.run([HOLDUP, "clients", *args], env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE)


here = f"qnapups@127.0.0.1:{net.port}"
same("nobody", clients(here).stdout, "qnapups  nobody has read it\n")

winnut = net.client(source="127.0.0.20")
winnut.send("LOGIN\r\r\nGET VAR qnapups ups.status\r\r\n")
winnut.line(), winnut.line()
assistant = net.client(source="127.0.0.21")
assistant.ask_list("LIST UPS")
for _ in range(2):
    assistant.ask_list("LIST VAR qnapups")
upsmon = net.client(source="127.0.0.22")
upsmon.login("mon", "secret")
same("LOGIN", upsmon.ask("LOGIN qnapups"), "OK\n")
same("status", upsmon.ask("GET VAR qnapups ups.status"), 'VAR qnapups ups.status "OL"\n')
guess = net.client(source="127.0.0.23")
guess.login("mon", "wrong")
guess.ask("LOGIN qnapups")
guess.ask("GET VAR qnapups ups.status")

text = clients(here).stdout.splitlines()
same("the head", text[0], "qnapups  4 clients, 1 logged in")
same("the columns", text[1].split(), "address what it is account last seen readings asks".split())
# A busy machine takes a while from the last question to here.
same("who is there", sorted(re.sub(r"\d+ s ago", "now", line).split() for line in text[2:]), [
    ["127.0.0.20", "WinNUT", "now", "1", "GET", "VAR"],
    ["127.0.0.21", "Home", "Assistant", "now", "2", "LIST", "UPS,", "LIST", "VAR"],
    ["127.0.0.22", "upsmon", "mon", "now", "1", "GET", "VAR"],
    ["127.0.0.23", "upsmon", "now", "1", "1", "failed", "login", "GET", "VAR"],
])
if os.environ.get("SHOW"):
    print("\n".join(text))

# Without a name, all UPSes; for programs.
all_of_it = json.loads(clients("--json", f"@127.0.0.1:{net.port}").stdout)
same("the UPSes", [u["name"] for u in all_of_it["upses"]], ["qnapups"])
mon = [c for c in all_of_it["upses"][0]["clients"] if c["account"]]
same("seconds", 0 <= mon[0].pop("seconds_ago") < 40, True)
same("one of them", mon, [{"address": "127.0.0.22", "kind": "upsmon", "account": "mon",
                           "requests": 1, "failed_logins": 0, "asks": "GET VAR"}])

# With an account; and what is said where there is none.
# The machine of the server itself is logged in without a connection.
net.core.say("qnapups LOGIN 99 127.0.0.1 nut")
wait_for("the server's own", lambda: any(line.split() == ["127.0.0.1", "upsmon"]
                                         for line in clients(here).stdout.splitlines()))
same("the head", clients(here).stdout.splitlines()[0], "qnapups  5 clients, 2 logged in")
same("as admin", clients("-u", "admin", "-p", "123456", here).returncode, 0)
bad = clients("nope" + here)
same("no such UPS", (bad.returncode, bad.stdout.split(": ")[-1]), (1, "Unknown UPS\n"))
same("no argument", clients("-x").returncode, 1)
net.stop()


# Another server: it does not know READER.
def foreign(server):
    s, _ = server.accept()
    answers = {
        "LIST READER ups": "ERR INVALID-ARGUMENT\n",
        "LIST CLIENT ups": "BEGIN LIST CLIENT ups\nCLIENT ups 10.0.0.9\nEND LIST CLIENT ups\n",
    }
    with contextlib.suppress(ConnectionError):  # holdup leaves without waiting for all
        for line in s.makefile():
            s.sendall(answers.get(line.strip(), "ERR UNKNOWN-COMMAND\n").encode())


server = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=foreign, args=(server,), daemon=True).start()
text = clients(f"ups@127.0.0.1:{server.getsockname()[1]}").stdout.splitlines()
same("a foreign server", [text[0], text[2].split()],
     ["ups  1 client, 1 logged in", ["10.0.0.9", "upsmon"]])
