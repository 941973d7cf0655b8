#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""remote-tls says STARTTLS to a far server before anything else: with a good certificate it
goes on as always, with any other it says what is wrong and keeps its password to itself;
what is no TLS is none."""

import socket
import threading

from corelib import Folder, connect_unix
from netlib import Net, die, same, wait_for
from tlslib import TlsNet, certificate, openssl, path, read

SECTION = """
[far]
    driver = remote
    port = qnapups@localhost:{port}
    user = mon
    password = secret
    login = secondary
"""

certificate("ca", "Our authority")
certificate("stranger", "Another authority")
certificate("good", "localhost", issuer="ca")
certificate("nas", "nas.lan", issuer="ca")
certificate("alone", "localhost")
certificate("me", "client", issuer="ca")
certificate("old", "localhost", issuer="ca")
openssl("x509", "-req", "-in", "old.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
        "-CAcreateserial", "-days", "-1", "-out", "old.crt")
PLAIN = Net()


def start(port, tls, authorities=None, own=None, program="remote-tls"):
    """A remote whose section has these lines about TLS."""
    folder = Folder(ups_conf=SECTION.format(port=port) + tls)
    fds, args = [], []
    for option, names in ("-A", authorities), ("-T", own):
        if names:
            text = TlsNet.text(read(*names))
            fds.append(text)
            args += [option, str(text.fileno())]
    remote = folder.start(program, "-a", "far", *args, fds=[f.fileno() for f in fds])
    remote.folder = folder
    return remote


def says(remote, *texts):
    for text in texts:
        wait_for(f"'{text}' in the log", lambda: text in remote.log())


def end(remote):
    remote.terminate()
    same("exit status", remote.wait(), 0)


def works(net, how, tls, **rest):
    """The UPS comes through, this machine is logged in, and the log says how."""
    before = len(net.core.asked("LOGIN"))
    remote = start(net.port, tls, **rest)
    says(remote, f"at localhost port {net.port}{how}, which pushes",
         "has logged us in and waits for this machine")
    same("logins", len(net.core.asked("LOGIN")), before + 1)
    near = connect_unix(f"{remote.folder.run}/remote-far")
    near.send("DUMPALL\n")
    lines = []
    while not lines or lines[-1] != "DUMPDONE":
        lines.append(near.line("dump"))
    if "DATAOK" not in lines or 'SETINFO ups.status "OL"' not in lines:
        die(f"the driver says {lines}")
    end(remote)
    return remote.log()


def refuses(net, tls, *texts, **rest):
    """The log says so, and neither name nor password has left."""
    before = len(net.core.asked("LOGIN"))
    remote = start(net.port, tls, **rest)
    says(remote, *texts)
    same("logins", len(net.core.asked("LOGIN")), before)
    same("lines in the log", remote.log().count("\n"), 1)
    end(remote)


FORCE, VERIFY, TRY = "tls = force\n", "tls = verify\n", "tls = try\n"
CA = {"authorities": ["ca.crt"]}

net = TlsNet(read("good.crt", "good.key"))
works(net, " by TLS, its certificate verified", VERIFY, **CA)
works(net, " by TLS", FORCE)
works(net, " by TLS", TRY)
refuses(net, VERIFY, "certificate is refused", "authority that signed it", authorities=["stranger.crt"])
refuses(net, VERIFY, "certificate is refused", "CERTPATH of upsmon.conf")
refuses(net, VERIFY + "tlsname = nas.lan\n", 'not for "nas.lan" but for "localhost"', "CERTHOST", **CA)

# A server that ends is dialled again, with a new handshake.
remote = start(net.port, VERIFY, **CA)
says(remote, "its certificate verified")
net.process.kill()
net.process.wait()
says(remote, "server localhost: ")  # closed, or reset: what it had not read decides
end(remote)

net = TlsNet(read("nas.crt", "nas.key"))
refuses(net, VERIFY, 'not for "localhost" but for "nas.lan"', **CA)
works(net, " by TLS, its certificate verified", VERIFY + "tlsname = nas.lan\n", **CA)
works(net, " by TLS", FORCE, **CA)

net = TlsNet(read("old.crt", "old.key"))
refuses(net, VERIFY, "certificate has expired; renew it there", **CA)
works(net, " by TLS", FORCE, **CA)

net = TlsNet(read("alone.crt", "alone.key"))
refuses(net, VERIFY, "self-signed certificate; put that certificate into CERTPATH", **CA)
works(net, " by TLS, its certificate verified", VERIFY, authorities=["alone.crt"])

# A server that wants to know us.
net = TlsNet(read("good.crt", "good.key"), read("ca.crt"), "CERTREQUEST 2\n")
works(net, " by TLS, its certificate verified", VERIFY, own=["me.crt", "me.key"], **CA)
refuses(net, VERIFY, "it wants a certificate of ours: CERTIDENT in upsmon.conf", **CA)

# No TLS at the other end: it is a must, or it is done without, and said once.
refuses(PLAIN, FORCE, "it has no TLS (ERR FEATURE-NOT-CONFIGURED)", "CERTFILE in upsd.conf there")
refuses(PLAIN, VERIFY, "it has no TLS", **CA)
log = works(PLAIN, "", TRY)
same("warnings", log.count("the connection is in the clear, password and all"), 1)
works(PLAIN, "", "tls = no\n")

# No TLS at this end.
remote = start(PLAIN.port, FORCE, program="remote")
says(remote, "this program is without TLS", "is not connected to: TLS is demanded")
end(remote)
works(PLAIN, "", TRY, program="remote")


class Strange:
    """A server that answers `answer` to STARTTLS, and keeps what else it hears."""

    def __init__(self, answer):
        self.answer, self.heard = answer, []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            s, _ = self.socket.accept()
            s.settimeout(2)
            try:
                first = s.recv(100)
                self.heard.append(first)
                if first == b"STARTTLS\n":
                    s.sendall(self.answer)
                    self.heard.append(s.recv(10000)[:3])
            except OSError:
                pass
            s.close()


# What follows OK STARTTLS is TLS, or nothing; never a line.
for answer, said in (
    (b"OK STARTTLS\nOK\n", "says something in the clear where TLS was to begin"),
    (b"OK STARTTLS\n\x16\x03", "says something in the clear"),
    (b"HTTP/1.0 400 Bad\n", "it has no TLS (HTTP/1.0 400)"),
    (b"OK STARTTLS" + b"x" * 5000 + b"\n", "line too long"),
    (b"", "server localhost"),
):
    strange = Strange(answer)
    remote = start(strange.port, FORCE)
    says(remote, said)
    end(remote)
    same(f"what is said after {answer[:20]!r}",
         [h for h in strange.heard if h and h != b"STARTTLS\n" and h != b"\x16\x03\x01"], [])


class Garbage(Strange):
    """Its handshake is none."""

    def serve(self):
        while True:
            s, _ = self.socket.accept()
            s.settimeout(2)
            try:
                self.heard.append(s.recv(100))
                s.sendall(b"OK STARTTLS\n")
                s.recv(10000)
                s.sendall(b"VAR qnapups ups.status \"OL\"\n" * 100)
                s.recv(100)
            except OSError:
                pass
            s.close()


strange = Garbage(b"")
remote = start(strange.port, FORCE)
says(remote, "TLS fails: ", "is no TLS")
end(remote)
same("what was said", set(strange.heard), {b"STARTTLS\n"})
strange = Garbage(b"")
remote = start(strange.port, TRY)
says(remote, "TLS fails: ")
wait_for("a try in the clear", lambda: b'USERNAME "mon"\n' in strange.heard)
end(remote)
