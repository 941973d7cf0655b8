# SPDX-License-Identifier: ISC
"""What the black-box scripts of `out` share: a core that says what the script wants, a
Domoticz that behaves as it wants, and `out` between them."""

import http.server
import os
import socket
import threading
import time

from corelib import PATIENCE, Folder, children, die, listen_unix, same, wait_for

SNAPSHOT = """UPS qnapups "Server"
qnapups SETINFO battery.charge "100"
qnapups SETINFO ups.load "34"
qnapups SETINFO ups.status "OL"
qnapups SETINFO ups.temperature "27.5"
qnapups DATAOK
qnapups VIEW * none
"""


class Core:
    """The feed, for one reader at a time."""

    def __init__(self, folder, snapshot=SNAPSHOT):
        self.path, self.snapshot, self.number = f"{folder.run}/holdup.feed", snapshot, 17
        self.begin()

    def begin(self):
        self.listener = listen_unix(self.path)

    def reader(self):
        """Accepts a reader and tells it all there is."""
        self.s = self.listener.accept()[0]
        self.s.settimeout(PATIENCE)
        self.s.sendall(f"BEGIN {self.number}\n{self.snapshot}END {self.number}\n".encode())

    def reader_is(self, *changes):
        """The same for a snapshot with other lines in it."""
        for change in changes:
            name = change.partition(' "')[0]
            self.snapshot = "".join(f"{change}\n" if line.startswith(name + ' "') else line
                                    for line in self.snapshot.splitlines(True))
        self.reader()

    def say(self, *changes):
        lines = ""
        for change in changes:
            self.number += 1
            lines += f"{self.number} {change}\n"
        self.s.sendall(lines.encode())

    def set(self, variable, value):
        self.say(f'qnapups SETINFO {variable} "{value}"')

    def end(self):
        self.listener.close()
        self.s.close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        domoticz = self.server.domoticz
        domoticz.asked.append((self.path, self.headers.get("Authorization")))
        status, body, seconds = domoticz.answer(self.path)
        if seconds:
            time.sleep(seconds)
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())
        except OSError:
            self.close_connection = True  # nobody waits any more

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def get_request(self):
        s, address = super().get_request()
        self.domoticz.open.append(s)
        return s, address

    def handle_error(self, *_):
        pass  # the script has closed its connection


OK = '{\n   "status" : "OK",\n   "title" : "Update Device"\n}\n'
ERR = '{\n   "status" : "ERR"\n}\n'


class Domoticz:
    """`answer` says what a request gets: status, body, seconds of waiting before."""

    def __init__(self, tls=None):
        self.port, self.tls, self.asked, self.open = 0, tls, [], []
        self.answer = lambda path: (200, OK, 0)
        self.begin()

    def begin(self):
        self.server = Server(("127.0.0.1", self.port), Handler)
        self.server.domoticz = self
        self.port = self.server.server_address[1]
        if self.tls:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def end(self):
        self.server.shutdown()
        self.server.server_close()
        for s in self.open:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.open = []

    def url(self):
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}"

    def took(self):
        """The requests since the last call, as "12=34.0"."""
        asked, self.asked = self.asked, []
        return [short(path) for path, _ in asked]

    def takes(self, *wanted, seconds=None):
        """Exactly these come, in whatever order, and nothing else for a while."""
        wait_for(f"{wanted} (came: {[p for p, _ in self.asked]})",
                 lambda: len(self.asked) >= len(wanted), seconds)
        time.sleep(0.3)
        same("what Domoticz was told", sorted(self.took()), sorted(wanted))


def short(path):
    """A request must be this one, letter by letter."""
    before = "/json.htm?type=command&param=udevice&idx="
    if not path.startswith(before) or "&nvalue=0&svalue=" not in path:
        die(f"not what Domoticz understands: {path}")
    return path[len(before):].replace("&nvalue=0&svalue=", "=")


SENSORS = "load = 12\ncharge = 13\ntemperature = 14\n"


class Out:
    """`out` as holdupd starts it, before a core and a Domoticz."""

    def __init__(self, more=SENSORS, snapshot=SNAPSHOT, tls=None):
        self.domoticz = Domoticz(tls)
        self.folder = Folder(holdup_conf=f"[domoticz]\nurl = {self.domoticz.url()}\n{more}")
        self.core = Core(self.folder, snapshot)
        self.start()
        self.core.reader()

    def start(self):
        conf = os.open(f"{self.folder.etc}/holdup.conf", os.O_RDONLY)
        self.process = self.folder.start("out", "-C", str(conf), fds=(conf,), no_proxy="*")
        self.log = self.process.log

    def child(self):
        """The process of the publisher."""
        found = children(self.process.pid)
        return next((pid for line, pid in found.items() if "-P domoticz" in line), None)

    def says(self, text, times=1):
        wait_for(f"the log says '{text}'", lambda: self.log().count(text) >= times)
        same(f"lines with '{text}'", self.log().count(text), times)

    def stop(self):
        child = self.child()
        self.process.terminate()
        same("exit status", self.process.wait(), 0)
        if child and os.path.exists(f"/proc/{child}"):
            die("the publisher outlives out")
        self.domoticz.end()
