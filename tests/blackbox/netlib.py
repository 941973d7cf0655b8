# SPDX-License-Identifier: ISC
"""What the black-box scripts of `net` share: a core that says what the script wants, a
`net` on a free port before it, and raw connections to that."""

import atexit
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading

from baselib import BUILD, PATIENCE, Program, die, listen_unix, logged, same, wait_for

USERS = """
[admin]
    password = 123456
    actions = SET FSD
    instcmds = ALL
    upsmon primary
[mon]
    password = secret
    upsmon secondary
[one]
    password = one
    instcmds = test.battery.start
"""

UPS = """UPS qnapups "Server"
qnapups SETINFO battery.charge "100"
qnapups SETINFO ups.id "me"
qnapups SETFLAGS ups.id RW STRING
qnapups SETAUX ups.id 4
qnapups SETINFO ups.status "OL"
qnapups ADDCMD load.off
qnapups ADDCMD test.battery.start
qnapups DATAOK
qnapups VIEW * none
"""


class Core:
    """Serves one `net`: a snapshot to whoever reads the feed, `answer` to requests."""

    def __init__(self, run, snapshot=UPS, number=17):
        self.snapshot, self.number = snapshot, number
        self.requests, self.logins = [], 0
        self.answer = lambda words: "OK"
        self.feed, self.req = None, None
        self.servers = [
            listen_unix(f"{run}/holdup.feed"),
            listen_unix(f"{run}/holdup.req"),
        ]
        for server, serve in zip(self.servers, (self.serve_feed, self.serve_req)):
            server.settimeout(None)
            threading.Thread(target=self.accept, args=(server, serve), daemon=True).start()

    def accept(self, server, serve):
        while True:
            try:
                s, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(serve, s), daemon=True).start()

    def serve(self, how, s):
        try:
            how(s)
        except (OSError, ValueError):
            pass  # close() has closed it

    def serve_feed(self, s):
        n = self.number
        s.sendall(f"BEGIN {n}\n{self.snapshot}END {n}\n".encode())
        self.feed = s

    def serve_req(self, s):
        self.req = s
        for line in s.makefile():
            words = line.split()
            self.requests.append(line.rstrip("\n"))
            if words[5] in ("SEEN", "BROKEN", "PRIMARY"):
                continue
            answer = self.answer(words)
            if answer == "OK" and words[5] == "LOGIN":
                self.logins += 1
                self.say(f"{words[6]} LOGIN {self.logins} {words[3]} {words[2]}")
            if answer == "OK" and words[5] == "FSD":
                self.say(f"{words[6]} VIEW * fsd")
            if answer is not None:
                verdict = "OK" if answer == "OK" else "ERR"
                word = "" if answer == "OK" else f" {answer}"
                s.sendall(f"{verdict} {words[0]}{word}\n".encode())

    def say(self, change):
        wait_for("a reader of the feed", lambda: self.feed)
        self.number += 1
        self.feed.sendall(f"{self.number} {change}\n".encode())

    def asked(self, verb):
        return [r for r in self.requests if r.split()[5] == verb]

    def close(self):
        for s in [*self.servers, self.feed, self.req]:
            if s:
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                s.close()


class Net:
    """A `net` in a private folder with a core before it."""

    def __init__(
        self,
        conf="MAXAGE 2\n",
        users=USERS,
        core=True,
        address="127.0.0.1",
        program="net",
        extra=None,  # further options with what each descriptor is of
        **limits,
    ):
        self.dir = tempfile.mkdtemp(prefix="holdup-net.")
        os.mkdir(self.dir + "/run")
        self.process = None
        atexit.register(self.close)
        self.core = Core(self.dir + "/run") if core else None
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.create_server((address, 0), family=family, backlog=512)
        self.address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
        self.port = listener.getsockname()[1]
        files = [self.file("upsd.conf", conf), self.file("upsd.users", users)]
        fds = [listener.fileno(), *(f.fileno() for f in files)]
        self.log_path = self.dir + "/log"
        env = {**os.environ, "NUT_STATEPATH": self.dir + "/run", "NUT_CONFPATH": self.dir}
        args = [f"{BUILD}/net/{program}", "-l", str(fds[0]), "-C", str(fds[1]), "-U", str(fds[2])]
        for option, opened in (extra or {}).items():
            args += [option, str(opened.fileno())]
            fds.append(opened.fileno())
        with open(self.log_path, "w") as log:
            self.process = Program(
                args, stderr=log, stdin=subprocess.DEVNULL, pass_fds=fds, env=env, **limits
            )
        self.listener = listener
        if extra is None:
            listener.close()  # else it is holdupd's, which hands it over again
        if core:
            with self.client() as c:
                same("the first answer", c.ask("NETVER"), "1.3\n")

    def file(self, name, text):
        path = f"{self.dir}/{name}"
        with open(path, "w") as f:
            f.write(text)
        return open(path)

    def reload(self, control, *texts):
        """By the other end of -K (lib/netctl.h): upsd.conf, upsd.users, holdup.conf."""
        files = [self.file(f"new{i}", text) for i, text in enumerate(texts)]
        packet = struct.pack("4I", 0x6E6574, (1 << len(files)) - 1, 1, 0)
        fds = [f.fileno() for f in (*files, self.listener)]
        socket.send_fds(control, [packet], fds)
        same("answer to a reload", control.recv(1), b"+")

    def client(self, address=None, source=None):
        return Client(self.port, address or self.address, source)

    def log(self):
        with open(self.log_path) as f:
            return f.read()

    def stop(self):
        self.process.terminate()
        same("exit status", self.process.wait(), 0)

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)


class Client:
    """A raw connection."""

    def __init__(self, port, address="127.0.0.1", source=None):
        self.s = socket.create_connection((address, port), 10, source and (source, 0))
        self.s.settimeout(PATIENCE)  # a beat comes every 5 s
        self.left = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.s.close()

    def send(self, text):
        self.s.sendall(text.encode("latin-1"))

    def line(self):
        while b"\n" not in self.left:
            more = self.s.recv(65536)
            if not more:
                die(f"connection closed after {self.left!r}")
            self.left += more
        line, self.left = self.left.split(b"\n", 1)
        return line.decode("latin-1") + "\n"

    def push(self):
        """The next line that is no beat, which comes every 5 s."""
        while (line := self.line()) == "NOTIFY BEAT\n":
            pass
        return line

    def ask(self, question):
        self.send(question + "\n")
        return self.line()

    def ask_list(self, question):
        lines = [self.ask(question)]
        while not lines[-1].startswith(("END ", "ERR ")):
            lines.append(self.line())
        return "".join(lines)

    def login(self, user, password):
        same("USERNAME", self.ask(f"USERNAME {user}"), "OK\n")
        same("PASSWORD", self.ask(f"PASSWORD {password}"), "OK\n")

    def ended(self):
        """True once the other end has closed; what it said before is thrown away."""
        try:
            while self.s.recv(65536):
                pass
        except ConnectionResetError:
            pass
        return True
