#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdup.conf for clients, with all of holdupd: further names, what a client is, and the
accounts that boxes have hard-coded; a reload tells those who are connected too."""

import signal

from corelib import Folder, free_port, same, wait_for
from netlib import Client

OWN = """
[ups second]
    alias = nas, qnapups
[client 127.0.0.20]
    profile = full
[client 127.0.0.30/31]
    account = synology
[client 127.0.0.40]
    account = qnap
    profile = winnut
"""

port = free_port()
folder = Folder(
    ups_conf="[first]\ndriver = dummy-ups\nport = hard.dev\n"
             "[second]\ndriver = dummy-ups\nport = plain.dev\n",
    upsd_conf=f"LISTEN 127.0.0.1 {port}\n",
    upsd_users="[admin]\npassword = mine\nactions = SET\n",
    holdup_conf=OWN)


def write(name, text):
    with open(f"{folder.etc}/{name}", "w") as f:
        f.write(text)


write("hard.dev", 'ups.status: OB LB RB  ECO HOLD\nups.model: Größe \\"50\\" \\\\ x\nups.id: 1\n')
write("plain.dev", "ups.status: OL\n")
holdupd = folder.start("holdupd", "-F")


def client(host=1):
    return Client(port, "127.0.0.1", f"127.0.0.{host}")


def served():
    try:
        with client() as c:
            return c.ask("GET VAR first ups.status") + c.ask("GET VAR second ups.status")
    except OSError:
        return ""


wait_for("both", lambda: served() == 'VAR first ups.status "OB LB"\nVAR second ups.status "OL"\n')

# Names: of holdup.conf, and those that mean the first.
with client() as c:
    same("an alias", c.ask("GET VAR QnapUps ups.status"), 'VAR QnapUps ups.status "OL"\n')
    same("another", c.ask("GET NUMLOGINS NAS"), "NUMLOGINS NAS 0\n")
    same("a built-in one", c.ask("GET VAR ups ups.status"), 'VAR ups ups.status "OB LB"\n')
    same("LIST UPS", c.ask_list("LIST UPS").count("\nUPS "), 2)
    # What this driver leaves out is there, and nothing measured is.
    same("serial", c.ask("GET VAR second ups.serial"), 'VAR second ups.serial "unknown"\n')
    same("test", c.ask("GET VAR second ups.test.result"),
         'VAR second ups.test.result "No test initiated"\n')
    same("load", c.ask("GET VAR second ups.load"), "ERR VAR-NOT-SUPPORTED\n")

# What a client is: by its address, by its lines, or nobody known.
FULL = 'VAR first ups.status "OB LB RB ECO HOLD"\n'
full, stranger, winnut = client(20), client(), client(40)
same("full", full.ask("GET VAR first ups.status"), FULL)
model = full.ask("GET VAR first ups.model")
same("UTF-8", "Größe".encode().decode("latin-1") in model, True)
same("cleaned", stranger.ask("GET VAR first ups.model"), "VAR first ups.model \"Grosse '50' / x\"\n")
same("stranger", stranger.ask("GET VAR first ups.status"), 'VAR first ups.status "OB LB"\n')
same("winnut", winnut.ask("GET VAR first ups.status"), 'VAR first ups.status "OB LB"\n')
with client() as c:
    c.ask("STARTTLS")
    same("upsc", c.ask("GET VAR first ups.status"), 'VAR first ups.status "OB LB RB ECO"\n')
with client() as c:
    same("SUBSCRIBE", c.ask("SUBSCRIBE FIRST"), "OK SUBSCRIBE FIRST\n")
    same("holdup", c.ask("GET VAR first ups.status"), FULL)

# Hard-coded accounts: from their address, as a secondary, and no more.
with client(31) as c:
    c.login("monuser", "secret")
    same("LOGIN", c.ask("LOGIN second"), "OK\n")
    same("counted", c.ask("GET NUMLOGINS nas"), "NUMLOGINS nas 1\n")
    for no in ("PRIMARY second", "FSD second", "SET VAR first ups.id 2"):
        same(no, c.ask(no), "ERR ACCESS-DENIED\n")
for host, name, password in ((32, "monuser", "secret"), (31, "monuser", "other"),
                             (31, "admin", "123456"), (1, "upsmon", "fixmepass"),
                             (40, "admin", "123456")):  # the article's admin is upsd.users'
    with client(host) as c:
        c.login(name, password)
        same(f"{name} from {host}", c.ask("LOGIN second"), "ERR ACCESS-DENIED\n")

# A reload: those who are connected are what the new file says.
write("holdup.conf", "[client 127.0.0.1]\nprofile = full\n[ups first]\nalias = nas\n")
holdupd.send_signal(signal.SIGHUP)
wait_for("the new profile", lambda: stranger.ask("GET VAR nas ups.status") ==
         FULL.replace("first", "nas"))
same("who was full", full.ask("GET VAR first ups.status"), 'VAR first ups.status "OB LB"\n')
same("the alias is gone", full.ask("GET VAR qnapups ups.status"),
     'VAR qnapups ups.status "OB LB"\n')
with client(31) as c:
    c.login("monuser", "secret")
    same("switched off", c.ask("LOGIN second"), "ERR ACCESS-DENIED\n")
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
