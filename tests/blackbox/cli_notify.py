#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdup notify: who is told, what each was told last and what waits for it; --test sends one
message by each, and NOTIFYCMD is run; faults of holdup.conf are named by file and line."""

import json
import os
import re
import subprocess

from corelib import BUILD, Folder, die, free_port, same, wait_for
from notifylib import Receiver
from outlib import Core

NOBODY = free_port()
NOTHING_YET = "has told nothing yet"


class House(Folder):
    """A private installation, and the command line in it."""

    def conf(self, name, text, mode=0o600):
        path = f"{self.etc}/{name}"
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(path, mode)

    def holdup(self, *args):
        done = subprocess.run([f"{BUILD}/cli/holdup", "notify", *args], env=dict(self.env, no_proxy="*"),
                              capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout, done.stderr

    def rows(self, *args):
        """What it prints, by its first word; lines below a row belong to it."""
        status, said, errors = self.holdup(*args)
        rows, name = {}, None
        for line in said.splitlines():
            if line[0] != " ":
                name, line = line.split(maxsplit=1)
                rows[name] = []
            rows[name].append(re.sub(r"  +", "  ", line.strip()))
        return status, rows, errors


def holds(what, text, *parts):
    for part in parts:
        if part not in text:
            die(f"{what}: {text!r} does not hold {part!r}")


def nobody():
    house = House()
    same("without a file", house.holdup(),
         (0, "nobody is told: holdup.conf has no section [notify NAME] (holdup.conf(5) shows some)\n", ""))
    status, _, errors = house.holdup("--test")
    same("status of a test", status, 1)
    holds("a test", errors, "there is nobody to be told")
    status, said, _ = house.holdup("--json")
    same("for programs", (status, json.loads(said)), (0, {"channels": [], "notifycmd": None}))
    same("what is no option", house.holdup("--tset")[0], 1)


def faults():
    house = House()
    house.conf("holdup.conf", "[notify a]\nvia = email\n[notify beta]\nvia = mail\nurl = smtp://h\n"
               "from = a@b\nquiet = 23.00-7\n[notify c]\nvia = ntfy\nurl = https://h/t\n")
    status, rows, errors = house.rows()
    same("status", status, 0)
    path = f"{house.etc}/holdup.conf"
    holds("faults", errors, f"{path}:2: via takes ntfy, telegram", "meant is perhaps mail",
          f"{path}:3: [notify beta] tells nothing: via mail needs to = me@example.org",
          f"{path}:7: quiet takes two times of the day")
    same("the list", rows, {"a": ["is not used: see above"], "beta": ["mail  is not used: see above"],
                            "c": [f"ntfy  {NOTHING_YET}"]})
    same("a test of one that is not used", house.rows("--test", "beta")[:2],
         (1, {"beta": ["mail  is not used: see above"]}))
    status, said, errors = house.holdup("--test", "betta")
    same("a test of nobody", (status, said), (1, ""))
    holds("a test of nobody", errors, "no channel 'betta'; did you mean 'beta'?")
    holds("another", house.holdup("wonderful")[2], "holdup.conf has no [notify wonderful]")


def trial():
    house, receiver = House(), Receiver()
    house.conf("holdup.conf", f"[notify good]\nvia = ntfy\nurl = {receiver.url('/topic')}\n"
               f"[notify bad]\nvia = webhook\nurl = http://127.0.0.1:{NOBODY}/\n")
    status, rows, errors = house.rows("--test")
    same("status", (status, errors), (1, ""))
    same("delivered", rows["good"], ["ntfy  delivered"])
    holds("the other", rows["bad"][0], "webhook  ", "does not answer")
    holds("the message", receiver.gets().json()["message"], "This is a test")
    same("one alone", house.rows("--test", "good")[:2], (0, {"good": ["ntfy  delivered"]}))
    status, said, _ = house.holdup("--test", "--json")
    same("status", status, 1)
    good, bad = json.loads(said)["channels"]
    same("for programs", good, {"name": "good", "via": "ntfy", "delivered": True, "said": "delivered"})
    same("the other", (bad["name"], bad["delivered"]), ("bad", False))
    receiver.answer = lambda asked: (403, {}, "no")
    status, rows, _ = house.rows("--test", "good")
    same("one that is denied", status, 1)
    holds("one that is denied", rows["good"][0], "403", "token")


def notifycmd():
    house = House()
    house.conf("upsmon.conf", "MONITOR qnapups@localhost 1 a b primary\n"
               f"NOTIFYCMD \"echo >{house.dir}/told $NOTIFYTYPE $UPSNAME\"\n")
    status, rows, errors = house.rows("--test")
    same("status", (status, errors), (0, ""))
    holds("what it says", rows["NOTIFYCMD"][0], "program  echo", "ended with status 0", "is never run")
    with open(f"{house.dir}/told", encoding="utf-8") as f:
        told = f.read()
    holds("what it was told", told, "TEST qnapups@localhost ", "nothing has happened")
    house.conf("upsmon.conf", "MONITOR qnapups@localhost 1 a b primary\nNOTIFYFLAG ONBATT EXEC\n"
               "NOTIFYCMD \"echo loud; exit 3 #\"\n")
    same("one that fails", house.rows("--test", "NOTIFYCMD"),
         (1, {"NOTIFYCMD": ["program  echo loud; exit 3 # ended with status 3"]}, "loud\n"))
    same("the list", house.rows()[1]["NOTIFYCMD"], ["program  echo loud; exit 3 # (upsmon.conf)"])


def outage():
    """What is told and what waits, as out keeps it."""
    house, receiver = House(), Receiver()
    house.conf("holdup.conf", f"[notify good]\nvia = ntfy\nurl = {receiver.url('/topic')}\n"
               f"[notify bad]\nvia = webhook\nurl = http://127.0.0.1:{NOBODY}/\n")
    os.mkdir(f"{house.run}/out")
    core = Core(house)
    conf = os.open(f"{house.etc}/holdup.conf", os.O_RDONLY)
    out = house.start("out", "-C", str(conf), "-d", f"{house.run}/out", fds=(conf,), no_proxy="*",
                      HOLDUP_LIBEXEC=f"{BUILD}/publish")
    os.close(conf)
    core.reader()
    core.set("ups.status", "OB DISCHRG")
    time = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"

    def listed():
        rows = house.rows()[1]
        bad = rows["bad"] + [""] * 2
        return (re.fullmatch(rf"ntfy  {time}  Power failure: Server", rows["good"][0])
                and re.fullmatch(rf"has failed since {time}: .*does not answer.*", bad[1])
                and re.fullmatch(rf"1 event waits since {time}", bad[2]))

    wait_for("what was told, and what waits", listed)
    status, said, errors = house.holdup("--json", "bad")
    same("status", (status, errors), (0, ""))
    (bad,) = json.loads(said)["channels"]
    same("told", (bad["told"], bad["refused"], bad["waiting"]), (None, False, 1))
    holds("why", bad["fails"]["text"], "does not answer")
    if not 0 <= bad["fails"]["at"] - bad["waiting_since"] < 600:
        die(f"moments: {bad}")
    out.terminate()
    same("exit status of out", out.wait(), 0)
    same("after its end", listed() is not None, True)


for part in nobody, faults, trial, notifycmd, outage:
    part()
