#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Two hundred TLS handshakes that begin at once: who asks something meanwhile need not wait for
them."""

import select
import ssl

from netlib import die, same
from tlslib import TlsNet, certificate, read

ANSWER = 'VAR qnapups battery.charge "100"\n'
QUESTION = "GET VAR qnapups battery.charge"
STORM = 200
BETWEEN = 32  # handshakes that one question may wait for


def hello():
    """A ClientHello, ready to be sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    out = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), out).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return out.read()


def shaken(clients):
    """How many of them the server has answered."""
    poll = select.poll()
    for c in clients:
        poll.register(c.s, select.POLLIN)
    return len(poll.poll(0))


certificate("server", "ups.example")
net = TlsNet(read("server.crt", "server.key"))
first = hello()
with net.client() as reader:
    fewest = STORM
    # The scheduler may keep us from asking in time; not always.
    for _ in range(5):
        clients = [net.client() for _ in range(STORM)]
        for c in clients:
            same("STARTTLS", c.ask("STARTTLS"), "OK STARTTLS\n")
        for c in clients:
            c.s.send(first)
        before = shaken(clients)
        same("GET in a storm", reader.ask(QUESTION), ANSWER)
        after = shaken(clients)
        if before < STORM - BETWEEN:
            fewest = min(fewest, after - before)
        for c in clients:
            c.s.close()
if fewest > BETWEEN:
    die(f"a question waits for {fewest} handshakes")
net.stop()
