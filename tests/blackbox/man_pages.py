#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Every program and every file of the configuration has a man page; what a page says of
options is what the program says of itself, neither more nor less."""

import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
BUILD = os.environ.get("BUILD") or ROOT + "/build"
MAN = ROOT + "/man/"

# What has a page: the page, and the commands whose usage it explains.
PAGES = {
    "holdup.1": [["cli/holdup", command, "--help"]
                 for command in ("status", "watch", "clients", "demo", "probe", "sim", "passwd", "drill",
                                 "history", "report", "notify")],
    "holdupd.8": [["holdupd/holdupd", "-?"]],
    "upsc.1": [["cli/upsc", "--help"]],
    "upscmd.1": [["cli/upscmd", "--help"]],
    "upsrw.1": [["cli/upsrw", "--help"]],
    "upsd.8": [["cli/upsd", "--help"]],
    "upslog.8": [["cli/upslog", "--help"]],
    "upsmon.8": [["cli/upsmon", "--help"]],
    "upssched.8": [["cli/upssched", "--help"]],
    "holdup-out.8": [["out/out", "-?"], ["publish/publish", "-?"], ["mqtt/mqtt", "-?"]],
    "upsdrvctl.8": [["cli/upsdrvctl", "--help"]],
    **{f"holdup-{name}.8": [[f"{name}/{name}", "-?"]]
       for name in ("core", "dummy", "hid", "history", "judge", "net", "remote", "run", "sim")},
}
FILES = ["holdup.conf", "nut.conf", "ups.conf", "upsd.conf", "upsd.users", "upsmon.conf",
         "upssched.conf"]


def flags(words):
    """Options out of words like -l, -DV and --json; letters that stand together are several."""
    found = set()
    for word in words:
        found |= {word} if word.startswith("--") else {"-" + letter for letter in word[1:]}
    return found


def page_flags(page):
    """The options that a page names, and those that it promises: in synopsis and lists."""
    with open(MAN + page, encoding="utf-8") as f:
        text = f.read()
    synopsis = text[text.index(".Sh SYNOPSIS"):text.index(".Sh DESCRIPTION")]
    promised = synopsis + "".join(re.findall(r"^\.It .*\n", text, re.MULTILINE))
    return [flags("-" + word for word in re.findall(r"\bFl (-?[A-Za-z][A-Za-z-]*)", part))
            for part in (text, promised)]


def usage_flags(command):
    said = subprocess.run([f"{BUILD}/{command[0]}", *command[1:]], capture_output=True,
                          text=True, stdin=subprocess.DEVNULL)
    text = said.stdout + said.stderr
    if "usage: " not in text:
        return None
    return flags(re.findall(r"(?<![\w-])--?[A-Za-z][A-Za-z-]*", text[text.index("usage: "):]))


wrong = [f"there is no man/{name}.5" for name in FILES if not os.path.exists(f"{MAN}{name}.5")]
with open(MAN + "meson.build", encoding="utf-8") as f:
    installed = set(re.findall(r"'(.*\.\d)'", f.read()))
wrong += [f"man/{page} is not installed"
          for page in os.listdir(MAN) if page != "meson.build" and page not in installed]
for page, commands in PAGES.items():
    sets = [usage_flags(command) for command in commands]
    if None in sets:
        wrong.append(f"{commands} tell no usage")
        continue
    usage, (named, promised) = set().union(*sets), page_flags(page)
    wrong += [f"man/{page} does not name {x}" for x in sorted(usage - named)]
    wrong += [f"man/{page} promises {x}, the program does not" for x in sorted(promised - usage)]
print("\n".join(wrong), end="\n" if wrong else "")
sys.exit(1 if wrong else 0)
