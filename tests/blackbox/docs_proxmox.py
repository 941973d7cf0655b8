#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# takes 60 s
"""docs/recipes/proxmox.md, followed, but for Proxmox itself: its API is played here. Guests
are asked to shut down, then the host sees FSD; the mains back, all of them are started."""

import http.server
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading

from corelib import die, free_port, same, wait_for
from docslib import Client, House, blocks, change, page

for tool in ("curl", "openssl"):
    if shutil.which(tool) is None:
        print(f"{tool} is not installed")
        sys.exit(77)

TOKEN = re.search(r"^Authorization: PVEAPIToken=(\S+)$", page("proxmox.md"), re.MULTILINE)[1]


class Guest:
    """It answers on a port while it runs."""

    def __init__(self, address):
        self.address, self.port, self.listener = address, free_port(), None
        self.start()

    def start(self):
        if self.listener is None:
            self.listener = socket.create_server((self.address, self.port))

    def shutdown(self):
        if self.listener is not None:
            self.listener.close()
            self.listener = None


class Api(http.server.BaseHTTPRequestHandler):
    """POST /nodes/NODE/qemu|lxc/ID/status/shutdown|start, by who has the token."""

    def do_POST(self):
        parts = self.path.split("/")
        status = 401
        if self.headers["Authorization"] == f"PVEAPIToken={TOKEN}":
            asked.append("/".join(parts[5:]))
            guest = guests.get("/".join(parts[5:7]))
            status = 200 if guest and parts[:5] == ["", "api2", "json", "nodes", "pve"] else 404
            if status == 200:
                getattr(guest, parts[8])()
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


asked = []
guests = {"qemu/101": Guest("127.0.0.41"), "lxc/202": Guest("127.0.0.42")}
build, media = guests.values()

client_nut, client_mon, users, (_, holdup) = blocks("proxmox.md")
same("files of the host", [client_nut[0], client_mon[0]], ["nut.conf", "upsmon.conf"])
for name in "build", "media":
    change(holdup, (rf"\[machine {name}\]", ""))
holdup = change(
    holdup, ("calm = 120", "calm = 1"), ("takes = (300|180|60)", "takes = 3"),
    ("after = 120", "after = 2"), ("wake = 00.*", 'wake-hook = "echo pve"'),
    (r"address = 192\.168\.0\.41", f"address = 127.0.0.41\noff = tcp {build.port}"),
    (r"address = 192\.168\.0\.42", f"address = 127.0.0.42\noff = tcp {media.port}"))
house = House({
    "ups.conf": "[qnapups]\ndriver = usbhid-ups\nport = auto\n",
    "upsd.users": "[nut]\npassword = nut\nupsmon primary\n"
                  + change(users[1], (r"192\.168\.0\.30", "127.0.0.30")),
    "upsmon.conf": "MONITOR qnapups@localhost 1 nut nut primary\nHOSTSYNC 60\n",
    "holdup.conf": holdup.replace("/etc/holdup/pve", "$NUT_CONFPATH/pve"),
})

# The script and what it reads, with a certificate of this test in place of Proxmox's.
tls = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                      "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=pve",
                      "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "pve.key", "-out",
                      "pve.pem"], cwd=house.etc, capture_output=True, check=False)
same("openssl", tls.returncode, 0)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{house.etc}/pve.pem", f"{house.etc}/pve.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
script = re.search(r"^```\n(#!/bin/sh\n# /etc/holdup/pve: .*?)^```", page("proxmox.md"),
                   re.MULTILINE | re.DOTALL)[1]
script = change(script, (r"https://192\.168\.0\.30:8006", f"https://127.0.0.1:{server.server_port}"))
with open(f"{house.etc}/pve", "w", encoding="utf-8") as f:
    f.write(script.replace("/etc/holdup", house.etc))
with open(f"{house.etc}/pve.header", "w", encoding="utf-8") as f:
    f.write(f"Authorization: PVEAPIToken={TOKEN}\n")
os.chmod(f"{house.etc}/pve", 0o750)
# A guest that nobody knows is a failure, so that the hook is run again.
if subprocess.run([f"{house.etc}/pve", "qemu/999", "shutdown"], capture_output=True,
                  check=False).returncode == 0:
    die("a hook that Proxmox refuses does not fail")
asked.clear()

house.says("ready: serving qnapups")
host = Client(house, "qnapups", "pve", "a word of your own", "127.0.0.30").logged_in()
host.sees("OL")

# Guests at their moment, the host at its own.
house.steer("charge 90%", "unplug")
wait_for("the guests", lambda: build.listener is None and media.listener is None)
same("asked", sorted(asked), ["lxc/202/status/shutdown", "qemu/101/status/shutdown"])
house.says("build: off", "media: off")
same("FSD", "FSD" in host.status(), False)
house.steer("charge 39%")
host.sees("FSD")
host.leaves()
house.says("pve: off")
same("shutdown of the Pi", house.is_down(), False)

# Back: the host first.
house.steer("charge 60%", "plug")
house.says("wake pve")
host = Client(house, "qnapups", "pve", "a word of your own", "127.0.0.30").logged_in()
wait_for("the guests", lambda: build.listener is not None and media.listener is not None)
same("started", sorted(asked[2:]), ["lxc/202/status/start", "qemu/101/status/start"])
same("FSD", "FSD" in host.status(), False)
house.ends()
