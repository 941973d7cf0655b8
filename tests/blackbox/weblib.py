# SPDX-License-Identifier: ISC
"""What the black-box scripts of `web` share: a core that says what the script wants (netlib),
a `web` before it, and clients that speak HTTP as they like."""

import atexit
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import tempfile

import baselib
from baselib import BUILD, PATIENCE, Program, die, same, wait_for
from netlib import UPS, Core

USERS = """
[admin]
    password = 123456
    actions = SET FSD
    instcmds = ALL
[tester]
    password = tester
    instcmds = test.battery.start
[setter]
    password = setter
    actions = SET
[monitor]
    password = monitor
    upsmon = primary
[looker]
    password = looker
[far]
    password = far
    actions = SET
    allowfrom = 192.0.2.1
"""


class Web:
    """A `web` in a private folder with a core before it."""

    def __init__(self, conf="[web]\n", users=USERS, core=True, snapshot=UPS, certificate=None,
                 unix=False, addresses=("127.0.0.1",), history=False):
        self.dir = tempfile.mkdtemp(prefix="holdup-web.")
        os.mkdir(self.dir + "/run")
        self.process = None
        atexit.register(self.close)
        if history:
            os.mkdir(self.dir + "/run/history")
        self.core = Core(self.dir + "/run", snapshot) if core else None
        self.listeners = [socket.create_server((a, 0), backlog=512) for a in addresses]
        self.port = self.listeners[0].getsockname()[1]
        if unix:
            s = socket.socket(socket.AF_UNIX)
            s.bind(self.dir + "/web.sock")
            s.listen(512)
            self.listeners.append(s)
        self.texts = {"-U": users, "-O": conf, "-C": "[qnapups]\ndriver = dummy-ups\n",
                      "-M": "", "-T": certificate}
        self.tls = certificate is not None
        self.start()

    def start(self):
        env = {**os.environ, "NUT_STATEPATH": self.dir + "/run", "NUT_CONFPATH": self.dir}
        files = {o: self.file(o[1:], t) for o, t in self.texts.items() if t is not None}
        fds = [*(s.fileno() for s in self.listeners), *(f.fileno() for f in files.values())]
        listens = ",".join(str(s.fileno()) for s in self.listeners)
        args = [f"{BUILD}/web/web", "-D", "-l", listens]
        for option, f in files.items():
            args += [option, str(f.fileno())]
        self.log_path = self.dir + "/log"
        with open(self.log_path, "a") as log:
            self.process = Program(args, stderr=log, pass_fds=fds, env=env)
        if self.core:
            wait_for("the model", lambda: self.get("/healthz").status == 200)

    def file(self, name, text):
        with open(f"{self.dir}/{name}", "w") as f:
            f.write(text)
        return open(f"{self.dir}/{name}")

    def connect(self, source=None, unix=False):
        if unix:
            s = socket.socket(socket.AF_UNIX)
            s.connect(self.dir + "/web.sock")
        else:
            s = socket.create_connection(("127.0.0.1", self.port), PATIENCE,
                                         source and (source, 0))
        s.settimeout(PATIENCE)
        if self.tls and not unix:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            s = context.wrap_socket(s)
        return s

    def ask(self, method, path, body=None, headers=(), source=None, unix=False):
        """The answer; .text and .json are its body."""
        c = http.client.HTTPConnection("web.test")
        c.sock = self.connect(source, unix)
        head = dict(headers)
        if body is not None:
            head.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
        c.request(method, path, body, head)
        answer = c.getresponse()
        answer.text = answer.read().decode()
        answer.json = None
        if answer.getheader("Content-Type") == "application/json" and answer.text:
            answer.json = json.loads(answer.text)
        c.close()
        return answer

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def login(self, user="admin", password="123456", **more):
        return Session(self, user, password, **more)

    def log(self):
        with open(self.log_path) as f:
            return f.read()

    def memory(self):
        """Of the process, in kB: what is in memory, and its own of that."""
        with open(f"/proc/{self.process.pid}/smaps_rollup") as f:
            fields = {line.split(":")[0]: line.split()[1] for line in f if ":" in line[:30]}
        return int(fields["Rss"]), int(fields["Private_Dirty"])

    def stop(self):
        self.process.terminate()
        same("exit status", self.process.wait(), 0)

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if baselib.failed and os.path.exists(self.dir + "/log"):
            print(f"--- web\n{self.log()[-9000:]}")
        shutil.rmtree(self.dir, ignore_errors=True)


class Session:
    """Somebody who is logged in."""

    def __init__(self, web, user, password, **more):
        self.web, self.more = web, more
        answer = web.ask("POST", "/api/v1/login", {"user": user, "password": password}, **more)
        same(f"login of {user}", answer.status, 200)
        self.set_cookie = answer.getheader("Set-Cookie")
        self.cookie = self.set_cookie.split(";")[0]
        self.token = answer.json["csrf"]
        self.may = answer.json["may"]

    def head(self, **more):
        return {"Cookie": self.cookie, "X-Holdup-CSRF": self.token, **more}

    def get(self, path):
        return self.web.ask("GET", path, headers={"Cookie": self.cookie}, **self.more)

    def post(self, path, body, **head):
        return self.web.ask("POST", path, body, self.head(**head), **self.more)


class Stream:
    """An open stream of events."""

    def __init__(self, web, source=None, path="/api/v1/stream", headers=(), unix=False):
        self.s = web.connect(source, unix)
        lines = "".join(f"{name}: {value}\r\n" for name, value in dict(headers).items())
        self.s.sendall(f"GET {path} HTTP/1.1\r\nHost: web.test\r\n{lines}\r\n".encode())
        self.left, self.body = b"", b""
        head = self.until(b"\r\n\r\n").decode()
        self.status = int(head.split()[1])

    def until(self, end):
        while end not in self.left:
            more = self.s.recv(65536)
            if not more:
                raise EOFError("the stream has ended")
            self.left += more
        got, self.left = self.left.split(end, 1)
        return got

    def event(self):
        """The next one: its kind and its data; comments are passed over."""
        while True:
            while b"\n\n" not in self.body:
                size = int(self.until(b"\r\n"), 16)
                if size == 0:
                    raise EOFError("the stream has ended")
                while len(self.left) < size + 2:
                    more = self.s.recv(65536)
                    if not more:
                        raise EOFError("the stream has ended")
                    self.left += more
                self.body += self.left[:size]
                self.left = self.left[size + 2:]
            text, self.body = self.body.split(b"\n\n", 1)
            fields = dict(line.split(": ", 1) for line in text.decode().splitlines()
                          if not line.startswith(":"))
            if fields:
                return fields["event"], json.loads(fields["data"])

    def next(self, kind):
        """The next one of that kind."""
        while True:
            got, data = self.event()
            if got == kind:
                return data

    def ups(self, wanted):
        """Reads on until the first UPS is as wanted, by an event of its own or within the
        whole state; returns it."""
        while True:
            got, data = self.event()
            if got in ("state", "ups"):
                ups = data["upses"][0] if got == "state" else data
                if wanted(ups):
                    return ups

    def close(self):
        self.s.close()
