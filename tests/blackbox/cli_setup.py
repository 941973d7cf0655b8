#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdup setup: what it writes works. A server and a secondary are set up by one command each
and started; what is written by hand stays; nothing is written that was not to be; the file
that a kill comes upon is the old one or the new one."""
# takes 40 s

import glob
import grp
import json
import os
import re
import shutil
import signal
import subprocess
import time

from corelib import BUILD, Folder, die, free_port, same, wait_for
from hidlib import Device, Sim

PORT = free_port()
HOLDUP = BUILD + "/cli/holdup"
FILES = {"nut.conf", "ups.conf", "upsd.conf", "upsd.users", "upsmon.conf", "holdup.conf"}


def holdup(folder, *words, status=0, stdin=""):
    done = subprocess.run([HOLDUP, *words], env=folder.env, input=stdin, timeout=120, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != status:
        die(f"{words} ends with {done.returncode}: {done.stdout}")
    return done.stdout


def setup(folder, *words, **more):
    return holdup(folder, "setup", *words, **more)


def texts(folder):
    found = {}
    for name in os.listdir(folder.etc):
        with open(f"{folder.etc}/{name}", encoding="utf-8") as f:
            found[name] = f.read()
    return found


def has(what, text, *parts):
    for part in parts:
        if part not in text:
            die(f"{what}: no {part!r} in {text}")


# A server, with a port of its own and an account that loopback may use: the rest is ours.
by_hand = {"upsd.conf": f"LISTEN 127.0.0.1 {PORT}\n",
           "upsd.users": "[pi]\n  password = Zs8dkQw2\n  upsmon slave # mine"}
server = Folder(upsd_conf=by_hand["upsd.conf"], upsd_users=by_hand["upsd.users"])

# Nothing is there to be asked, and nobody has said yes; --dry-run; a word that is none.
has("no terminal", setup(server, status=1),
    "say --mode, --lan or --no-lan, --nas, --domoticz or --mqtt; or --yes", "Nothing is written")
has("no terminal", setup(server, "--mode", "secondary", "--join", "ups@127.0.0.1:1", status=1),
    "say --user and --password; or")
has("dry", setup(server, "--dry-run", "--nas", "qnap=127.0.0.7"), "+MODE=netserver", "[ups]",
    "No UPS on USB yet", "Nothing is written", "account = qnap")
has("options", setup(server, "--mode", "servr", "--yes", status=1), "not 'servr'")
has("options", setup(server, "--nas", "qnab=1.2.3.4", "--yes", status=1), "qnap, synology")
has("options", setup(server, "--ups", "a b", "--yes", status=1), "cannot name a UPS")
for url in "http://joe:geheim@127.0.0.1", "127.0.0.1:8080", "http://":
    said = setup(server, "--domoticz", url, "--yes", status=1)
    has("options", said, "--domoticz takes a URL such as", "--domoticz-password")
    same("a password is shown", "geheim" in said, False)
has("whose password", setup(server, "--mode", "secondary", "--user", "pi", "--password", "geheim",
                            "--yes", status=1), "goes with --join")
has("secondary", setup(server, "--mode", "secondary", "--join", "ups@127.0.0.1:1", "--yes",
                       status=1), "--password")
same("files that nobody wanted", texts(server), {
    "upsd.conf": by_hand["upsd.conf"], "upsd.users": by_hand["upsd.users"]})

sim = Sim(type("Private", (), {"dir": server.dir, "env": server.env}))
words = ("--yes", "--mode", "server", "--lan", "--ups", "apc", "--nas", "qnap=127.0.0.7",
         "--nas", "unraid=127.0.0.8")
# A virtual UPS on a busy machine may be too slow for one look at the bus.
wait_for("the UPS", lambda: "Found on USB: " in setup(server, *words, "--dry-run"))
said = setup(server, *words)
has("the server", said, "On the other machines:", "--join apc@",
    f":{PORT} --user pi --password Zs8dkQw2", "Control Panel > External Device > UPS",
    "is not this machine's own folder")
for shown in said.split("On the other machines:")[0].splitlines():
    if re.match(r"[ +-]\s*password = (?!…$)|.MONITOR \S+ \d \S+ (?!… )", shown):
        die(f"a password is shown: {shown}")
now = texts(server)
copies = {name for name in now if ".before-holdup-" in name}
same("files", set(now) - copies, FILES)
same("copies", sorted(name.split(".before-holdup-")[0] for name in copies),
     ["upsd.conf", "upsd.users"])
for name in copies:
    same(name, now[name], by_hand[name.split(".before-holdup-")[0]])
for name, text in by_hand.items():
    same(f"what was in {name}", now[name][:len(text)], text)
same("modes", {name: os.stat(f"{server.etc}/{name}").st_mode & 0o777 & ~0o20
               for name in FILES - set(by_hand)},
     {"nut.conf": 0o644, "ups.conf": 0o644, "upsmon.conf": 0o640, "holdup.conf": 0o640})
for name in ("upsd.users", "upsmon.conf", "holdup.conf"):
    same(f"others may read {name}", os.stat(f"{server.etc}/{name}").st_mode & 0o7, 0)
try:
    group = grp.getgrnam("nut").gr_gid if os.geteuid() == 0 else os.getegid()
except KeyError:
    group = os.getegid()
same("whose it is", {(os.stat(f"{server.etc}/{name}").st_uid, os.stat(f"{server.etc}/{name}").st_gid)
                     for name in FILES - set(by_hand)}, {(os.geteuid(), group)})
passwords = re.findall(r"password = (\S+)", now["upsd.users"])[1:]
same("passwords", [bool(re.fullmatch("[A-Za-z2-9]{20}", p)) for p in passwords], [True, True])
same("different ones", len(set(passwords)), 2)
has("check", holdup(server, "check"), "Nothing is wrong here.")

# The second time there is nothing to do, without any word, too.
for again in (words, ("--yes",)):
    has("again", setup(server, *again), "no file has to be changed", "On the other machines:")
same("the second time", texts(server), now)
told = json.loads(setup(server, *words, "--json"))
same("JSON", (told["written"], told["files"], told["stays"], told["upses"]),
     (True, [], [], ["apc"]))
same("JSON, the others", [row["who"] for row in told["others"]][-1], "Home Assistant")

# It serves.
daemon = server.start("holdupd", "-F")


def upsc(*words_):
    done = subprocess.run([BUILD + "/cli/holdup", "upsc", *words_], env=server.env, timeout=60,
                          capture_output=True, text=True, check=False)
    return done.stdout.strip()


wait_for("a state", lambda: upsc(f"apc@127.0.0.1:{PORT}", "ups.status") == "OL")

# A secondary: a login that is refused is none; a server that is away is no reason; the line
# that the server has printed.
client = Folder()
at = f"apc@127.0.0.1:{PORT}"
has("a wrong password", setup(client, "--join", at, "--user", "pi", "--password", "wrong",
                              "--yes", status=1), "refuses", "Access denied")
has("a wrong UPS", setup(client, "--join", f"nix@127.0.0.1:{PORT}", "--user", "pi", "--password",
                         "Zs8dkQw2", "--yes", status=1), "refuses")
same("files of who is refused", texts(client), {})
has("a line of standard input", setup(client, "--join", f"127.0.0.1:{PORT}", "--user", "pi",
                                      "--password", "-", "--yes", "--dry-run",
                                      stdin="Zs8dkQw2\n"), f"MONITOR {at} 1 pi … secondary")
line = re.search(r"sudo holdup setup (--join apc@)\S+( .*)", said)
join = [f"{at}" if w.startswith("apc@") else w for w in (line[1] + at + line[2]).split()]
join[1] = at
setup(client, "--join", at, *join[2:], "--yes")
same("what a secondary needs", set(texts(client)), {"nut.conf", "upsmon.conf"})
has("check", holdup(client, "check"), "Nothing is wrong here.")
second = client.start("holdupd", "-F")
wait_for("its login", lambda: "127.0.0.1" in upsc("-c", at))
has("again", setup(client, "--yes"), "no file has to be changed")

# Another password: what is there stays, and that is said.
has("a clash", setup(client, "--join", f"{at}", "--user", "local", "--password",
                     passwords[0], "--yes"), "stands there with another login", "It stays")
second.terminate()
same("the secondary's end", second.wait(), 0)
daemon.terminate()
same("the server's end", daemon.wait(), 0)
sim.close()

# Two UPSes, one of them without a serial number; later a third one.
two = Folder()
devices = [Device(two.dir, "hidraw0", serial="A1"), Device(two.dir, "hidraw1", serial="")]
setup(two, "--yes", "--mode", "standalone")
has("two", texts(two)["ups.conf"], "[ups]\n", "serial = A1", "[ups2]\n")
has("two", texts(two)["upsmon.conf"], "MINSUPPLIES 2", "MONITOR ups2@localhost 1")
devices.append(Device(two.dir, "hidraw2", serial="C3"))
before = texts(two)
setup(two, "--yes")
has("three", texts(two)["ups.conf"], before["ups.conf"], "[ups3]\n", "serial = C3")
has("mode", texts(two)["nut.conf"], "MODE=standalone")
has("check", holdup(two, "check"), "Nothing is wrong here.")

# What check finds an error in is not written.
bad = Folder(ups_conf="[a]\ndriver = usbhid-ups\nport = auto\nLISTEN = 1\n")
has("an error", setup(bad, "--yes", status=1), "ups.conf:4: error", "nothing is written")
same("files", list(texts(bad)), ["ups.conf"])

# --folder: another one, which is made.
there = Folder()
setup(there, "--folder", f"{there.dir}/other", "--yes", "--mode", "standalone")
same("another folder", set(os.listdir(f"{there.dir}/other")), FILES)
same("not this one", os.listdir(there.etc), [])

# Where only the package for secondaries is, nothing can be served.
os.mkdir(there.dir + "/bin")
shutil.copy(HOLDUP, there.dir + "/bin/holdup")
for words, status, part in ((("--mode", "server"), 1, "apt install holdup"),
                            (("--join", "a@127.0.0.1:1", "--user", "u", "--password", "p"), 0,
                             "MODE=netclient")):
    done = subprocess.run([there.dir + "/bin/holdup", "setup", "--yes", *words], env=there.env,
                          timeout=120, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    same(f"status of {words}", done.returncode, status)
    has(f"{words}", done.stdout, part)

# The service: it is started, reads anew, or begins anew where what runs is another thing.
units = Folder()
with open(f"{units.dir}/systemctl", "w", encoding="utf-8") as f:
    f.write(f"""#!/bin/sh
