#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""holdup setup where NUT or apcupsd does the work: who would be locked out is said, units are
handed over; --undo gives all of it back, whatever it was killed in. systemctl is a fake."""
# takes 60 s

import os
import socket
import subprocess
import threading

from corelib import BUILD, Folder, die, free_port, same
from systemctllib import Systemctl

PORT = free_port()
LOGGED_IN = ["198.51.100.20", "127.0.0.1"]  # at NUT's upsd, by an address of nobody's

FILES = {
    "nut.conf": "# ours\nMODE=netserver\n",
    "ups.conf": "[qnapups]\n  driver = usbhid-ups\n  port = auto\n",
    "upsd.conf": f"LISTEN 127.0.0.1 {PORT}\n",
    "upsd.users": "[local]\n password = abc\n allowfrom = localhost\n upsmon primary\n",
    "upsmon.conf": "MONITOR qnapups@localhost 1 local abc primary\nSHUTDOWNCMD true\n",
}
NUT = {
    "nut-driver-enumerator.service": ("enabled", False),
    "nut-driver@.service": ("static", False),
    "nut-driver@qnapups.service": ("enabled", True),
    "nut-monitor.service": ("enabled", True),
    "nut-client.service": ("alias", False),
    "nut-server.service": ("enabled", True),
    "nut.target": ("enabled", True),
    "holdup.service": ("disabled", False),
}
APCUPSD = {"apcupsd.service": ("enabled", True), "holdup.service": ("enabled", False)}


def upsd(server):
    """A server that knows as much of the protocol as is asked of it."""
    def serve(connection):
        with connection, connection.makefile("rw", encoding="utf-8") as lines:
            for line in lines:
                words = line.split()
                if words[:2] == ["LIST", "CLIENT"]:
                    clients = [f"CLIENT {words[2]} {a}\n" for a in LOGGED_IN]
                    lines.write("".join([f"BEGIN {line}", *clients, f"END {line}"]))
                elif words[:1] == ["LIST"]:
                    lines.write(f"BEGIN {line}END {line}")
                elif words[:2] == ["GET", "VAR"] and words[3] == "ups.status":
                    lines.write(f'VAR {words[2]} ups.status "OL"\n')
                elif words[:1] == ["LOGOUT"]:
                    return
                else:
                    lines.write("ERR UNKNOWN-COMMAND\n")
                lines.flush()

    def served(connection):
        try:
            serve(connection)
        except OSError:
            pass  # whoever was killed says nothing any more

    while True:
        threading.Thread(target=served, args=(server.accept()[0],), daemon=True).start()


class Machine(Folder):
    """One with these units and files."""

    def __init__(self, units, files):
        super().__init__(**{name.replace(".", "_"): text for name, text in files.items()})
        for name in files:
            os.chmod(f"{self.etc}/{name}", 0o640)
        os.mkdir(f"{self.run}/sim")  # no UPS of the real machine is of interest
        self.systemctl = Systemctl(f"{self.dir}/systemd", **units)
        self.env["HOLDUP_SYSTEMCTL"] = self.systemctl.path
        self.first = self.state()

    def state(self):
        """Units, and the files with what is in them, but for copies."""
        texts = {}
        for name in os.listdir(self.etc):
            if not name.endswith(".after-holdup"):
                with open(f"{self.etc}/{name}", encoding="utf-8") as f:
                    texts[name] = f.read()
        return self.systemctl.now(), texts

    def setup(self, *options):
        """Exit status, and what is said."""
        done = subprocess.run([f"{BUILD}/cli/holdup", "setup", *options], env=self.env, timeout=120,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout

    def good(self, *options):
        status, said = self.setup(*options)
        if status != 0:
            die(f"setup {' '.join(options)}: status {status}\n{said}")
        return said

    def is_first_again(self, what):
        same(f"what is there {what}", self.state(), self.first)
        if os.path.exists(f"{self.run}/setup.undo"):
            die(f"setup.undo is left {what}")


def holds(said, *texts):
    for text in texts:
        if text not in said:
            die(f"'{text}' is not in\n{said}")


def killed_everywhere(units, files, *options):
    """Setup, killed behind each call of systemctl, is given back by --undo; so it is when --undo
    itself was killed, before each of its calls."""
    call = 1
    while True:
        machine = Machine(units, files)
        machine.systemctl.kill_at(call, "behind")
        status, said = machine.setup(*options)
        if status == 0:
            break
        same(f"end of setup at call {call}\n{said}", status, -9)
        machine.systemctl.kill_at(0, "never")
        if os.path.exists(f"{machine.run}/setup.undo"):
            machine.good("--undo", "--yes")
        machine.is_first_again(f"behind call {call} of setup")
        machine.end()
        call += 1
    if call < 5:
        die(f"only {call} calls of systemctl")
    call = 1
    while True:
        machine.systemctl.kill_at(call, "before")
        status, said = machine.setup("--undo", "--yes")
        if status == 0:
            break
        same(f"end of --undo at call {call}\n{said}", status, -9)
        call += 1
    machine.is_first_again("before each call of --undo")
    machine.end()


server = socket.create_server(("127.0.0.1", PORT))
threading.Thread(target=upsd, args=(server,), daemon=True).start()

# Who looks changes nothing, and hears who would be locked out.
nut = Machine(NUT, FILES)
said = nut.good("--dry-run", "--yes")
holds(said, "NUT does the work on this machine (nut.target, nut-monitor.service, "
      "nut-server.service, nut-driver@qnapups.service)", "Logged in to it now: 198.51.100.20.",
      "upsd.users:3: error: 198.51.100.20 is logged in to NUT now and would be refused",
      "upsd.users:3: warning: allowfrom lets [local] in from localhost only",
      "no file has to be changed", "Nothing is written.")
nut.is_first_again("after a look")

# Nobody is there to ask, and --yes was not said.
status, said = nut.setup("--mode", "server", "--no-lan")
same("status without a terminal", status, 1)
nut.is_first_again("without a terminal")

# Handed over: not a byte of the files is another one.
said = nut.good("--yes")
units, texts = nut.state()
same("files of NUT", texts, nut.first[1])
for name, (state, active, masked) in units.items():
    if name == "holdup.service":
        same(name, (state, active, masked), ("enabled", True, False))
    elif state != "alias":
        same(name, (active, masked), (False, name != "nut-driver@qnapups.service"))
# A second run has nothing to hand over, and keeps how it was at first.
holds(nut.good("--yes"), "no file has to be changed")
said = nut.good("--undo", "--yes")
holds(said, "nut-server.service: enabled, started", "nut-driver-enumerator.service: enabled, not "
      "started", "holdup.service is stopped and disabled", "Done.")
nut.is_first_again("after --undo")
status, said = nut.setup("--undo", "--yes")
same("status of a second --undo", status, 1)
holds(said, "there is nothing to give back")

# Where a unit is a file of /etc it is disabled; where NUT has gone meanwhile that is said.
nut.systemctl.unit("nut-server.service", "enabled", True, "etc")
nut.good("--yes")
same("nut-server.service of /etc", nut.systemctl.now()["nut-server.service"],
     ("disabled", False, False))
nut.systemctl.forget("nut-monitor.service")
holds(nut.good("--undo", "--yes"), "nut-monitor.service cannot: it is not on this machine any more")
same("nut-server.service", nut.systemctl.now()["nut-server.service"], ("enabled", True, False))

# Files that are written come back, too; what was written meanwhile is kept beside them.
nas = Machine(NUT, FILES)
nas.good("--yes", "--nas", "qnap=192.168.0.20")
with open(f"{nas.etc}/holdup.conf", encoding="utf-8") as f:
    holds(f.read(), "192.168.0.20")
copies = [name for name in os.listdir(nas.etc) if ".before-holdup-" in name]
said = nas.good("--undo", "--yes")
holds(said, "holdup.conf goes away: there was none")
nas.is_first_again("after --undo with files")
with open(f"{nas.etc}/holdup.conf.after-holdup", encoding="utf-8") as f:
    holds(f.read(), "192.168.0.20")

# Files are back, units are not yet, and setup runs again: what it writes now comes back, too.
nas.good("--yes", "--nas", "unraid=192.168.0.21")
nas.systemctl.kill_at(5, "before")
status, said = nas.setup("--undo", "--yes")
same(f"end of --undo behind the files\n{said}", status, -9)
same("files behind that", nas.state()[1], nas.first[1])
nas.systemctl.kill_at(0, "never")
nas.good("--yes", "--nas", "unraid=192.168.0.22")
nas.good("--undo", "--yes")
nas.is_first_again("after --undo, setup and --undo")

# Where systemctl cannot be asked nothing is given back by halves.
nas.good("--yes")
mode = os.stat(nas.systemctl.path).st_mode
os.chmod(nas.systemctl.path, 0)
status, said = nas.setup("--undo", "--yes")
same(f"status without systemctl\n{said}", status, 1)
os.chmod(nas.systemctl.path, mode)
nas.good("--undo", "--yes")
nas.is_first_again("after --undo with systemctl")
killed_everywhere({name: NUT[name] for name in ("nut-driver@.service", "nut-server.service",
                                                "holdup.service")}, FILES,
                  "--yes", "--mode", "server", "--lan", "--nas", "qnap=192.168.0.20")

# apcupsd: its settings become ours, its service ends, and comes back.
apcupsd = Machine(APCUPSD, {"upsd.conf": FILES["upsd.conf"]})
CONF = f"{apcupsd.dir}/apcupsd.conf"
with open(CONF, "w", encoding="utf-8") as f:
    f.write("## apcupsd.conf v1.1 ##\nUPSNAME office\nUPSCABLE usb\nUPSTYPE usb\nDEVICE\n"
            "BATTERYLEVEL 15\nMINUTES 4\nTIMEOUT 900\nONBATTERYDELAY 30\nNETSERVER on\n"
            "NISIP 127.0.0.1\n")
said = apcupsd.good("--yes", "--from", f"apcupsd={CONF}")
holds(said, f"{CONF}:9: note: ONBATTERYDELAY 30: ", "apcupsd does the work on this machine "
      "(apcupsd.service).\nIt is stopped and disabled")
units, texts = apcupsd.state()
same("apcupsd.service", units["apcupsd.service"], ("disabled", False, False))
holds(texts["ups.conf"], "[office]", "usbhid-ups")
holds(texts["nut.conf"], "MODE=standalone")
holds("".join(texts.values()), "15", "240", "900")
apcupsd.good("--undo", "--yes")
apcupsd.is_first_again("after apcupsd")
status, said = apcupsd.setup("--yes", "--from", f"apcupsd={apcupsd.dir}/none")
same("status without apcupsd.conf", status, 1)
holds(said, "cannot read", "No such file or directory")
status, said = apcupsd.setup("--yes", "--from", "upower")
same("status of --from upower", status, 1)
holds(said, "--from takes apcupsd")
with open(CONF, "w", encoding="utf-8") as f:
    f.write("UPSTYPE pcnet\n")
status, said = apcupsd.setup("--yes", "--from", f"apcupsd={CONF}")
same("status of UPSTYPE pcnet", status, 1)
holds(said, f"{CONF}:1: error: UPSTYPE pcnet: neither", "nothing is written")
apcupsd.is_first_again("after refusals")
