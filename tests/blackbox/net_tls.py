#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""STARTTLS: both versions, what was said in the clear counts no more, injected lines end the
connection, tickets, certificates of clients, ciphers, a reload; and net links no OpenSSL."""

import os
import signal
import ssl
import subprocess
import time

from baselib import PATIENCE, Stopwatch
from netlib import BUILD, Net, die, logged, same, wait_for
from tlslib import TlsNet, certificate, openssl, read, refused

ANSWER = 'VAR qnapups battery.charge "100"\n'
QUESTION = "GET VAR qnapups battery.charge"

# Only net-tls knows OpenSSL.
for program, wanted in (("net", False), ("net-tls", True)):
    linked = subprocess.run(["ldd", f"{BUILD}/net/{program}"], capture_output=True, text=True)
    same(f"OpenSSL in {program}", "libssl" in linked.stdout, wanted)
net = Net()
with net.client() as c:
    same("STARTTLS of net", c.ask("STARTTLS"), "ERR FEATURE-NOT-CONFIGURED\n")
    same("GET behind it", c.ask(QUESTION), ANSWER)
net.stop()

certificate("ca", "Our authority")
certificate("server", "ups.example", "ca", "rsa")
certificate("other", "other.example")
certificate("nas", "nas", "ca")
pem = read("server.crt", "ca.crt", "server.key")

net = TlsNet(pem)
for version in (2, 3):
    with net.tls(version=version, ca=read("ca.crt")) as c:
        same("version", c.s.version(), f"TLSv1.{version}")
        same("GET", c.ask(QUESTION), ANSWER)
        same("a second STARTTLS", c.ask("STARTTLS"), "ERR ALREADY-SSL-MODE\n")
        listed = c.ask_list("LIST VAR qnapups")
        same("LIST", (ANSWER in listed, listed.endswith("END LIST VAR qnapups\n")), (True, True))
        c.login("admin", "123456")
        same("LOGIN", c.ask("LOGIN qnapups"), "OK\n")
        c.send("SUBSCRIBE\n")
        same("SUBSCRIBE", c.line(), "OK SUBSCRIBE\n")
        net.core.say('qnapups SETINFO ups.status "OB"')
        same("NOTIFY", c.push(), 'NOTIFY VAR qnapups ups.status "OB"\n')
        net.core.say('qnapups SETINFO ups.status "OL"')
        same("NOTIFY", c.push(), 'NOTIFY VAR qnapups ups.status "OL"\n')
        # Many records in one go, and a record in pieces.
        c.s.setsockopt(6, 3, 1)  # TCP_CORK
        for _ in range(500):
            c.send(QUESTION + "\n")
        c.s.setsockopt(6, 3, 0)
        for _ in range(500):
            same("one of many", c.push(), ANSWER)
        c.send("LOGOUT\n")
        same("LOGOUT", c.push(), "OK Goodbye\n")
        same("a clean end", c.s.recv(10), b"")
    # The next one needs no certificate.
    with net.tls(session=c) as again:
        same("the ticket is taken", again.s.session_reused, True)
        same("GET", again.ask(QUESTION), ANSWER)

# What came in the clear is forgotten: it may have been somebody else.
with net.client() as c:
    c.login("admin", "123456")
    same("STARTTLS", c.ask("STARTTLS"), "OK STARTTLS\n")
    context = ssl._create_unverified_context()
    c.s = context.wrap_socket(c.s)
    same("FSD", c.ask("FSD qnapups"), "ERR USERNAME-REQUIRED\n")

# Anything behind the line, in the same piece or before we have answered.
for behind in (f"{QUESTION}\n", "x", "\x16\x03\x01"):
    with net.client() as c:
        c.send("STARTTLS\n" + behind)
        try:
            same(f"what {behind!r} behind STARTTLS brings", c.s.recv(100), b"")
        except ConnectionResetError:
            pass
# net reads 16,384 bytes at once: what is behind them is still the kernel's.
for behind in ("", "GET"):
    with net.client() as c:
        os.kill(net.process.pid, signal.SIGSTOP)
        c.send("NETVER \n" * 2046 + "NETVER\nSTARTTLS\n" + behind)
        os.kill(net.process.pid, signal.SIGCONT)
        got = b""
        try:
            while not got.endswith(b"OK STARTTLS\n") and (more := c.s.recv(65536)):
                got += more
        except ConnectionResetError:
            pass
        same(f"OK with {behind!r} in the kernel", b"OK STARTTLS" in got, behind == "")
with net.client() as c:
    c.send("START")
    c.send("TLS\r\n")
    same("STARTTLS in pieces", c.line(), "OK STARTTLS\n")

# Who knows only old versions, or no TLS at all: one line each minute, with what to do.
for _ in range(3):
    refused(net, version=1)
with net.client() as c:
    same("without TLS", c.ask(QUESTION), ANSWER)
wait_for("the remedy in the log", lambda: "it knows no TLS 1.2: update it" in net.log())
logged(net, "it knows no TLS 1.2", times=1)

# A slow reader gets every byte.
with net.tls() as slow, net.tls() as fine:
    slow.s.settimeout(PATIENCE)
    asked = 0
    slow.s.setblocking(False)
    try:
        while asked < 200000:
            slow.s.send(b"LIST VAR qnapups\n" * 100)
            asked += 100
    except (BlockingIOError, ssl.SSLWantWriteError):
        pass
    same("another one meanwhile", fine.ask(QUESTION), ANSWER)
    slow.s.settimeout(PATIENCE)
    ends, rest = 0, b""
    while ends < asked:
        more = slow.s.recv(1 << 16)
        if not more:
            die(f"{ends} of {asked} answers, then the end")
        more = rest + more
        ends += more.count(b"END LIST VAR qnapups\n")
        rest = more[-20:] if not more.endswith(b"\n") else b""
        if rest and b"END LIST VAR qnapups\n" in rest:
            rest = b""

# A reload brings another certificate; who is connected stays so with his.
with net.tls(ca=read("ca.crt")) as c:
    c.login("admin", "123456")
    net.reload(read("other.crt", "other.key"))
    same("GET after the reload", c.ask(QUESTION), ANSWER)
    with net.tls(ca=read("other.crt")) as new:
        same("GET with the new certificate", new.ask(QUESTION), ANSWER)
    net.reload("nonsense")
    same("GET after a bad certificate", c.ask(QUESTION), ANSWER)
    with net.client() as plain:
        same("STARTTLS", plain.ask("STARTTLS"), "ERR FEATURE-NOT-CONFIGURED\n")
    logged(net, "holds no certificate in PEM")
    net.reload(pem)
    with net.tls(ca=read("ca.crt")) as new:
        same("GET again", new.ask(QUESTION), ANSWER)
    net.reload(pem, "MAXAGE 60\n")  # which was 2
    net.core.close()
    time.sleep(2.5)
    same("GET without core", c.ask(QUESTION), ANSWER)
net.stop()

# Clients' certificates: asked for, required.
for request in (1, 2):
    net = TlsNet(pem, read("ca.crt"), f"CERTREQUEST {request}\n")
    for version in (2, 3):
        with net.tls(cert="nas", version=version) as c:
            same("GET with a certificate", c.ask(QUESTION), ANSWER)
        with net.tls(session=c) as again:
            same("GET with a ticket", again.ask(QUESTION), ANSWER)
        refused(net, cert="other", version=version)
        if request == 1:
            with net.tls(version=version) as c:
                same("GET without a certificate", c.ask(QUESTION), ANSWER)
        else:
            refused(net, version=version)
    logged(net, "no authority of CERTPATH")
    net.stop()

# CERTIDENT: name and passphrase.
openssl("ec", "-in", "nas.key", "-aes128", "-passout", "pass:sesame", "-out", "locked.key")
locked = read("nas.crt", "locked.key")
for conf, wanted, why in (
    ('CERTIDENT nas "sesame"\n', "OK STARTTLS\n", ""),
    ('CERTIDENT nas "simsim"\n', "ERR FEATURE-NOT-CONFIGURED\n", "passphrase"),
    ("", "ERR FEATURE-NOT-CONFIGURED\n", "passphrase"),
    ('CERTIDENT box "sesame"\n', "ERR FEATURE-NOT-CONFIGURED\n", "has not the name"),
    ("CERTREQUEST 2\n", "ERR FEATURE-NOT-CONFIGURED\n", "passphrase"),
):
    net = TlsNet(locked, conf=conf)
    with net.client() as c:
        same(f"STARTTLS with {conf!r}", c.ask("STARTTLS"), wanted)
    if why not in net.log():
        die(f"{conf!r}: {why!r} is not in the log: {net.log()}")
    net.stop()

# DISABLE_WEAK_SSL: TLS 1.2 still, but not with every cipher.
for conf, strong in (("", False), ("DISABLE_WEAK_SSL true\n", True)):
    net = TlsNet(pem, conf=conf)
    with net.tls(version=2) as c:
        same("GET", c.ask(QUESTION), ANSWER)
    if strong:
        refused(net, version=2, ciphers="AES128-SHA256")
    else:
        with net.tls(version=2, ciphers="AES128-SHA256") as c:
            same("GET with an old cipher", c.ask(QUESTION), ANSWER)
    net.stop()

# Who stops after STARTTLS, or in the middle of it, costs only himself, for 10 s.
net = TlsNet(pem)
silent = [net.client() for _ in range(20)]
for c in silent:
    same("STARTTLS", c.ask("STARTTLS"), "OK STARTTLS\n")
silent[0].send("\x16\x03\x01\x02")
handshake = Stopwatch()
with net.tls() as fine:
    for _ in range(200):
        same("GET meanwhile", fine.ask(QUESTION), ANSWER)
    handshake.check("beside clients that stop after STARTTLS, 200 answers", 0, 2)
    for c in silent:
        c.ended()
    handshake.check("the end of a handshake, which may take 10 s", 9, 13)
    same("GET afterwards", fine.ask(QUESTION), ANSWER)
logged(net, "said STARTTLS and then", times=1)
net.stop()
