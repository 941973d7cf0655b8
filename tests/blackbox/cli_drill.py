#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdup drill: a rehearsal with the configuration and the clients as they are. Nothing is
cut and nobody hears of it, but machines that are named; what would go wrong is named."""

import json
import socket
import subprocess

from corelib import BUILD, Folder, free_port, logged, same, wait_for

PORT = free_port()
DEV = """ups.status: OL
battery.charge: 100
battery.charge.low: 10
battery.runtime: 1800
battery.runtime.low: 120
"""
folder = Folder(
    ups_conf="[apc]\ndriver = dummy-ups\nport = apc.dev\n",
    apc_dev=DEV,
    upsd_conf=f"LISTEN 127.0.0.1 {PORT}\n",
    upsd_users="""[nut]
password = nut
upsmon primary
[qnap]
password = x
upsmon secondary
[weak]
password = y
""",
    upsmon_conf=f"""MONITOR apc@localhost:{PORT} 1 nut nut primary
SHUTDOWNCMD "/bin/true {PORT}"
""",
    holdup_conf="""[machine nas]
login = qnap
after = 180
takes = 2
[machine weak]
login = weak
[machine esx]
hook = "/nowhere/stop esx"
address = 127.0.0.9
off = tcp 1
""",
)


def drill(*args):
    p = subprocess.run([f"{BUILD}/cli/holdup", "drill", *args], env=folder.env,
                       capture_output=True, text=True, timeout=60, check=False)
    return p.returncode, p.stdout, p.stderr


def report(*args):
    status, out, _ = drill("--json", *args)
    told = json.loads(out)
    told["status"] = status
    told["by"] = {m["section"] or m["name"]: m for m in told["machines"]}
    return told


def wrong(told, machine):
    return [w["text"] for w in told["wrong"] if w["machine"] == machine]


# No server: that is said.
same("without a server", "no server answers on this machine" in drill()[1], True)

holdupd = folder.start("holdupd", "-F")
wait_for("ready", lambda: "ready: serving" in holdupd.log())
nas = socket.create_connection(("127.0.0.1", PORT))
lines = nas.makefile("rw")


def ask(question):
    lines.write(question + "\n")
    lines.flush()
    return lines.readline().rstrip("\n")


for question in "USERNAME qnap", "PASSWORD x", "LOGIN apc":
    same(question, ask(question), "OK")
wait_for("the driver", lambda: ask("GET VAR apc ups.status") == 'VAR apc ups.status "OL"')
for _ in range(3):
    same("status", ask("GET VAR apc ups.status"), 'VAR apc ups.status "OL"')

# A machine whose hook cannot be run would be cut alive, and so would one that is on, by its
# address, and not logged in.
told = report()
same("exit status", told["status"], 1)
same("esx", told["by"]["esx"]["cut_alive"], True)
same("esx", told["by"]["esx"]["because"], "nobody could tell it")
same("others", [m["name"] for m in told["machines"] if m["cut_alive"]], ["esx"])
same("nas is there", told["by"]["nas"]["there"], True)
same("nas is told", abs(told["by"]["nas"]["told_s"] - 180) < 3, True)
same("nas is off", abs(told["by"]["nas"]["off_s"] - 192) < 5, True)
same("weak is there", told["by"]["weak"]["there"], False)
same("weak", wrong(told, "weak"), [
    "[weak] in upsd.users may not log in: write upsmon secondary",
    "it is not logged in now: nobody would tell it"])
same("esx", wrong(told, "esx")[:2], [
    "its hook cannot run /nowhere/stop: No such file or directory",
    "127.0.0.9 does not answer"])
same("last", told["machines"][-1]["this_machine"], True)

same("the UPS", wrong(told, None), [
    "ups apc takes no shutdown.return: its output stays on until the battery is empty, and "
    "machines that went off are only woken"])

# With a hook that can be run all is well; a SHUTDOWNCMD that cannot is named; one that is
# on by its address, and not logged in, would be cut alive.
conf = open(f"{folder.etc}/holdup.conf").read()
good = conf.replace("/nowhere/stop esx", "/bin/true")
with open(f"{folder.etc}/holdup.conf", "w") as f:
    f.write(good)
same("exit status", report()["status"], 0)
monitors = open(f"{folder.etc}/upsmon.conf").read()
with open(f"{folder.etc}/upsmon.conf", "w") as f:
    f.write(monitors.replace("/bin/true", "/bin/nothing"))
same("SHUTDOWNCMD", "SHUTDOWNCMD cannot run /bin/nothing: No such file or directory" in
     wrong(report(), None), True)
with open(f"{folder.etc}/upsmon.conf", "w") as f:
    f.write(monitors)
on = socket.create_server(("127.0.0.8", 0))
with open(f"{folder.etc}/holdup.conf", "w") as f:
    f.write(good + f"[machine weak]\naddress = 127.0.0.8\noff = tcp {on.getsockname()[1]}\n")
same("a machine that is on and cannot be told", report()["by"]["weak"]["cut_alive"], True)
with open(f"{folder.etc}/holdup.conf", "w") as f:
    f.write(good)

# For people, and with what would be in the log.
status, out, _ = drill("--story")
for part in ("nas: told to go down: 180 s on battery", "If the mains failed now",
             "UPS apc: charge 100 %, 30 min left on battery", "Nobody would be cut alive"):
    same(part, part in out, True)

# Nobody has heard of any of that.
same("status", ask("GET VAR apc ups.status"), 'VAR apc ups.status "OL"')
same("log", "told to go down" in holdupd.log(), False)

# In real time the story takes as long as the outage, of which the first line is minutes away.
with subprocess.Popen([f"{BUILD}/cli/holdup", "drill", "--real-time"], env=folder.env,
                      stdout=subprocess.DEVNULL) as slow:
    try:
        same("real time ends at once with", slow.wait(3), None)
    except subprocess.TimeoutExpired:
        slow.kill()

# A battery that is too short for what a machine takes: exit status 1.
with open(f"{folder.etc}/holdup.conf", "a") as f:
    f.write("[machine nas]\ntakes = 3000\n")
told = report()
same("exit status", told["status"], 1)
same("cut alive", told["by"]["nas"]["cut_alive"], True)

# For real: this one machine is told, and watched until it is off.
real = subprocess.Popen([f"{BUILD}/cli/holdup", "drill", "nas"], env=folder.env,
                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
wait_for("FSD", lambda: ask("GET VAR apc ups.status") == 'VAR apc ups.status "FSD OL"')
same("LOGOUT", ask("LOGOUT"), "OK Goodbye")
out = real.communicate(timeout=60)[0]
same("told for real", "nas is off" in out, True)
logged(holdupd, "drill: machine nas is to go down now")
other = socket.create_connection(("127.0.0.1", PORT))
other.sendall(b"GET VAR apc ups.status\n")
same("status of others", other.recv(100), b'VAR apc ups.status "OL"\n')

# What cannot be told for real.
same("a stranger", drill("nobody")[2], "holdup: holdup.conf has no [machine nobody]\n")
same("who is not there", drill("weak")[2],
     "holdup: weak is not told: nobody is there, as far as core sees\n")
same("who is off", drill("nas")[2], "holdup: nas is off, and is not told\n")

# A machine that hangs on a far UPS goes by that, and cuts nothing; faults of the files are said.
holdupd.terminate()
holdupd.wait()
for name, text in (("nut.conf", "MODE=netclient\n"), ("ups.conf", ""),
                   ("upsmon.conf", f"MONITOR apc@127.0.0.1:{PORT} 1 nut nut secondary\nSHUTDWN x\n")):
    with open(f"{folder.etc}/{name}", "w") as f:
        f.write(text)
told = report()
same("itself", told["by"]["this machine"]["this_machine"], True)
same("by the battery", [o["by"] for o in told["outputs"]], ["battery"])
same("a fault", any("SHUTDWN" in text for text in wrong(told, None)), True)
