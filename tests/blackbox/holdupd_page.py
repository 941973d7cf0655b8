#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What holdupd does for the page and the history, with stand-ins for both: they start where
holdup.conf wants them, with what they are to have; who calls while the page starts afresh
waits; a reload goes past those whom nothing concerns."""

import os
import shutil
import signal
import socket
import stat

from corelib import (BUILD, Folder, Program, children, connect_unix, die, free_port, logged, same,
                     wait_for)

# Answers each question, a line, with its command line or with one of its texts, by option.
WEB = """#!/usr/bin/env python3
import os, select, socket, sys
options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
listeners = [socket.socket(fileno=int(fd)) for fd in options["-l"].split(",")]
while True:
    for listener in select.select(listeners, [], [])[0]:
        try:
            client = listener.accept()[0]
        except BlockingIOError:
            continue
        except OSError:  # it was closed for all who have it
            listeners.remove(listener)
            continue
        client.setblocking(True)
        asked = client.makefile().readline().strip()
        fd = options.get(asked)
        answer = os.pread(int(fd), 65536, 0) if fd else " ".join(sys.argv[1:]).encode()
        client.sendall(b"%d %b" % (os.getpid(), answer))
        client.close()
"""
HISTORY = "#!/bin/sh\nexec sleep 1000\n"

ports = [free_port() for _ in range(3)]
net_port = free_port()
UPSD = f"LISTEN 127.0.0.1 {net_port}\n"
folder = Folder(ups_conf="[a]\n\tdriver = dummy\n\tport = x\n", upsd_conf=UPSD,
                upsd_users="[admin]\n\tpassword = x\n", holdup_conf="")
libexec = f"{folder.dir}/libexec"
os.mkdir(libexec)
sock = f"{folder.dir}/web.sock"


def write(path, text, mode=0o644):
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, mode)


def configure(text, name="holdup.conf"):
    write(f"{folder.etc}/{name}", text)


def running(name):
    """The pid of a stand-in, or None."""
    wanted = {"web": f"{libexec}/web", "history": "sleep 1000"}[name]
    return next((pid for command, pid in children(holdupd.pid).items() if wanted in command),
                None)


def ask(where, question=""):
    """(pid, answer) of the page at a port or path; (None, None): nobody is there, or he has
    just ended."""
    try:
        if isinstance(where, str):
            c = connect_unix(where).sock
        else:
            c = socket.create_connection(("127.0.0.1", where), 40)
        with c:
            c.sendall(f"{question}\n".encode())
            pid, _, answer = c.makefile().read().partition(" ")
            return (int(pid), answer) if pid else (None, None)
    except ConnectionError:
        return None, None


def answers(where):
    return ask(where)[0] is not None


reloads = 0


def reload(text, name="holdup.conf", says="programs start afresh"):
    global reloads
    configure(text, name)
    reloads += 1
    holdupd.send_signal(signal.SIGHUP)
    wait_for(says, lambda: holdupd.log().count("reload: reading") == reloads and
             says in holdupd.log().rpartition("reload: reading")[2])


write(f"{libexec}/web", WEB, 0o755)
write(f"{libexec}/history", HISTORY, 0o755)
PAGE = f"[web]\nlisten = 127.0.0.1:{ports[0]} unix:{sock}\n"
configure(PAGE + "[history]\n")
holdupd = folder.start("holdupd", "-F", HOLDUP_LIBEXEC=libexec)
wait_for("the page", lambda: f"the page is on 127.0.0.1:{ports[0]}, unix:{sock} (http)"
         in holdupd.log())

# What they have, and what they stand in.
pid, answer = ask(ports[0])
same("command line", answer, "-C 3 -M 4 -U 5 -O 6 -l 7,8")
same("pid", pid, running("web"))
same("upsd.users", ask(sock, "-U")[1], "[admin]\n\tpassword = x\n")
same("ups.conf", ask(sock, "-C")[1], "[a]\n\tdriver = dummy\n\tport = x\n")
same("mode of the socket", stat.S_IMODE(os.stat(sock).st_mode), 0o660)
same("mode of the folder", stat.S_IMODE(os.stat(f"{folder.run}/history").st_mode), 0o2750)
wait_for("history", lambda: running("history"))

# Whoever is killed comes back; who calls meanwhile is answered by the next one.
for _ in range(3):
    old = running("web")
    os.kill(old, signal.SIGSTOP)
    with socket.create_connection(("127.0.0.1", ports[0])) as early:
        early.settimeout(40)
        early.sendall(b"\n")
        os.kill(old, signal.SIGKILL)
        if int(early.makefile().read().partition(" ")[0]) == old:
            die("a dead page has answered")
    same("the page again", ask(sock)[0] != old, True)
old = running("history")
os.kill(old, signal.SIGKILL)
wait_for("history again", lambda: running("history") not in (None, old))

# A reload: nothing new, an account, the calendar, another address.
before = running("web"), running("history")
reload(PAGE + "[history]\n", says="reload: 0 of 5 programs")
same("who runs", (running("web"), running("history")), before)
reload("[admin]\n\tpassword = y\n", "upsd.users", says="reload: 1 of 5 programs")
wait_for("the new account", lambda: ask(sock, "-U")[1] == "[admin]\n\tpassword = y\n")
same("history", running("history"), before[1])
PAGE = f"[web]\nlisten = 127.0.0.1:{ports[1]} unix:{sock}\n"
inode = os.stat(sock).st_ino
reload(PAGE + "[history]\n[tests]\nquick = 0\n")
wait_for("the new address", lambda: answers(ports[1]))
same("the old address", answers(ports[0]), False)
same("the socket that stays", os.stat(sock).st_ino, inode)

# HTTPS: without its files there is no page in the clear, with them it has both as one text.
HTTPS = PAGE + f"certificate = {folder.dir}/cert.pem\nkey = {folder.dir}/key.pem\n"
write(f"{folder.dir}/cert.pem", "CERT\n")
reload(HTTPS, says="there is no page until it can be read")
wait_for("no page", lambda: running("web") is None)
same("the address", answers(ports[1]), False)
same("the socket", os.path.exists(sock), False)
write(f"{folder.dir}/key.pem", "KEY\n")
reload(HTTPS)
wait_for("the page", lambda: answers(ports[1]))
same("certificate and key", ask(ports[1], "-T")[1], "CERT\n\nKEY\n")
wait_for("no history without its section", lambda: running("history") is None)

# Neither is wanted.
reload("[web]\nlisten = off\n[history]\nkeep = no\n")
wait_for("nobody", lambda: (running("web"), running("history")) == (None, None))
same("the address", answers(ports[1]), False)

# The page's only address is taken: it is not started before that is free.
with socket.create_server(("127.0.0.1", ports[2])):
    reload(f"[web]\nlisten = 127.0.0.1:{ports[2]}\n", says="trying again until it works")
    wait_for("the end of the reload", lambda: "programs start afresh"
             in holdupd.log().rpartition("reload: reading")[2])
    same("a page without an address", running("web"), None)
wait_for("the page", lambda: answers(ports[2]))

# A folder that is a link is none: what it leads to is left alone.
os.mkdir(f"{folder.dir}/elsewhere", 0o700)
shutil.rmtree(f"{folder.run}/history")
os.symlink(f"{folder.dir}/elsewhere", f"{folder.run}/history")
reload("[history]\n", says="cannot make the folder")
same("elsewhere", stat.S_IMODE(os.stat(f"{folder.dir}/elsewhere").st_mode), 0o700)
same("history", running("history"), None)
os.unlink(f"{folder.run}/history")
reload("[history]\n")
wait_for("history", lambda: running("history"))
holdupd.terminate()
same("exit status", holdupd.wait(), 0)

# Nothing of that in a private installation whose files do not speak of it.
configure("")
holdupd = folder.start("holdupd", "-F", HOLDUP_LIBEXEC=libexec)
wait_for("net and core", lambda: len(children(holdupd.pid)) == 2)
same("either of them", (running("web"), running("history")), (None, None))
holdupd.terminate()
same("exit status", holdupd.wait(), 0)

# Where they are not installed, as packages of their own might not be, one line says so.
alone = f"{folder.dir}/alone"
os.mkdir(alone)
for name in "holdupd", "core", "net":
    shutil.copy(f"{BUILD}/{name}/{name}", alone)
configure("[web]\n[history]\n")
with open(f"{folder.dir}/alone.log", "w") as log:
    holdupd = Program([f"{alone}/holdupd", "-F"], env=folder.env, stdout=log, stderr=log)
folder.processes.append(holdupd)
holdupd.log = lambda: open(f"{folder.dir}/alone.log").read()
wait_for("ready", lambda: "ready: serving a" in holdupd.log())
logged(holdupd, "web is not installed: there is no page",
       "history is not installed: nothing is kept of what happens", times=1)
wait_for("net and core", lambda: len(children(holdupd.pid)) == 2)
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
