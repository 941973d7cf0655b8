# SPDX-License-Identifier: ISC
"""What the black-box scripts of [notify] share: an `out` that says what the script wants to
`publish -P notify.NAME`, and receivers by HTTP that behave as it wants."""

import http.server
import fcntl
import json
import os
import shlex
import socket
import struct
import subprocess
import termios
import threading
import time

from corelib import BUILD, PATIENCE, Folder, die, free_port, same, wait_for

SNAPSHOT = """UPS office "Server"
office SETINFO battery.charge "97"
office SETINFO input.transfer.low "170"
office SETINFO ups.status "OB"
office DATAOK
office VIEW * none
"""


def now_ms():
    return int(time.time() * 1000)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Channel:
    """`publish` for a section, before an `out` that keeps what it is told to keep."""

    def __init__(self, section, name="phone", snapshot=SNAPSHOT, site="", **env):
        self.folder = Folder(holdup_conf=f"{site}[notify {name}]\n{section}\n")
        self.name, self.snapshot, self.env = name, snapshot, env
        self.events, self.kept, self.taken, self.last = [], {}, 0, now_ms() - 1000
        self.start()

    def start(self):
        """A new process: it hears what was kept, the feed, and what it has not taken."""
        self.s, theirs = socket.socketpair()
        conf = os.open(f"{self.folder.etc}/holdup.conf", os.O_RDONLY)
        self.process = self.folder.start("publish", "-D", "-P", f"notify.{self.name}",
                                         "-C", str(conf), "-q", str(theirs.fileno()),
                                         fds=(conf, theirs.fileno()), no_proxy="*", **self.env)
        self.log = self.process.log
        os.close(conf)
        theirs.close()
        for key, value in self.kept.items():
            self.send(f"KEPT {key} {quoted(value)}")
        self.send(f"BEGIN 7\n{self.snapshot}END 7")
        for number, line in self.events:
            if number > self.taken:
                self.send(line)
        threading.Thread(target=self.listen, args=(self.s,), daemon=True).start()

    def send(self, text):
        self.s.sendall((text + "\n").encode())

    def listen(self, s):
        buffer = b""
        while True:
            try:
                data = s.recv(65536)
            except OSError:
                return
            if not data:
                return
            *lines, buffer = (buffer + data).split(b"\n")
            for line in lines:
                self.hear(shlex.split(line.decode()))

    def hear(self, words):
        if words[0] == "TAKEN":
            self.taken = int(words[1])
        elif words[0] == "KEEP":
            self.kept[words[1]] = words[2]
        else:
            die(f"publish says {words}")

    def event(self, kind, text, *facts, ups="office", ago=0, who="-"):
        """Something happens now, or so many seconds ago. Returns its id."""
        self.last = max(self.last + 1, now_ms())
        line = (f"EVENT {self.last} {self.last - int(ago * 1000)} {kind} {ups} {who} "
                f"{quoted(text)} " + " ".join(quoted(fact) for fact in facts))
        self.events.append((self.last, line))
        self.send(line)
        return self.last

    def heard(self):
        """It has read all that was said."""
        wait_for("all is read", lambda: struct.unpack("i", fcntl.ioctl(
            self.s, termios.TIOCOUTQ, bytes(4)))[0] == 0)

    def done(self, number):
        """It was told: taken, or kept as done with though it is needed for what follows."""
        ranges = [word.split("-") for word in self.kept.get("done", "").split()[1:]]
        return number <= self.taken or any(int(first, 16) <= number <= int(last, 16)
                                           for first, last in ranges)

    def tells(self, number):
        wait_for(f"event {number:x} is told (taken: {self.taken:x}, kept: {self.kept})",
                 lambda: self.done(number))

    def dies(self):
        self.process.kill()
        self.process.wait()
        self.s.close()

    def ends(self):
        """`out` closes the wire."""
        self.s.shutdown(socket.SHUT_RDWR)
        self.s.close()
        same("exit status", self.process.wait(), 0)


def tried(section, name="phone", **env):
    """What `publish -t` says, and its exit status."""
    folder = Folder(holdup_conf=f"[notify {name}]\n{section}\n")
    conf = os.open(f"{folder.etc}/holdup.conf", os.O_RDONLY)
    done = subprocess.run([f"{BUILD}/publish/publish", "-t", "-P", f"notify.{name}",
                           "-C", str(conf)], env=dict(folder.env, no_proxy="*", **env),
                          pass_fds=(conf,), timeout=2 * PATIENCE, capture_output=True, text=True,
                          check=False)
    os.close(conf)
    return done.stdout.rstrip("\n"), done.returncode


class Asked:
    """A request as it came."""

    def __init__(self, handler, body):
        self.at = time.monotonic()
        self.method, self.path = handler.command, handler.path
        self.headers, self.body = handler.headers, body

    def json(self):
        return json.loads(self.body)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def take(self):
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self, body)
        receiver.asked.append(asked)
        answer = receiver.answer(asked)
        if callable(answer):
            self.close_connection = True
            try:
                answer(self)
            except OSError:
                pass
            return
        status, headers, text = answer
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = take

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


class Receiver:
    """`answer` says what a request gets: status, headers, body; or a function that has the
    connection for itself."""

    def __init__(self, tls=None):
        self.port, self.tls, self.asked = free_port(), tls, []
        self.answer = lambda asked: (200, {}, "{}")
        self.begin()

    def begin(self):
        self.server = Server(("127.0.0.1", self.port), Handler)
        self.server.receiver = self
        if self.tls:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def end(self):
        self.server.shutdown()
        self.server.server_close()

    def url(self, path="", host="127.0.0.1"):
        return f"http{'s' if self.tls else ''}://{host}:{self.port}{path}"

    def gets(self, count=1):
        """That many requests come in all; returns the last of them."""
        wait_for(f"{count} requests (came: {[a.body for a in self.asked]})",
                 lambda: len(self.asked) >= count)
        same("number of requests", len(self.asked), count)
        return self.asked[-1]
