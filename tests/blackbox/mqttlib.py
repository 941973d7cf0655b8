# SPDX-License-Identifier: ISC
"""What the black-box scripts about MQTT share: a Mosquitto of their own, somebody who listens
to it, and the program `mqtt` on a wire whose other end is the script."""

import json
import os
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

try:
    import paho.mqtt.client as paho
except ImportError:
    paho = None

from baselib import PATIENCE, die, wait_for
from corelib import Folder
from freeport import free_port

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")

BASE = "holdup/home"
UPS = f"{BASE}/qnapups"

VALUES = {"battery.charge": "100", "battery.charge.low": "20", "input.voltage": "231.4",
          "ups.load": "34", "ups.status": "OL", "driver.parameter.port": "auto"}


def needed():
    """Ends the script where what it needs is not installed."""
    if not MOSQUITTO or not paho:
        print("mosquitto and python3-paho-mqtt are needed")
        sys.exit(77)


class Mosquitto:
    """A broker on loopback. `lines` go behind its listener, `head` before."""

    def __init__(self, folder, lines="allow_anonymous true\n", head="", port=None):
        self.folder, self.port = folder, port or free_port()
        self.dir = f"{folder.dir}/mosquitto-{self.port}"
        os.mkdir(self.dir)
        self.conf, self.log_path = f"{self.dir}/conf", f"{self.dir}/log"
        # A listener that is slower than what it listens to loses nothing. One that is root
        # gives its rights up, and could not write here.
        user = "user root\n" if os.geteuid() == 0 else ""
        with open(self.conf, "w") as f:
            f.write(f"{user}log_dest file {self.log_path}\nlog_type all\n"
                    f"max_queued_messages 0\n{head}"
                    f"listener {self.port} 127.0.0.1\n{lines}")
        self.start()

    def start(self):
        self.process = subprocess.Popen([MOSQUITTO, "-c", self.conf], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.folder.processes.append(self.process)
        wait_for("a broker that listens", self.listens)

    def listens(self):
        if self.process.poll() is not None:
            die(f"mosquitto: {self.log()}")
        try:
            socket.create_connection(("127.0.0.1", self.port), PATIENCE).close()
        except ConnectionRefusedError:
            return False
        return True

    def log(self):
        try:
            with open(self.log_path) as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def end(self, how=signal.SIGTERM):
        """It writes what it keeps, and waits for the disk. One that has only just begun forgets
        that it was told to end."""
        for _ in range(8):
            self.process.send_signal(how)
            try:
                self.process.wait(PATIENCE / 2)
                return
            except subprocess.TimeoutExpired:
                pass
        die("mosquitto does not end")

    def url(self, tls=False):
        return f"mqtt{'s' if tls else ''}://127.0.0.1:{self.port}"


class Message:
    def __init__(self, m):
        self.topic, self.payload = m.topic, m.payload.decode()
        self.retain, self.qos, self.dup = bool(m.retain), m.qos, bool(m.dup)
        self.at = time.monotonic()

    def __repr__(self):
        return f"{self.topic}={self.payload}{' (retained)' if self.retain else ''}"


class Listener:
    """Somebody who subscribes to everything below `filters`, and keeps what comes."""

    def __init__(self, broker, *filters, name="", durable=False, user=None, qos=1):
        self.messages, self.kept, self.granted = [], {}, 0
        self.filters, self.qos = filters or ("#",), qos
        self.client = paho.Client(name, clean_session=not durable)
        self.client.max_inflight_messages_set(0)
        if user:
            self.client.username_pw_set(*user)
        self.client.on_connect = self.on_connect
        self.client.on_message = self.on_message
        self.client.on_subscribe = self.on_subscribe
        self.client.reconnect_delay_set(1, 1)
        self.client.connect_async("127.0.0.1", broker.port)
        self.client.loop_start()
        wait_for("a listener's subscription", lambda: self.granted)

    def on_connect(self, *_):
        for f in self.filters:
            self.client.subscribe(f, self.qos)

    def on_subscribe(self, *_):
        self.granted += 1

    def on_message(self, client, userdata, m):
        message = Message(m)
        self.messages.append(message)
        if message.payload:
            self.kept[message.topic] = message.payload
        else:
            self.kept.pop(message.topic, None)

    def has(self, topic, payload, seconds=None):
        """It comes to be said there last."""
        wait_for(f"{topic} = {payload!r} (it is {self.kept.get(topic)!r})",
                 lambda: self.kept.get(topic) == payload, seconds)

    def publish(self, topic, payload, retain=False, qos=1):
        self.client.publish(topic, payload, qos, retain).wait_for_publish()

    def events(self):
        """What happened, as objects, in order; marks are nothing that happened."""
        found = (m for m in list(self.messages) if m.topic.endswith("/event") and m.payload)
        return [e for e in (json.loads(m.payload) for m in found if not m.retain) if "id" in e]

    def end(self):
        self.client.disconnect()
        self.client.loop_stop()


class Wire:
    """The program `mqtt`, and `out`'s end of its wire. `conf` is the section [mqtt] without
    its head, or with `section` another one."""

    def __init__(self, folder, conf, publisher="mqtt", section="mqtt", authorities=None,
                 own=None, values=None, **env):
        self.folder, self.publisher, self.env = folder, publisher, env
        self.conf = f"[{section}]\n{conf}"
        self.authorities, self.own = authorities, own
        self.kept, self.taken, self.asks, self.number = {}, [], [], 100
        self.upses = {"qnapups": dict(VALUES if values is None else values)}
        self.commands = {}
        self.energy = {}
        self.pending = []
        self.log = str  # of nothing
        self.lock = threading.Lock()
        self.reader = None
        self.start()

    def memory(self, text):
        fd = os.memfd_create("text")
        os.write(fd, text.encode())
        os.lseek(fd, 0, os.SEEK_SET)
        return fd

    def start(self, late=False):
        """`late`: the wire says nothing before the broker is there."""
        if self.reader:
            self.reader.join(PATIENCE)  # what the one before has said at last counts
        ours, theirs = socket.socketpair()
        conf = self.memory(self.conf)
        fds, args = [theirs.fileno(), conf], ["-D"]
        for option, text in ("-A", self.authorities), ("-T", self.own):
            if text is not None:
                fds.append(self.memory(text))
                args += [option, str(fds[-1])]
        connections = self.log().count("connected to")
        self.process = self.folder.start("mqtt", "-P", self.publisher, "-C", str(conf), "-q",
                                         str(theirs.fileno()), *args, fds=tuple(fds),
                                         **self.env)
        self.log = self.process.log
        theirs.close()
        for fd in fds[1:]:
            os.close(fd)
        self.sock = ours
        self.reader = threading.Thread(target=self.read, args=(ours,), daemon=True)
        self.reader.start()
        if late:
            self.says("connected to", connections + 1)
        for key, value in list(self.kept.items()):
            self.write(f'KEPT {key} "{value}"')
        self.tell()
        for event in self.pending:
            self.write(event)

    def write(self, *lines):
        try:
            self.sock.sendall("".join(f"{line}\n" for line in lines).encode())
        except OSError:
            pass  # it is gone, and the next one is told all

    def tell(self):
        """All there is."""
        lines = [f"BEGIN {self.number}"]
        for ups, values in self.upses.items():
            lines.append(f'UPS {ups} "{ups}"')
            lines += [f'{ups} SETINFO {name} "{value}"' for name, value in values.items()]
            lines += [f"{ups} ADDCMD {name}" for name in self.commands.get(ups, ())]
            lines += [f"{ups} DATAOK", f"{ups} VIEW * none"]
        self.write(*lines, f"END {self.number}")
        for ups, wh in self.energy.items():
            self.write(f"ENERGY {ups} {wh}")

    def away(self):
        """core is away for long."""
        self.write("BEGIN 0", "END 0")

    def say(self, *changes):
        """All at once."""
        lines = []
        for change in changes:
            self.number += 1
            lines.append(f"{self.number} {change}")
        self.write(*lines)

    def set(self, variable, value, ups="qnapups"):
        self.upses[ups][variable] = value
        self.say(f'{ups} SETINFO {variable} "{value}"')

    def delete(self, variable, ups="qnapups"):
        del self.upses[ups][variable]
        self.say(f"{ups} DELINFO {variable}")

    def event(self, number, kind="onbatt", ups="qnapups", text="On battery", at=None, facts=""):
        at = int(time.time() * 1000) if at is None else at
        text = text.replace("\\", "\\\\").replace('"', '\\"')
        line = f'EVENT {number} {at} {kind} {ups} - "{text}" {facts}'.rstrip()
        with self.lock:
            self.pending.append(line)
        self.write(line)

    def read(self, sock):
        """Runs beside the script: what the publisher says."""
        with sock.makefile() as lines:
            try:
                for line in lines:
                    self.hear(shlex.split(line))
            except OSError:
                pass

    def hear(self, words):
        with self.lock:
            if words[0] == "TAKEN":
                self.taken.append(int(words[1]))
                self.pending = [e for e in self.pending if int(e.split()[1]) > int(words[1])]
            elif words[0] == "KEEP" and words[2] == "":
                self.kept.pop(words[1], None)
            elif words[0] == "KEEP":
                self.kept[words[1]] = words[2]
            elif words[0] == "ASK":
                self.asks.append(words[1:])

    def takes(self, *numbers, seconds=None):
        wait_for(f"taken {numbers} (were: {self.taken})",
                 lambda: all(n in self.taken for n in numbers), seconds)

    def says(self, text, times=1):
        wait_for(f"the log says '{text}':\n{self.log()}",
                 lambda: self.log().count(text) >= times)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.sock.close()

    def end(self):
        """As `out` ends it: with nothing to say before, SIGTERM ends it as it is."""
        self.process.terminate()
        if self.process.wait() not in (0, -signal.SIGTERM):
            die(f"exit status {self.process.returncode}")
        self.sock.close()


class Proxy:
    """Between the publisher and its broker: cuts the connection where the script wants it."""

    def __init__(self, broker):
        self.broker, self.cuts, self.port = broker, [], free_port()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client = self.listener.accept()[0]
            try:
                server = socket.create_connection(("127.0.0.1", self.broker.port))
            except OSError:
                client.close()
                continue
            self.carry(client, server)

    def cut_at_event(self, forwarded):
        """At the next event: `forwarded`: the broker has it, and its answer is lost."""
        self.cuts.append(forwarded)

    def carry(self, client, server):
        packets, to_client = b"", True
        for s in client, server:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            for s in select.select([client, server], [], [])[0]:
                try:
                    got = s.recv(65536)
                    if s is server:
                        if to_client and got:
                            client.sendall(got)
                        continue_ = bool(got)
                    else:
                        packets, continue_ = self.forward(packets + got, server), bool(got)
                        if packets is None:
                            self.close(client, server)
                            return
                except OSError:
                    continue_ = False
                if not continue_:
                    self.close(client, server)
                    return

    def forward(self, data, server):
        """Whole packets go on. Returns what is left, None: it is to be cut."""
        while (end := packet_end(data)) is not None:
            packet, data = data[:end], data[end:]
            if self.cuts and packet[0] >> 4 == 3 and packet[0] & 1 and b"/event" in packet[:200]:
                if self.cuts[0]:
                    server.sendall(packet)
                    # Until the broker has it: its answers are nobody's.
                    server.settimeout(PATIENCE)
                    server.recv(65536)
                self.cuts.pop(0)
                return None
            server.sendall(packet)
        return data

    def close(self, *sockets):
        for s in sockets:
            s.close()


def packet_end(data):
    """Where the first packet of MQTT ends (3.1.1, 2.2.3), None: not there yet."""
    length = 0
    for i in range(1, 5):
        if len(data) <= i:
            return None
        length |= (data[i] & 127) << 7 * (i - 1)
        if data[i] < 128:
            return i + 1 + length if len(data) >= i + 1 + length else None
    return None
