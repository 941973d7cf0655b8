#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 40 s
"""holdup doctor on a running private installation: what is wrong is said with what to type,
and each fault is gone when it is mended. The bundle has no secret of the configuration."""

import json
import os
import socket
import subprocess
import tarfile
import time

from corelib import BUILD, Folder, die, free_port, same, wait_for

HERE = os.path.dirname(os.path.abspath(__file__))
PORT, PAGE = free_port(), free_port()
DEV = """ups.status: OL
battery.charge: 100
battery.charge.low: 10
battery.runtime: 1800
battery.runtime.low: 120
battery.date: 2012/05/01
ups.test.result: Done and passed
"""
folder = Folder(
    nut_conf="MODE=netserver\n",
    ups_conf="[apc]\ndriver = dummy-ups\nport = apc.dev\ndesc = \"beside Freebox-77AB\"\n",
    apc_dev=DEV,
    upsd_conf=f"LISTEN 127.0.0.1 {PORT}\n",
    upsd_users="""[local]
password = l0calgeheim
upsmon primary
[qnap]
password = qn4pgeheim
upsmon secondary
""",
    upsmon_conf=f"""MONITOR apc@localhost:{PORT} 1 local l0calgeheim primary
SHUTDOWNCMD "/bin/true -p hutgeheim"
""",
    holdup_conf=f"""# wlan Livebox-9F3C, key wl4ngeheim
[machine nas]
login = qnap
takes = 20
[web]
listen = 127.0.0.1:{PAGE}
[notify mail]
via = mail
url = smtp://127.0.0.1:1
user = joe
password = m41lgeheim
to = mary@example.org
from = pi@example.net
[notify hook]
via = webhook
url = http://127.0.0.1:1/hooks/T0PICgeheim?key=qu3rygeheim
header = "Authorization: Bearer t0kengeheim"
""",
)
os.chmod(folder.etc, 0o750)
for name in os.listdir(folder.etc):
    os.chmod(f"{folder.etc}/{name}", 0o640)
SECRETS = ["geheim", "Freebox", "Livebox", "mary@", "pi@", "joe"]


def doctor(*args, env=None, prefix=()):
    p = subprocess.run([*prefix, f"{BUILD}/cli/holdup", "doctor", *args],
                       env=env or folder.env, capture_output=True, text=True, timeout=90,
                       check=False)
    if p.stderr:
        die(f"stderr: {p.stderr}")
    return p.returncode, p.stdout


def look(*prefix):
    """All findings, and the exit status, which is by the gravest."""
    status, out = doctor("--json", prefix=prefix)
    found = json.loads(out)
    weights = {f["weight"] for f in found}
    same("exit status", status, 2 if "error" in weights else 1 if "warning" in weights else 0)
    same("looks", [*dict.fromkeys(f["look"] for f in found)],
         ["configuration", "device", "service", "port", "server", "clients", "clock", "power",
          "battery", "drill", "disk"])
    return found


def says(found, where, weight, text, remedy=None):
    """There is such a finding."""
    for f in found:
        if f["look"] == where and f["weight"] == weight and text in f["text"] and (
                remedy is None or remedy in (f["remedy"] or "")):
            return
    die(f"{where} does not say ({weight}) {text!r}, {remedy!r}:\n{json.dumps(found, indent=1)}")


def silent(found, text):
    for f in found:
        if text in f["text"]:
            die(f"it says {f}")


def ask(source, *lines):
    with socket.create_connection(("127.0.0.1", PORT), 20, (source, 0)) as s:
        f = s.makefile("rw")
        answers = []
        for line in lines:
            f.write(line + "\n")
            f.flush()
            answers.append(f.readline().rstrip("\n"))
        return answers


# Nothing is configured.
empty = Folder()
status, out = doctor(env={**folder.env, "NUT_CONFPATH": "/nonexistent", "NUT_STATEPATH": empty.run})
same("nothing configured", (status, "nothing is configured" in out, "sudo holdup setup" in out),
     (2, True, True))

# It does not run, and its ports are somebody else's.
taken = socket.create_server(("127.0.0.1", PORT))
found = look()
says(found, "service", "error", "holdup does not run", "holdupd")
says(found, "port", "error", f"(pid {os.getpid()}) has port {PORT}, so that NUT cannot be served",
     f"systemctl status {os.getpid()}")
taken.close()
found = look()
silent(found, f"(pid {os.getpid()}) has port")
says(found, "server", "error", "no server answers")

# It runs: what is well is said, with what is not.
holdupd = folder.start("holdupd", "-F")
wait_for("ready", lambda: "ready: serving" in holdupd.log())
wait_for("the driver", lambda: ask("127.0.0.1", "GET VAR apc ups.status") ==
         ['VAR apc ups.status "OL"'])
