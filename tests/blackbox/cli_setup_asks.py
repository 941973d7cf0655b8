#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdup setup on two terminals of one network: a server by five questions, and a secondary
that finds it by mDNS, asks for the login, and gets in from the LAN as upsd.users has it."""
# takes 30 s

from nslib import Neighbour, enter, ip

enter()

import os  # noqa: E402  (no thread before enter())
import pty  # noqa: E402
import re  # noqa: E402
import socket  # noqa: E402
import struct  # noqa: E402
import subprocess  # noqa: E402
import termios  # noqa: E402
import threading  # noqa: E402

from corelib import BUILD, Folder, die, same, wait_for  # noqa: E402
from hidlib import Device  # noqa: E402

HOLDUP = BUILD + "/cli/holdup"
END = "\x04"  # of the input, at the begin of a line
SERVER, OTHER = "192.168.77.9", "192.168.77.20"


class Terminal:
    """holdup setup at a terminal: each question is answered when it has been asked."""

    def __init__(self, folder, *words):
        self.shown, self.seen = "", 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(HOLDUP, [HOLDUP, "setup", *words], {**folder.env, "LC_ALL": "C.UTF-8"})

    def read(self):
        try:
            self.shown += os.read(self.fd, 4096).decode(errors="replace")
        except OSError:
            return False  # the other end of a terminal closes like this
        return True

    def answer(self, question, text):
        """Waits for a prompt that ends with this behind what was answered last."""
        while not re.search(question + r" ?$", self.shown[self.seen:]):
            if not self.read():
                die(f"no question {question!r} in {self.shown[self.seen:]!r}")
        self.seen = len(self.shown)
        os.write(self.fd, text.encode() + (b"" if text == END else b"\n"))

    def password(self, text):
        """What is typed before the echo is off is thrown away."""
        while not self.shown[self.seen:].endswith("Password: "):
            if not self.read():
                die(f"no question for a password in {self.shown[self.seen:]!r}")
        wait_for("no echo", lambda: not termios.tcgetattr(self.fd)[3] & termios.ECHO)
        self.seen = len(self.shown)
        os.write(self.fd, text.encode() + b"\n")

    def end(self, status=0):
        while self.read():
            pass
        same(f"the end of {self.shown}",
             os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), status)
        os.close(self.fd)
        return self.shown.replace("\r\n", "\n")


def text_of(folder, name):
    with open(f"{folder.etc}/{name}", encoding="utf-8") as f:
        return f.read()


def respond(s):
    """Answers like Avahi: an instance, its host and port, its address."""
    while True:
        packet, who = s.recvfrom(9000)
        if packet[12:] != b"\4_nut\4_tcp\5local\0\0\x0c\x80\1":
            continue
        record = struct.Struct(">HHIH").pack
        ptr = b"\xc0\x0c" + record(12, 1, 10, 10) + b"\7cellar1\xc0\x0c"
        srv = b"\xc0\x2d" + record(33, 1, 10, 11) + struct.pack(">HHH", 0, 0, 3493) + \
            b"\2pi\xc0\x16"
        a = b"\xc0\x49" + record(1, 1, 10, 4) + socket.inet_aton(SERVER)
        s.sendto(packet[:2] + struct.pack(">HHHHH", 0x8400, 1, 1, 0, 2) + packet[12:28] +
                 b"\0\0\x0c\0\1" + ptr + srv + a, who)


cable = Neighbour()
ip("addr", "add", SERVER + "/24", "dev", "eth0")
ip("link", "set", "eth0", "up")
with cable:
    ip("addr", "add", OTHER + "/24", "dev", "eth0")

# Five questions; an answer that is none is asked again; Enter takes the rest.
server, client = Folder(), Folder()
device = Device(server.dir)
t = Terminal(server)
t.answer(r"\[1\]", "")
t.answer(r"\[ups\]", "a b")
t.answer(r"\[ups\]", "apc")
t.answer(r"\[Y/n\]", "")
t.answer(r"\[none\]", "qnab=192.168.77.30")
t.answer(r"\[none\]", "qnap=192.168.77.30, synology=192.168.77.31")
t.answer(r"\[none\]", "192.168.77.5")
t.answer(r"\[none\]", "mqtt://192.168.77.5")
t.answer(r"Its user \[none\]", "ups")
t.password("Geheim99")
t.answer(r"Write this\? \[Y/n\]", "n")
said = t.end(1)
same("files of who has said no", os.listdir(server.etc), [])
same("questions", re.findall(r"^(\d)\. ", said, re.MULTILINE), ["1", "2", "3", "4", "5"])
if "Geheim99" in said:
    die("a password is shown")

# The same as options: nothing is left to ask but whether it may be written.
t = Terminal(server, "--mode", "server", "--ups", "apc", "--lan", "--nas", "qnap=192.168.77.30",
             "--mqtt", "mqtt://192.168.77.5")
t.answer(r"Write this\? \[Y/n\]", "")
said = t.end()
if re.search(r"^1\. ", said, re.MULTILINE):
    die(f"it asks what an option has said: {said}")
login = re.search(rf"--join apc@{SERVER} --user secondary --password (\S+)", said)
if not login:
    die(f"the line for the others has not this machine's address: {said}")

daemon = server.start("holdupd", "-F")


def upsc(*words):
    return subprocess.run([HOLDUP, "upsc", *words], env=server.env, timeout=60,
                          capture_output=True, text=True, check=False).stdout.strip()


wait_for("a state", lambda: upsc("apc@127.0.0.1", "ups.status"))

# The other machine: nothing on its USB, a server in its network.
group = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
group.bind(("", 5353))
group.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                 socket.inet_aton("224.0.0.251") + socket.inet_aton(SERVER))
threading.Thread(target=respond, args=(group,), daemon=True).start()
os.mkdir(client.run + "/sim")  # its USB, where nothing is
with cable:
    t = Terminal(client)
t.answer(r"\[3\]", "")
t.answer(r"\[1\]", "")
t.answer(r"User \[secondary\]", "")
t.password(login[1])
t.answer(r"Write this\? \[Y/n\]", "")
said = t.end()
if f"Found in this network: cellar1 at {SERVER}" not in said:
    die(f"the server is not found: {said}")
same("its MONITOR line", re.findall("^MONITOR .*", text_of(client, "upsmon.conf"), re.MULTILINE),
     [f"MONITOR apc@{SERVER} 1 secondary {login[1]} secondary"])
same("its mode", "MODE=netclient" in text_of(client, "nut.conf"), True)
with cable:
    second = client.start("holdupd", "-F")
wait_for("its login", lambda: OTHER in upsc("-c", "apc@127.0.0.1"))

# A login that is refused is not written, whatever is answered before.
with cable:
    t = Terminal(client, "--join", f"apc@{SERVER}", "--user", "nobody", "--password", login[1])
t.answer(r"Replace what stands there\? \[Y/n\]", "y")
if "refuses" not in t.end(1):
    die(f"a login of nobody is taken: {t.shown}")
same("nobody", "nobody" in text_of(client, "upsmon.conf"), False)

# What contradicts is asked: no leaves it, yes replaces it.
for word, mode in (("n", "netserver"), ("y", "standalone")):
    t = Terminal(server, "--mode", "standalone", "--domoticz", "http://192.168.77.5:8080")
    t.answer(r"Replace what stands there\? \[Y/n\]", word)
    t.answer(r"Write this\? \[Y/n\]", "y")
    t.end()
    same(f"the mode after {word}", f"MODE={mode}\n" in text_of(server, "nut.conf"), True)

# Input that ends is no answer.
t = Terminal(server, "--mode", "standalone", "--folder", server.dir + "/other")
t.answer(r"\[ups\]", END)
t.end(1)
same("a folder of nobody", os.path.exists(server.dir + "/other"), False)
for p in second, daemon:
    p.terminate()
    same("exit status", p.wait(), 0)
