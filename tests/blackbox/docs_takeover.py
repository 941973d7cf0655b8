#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The recipes from NUT and from apcupsd, command by command on a machine whose systemctl is a
fake; and what runs with each MODE that the first one names."""
# takes 70 s

import os
import re
import subprocess

from corelib import BUILD, Folder, die, free_port, same, wait_for
from docslib import blocks, page
from systemctllib import Systemctl

NUT = {"nut-server.service": ("enabled", True), "nut-monitor.service": ("enabled", True),
       "holdup.service": ("disabled", False)}
APCUPSD = {"apcupsd.service": ("enabled", True), "holdup.service": ("disabled", False)}
PORT = free_port()


def commands(name):
    """Those of `holdup` in a recipe."""
    return [line.removeprefix("sudo ").split()[1:] for text in
            re.findall(r"^```\n(.*?)^```", page(name), re.MULTILINE | re.DOTALL)
            for line in text.splitlines() if line.removeprefix("sudo ").startswith("holdup ")]


def machine(units, **files):
    folder = Folder(**files)
    for name in os.listdir(folder.etc):
        os.chmod(f"{folder.etc}/{name}", 0o640)
    os.mkdir(f"{folder.run}/sim")
    folder.systemctl = Systemctl(f"{folder.dir}/systemd", **units)
    folder.env["HOLDUP_SYSTEMCTL"] = folder.systemctl.path
    return folder


def holdup(folder, words):
    done = subprocess.run([f"{BUILD}/cli/holdup", *words], env=folder.env, timeout=120, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout


def holds(said, *texts):
    for text in texts:
        if text not in said:
            die(f"'{text}' is not in\n{said}")


# The account of this machine itself.
OWN = "[own]\n password = xyz123xyz\n allowfrom = localhost\n upsmon primary\n"
UPSES = {"ups_conf": "[a]\n\tdriver = remote\n\tport = u@127.0.0.1:1\n",
         "upsd_conf": f"LISTEN 127.0.0.1 {PORT}\n",
         "upsmon_conf": "MONITOR a@localhost 1 own xyz123xyz primary\nSHUTDOWNCMD true\n"}

# From NUT: the account of the recipe is the one that is told of.
(_, users), = blocks("from-nut.md")
nut = machine(NUT, nut_conf="MODE=netserver\n", upsd_users=users + OWN, **UPSES)
first = nut.systemctl.now()
check, look, hand, back = commands("from-nut.md")
same("the first command", check, ["check"])
status, said = holdup(nut, check)
if status == 2:
    die(said)
status, said = holdup(nut, look)
holds(said, "upsd.users:4: note: allowfrom lets [monitor] in from localhost only")
same("units after a look", nut.systemctl.now(), first)
same(f"status of {hand}", holdup(nut, hand)[0], 0)
same("nut-server.service", nut.systemctl.now()["nut-server.service"], ("enabled", False, True))
same("holdup.service", nut.systemctl.now()["holdup.service"], ("enabled", True, False))
same(f"status of {back}", holdup(nut, back)[0], 0)
same("units after the way back", nut.systemctl.now(), first)

# What each MODE starts.
modes = re.findall(r"`([a-z]+)`", "".join(re.findall(r"^\| (`[a-z]+`(?:, `[a-z]+`)*) \|",
                                                     page("from-nut.md"), re.MULTILINE)))
same("modes of the recipe", sorted(modes),
     ["manual", "netclient", "netserver", "none", "standalone"])
for mode in modes:
    folder = machine({}, nut_conf=f"MODE={mode}\n", upsd_users=users + OWN, **UPSES)
    holdupd = folder.start("holdupd", "-F")
    if mode == "none":
        same("exit status of MODE=none", holdupd.wait(), 0)
        continue
    wanted = "ready: watching" if mode == "netclient" else f"ready: serving a on 127.0.0.1:{PORT}"
    wait_for(f"MODE={mode}: {wanted}", lambda: wanted in holdupd.log())
    holdupd.terminate()
    same("exit status", holdupd.wait(), 0)

# From apcupsd.
text = re.search(r"^```\n(# apcupsd\.conf.*?)^```", page("from-apcupsd.md"),
                 re.MULTILINE | re.DOTALL)[1]
apcupsd = machine(APCUPSD, upsd_conf=f"LISTEN 127.0.0.1 {PORT}\n")
first = apcupsd.systemctl.now()
with open(f"{apcupsd.dir}/apcupsd.conf", "w", encoding="utf-8") as f:
    f.write(text)
look, hand, back = [[word.replace("apcupsd", f"apcupsd={apcupsd.dir}/apcupsd.conf")
                     for word in words] for words in commands("from-apcupsd.md")]
status, said = holdup(apcupsd, look)
same(f"status of {look}\n{said}", status, 0)
holds(said, "[office]", "MODE=standalone", "Nothing is written.")
status, said = holdup(apcupsd, hand)
same(f"status of {hand}\n{said}", status, 0)
same("apcupsd.service", apcupsd.systemctl.now()["apcupsd.service"], ("disabled", False, False))
with open(f"{apcupsd.etc}/holdup.conf", encoding="utf-8") as f:
    holds(f.read(), "charge = 10", "runtime = 300")
same(f"status of {back}", holdup(apcupsd, back)[0], 0)
same("units after the way back", apcupsd.systemctl.now(), first)
same("files after the way back", [x for x in os.listdir(apcupsd.etc) if "after-holdup" not in x],
     ["upsd.conf"])
