#!/usr/bin/python3
# SPDX-License-Identifier: ISC
# takes 40 s
"""The brokers of docs/recipes/many-houses.md, with the files that stand there: each house
writes below its own name only, the office sees all and writes nothing, strangers see nothing."""

import json
import os
import re
import shutil
import socket
import ssl
import sys

from baselib import PATIENCE, same, wait_for
from boxlib import Consumer
from corelib import Folder
from mqttlib import Mosquitto, Wire, needed, paho
from natslib import MESSAGES, Cluster
from tlslib import certificate, openssl, path, read

RECIPE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../docs/recipes/many-houses.md")

needed()
folder = Folder()
with open(RECIPE, encoding="utf-8") as f:
    recipe = f.read()
files = dict(re.findall(r"^```\n# /etc/(\S+)\n(.*?)^```", recipe, re.MULTILINE | re.DOTALL))
same("files", sorted(files), ["mosquitto/conf.d/holdup.conf", "mosquitto/holdup.acl",
                              "nats-server.conf", "nut/holdup.conf"])

certificate("ca", "ca")
for name in "house01", "house02", "house03", "office", "desk", "stranger":
    certificate(name, name, issuer=None if name == "stranger" else "ca")
with open(path("broker.ext"), "w", encoding="ascii") as f:
    f.write("subjectAltName=IP:127.0.0.1\n")
openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-subj", "/CN=broker", "-keyout", "broker.key", "-out", "broker.csr")
openssl("x509", "-req", "-in", "broker.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
        "-CAcreateserial", "-days", "2", "-extfile", "broker.ext", "-out", "broker.pem")
shutil.copy(path("ca.crt"), path("ca.pem"))


for name in "office", "desk", "stranger":
    with open(path(f"{name}.pem"), "w", encoding="ascii") as f:
        f.write(read(f"{name}.crt", f"{name}.key"))


def house(site, urls, login="", **tls):
    """The publisher of a house, with its file of the recipe."""
    conf = files["nut/holdup.conf"].partition("[mqtt]\n")[2].replace("house01", site)
    conf = re.sub(r"url = .*", f"url = {urls}", conf)
    conf = re.sub(r" +certificate = .*\n", login, re.sub(r" +ca = .*\n", "", conf))
    return Wire(folder, conf, authorities=read("ca.crt"), **tls)


def happens(wire, text):
    """Something that the broker says it has."""
    happens.number += 1
    wire.event(happens.number, text=text)
    wire.takes(happens.number)


happens.number = 1764000000000


def watched(houses, office):
    """The office sees of each house what it is, and what happens."""
    for site, wire in houses.items():
        office.comes(f"NOW {site}/qnapups On mains, 100 %")
        happens(wire, f"in {site}")
        wait_for(f"what happens in {site}",
                 lambda site=site: any(x.endswith(f"onbatt: in {site}")
                                       for x in office.lines("EVENT", f"{site}/qnapups")))


def lies(wire, office, honest):
    """One that says it is another house is heard by nobody."""
    wire.event(happens.number + 1, text="a lie")
    wire.set("battery.charge", "1")
    wire.says("connected to")
    happens(honest, "the truth")
    wait_for("the truth", lambda: any("the truth" in x for x in office.lines()))
    same("lies", [x for x in office.lines() if "lie" in x or x.endswith(" 1 %")], [])


def orders(port, name, password=None):
    """Somebody gives an order, and says so when the broker has it."""
    client = paho.Client(f"{name}-orders")
    client.tls_set(path("ca.pem"), certfile=None if password else path(f"{name}.pem"))
    if password:
        client.username_pw_set(name, password)
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.publish("holdup/house01/qnapups/command/test", name, 1).wait_for_publish(PATIENCE)
    client.loop_stop()


def refused(port, **own):
    """Nobody answers without one of our certificates."""
    context = ssl.create_default_context(cafile=path("ca.pem"))
    if own:
        context.load_cert_chain(own["own"])
    try:
        with context.wrap_socket(socket.create_connection(("127.0.0.1", port)),
                                 server_hostname="127.0.0.1") as s:
            s.settimeout(PATIENCE)
            s.sendall(b"\x10\x0d\0\4MQTT\4\2\0\x3c\0\1x")
            same("an answer to a stranger", s.recv(4), b"")
    except ssl.SSLError:
        pass