found = look()
same("errors", [f for f in found if f["weight"] == "error"], [])
says(found, "configuration", "warning", "1 thing in them", "holdup check")  # LISTEN
says(found, "service", "ok", f"(pid {holdupd.pid}) since")
says(found, "port", "ok", f"port {PORT} of 127.0.0.1 is holdup's")
says(found, "server", "ok", "the UPS apc answers (OL)")
says(found, "clients", "note", "nas has not logged in yet")
says(found, "power", "ok", "can be written")
says(found, "battery", "warning", "years by its date, 2012/05/01", "battery.date")
says(found, "drill", "warning", "nas: it is not logged in now")

# Who asks in vain: 14 wrong passwords, a NAS that was told another name. Wrong passwords wait
# for their answers, all at once.
guesses = []
for _ in range(14):
    guesses.append(socket.create_connection(("127.0.0.1", PORT), 60, ("127.0.0.20", 0)))
    guesses[-1].sendall(b"USERNAME qnap\nPASSWORD wrong\nLOGIN apc\n")
for s in guesses:
    f = s.makefile()
    same("a wrong password", [f.readline() for _ in range(3)][2], "ERR ACCESS-DENIED\n")
    s.close()
for _ in range(3):
    same("a wrong name", ask("127.0.0.21", "GET VAR nas ups.status"), ["ERR UNKNOWN-UPS"])
found = look()
says(found, "clients", "warning", "14 wrong passwords from 127.0.0.20", "passwd --check qnap")
says(found, "clients", "warning", "127.0.0.21 asks for a UPS named nas, which does not exist",
     "alias = nas")

# The NAS comes.
nas = socket.create_connection(("127.0.0.1", PORT), 60, ("127.0.0.22", 0))
lines = nas.makefile("rw")
for question, answer in (("USERNAME qnap", "OK"), ("PASSWORD qn4pgeheim", "OK"), ("LOGIN apc", "OK"),
                         ("GET VAR apc ups.status", 'VAR apc ups.status "OL"')):
    lines.write(question + "\n")
    lines.flush()
    same(question, lines.readline().rstrip("\n"), answer)
found = look()
says(found, "clients", "ok", "nas is there")
silent(found, "nas: it is not logged in")

# The clock jumps: the pid file says when holdupd began by the clock that it had.
pidfile = f"{folder.run}/holdupd.pid"
silent(found, "the clock was set")
os.utime(pidfile, (time.time() - 7200 * 3, time.time() - 7200 * 3))
says(look(), "clock", "warning", "the clock was set forward by 6 h since holdup began",
     "restart holdup")
os.utime(pidfile)

# A program that ended is named, as the log has it.
with open(f"/proc/{holdupd.pid}/task/{holdupd.pid}/children") as f:
    children = f.read().split()
for pid in children:
    with open(f"/proc/{pid}/comm") as f:
        if f.read() == "dummy\n":
            os.kill(int(pid), 9)
wait_for("a restart", lambda: "starting it again" in holdupd.log())
says(look(), "service", "note", "1 program that ended and was started again, the last: dummy")

# A daemon of NUT's beside it. (A copy, so that it has the name.)
other = f"{folder.dir}/upsmon"
with open("/bin/sleep", "rb") as f, open(other, "wb") as g:
    g.write(f.read())
os.chmod(other, 0o755)
beside = folder.processes.append(subprocess.Popen([other, "300"])) or folder.processes[-1]
wait_for("its name", lambda: open(f"/proc/{beside.pid}/comm").read() == "upsmon\n")
says(look(), "service", "warning", f"NUT's own upsmon (pid {beside.pid})", "")
beside.kill()
beside.wait()

# A battery that the UPS itself complains of; a faulty line in a file.
with open(f"{folder.etc}/apc.dev", "w") as f:
    f.write(DEV.replace("OL", "OL RB").replace("2012/05/01", time.strftime("%Y/%m/01")))
wait_for("RB", lambda: "battery has to be replaced" in holdupd.log())
with open(f"{folder.etc}/upsmon.conf", "a") as f:
    f.write("POLFREQ 5\n")
found = look()
says(found, "battery", "error", "says that its battery is to be replaced")
says(found, "configuration", "error", "upsmon.conf:3: ")
silent(found, "is old")

