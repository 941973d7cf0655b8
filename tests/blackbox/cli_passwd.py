#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdup passwd: what it asks on a terminal and what it never shows there, what a script
gets, and that --check tells right from wrong."""

import os
import pty
import re
import subprocess
import tempfile
import termios

from baselib import BUILD, die, same, wait_for

HOLDUP = BUILD + "/cli/holdup"
LINE = re.compile(r"password = (\$y\$[./A-Za-z0-9]+\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{43})\n")
folder = tempfile.TemporaryDirectory(prefix="holdup-passwd.")
env = {**os.environ, "NUT_CONFPATH": folder.name, "LC_ALL": "C.UTF-8"}


def run(*args, said=""):
    return subprocess.run([HOLDUP, "passwd", *args], input=said, capture_output=True,
                          text=True, env=env)


def at_terminal(*said):
    """What a terminal shows and how it ends, one line for each question."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(HOLDUP, [HOLDUP, "passwd", "admin"], env)
    shown, asked = "", 0
    try:
        while more := os.read(fd, 4096).decode():
            shown += more
            if asked < len(said) and re.search(r"(Password|The same again): $", shown):
                # What is typed before the echo is off is thrown away.
                wait_for("no echo", lambda: not termios.tcgetattr(fd)[3] & termios.ECHO)
                os.write(fd, said[asked].encode() + (b"" if said[asked] == "\x03" else b"\n"))
                asked += 1
    except OSError:
        pass  # the other end of a terminal closes like this
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(fd)
    return shown.replace("\r\n", "\n"), status


# Ctrl-C ends it at once, and nothing was shown.
shown, status = at_terminal("\x03")
same("what Ctrl-C leaves", ("$y$" in shown, status != 0), (False, True))

# A script gets one line, and a person what it means; no two hashes are the same.
first, second = run("admin", said="a b#c\n"), run(said="a b#c\n")
same("exit status", (first.returncode, second.returncode), (0, 0))
for made in first, second:
    if not LINE.fullmatch(made.stdout):
        die(f"holdup passwd prints {made.stdout!r}")
if first.stdout == second.stdout:
    die("two hashes of one password are the same")
cost = re.search(r"takes about (\d+) ms of this machine", first.stderr)
if not cost or not 10 < int(cost[1]) < 1000:
    die(f"the cost is not fitted: {first.stderr}")
if "section [admin] of " + folder.name not in first.stderr:
    die(f"it does not say where the line belongs: {first.stderr}")

# At a terminal it asks twice and shows neither.
shown, status = at_terminal("secret", "secret")
same("exit status", status, 0)
if "secret" in shown or not LINE.search(shown):
    die(f"the terminal shows {shown!r}")
shown, status = at_terminal("secret", "secreT")
same("exit status of two that differ", status, 1)
if "are not the same" not in shown or LINE.search(shown):
    die(f"the terminal shows {shown!r}")

# --check, by hash and by user.
text = LINE.fullmatch(first.stdout)[1]
with open(folder.name + "/upsd.users", "w") as f:
    f.write(f"[admin]\n{first.stdout}[plain]\n\tpassword = \"a b\"\n[none]\n\tupsmon slave\n")
for what, said, status in (
    (text, "a b#c", 0), (text, "a b", 1), (text, "", 1), (text, text, 1),
    ("admin", "a b#c", 0), ("admin", text, 1), ("plain", "a b", 0), ("plain", "a", 1),
    ("none", "", 1), ("nobody", "a", 1), ("$y$nonsense", "a", 1),
):
    same(f"--check {what} of {said!r}", run("--check", what, said=said + "\n").returncode, status)

# What is no password, and no use.
for args, said in (((), ""), ((), "\n"), ((), "x" * 600 + "\n"), (("--chek", "a"), "a\n"),
                   (("--check",), "a\n"), (("a", "b"), "a\n")):
    made = run(*args, said=said)
    same(f"exit status of {args} {said[:9]!r}", made.returncode, 1)
    same(f"what {args} {said[:9]!r} prints", made.stdout, "")