# --- Mosquitto: each has a certificate
with open(f"{folder.dir}/acl", "w", encoding="ascii") as f:
    f.write(files["mosquitto/holdup.acl"])
os.chmod(f"{folder.dir}/acl", 0o600)
conf = files["mosquitto/conf.d/holdup.conf"].replace("/etc/mosquitto/certs/", path(""))
broker = Mosquitto(folder, conf.replace("/etc/mosquitto/holdup.acl", f"{folder.dir}/acl")
                   .partition("listener 8883\n")[2])
url = f"mqtts://127.0.0.1:{broker.port}"
office = Consumer(broker, "office", path("ca.pem"), path("office.pem"))
houses = {site: house(site, url, own=read(f"{site}.crt", f"{site}.key"))
          for site in ("house01", "house02")}
watched(houses, office)
# A broker that takes its time for each subscription has that of the events before the office is
# told how things stand: what happens from then on is new.
same("what the office asks for", re.findall(r"\t(holdup/\S+) \(QoS 1\)", broker.log().partition(
    "Received SUBSCRIBE from office")[2])[:3], ["holdup/+/+/event", "holdup/+/status",
                                               "holdup/+/+/state"])
liar = house("house01", url, own=read("house03.crt", "house03.key"))
lies(liar, office, houses["house01"])
refused(broker.port)
refused(broker.port, own=path("stranger.pem"))
orders(broker.port, "office")
orders(broker.port, "desk")
wait_for("an order of the desk", lambda: "Sending PUBLISH to house01 (d0, q0, r0, m0, "
         "'holdup/house01/qnapups/command/test', ... (4 bytes))" in broker.log())
same("the order of the office", broker.log().count("Denied PUBLISH from office"), 1)
for wire in liar, *houses.values():
    wire.end()
office.end()
broker.end()

# --- NATS, where it is installed: each has a password
if not shutil.which("nats-server"):
    sys.exit(0)


def node_conf(node, routes):
    text = files["nats-server.conf"].replace("server_name: n1", f"server_name: {node.name}")
    for port, ours in (4222, node.nats), (6222, node.route), (8883, node.port):
        text = re.sub(rf"listen: [0-9.]+:{port}", f"listen: 127.0.0.1:{ours}", text)
    text = re.sub(r"routes: \[.*\]", f"routes: [ {routes} ]", text)
    return text.replace("/var/lib/nats", node.dir).replace("/etc/nats/", path(""))


passwords = dict(re.findall(r'user: (\w+), password: "(.*?)"', files["nats-server.conf"]))
with open(path("office.txt"), "w", encoding="ascii") as f:
    f.write(passwords["office"])
# A second house like the first.
one = re.search(r"^ +{ user: house01.*?} }\n", files["nats-server.conf"], re.MULTILINE | re.DOTALL)
files["nats-server.conf"] = files["nats-server.conf"].replace(
    one.group(), one.group() + one.group().replace("house01", "house02"))
length, stream = re.search(r"PUB \S+ (\d+)' \\\n +'(.*?)' \|", recipe).groups()
same("length of the stream's order", int(length), len(stream))
cluster = Cluster(node_conf, json.loads(stream)["max_bytes"], user="admin",
                  **{"pass": passwords["admin"]})
# Made anew it is the one that is there, which is what all tests of clusters use.
same("the stream", cluster.asked(f"$JS.API.STREAM.CREATE.{MESSAGES}", **json.loads(stream))
     .get("error"), None)
urls = " ".join(f"mqtts://127.0.0.1:{node.port}" for node in cluster.nodes)
office = Consumer(cluster.nodes[0], "office", path("ca.pem"), "office", path("office.txt"))
houses = {site: house(site, urls, f"    user = {site}\n    password = {passwords['house01']}\n")
          for site in ("house01", "house02")}
watched(houses, office)
liar = house("house01", urls, f"    user = house02\n    password = {passwords['house01']}\n")
lies(liar, office, houses["house01"])
for wire in liar, *houses.values():
    wire.end()
office.end()
