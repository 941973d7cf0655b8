#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The ways to web: HTTPS, a unix socket beside it, and a reverse proxy that shows it under a
path of its own."""

import select
import socket
import threading

from baselib import Stopwatch
from tlslib import certificate, read
from weblib import Stream, Web, die, same


class Proxy:
    """Takes the head of each request, adds whom it is for, and passes on what follows. With
    `strip` it takes the path away, as many are configured to."""

    def __init__(self, web, strip):
        self.web, self.strip = web, strip
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            more = client.recv(65536)
            if not more:
                return
            head += more
        if self.strip:
            head = head.replace(b" /ups/", b" /", 1)
        added = b"\r\nX-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: https\r\n" \
                b"X-Forwarded-Host: home.example\r\n"
        server = self.web.connect()
        server.sendall(head.replace(b"\r\n", added, 1))
        while True:
            for s in select.select([client, server], [], [])[0]:
                try:
                    data = s.recv(65536)
                    (server if s is client else client).sendall(data)
                except OSError:
                    data = b""
                if not data:
                    client.close()
                    server.close()
                    return


class Through:
    """What is asked of web, by the proxy."""

    def __init__(self, web, port):
        self.web, self.port, self.tls = web, port, False

    connect, ask, get, login = Web.connect, Web.ask, Web.get, Web.login


# HTTPS on TCP, and HTTP by the unix socket; a handshake that stops half way delays nobody.
certificate("web", "ups.example")
web = Web(certificate=read("web.crt", "web.key"), unix=True)
stalled = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(20)]
for s in stalled:
    s.sendall(b"\x16\x03\x01\x02\x00\x01\x00")
watch = Stopwatch()
same("by TLS", web.get("/healthz").status, 200)
watch.check("an answer beside stalled handshakes", 0, 3)
same("by the unix socket", web.ask("GET", "/healthz", unix=True).text, "ok\n")
same("by any name", web.ask("GET", "/healthz", headers={"Host": "ups.net"}, unix=True).text,
     "ok\n")
session = web.login()
same("secure", "; Secure" in session.set_cookie, True)
same("not secure", "; Secure" in web.login(unix=True).set_cookie, False)
stream, other = Stream(web), Stream(web, unix=True)
for s in stream, other:
    same("begins", s.event()[0], "state")
web.core.say('qnapups SETINFO ups.status "OB"')
for s in stream, other:
    s.ups(lambda ups: ups["status"] == "OB")
plain = socket.create_connection(("127.0.0.1", web.port))
plain.settimeout(20)
plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
try:
    if b"200 OK" in plain.recv(1000):
        die("HTTPS answers without TLS")
except ConnectionResetError:
    pass
for s in stalled:
    s.settimeout(40)
    while s.recv(1000):
        pass  # its 10 s are over
web.stop()

# Behind a proxy, whether it leaves the path or takes it away.
USERS = "[near]\npassword = x\nallowfrom = 127.0.0.1\n[home]\npassword = x\nallowfrom = 198.51.100.7\n"
web = Web(conf="[web]\nbase = /ups\nproxy = 127.0.0.1\n", users=USERS)
for strip in False, True:
    way = Through(web, Proxy(web, strip).port)
    same("page", way.get("/ups/").status, 200)
    same("state", way.get("/ups/api/v1/state").status, 200)
    same("by any name", way.ask("GET", "/ups/healthz", headers={"Host": "ups.net"}).status, 200)
    session = way.login("home", "x")
    same("path", "; Path=/ups;" in session.set_cookie, True)
    same("secure", "; Secure" in session.set_cookie, True)
    same("near", way.ask("POST", "/ups/api/v1/login", {"user": "near", "password": "x"}).status, 403)
    same("our origin", way.ask("POST", "/ups/api/v1/login", {"user": "home", "password": "x"},
                               {"Origin": "https://home.example"}).status, 200)
    same("another", way.ask("POST", "/ups/api/v1/login", {"user": "home", "password": "x"},
                            {"Origin": "https://evil.example"}).status, 403)
    stream = Stream(way, path="/ups/api/v1/stream")
    same("stream", stream.event()[0], "state")
base = Through(web, Proxy(web, False).port).get("/ups")
same("without the slash", (base.status, base.getheader("Location")), (308, "/ups/"))

# Many behind one proxy: the bound of an address is not theirs.
many = [web.connect() for _ in range(200)]
for s in many:
    s.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
for s in many:
    same("one of many", s.recv(1000)[:15], b"HTTP/1.1 200 OK")
web.stop()

# Nobody else is believed.
web = Web(users=USERS)
same("a claim", web.ask("POST", "/api/v1/login", {"user": "home", "password": "x"},
                        {"X-Forwarded-For": "198.51.100.7"}).status, 403)
same("another's host", web.ask("POST", "/api/v1/login", {"user": "near", "password": "x"},
                               {"Origin": "https://evil.example",
                                "X-Forwarded-Host": "evil.example"}).status, 403)
near = web.ask("POST", "/api/v1/login", {"user": "near", "password": "x"},
               {"X-Forwarded-Proto": "https"})
same("secure by a claim", (near.status, "; Secure" in near.getheader("Set-Cookie")), (200, False))
same("really near", web.login("near", "x").may["set"], False)
web.stop()