# POWERDOWNFLAG on a file system that cannot be written, and history's folder.
if os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], check=False).returncode == 0:
    with open(f"{folder.etc}/upsmon.conf", "a") as f:
        f.write(f"POWERDOWNFLAG {folder.dir}/ro/killpower\n")
    os.mkdir(f"{folder.dir}/ro")
    says(look(), "power", "ok", "can be written")
    says(look("unshare", "-m", "sh", "-c",
              f'mount -t tmpfs -o ro none {folder.dir}/ro && exec "$@"', "sh"),
         "power", "error", "on a file system that cannot be written", "POWERDOWNFLAG")
    # An ordinary user is told what he may not see; what he sees is no fault.
    for parent in (folder.dir, folder.run):
        os.chmod(parent, 0o755)
    plain = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
    if subprocess.run([*plain, f"{BUILD}/cli/holdup", "version"], check=False,
                      stdout=subprocess.DEVNULL).returncode == 0:
        os.chmod(folder.etc, 0o755)
        found = look(*plain)
        says(found, "configuration", "note", "may only be read by root", "sudo holdup doctor")
        same("faults for an ordinary user", [f for f in found if f["weight"] == "error" and
                                             f["look"] not in ("battery", "server")], [])


def unpack(name):
    """The names in a bundle, and what is in each."""
    with tarfile.open(name) as tar:
        return {m.name: tar.extractfile(m).read().decode() for m in tar.getmembers() if m.isfile()}


# The bundle: what is in it is listed, only its owner reads it, and no secret is in any file.
with open(f"{folder.etc}/holdup.conf", "a") as f:
    f.write("[domoticz]\nurl = http://joe:d0mgeheim@127.0.0.1:1\npasswrd = m1sspeltgeheim\n")
bundle = f"{folder.dir}/bundle.tar.gz"
status, out = doctor("--bundle", bundle)
same("the bundle", status, 0)
same("its mode", os.stat(bundle).st_mode & 0o777, 0o600)
inside = unpack(bundle)
same("what is in it", sorted(inside), sorted(f"holdup-doctor/{n}" for n in (
    "nut.conf", "ups.conf", "upsd.conf", "upsd.users", "upsmon.conf", "holdup.conf", "log.txt",
    "report.txt", "report.json", "server.txt", "versions.txt")))
for name, text in inside.items():
    same(f"{name} is listed", name in out, True)
    for secret in SECRETS:
        if secret in text:
            die(f"{name} has {secret!r}:\n{text}")
same("still useful", [s in inside["holdup-doctor/upsmon.conf"] for s in (
    f"MONITOR apc@localhost:{PORT} 1 local … primary", 'SHUTDOWNCMD /bin/true …')], [True, True])
same("the log", "ready: serving" in inside["holdup-doctor/log.txt"], True)
same("the values", "battery.charge 100" in inside["holdup-doctor/server.txt"], True)
same("nothing is left", [n for n in os.listdir("/tmp") if n.startswith("holdup-doctor.")
                         and os.stat(f"/tmp/{n}").st_mtime > os.stat(pidfile).st_mtime and
                         os.path.exists(f"/tmp/{n}/holdup-doctor/holdup.conf")], [])
same("where it cannot be", doctor("--bundle", "/nonexistent/x.tar.gz",
                                  prefix=("sh", "-c", '"$@" 2>&1', "sh"))[0], 2)
# What is there already stays as it is, behind a link too.
os.symlink(pidfile, f"{folder.dir}/link.tar.gz")
kept = os.stat(pidfile)
for name in f"{folder.dir}/link.tar.gz", pidfile:
    same(f"over {name}", doctor("--bundle", name, prefix=("sh", "-c", '"$@" 2>&1', "sh"))[0], 2)
same("a file that was there", os.stat(pidfile)[:9], kept[:9])


# Of the article and of all faulty configurations too: each password that a line has is out.
def passwords(text):
    """What stands behind password, and in a MONITOR line."""
    for line in text.splitlines():
        words = line.replace("=", " ").replace('"', " ").split()
        if words and words[0].lower() == "password" and len(words) > 1:
            yield words[1]
        if words and words[0] == "MONITOR" and len(words) > 5:
            yield words[4]


def folders():
    for top in (f"{HERE}/../article", f"{HERE}/../check"):
        for path, _, names in os.walk(top):
            if any(n.endswith((".conf", ".users")) for n in names):
                yield path, [n for n in names if n.endswith((".conf", ".users"))]


count = 0
for path, names in sorted(folders()):
    secrets = set()
    for name in names:
        with open(f"{path}/{name}", encoding="utf-8", errors="replace") as f:
            secrets |= {p for p in passwords(f.read()) if len(p) >= 4}
    if not secrets:
        continue
    count += 1
    env = {**os.environ, "NUT_CONFPATH": path, "NUT_STATEPATH": empty.run}
    os.remove(bundle)
    same("the bundle", doctor("--bundle", bundle, env=env)[0], 0)
    for name, text in unpack(bundle).items():
        users = {w.strip("[]") for w in text.split() if w.startswith("[")}
        for secret in secrets - users:
            if secret in text.replace("secondary", "").replace("secrets", ""):
                die(f"{name} of {path} has {secret!r}:\n{text}")
same("folders with passwords", count > 10, True)
same("an unknown option", doctor("--bundel", "x", prefix=("sh", "-c", '"$@" 2>&1', "sh"))[0], 1)
