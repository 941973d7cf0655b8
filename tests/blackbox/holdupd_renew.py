#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A reload of accounts, limits and listeners under clients that are logged in, subscribed,
and in the middle of a line: none of them notices. net is the same process before and
after; it starts afresh only when it does not answer, and then with what is new."""

import os
import signal
import socket
import subprocess
import threading

from corelib import BUILD, Folder, Lines, children, free_port, listen_unix, logged, \
    same, wait_for

ports = [free_port() for _ in range(4)]
stays, goes, comes, taken = ports
ACCOUNTS = """
[admin]
    password = 123456
    actions = SET
[mon]
    password = secret
    upsmon secondary
[guest]
    password = guest
    upsmon secondary
"""


class Source:
    """A driver for whoever asks; `says` is what changes."""

    def __init__(self, path):
        self.listener, self.peers = listen_unix(path), []
        self.listener.settimeout(None)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            peer, _ = self.listener.accept()
            self.peers.append(peer)
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        for line in peer.makefile():
            if line == "DUMPALL\n":
                peer.sendall(b'SETINFO ups.status "OL"\nDATAOK\nDUMPDONE\n')
            elif line == "PING\n":
                peer.sendall(b"PONG\n")

    def says(self, line):
        for peer in self.peers:
            try:
                peer.sendall(line.encode() + b"\n")
            except OSError:
                pass


def write(name, text):
    with open(f"{folder.etc}/{name}", "w") as f:
        f.write(text)


def listens(*list_):
    return "".join(f"LISTEN 127.0.0.1 {port}\n" for port in list_)


folder = Folder(ups_conf="[other]\n\tdriver = fake\n\tport = auto\n",
                upsd_conf=listens(stays, goes) + "MAXCONN 10\n", upsd_users=ACCOUNTS)
source = Source(f"{folder.run}/fake-other")
holdupd = folder.start("holdupd", "-F")
wait_for("ready", lambda: "ready: serving other" in holdupd.log())


def net_pid():
    return next((pid for line, pid in children(holdupd.pid).items() if line.startswith("net ")), 0)


def ask(port, question):
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        c = Lines(s)
        c.send(question + "\n")
        return c.line()


def client(port, *login):
    c = Lines(socket.create_connection(("127.0.0.1", port), 10))
    for line in login:
        c.send(line + "\n")
        c.expect("OK")
    return c


def login(name, password):
    """What a new client hears that logs in."""
    c = client(stays, f"USERNAME {name}", f"PASSWORD {password}")
    c.send("LOGIN other\n")
    return c.line()


def refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), 10).close()
        return False
    except ConnectionRefusedError:
        return True


reloads = 0


def reload(*command):
    """By the signal, or as NUT's programs are told."""
    global reloads
    reloads += 1
    if command:
        same(f"exit status of {command}", subprocess.run(
            [*command, "-c", "reload"], executable=f"{BUILD}/cli/holdup", env=folder.env,
            check=False).returncode, 0)
    else:
        holdupd.send_signal(signal.SIGHUP)
    wait_for("the reload", lambda: holdupd.log().count("programs start afresh") == reloads)


wait_for("fresh data", lambda: ask(stays, "GET VAR other ups.status") == 'VAR other ups.status "OL"')
pid = wait_for("net", net_pid)
mon = client(stays, "USERNAME mon", "PASSWORD secret", "LOGIN other")
guest = client(goes, "USERNAME guest", "PASSWORD guest", "LOGIN other")
admin = client(goes, "USERNAME admin", "PASSWORD 123456")
watcher = client(goes)
watcher.send("SUBSCRIBE other\n")
watcher.expect("OK SUBSCRIBE other")
half = client(goes)
half.send("NETVER\nGET VAR other ups.st")
half.expect("1.3")
same("a port that is not there", refused(comes), True)

# guest and a listener go, a user and a listener come.
write("upsd.users", ACCOUNTS.partition("[guest]")[0] +
      "[late]\n    password = late\n    upsmon secondary\n")
