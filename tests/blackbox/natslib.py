# SPDX-License-Identifier: ISC
"""A cluster of three nats-servers with JetStream and MQTT listeners, whose nodes a script can
kill and start again, and what a client of NATS' own protocol sees of it: who leads a
stream, and every message that was stored in it, with its number."""

import atexit
import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import baselib
from baselib import PATIENCE, wait_for
from freeport import free_port

NODES = 3
MESSAGES = "$MQTT_msgs"  # where the broker keeps what was published with QoS 1
STREAMS = MESSAGES, "$MQTT_rmsgs", "$MQTT_sess"
WEEK = 7 * 86400 * 10**9  # ns

CONF = """server_name: {name}
listen: 127.0.0.1:{nats}
jetstream {{ store_dir: "{dir}", max_memory_store: 64M, max_file_store: 256M }}
cluster {{
  name: house
  listen: 127.0.0.1:{route}
  routes: [ {routes} ]
}}
mqtt {{ listen: 127.0.0.1:{port}, stream_replicas: 3, ack_wait: "2s" }}
"""


def plain(node, routes):
    return CONF.format(routes=routes, **vars(node))


class Nats:
    """One connection in NATS' own protocol: a reply to a request, as JSON."""

    def __init__(self, port, login):
        self.s = socket.create_connection(("127.0.0.1", port), timeout=5)
        self.file = self.s.makefile("rb")
        self.inbox = f"_INBOX.{os.urandom(8).hex()}"
        self.number = 0
        self.file.readline()  # INFO
        hello = {"verbose": False, "pedantic": False, "headers": True, "no_responders": True,
                 **login}
        self.s.sendall(f"CONNECT {json.dumps(hello)}\r\nSUB {self.inbox}.* 1\r\n".encode())

    def close(self):
        self.file.close()
        self.s.close()

    def publish(self, subject, body, reply=""):
        body = body if isinstance(body, bytes) else body.encode()
        self.s.sendall(f"PUB {subject} {reply} {len(body)}\r\n".encode() + body + b"\r\n")

    def message(self):
        """The next one: subject, where a reply goes, body; None: nobody listens there."""
        while True:
            words = self.file.readline().decode().split()
            if not words:
                raise OSError("the node has gone")
            if words[0] == "PING":
                self.s.sendall(b"PONG\r\n")
            elif words[0] in ("MSG", "HMSG"):
                body = self.file.read(int(words[-1]) + 2)[:-2]
                if words[0] == "HMSG":
                    head, body = body[:int(words[-2])], body[int(words[-2]):]
                    if b" 503" in head.split(b"\r\n")[0]:
                        return words[1], None, None
                    if b"NATS/1.0 4" in head:
                        return words[1], None, b""
                plain = len(words) == (4 if words[0] == "MSG" else 5)
                return words[1], None if plain else words[3], body

    def ask(self, subject, **request):
        self.number += 1
        inbox = f"{self.inbox}.{self.number}"
        self.publish(subject, json.dumps(request) if request else "", inbox)
        while True:
            to, _, body = self.message()
            if to == inbox:
                return json.loads(body) if body else None


class Node:
    def __init__(self, cluster, number):
        self.name = f"n{number}"
        self.cluster, self.dir = cluster, f"{cluster.dir}/n{number}"
        self.nats, self.route, self.port = free_port(), free_port(), free_port()
        self.process = None

    def start(self):
        routes = ", ".join(f"nats://127.0.0.1:{n.route}" for n in self.cluster.nodes)
        with open(f"{self.dir}.conf", "w") as f:
            f.write(self.cluster.conf(self, routes))
        with open(f"{self.dir}.log", "a") as log:
            # It does not outlive a script that is killed.
            self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "nats-server", "-c",
                                             f"{self.dir}.conf"], stdout=log, stderr=log)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def is_up(self):
        return self.process.poll() is None

    def log(self):
        with open(f"{self.dir}.log") as f:
            return f.read()

    def ask(self, subject, **request):
        """None while it cannot be asked."""
        try:
            nats = Nats(self.nats, self.cluster.login)
            try:
                return nats.ask(subject, **request)
            finally:
                nats.close()
        except (OSError, ValueError):
            return None


class Cluster:
    """`conf`: the file of a node, from it and the list of routes; `login`: who may do all there
    (user, pass); `most`: bytes that are kept of the messages."""

    def __init__(self, conf=None, most=100_000_000, **login):
        self.conf, self.most, self.login = conf or plain, most, login
        self.dir = tempfile.mkdtemp(prefix="holdup-nats.")
        self.nodes = [Node(self, n + 1) for n in range(NODES)]
        atexit.register(self.end)
        for node in self.nodes:
            node.start()
        wait_for("JetStream of the cluster", self.is_ready, 4 * PATIENCE)
        wait_for("a stream for the messages", self.keep, PATIENCE)

    def keep(self):
        """The stream as docs/recipes/many-houses.md has it made: what was acknowledged stays.
        Left alone, the broker of Debian (2.9.10) makes one of which it takes messages away
        before consumers that are not there have had them."""
        return "error" not in (self.asked(
            f"$JS.API.STREAM.CREATE.{MESSAGES}", name=MESSAGES, subjects=["$MQTT.msgs.>"],
            retention="limits", storage="file", num_replicas=NODES, discard="old",
            max_age=WEEK, max_bytes=self.most) or {"error": 1})

    def is_ready(self):
        """Every node answers for JetStream, which it does when there is a leader."""
        return all("error" not in (n.ask("$JS.API.INFO") or {"error": 1}) for n in self.nodes)

    def end(self):
        for node in self.nodes:
            if node.process and node.is_up():
                node.kill()
            if baselib.failed and os.path.exists(f"{node.dir}.log"):
                print(f"--- {node.name}\n{node.log()[-3000:]}")
        shutil.rmtree(self.dir, ignore_errors=True)

    def asked(self, subject, **request):
        """What the first node that can says."""
        answers = (n.ask(subject, **request) for n in self.nodes if n.is_up())
        return next((a for a in answers if a), None)

    def leader(self, stream):
        """The node that leads it; None while there is none."""
        info = self.asked(f"$JS.API.STREAM.INFO.{stream}") or {}
        name = info.get("cluster", {}).get("leader")
        return next((n for n in self.nodes if n.name == name and n.is_up()), None)

    def is_whole(self):
        """Every node has all that is stored, so that any of them may die."""
        if not self.is_ready():
            return False
        for stream in STREAMS:
            group = (self.asked(f"$JS.API.STREAM.INFO.{stream}") or {}).get("cluster", {})
            others = group.get("replicas", [])
            if "leader" not in group or len(others) != NODES - 1 or not all(
                    o.get("current") and not o.get("offline") for o in others):
                return False
        return True

    def stored(self, subject, after=0):
        """What is stored of this subject behind that number: (number, body) of each, one after
        the other. What nobody can be asked for now is left for the next time."""
        found = []
        while True:
            answer = self.asked(f"$JS.API.STREAM.MSG.GET.{MESSAGES}", seq=after + 1,
                                next_by_subj=f"$MQTT.msgs.{subject}")
            if not answer or "message" not in answer:
                return found
            after = answer["message"]["seq"]
            found.append((after, base64.b64decode(answer["message"].get("data", ""))))
