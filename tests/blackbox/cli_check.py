#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdup check: each fault of tests/check/bad, one a folder, is explained as its `expected`
has it, letter by letter; configurations that are right give no alarm."""

import json
import os
import shutil
import subprocess
import tempfile

from baselib import BUILD, die, same

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "../check")
WEIGHTS = {"note": 0, "warning": 1, "error": 2}


def check(cwd, *words):
    """Output and exit status."""
    done = subprocess.run([BUILD + "/cli/holdup", "check", *words], cwd=cwd, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={**os.environ, "NUT_CONFPATH": "server"}, check=False)
    return done.stdout, done.returncode


def lay_out(temp, fault):
    """The good server with one fault laid over it: `-NAME` is a file that is away, `modes` the
    permissions of all. Returns the folders."""
    server = shutil.copytree(f"{CORPUS}/base", f"{temp}/server")
    mode, folders = 0o640, ["server"]
    for name in os.listdir(fault):
        if name == "expected":
            continue
        if name == "client":
            shutil.copytree(f"{fault}/client", f"{temp}/client")
            folders.append("client")
        elif name == "modes":
            with open(f"{fault}/modes", encoding="utf-8") as f:
                mode = int(f.read(), 8)
        elif name[0] == "-":
            os.remove(f"{server}/{name[1:]}")
        else:
            shutil.copy(f"{fault}/{name}", server)
    for folder in folders:
        for name in os.listdir(f"{temp}/{folder}"):
            os.chmod(f"{temp}/{folder}/{name}", mode)
    return folders


def faulty(name):
    fault = f"{CORPUS}/bad/{name}"
    with tempfile.TemporaryDirectory(prefix="holdup-check.") as temp:
        folders = lay_out(temp, fault)
        text, status = check(temp, *folders)
        if os.environ.get("GOLDEN"):
            with open(f"{fault}/expected", "w", encoding="utf-8") as f:
                f.write(text)
        with open(f"{fault}/expected", encoding="utf-8") as f:
            same(f"what is said of {name}", text, f.read())
        found = json.loads(check(temp, "--json", *folders)[0])
        same(f"exit status of {name}", status, max(WEIGHTS[x["weight"]] for x in found))
        same(f"lines of {name}", [f"{x['file']}{':%d' % x['line'] if x['line'] else ''}: "
                                  f"{x['weight']}: {x['text']}" for x in found],
             text.splitlines()[:-1])


def good(name, folder):
    """No more than notes."""
    with tempfile.TemporaryDirectory(prefix="holdup-check.") as temp:
        server = shutil.copytree(folder, f"{temp}/server")
        for file in os.listdir(server):
            os.chmod(f"{server}/{file}", 0o640)
        text, status = check(temp)
        if status != 0 or "warning" in text.split("\n")[0]:
            die(f"{name}: {text}")


for fault_name in sorted(os.listdir(f"{CORPUS}/bad")):
    faulty(fault_name)
for good_name in sorted(os.listdir(f"{CORPUS}/good")):
    good(good_name, f"{CORPUS}/good/{good_name}")
good("base", f"{CORPUS}/base")

# A folder that is not there, a word that is not known.
same("no such folder", check("/", "/nonexistent")[1], 2)
same("no such option", check("/", "--jsn")[1], 1)
