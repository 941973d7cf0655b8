#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Every program and every file of the configuration has a man page; what a page says of
options is what the program says of itself, neither more nor less."""

import json
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
BUILD = os.environ.get("BUILD") or ROOT + "/build"
MAN = ROOT + "/man/"

# What has a page: the page, and the commands whose usage it explains. Those of `holdup`
# that have no page of their own are all in its own.
PAGES = {
    "holdupd.8": [["holdupd/holdupd", "-?"]],
    "upsc.1": [["cli/upsc", "--help"]],
    "upscmd.1": [["cli/upscmd", "--help"]],
    "upsrw.1": [["cli/upsrw", "--help"]],
    "upsd.8": [["cli/upsd", "--help"]],
    "upslog.8": [["cli/upslog", "--help"]],
    "upsmon.8": [["cli/upsmon", "--help"]],
    "upssched.8": [["cli/upssched", "--help"]],
    "upsdrvctl.8": [["cli/upsdrvctl", "--help"]],
    **{f"holdup-{name}.8": [[f"{name}/{name}", "-?"]]
       for name in ("core", "dummy", "hid", "history", "judge", "mqtt", "net", "out", "publish",
                    "remote", "run", "sim", "web")},
}
FILES = ["holdup.conf", "nut.conf", "ups.conf", "upsd.conf", "upsd.users", "upsmon.conf",
         "upssched.conf"]


def flags(words):
    """Options out of words like -l, -DV and --json; letters that stand together are several."""
    found = set()
    for word in words:
        found |= {word} if word.startswith("--") else {"-" + letter for letter in word[1:]}
    return found


def read(page):
    with open(MAN + page, encoding="utf-8") as f:
        return f.read()


def page_flags(page):
    """The options that a page names, and those that it promises: in synopsis and lists."""
    text = read(page)
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


def names(page):
    """The programs and files that its NAME tells of."""
    said = re.search(r"^\.Sh NAME\n(.*?)^\.Nd ", read(page), re.MULTILINE | re.DOTALL)[1]
    return re.findall(r"[\w.-]+", said.replace(".Nm", ""))


def commands_of_holdup():
    said = subprocess.run([f"{BUILD}/cli/holdup", "help"], capture_output=True, text=True,
                          check=True).stdout
    return re.findall(r"^  ([a-z]+) ", said, re.MULTILINE)


pages = sorted(page for page in os.listdir(MAN) if page != "meson.build")
named = {name: page for page in pages for name in names(page)}
wrong = [f"there is no man/{name}.5" for name in FILES if f"{name}.5" not in pages]
with open(MAN + "meson.build", encoding="utf-8") as f:
    installed = set(re.findall(r"'(.*\.\d)'", f.read()))
wrong += [f"man/{page} is not installed" for page in pages if page not in installed]

# Whatever is installed to be run has a page; links that are other names of holdup are below.
with open(f"{BUILD}/meson-info/intro-installed.json", encoding="utf-8") as f:
    programs = [path for path in json.load(f).values()
                if re.search(r"/s?bin/[^/]+$|/libexec/holdup/[^/]+$", path)]
wrong += [f"{path} has no man page" for path in programs if os.path.basename(path) not in named]
if len(programs) < 15:
    wrong.append(f"only {len(programs)} programs are installed")

# So has each command: its own, or a place in holdup(1).
own = [name for name in commands_of_holdup()
       if not {f"{name}.1", f"{name}.8"} & set(pages)]
wrong += [f"man/holdup.1 does not explain {name}" for name in own
          if not re.search(rf"^\.It Cm {name}\b", read("holdup.1"), re.MULTILINE)]
PAGES["holdup.1"] = [["cli/holdup", name, "--help"] for name in own
                     if name not in ("help", "version")]
for page, commands in PAGES.items():
    sets = [usage_flags(command) for command in commands]
    if None in sets:
        wrong.append(f"{commands} tell no usage")
        continue
    usage, (explained, promised) = set().union(*sets), page_flags(page)
    wrong += [f"man/{page} does not name {x}" for x in sorted(usage - explained)]
    wrong += [f"man/{page} promises {x}, the program does not" for x in sorted(promised - usage)]
print("\n".join(wrong), end="\n" if wrong else "")
sys.exit(1 if wrong else 0)
