#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What README, docs and man pages name is there: each page and heading that a link leads to,
each file of the tree, and each command with each of its options."""

import functools
import glob
import os
import re
import subprocess
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
BUILD = os.environ.get("BUILD") or ROOT + "/build"

NUT_NAMES = ["upsc", "upscmd", "upsrw", "upsd", "upslog", "upsmon", "upssched", "upsdrvctl"]
PROGRAMS = {name: [f"cli/{name}", "--help"] for name in NUT_NAMES}
PROGRAMS |= {name: [f"{name}/{name}", "-?"]
             for name in ("core", "dummy", "hid", "holdupd", "judge", "mqtt", "net", "out",
                          "publish", "remote", "run", "sim", "web")}
# What is not ours, or not in a clone, though it looks like a path of the tree.
FOREIGN = re.compile(r"(^|/)shared/|[A-Z]{3}|^(docs/man|clients|drivers|server)/|^/|^holdup/")

wrong = []


@functools.cache
def usage(*command):
    said = subprocess.run([f"{BUILD}/{command[0]}", *command[1:]], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False)
    return said.stdout + said.stderr


@functools.cache
def commands():
    """Of `holdup`."""
    return set(re.findall(r"^  ([a-z]+) ", usage("cli/holdup", "help"), re.MULTILINE))


def has_option(text, word):
    """-x may stand among others: [-DV]."""
    word = word.partition("=")[0]
    if word.startswith("--"):
        return re.search(rf"{re.escape(word)}(?![\w-])", text) is not None
    return all(re.search(rf"(?<![\w-])-[A-Za-z0-9]*{re.escape(letter)}", text)
               for letter in word[1:2])


def check_words(where, name, words):
    """A command of ours with what stands behind it, as far as that can be told."""
    text = usage(*PROGRAMS.get(name, [f"cli/{name}", "--help"]))
    if name == "holdup":
        command = next((w for w in words if not w.startswith("-")), "status")
        if words and words[0].startswith("-"):
            command = "status"
        if not re.fullmatch(r"[a-z]+", command):
            return
        if command not in commands():
            wrong.append(f"{where}: there is no 'holdup {command}'")
            return
        text = usage("cli/holdup", command, "--help") + "--help --version -V"
    words = [word for w in words for word in w.split("|")]
    wrong.extend(f"{where}: '{name} {' '.join(words)}': it has no {word}" for word in words
                 if re.match(r"--?[A-Za-z]", word) and not has_option(text, word))


def check_line(where, line):
    """One line that may be a command: sudo, variables and a prompt before it are left out."""
    line = re.split(r"\s{2,}|\s#|\t|[;&><]|(?<=\s)\|", line.strip().removeprefix("$ "))[0]
    words = [w.strip("[](),.…'\"") for w in line.split()]
    while words and (words[0] == "sudo" or re.match(r"[A-Z_]+=", words[0])):
        words = words[1:]
        if words[:1] == ["-u"]:
            words = words[2:]
    if not words:
        return
    name = os.path.basename(words[0])
    if name == "holdup" and len(words) > 1:
        for alternative in words[1].split("|"):
            check_words(where, name, [alternative, *words[2:]])
    elif name == "holdup" or name in PROGRAMS:
        check_words(where, name, words[1:])


def slug(heading):
    """As it is known to a link."""
    return re.sub(r"[^\w\- ]", "", heading.lower().replace("`", "")).replace(" ", "-")


@functools.cache
def headings(path):
    with open(path, encoding="utf-8") as f:
        text = re.sub(r"^```.*?^```", "", f.read(), flags=re.MULTILINE | re.DOTALL)
    return [slug(h) for h in re.findall(r"^#+ (.*)", text, re.MULTILINE)]


def check_link(where, page, target):
    path, _, anchor = target.partition("#")
    path = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
    if not os.path.exists(path):
        wrong.append(f"{where}: {target} leads nowhere")
    elif anchor and anchor not in headings(path):
        wrong.append(f"{where}: {target}: there is no such heading")


def check_paths(where, text):
    for path in re.findall(r"(?<![\w./<>~$-])((?:[\w-]+/)+[\w.*-]*\w\.(?:[chm]|py|sh|md|js|json|pml|in|png))\b",
                           text):
        if not FOREIGN.search(path) and not glob.glob(f"{ROOT}/{path}") \
                and not glob.glob(f"{ROOT}/docs/{path}"):
            wrong.append(f"{where}: there is no {path}")
    for path in re.findall(r"(?<![\w./-])((?:tests|packaging)/[\w/-]*\w)(?![\w/.*<-])", text):
        if not os.path.exists(f"{ROOT}/{path}"):
            wrong.append(f"{where}: there is no {path}")


def check_page(page):
    """A page in Markdown."""
    fenced, of = False, os.path.relpath(page, f"{ROOT}/docs")[:-3]  # a command, or none
    with open(page, encoding="utf-8") as f:
        lines = f.read().splitlines()
    for number, line in enumerate(lines, 1):
        where = f"{os.path.relpath(page, ROOT)}:{number}"
        check_paths(where, line)
        if line.startswith("```"):
            fenced = not fenced
        elif fenced:
            check_line(where, line)
        else:
            for code in re.findall(r"`([^`]+)`", line):
                check_line(where, f"holdup {of} {code}" if code.startswith("--") and of in commands()
                           else code)
            for target in re.findall(r"\]\(([^)\s]+)\)", line):
                if not re.match(r"[a-z]+:", target):
                    check_link(where, page, target)


def check_manual(page):
    """A man page: what its macros show as commands."""
    with open(page, encoding="utf-8") as f:
        lines = f.read().splitlines()
    for number, line in enumerate(lines, 1):
        where = f"{os.path.relpath(page, ROOT)}:{number}"
        shown = re.match(r"\.(?:Ic|Dl|D1|Nm|Pq Nm) (holdup (?:Cm )?[a-z].*)|(\$ .*)", line)
        if shown:
            check_line(where, (shown[1] or shown[2]).replace("Cm ", "").replace("Fl ", "-"))
        if number > 1 and lines[number - 2] == ".Xr holdup 1" and line.startswith(".Pq Cm "):
            check_line(where, "holdup " + line[7:])
        for name, section in re.findall(r"\.Xr ([\w.-]+) (\d)", line):
            if re.match(r"holdup|ups|nut\.", name) and not os.path.exists(f"{ROOT}/man/{name}.{section}"):
                wrong.append(f"{where}: there is no {name}({section})")


pages = [f"{ROOT}/{name}" for name in ("README.md", "CHANGELOG.md")] \
    + sorted(glob.glob(f"{ROOT}/docs/**/*.md", recursive=True))
for found in pages:
    check_page(found)
for found in sorted(glob.glob(f"{ROOT}/man/*.[1-9]")):
    check_manual(found)

# Each page is in the index, so that somebody finds it.
with open(f"{ROOT}/docs/README.md", encoding="utf-8") as f:
    index = set(re.findall(r"\]\(([\w/-]+\.md)\)", f.read()))
wrong += [f"docs/README.md does not name {os.path.relpath(found, ROOT + '/docs')}"
          for found in pages[2:] if os.path.relpath(found, ROOT + "/docs") not in index | {"README.md"}]
print("\n".join(wrong), end="\n" if wrong else "")
sys.exit(1 if wrong else 0)
