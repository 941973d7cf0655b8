# SPDX-License-Identifier: ISC
"""What the scripts share that follow the recipes: the files that a page tells people to
write, and a machine with virtual UPSes that runs on them."""

import os
import re
import socket

from baselib import PATIENCE
from corelib import Folder, Lines, connected, die, free_port, logged, same, wait_for

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
SERIALS = ["4B1038P51197", "4B1038P51198"]  # of the virtual UPSes, as the recipes have them


def page(name):
    with open(f"{ROOT}/docs/recipes/{name}", encoding="utf-8") as f:
        return f.read()


def blocks(name):
    """The files in a recipe: fenced, beginning with a comment that names them."""
    fenced = re.findall(r"^```\n(# (?:/etc/nut/)?([a-z]+\.(?:conf|users)).*?)^```", page(name),
                        re.MULTILINE | re.DOTALL)
    return [(file, text) for text, file in fenced]


def change(text, *pairs):
    """Each pair is a pattern that must be there, and what stands in its place."""
    for pattern, instead in pairs:
        text, count = re.subn(pattern, instead, text, flags=re.MULTILINE)
        if count == 0:
            die(f"there is no {pattern!r} in\n{text}")
    return text


def run(files):
    """Starts holdupd on these files, with addresses that lead nowhere but to this test."""
    folder = Folder(**{name.replace(".", "_"): text for name, text in files.items()})
    os.mkdir(f"{folder.run}/sim")
    return folder.start("holdupd", "-F")


def says(holdupd, text):
    wait_for(text, lambda: text in holdupd.log())


def faults(log):
    """Lines of the log that complain of a line of a file; a refusal only names one."""
    return [x for x in log.splitlines()
            if re.search(r"\.(conf|users):\d", x) and not re.match(r"net: \w+ refused", x)]


def ends_well(holdupd):
    """No line of a file was complained of, and the end is a good one."""
    if found := faults(holdupd.log()):
        die("\n".join(found))
    holdupd.terminate()
    same("exit status", holdupd.wait(), 0)


class House(Folder):
    """The machine with the cables, on the files of a recipe, and its virtual UPSes. Its
    shutdown is a file."""

    def __init__(self, files, upses=1):
        self.port = free_port()
        files = {"nut.conf": "MODE=netserver\n", "upsd.conf": f"LISTEN 127.0.0.1 {self.port}\n",
                 **files}
        files["upsmon.conf"] += 'FINALDELAY 1\nSHUTDOWNCMD "touch $NUT_STATEPATH/down"\n'
        super().__init__(**{name.replace(".", "_"): text for name, text in files.items()})
        os.mkdir(f"{self.run}/sim")
        for i in range(upses):
            self.start("sim", "--socket", f"{self.run}/sim/hidraw{i}",
                       "--control", self.control(i), "--serial", SERIALS[i])
            wait_for("sim", lambda: os.path.exists(self.control(i)))
        self.holdupd = self.start("holdupd", "-F")

    def control(self, ups):
        return f"{self.run}/sim{ups}.ctl"

    def steer(self, *lines, ups=0):
        """The virtual UPS does so; returns what it answers to the last."""
        with connected(self.control(ups)) as s:
            s.settimeout(PATIENCE)
            for line in lines:
                s.sendall(line.encode() + b"\n")
                answer = s.recv(4096).decode().strip()
                if not answer.startswith("OK"):
                    die(f"{line}: {answer}")
            return answer

    def output(self, ups=0):
        return dict(pair.split("=") for pair in self.steer("status", ups=ups).split()[1:])["output"]

    def is_down(self):
        return os.path.exists(f"{self.run}/down")

    def says(self, *texts):
        logged(self.holdupd, *texts)

    def ends(self):
        ends_well(self.holdupd)


class Client:
    """One that speaks the protocol, as an upsmon of any age does, from an address of its own."""

    def __init__(self, house, ups, user=None, password=None, address="127.0.0.1"):
        self.ups = ups
        s = socket.create_connection(("127.0.0.1", house.port), PATIENCE, (address, 0))
        self.lines = Lines(s)
        self.answers = [self.ask(f"USERNAME {user}"), self.ask(f'PASSWORD "{password}"'),
                        self.ask(f"LOGIN {ups}")] if user else []

    def ask(self, line):
        self.lines.send(line + "\n")
        return self.lines.line()

    def logged_in(self):
        same(f"logins to {self.ups}", self.answers, ["OK"] * 3)
        return self

    def status(self):
        return self.ask(f"GET VAR {self.ups} ups.status").partition('"')[2].rstrip('"').split()

    def sees(self, word):
        wait_for(f"{word} of {self.ups}", lambda: word in self.status())

    def leaves(self):
        self.ask("LOGOUT")
        self.lines.close()