echo "$*" >>{units.dir}/called
[ "$2" != is-active ] || [ -e {units.dir}/active ]
""")
os.chmod(f"{units.dir}/systemctl", 0o755)
units.env["HOLDUP_SYSTEMCTL"] = f"{units.dir}/systemctl"


def called(*words_):
    setup(units, "--yes", "--json", *words_)
    with open(f"{units.dir}/called", encoding="utf-8") as log:
        lines = re.findall(r"^--quiet (\S+) holdup\.service$", log.read(), re.MULTILINE)
    os.unlink(f"{units.dir}/called")
    return lines


same("the first time", called("--mode", "standalone"), ["is-active", "enable", "start"])
with open(f"{units.dir}/active", "w", encoding="utf-8"):
    pass
same("again", called(), ["is-active", "enable", "reload"])
os.unlink(units.etc + "/nut.conf")
same("another mode", called("--mode", "server"), ["is-active", "enable", "restart"])

# Killed at any moment: each file is as it was, or as it is to be.
OLD = {name: f"# by hand {name}\n" + "# much of it\n" * 2000 for name in FILES}
killed = Folder(**{name.replace(".", "_"): text for name, text in OLD.items()})
rounds = 0
for step in range(200):
    for name, text in OLD.items():
        with open(f"{killed.etc}/{name}", "w", encoding="utf-8") as f:
            f.write(text)
    process = subprocess.Popen([HOLDUP, "setup", "--yes", "--mode", "server", "--lan"],
                               env=killed.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    while process.poll() is None and not glob.glob(killed.etc + "/.*.holdup-new") and \
            not glob.glob(killed.etc + "/*.before-holdup-*"):
        pass
    time.sleep(step * 0.0002)
    process.send_signal(signal.SIGKILL)
    process.stdout.read()
    rounds += process.wait() == -signal.SIGKILL
    for name, text in texts(killed).items():
        if name in FILES:
            same(f"begin of {name}", text[:len(OLD[name])], OLD[name])
            if text != OLD[name] and not text.endswith("\n"):
                die(f"{name} ends in its middle: {text[len(OLD[name]):]}")
    for copy in glob.glob(killed.etc + "/*.before-holdup-*"):
        os.unlink(copy)
    if rounds >= 20:
        break
if rounds == 0:
    die("it was never killed while it wrote")
setup(killed, "--yes", "--mode", "server", "--lan")  # the last one may have written all
has("after all", texts(killed)["nut.conf"], "MODE=netserver")
same("what is left over", glob.glob(killed.etc + "/.*"), [])