write("upsd.conf", listens(stays, comes) + "MAXCONN 10\n")
reload()
logged(holdupd, "reload: 0 of")
wait_for("the new listener", lambda: not refused(comes))
wait_for("the old one", lambda: refused(goes))
same("net", net_pid(), pid)
same("NETVER at the new one", ask(comes, "NETVER"), "1.3")
wait_for("the new account", lambda: login("late", "late") == "OK")
same("LOGIN of who is gone", login("guest", "guest"), "ERR ACCESS-DENIED")
half.send("atus\n")
half.expect('VAR other ups.status "OL"')
wait_for("two logins", lambda: ask(stays, "GET NUMLOGINS other") == "NUMLOGINS other 2")
mon.send("NETVER\n")
mon.expect("1.3")
source.says('SETINFO ups.status "OB"')
while (line := watcher.line("NOTIFY")) == "NOTIFY BEAT":
    pass
same("NOTIFY", line, 'NOTIFY VAR other ups.status "OB"')
guest.send("LOGOUT\n")
guest.expect("OK Goodbye")
wait_for("one login", lambda: ask(stays, "GET NUMLOGINS other") == "NUMLOGINS other 1")

# The same rights by another word: the account is judged as it is now.
write("upsd.users", ACCOUNTS.replace("actions = SET", "upsmon secondary"))
reload("upsd")
wait_for("guest is back", lambda: login("guest", "guest") == "OK")
admin.send("LOGIN other\n")
admin.expect("OK")

# MAXCONN: less than there are sends nobody away, but lets nobody in.
write("upsd.conf", listens(stays, comes) + "MAXCONN 2\n")
reload()
wait_for("full", lambda: ask(comes, "NETVER") == "ERR ACCESS-DENIED")
mon.send("NETVER\n")
mon.expect("1.3")
write("upsd.conf", listens(stays, comes) + "DEBUG_MIN 1\n")
reload("upsmon")
wait_for("room again", lambda: ask(comes, "NETVER") == "1.3")
wait_for("DEBUG_MIN", lambda: "net: reloaded: 2 listening sockets" in holdupd.log())

# Many, faster than net can answer: nobody is disconnected, and the last one counts.
for i in range(50):
    write("upsd.users", ACCOUNTS + f"[u{i}]\n\tpassword = x\n\tupsmon secondary\n")
    holdupd.send_signal(signal.SIGHUP)
    mon.send("NETVER\n")
    mon.expect("1.3")
    same("NETVER", ask(comes, "NETVER"), "1.3")
wait_for("the last of them", lambda: login("u49", "x") == "OK")
reloads = holdupd.log().count("programs start afresh")
same("net", net_pid(), pid)

# holdup.conf: core starts afresh with it, net does not; logins are said again.
write("holdup.conf", "[ups other]\n\talias = nasups\n")
reload()


def alias():
    mon.send("GET NUMLOGINS nasups\n")
    return mon.line()


wait_for("the alias", lambda: alias() == "NUMLOGINS nasups 2")
same("net", net_pid(), pid)

# A port that somebody else has comes as soon as that has gone, and stays when net dies.
busy = socket.create_server(("127.0.0.1", taken))
write("upsd.conf", listens(stays, comes, taken))
reload()
wait_for("the line", lambda: f"cannot listen on 127.0.0.1 port {taken}" in holdupd.log())
busy.close()
wait_for("the port", lambda: f"listening on 127.0.0.1:{taken} now" in holdupd.log())
same("NETVER", ask(taken, "NETVER"), "1.3")
logged(holdupd, f"cannot listen on 127.0.0.1 port {taken}", times=1)
same("net", net_pid(), pid)
mon.send("NETVER\n")
mon.expect("1.3")
os.kill(pid, signal.SIGKILL)
same("NETVER", ask(taken, "NETVER"), "1.3")
pid = wait_for("another net", lambda: net_pid() not in (0, pid) and net_pid())

# A net that does not answer is started anew, with what is new.
os.kill(pid, signal.SIGSTOP)
write("upsd.users", ACCOUNTS.replace("[mon]", "[mona]"))
reload()
wait_for("its end", lambda: "net: does not take the new configuration" in holdupd.log())
wait_for("another net", lambda: net_pid() not in (0, pid))
same("LOGIN", wait_for("fresh data", lambda: (a := login("mona", "secret")) != "ERR DATA-STALE" and a), "OK")
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
