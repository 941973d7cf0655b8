#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""HTTPS receivers: the certificate is verified, by the machine's authorities or by ours; what is
wrong with it is said, and nothing secret is sent before."""

import ssl

from notifylib import Receiver, die, same, tried
from tlslib import certificate, openssl, path

certificate("house", "House")
certificate("stranger", "Stranger")
NAMES = {"good": "localhost", "other": "elsewhere.example.org", "old": "localhost"}
for name, cn in NAMES.items():
    certificate(name, cn, issuer="house")
    with open(path(f"{name}.ext"), "w") as f:
        f.write(f"subjectAltName=DNS:{cn}\n")
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "house.crt", "-CAkey", "house.key",
            "-CAcreateserial", "-days", "-1" if name == "old" else "2", "-extfile", f"{name}.ext",
            "-out", f"{name}.crt")


def channel(name, ca):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path(f"{name}.crt"), path(f"{name}.key"))
    receiver = Receiver(context)
    section = f"via = ntfy\nurl = {receiver.url('/topic', 'localhost')}\ntoken = tk_secret\n"
    return receiver, section + (f"ca = {path(ca + '.crt')}\n" if ca else "")


def refused(name, ca, *words):
    receiver, section = channel(name, ca)
    text, status = tried(section)
    same(f"exit status with {name}, {ca}", status, 1)
    same("requests", receiver.asked, [])
    for word in ("https://localhost:", "ca =", *words):
        if word not in text:
            die(f"with {name}, {ca}: {text}")


receiver, section = channel("good", "house")
same("a good one", tried(section), ("delivered", 0))
same("token", receiver.asked[0].headers["Authorization"], "Bearer tk_secret")
refused("good", None)
refused("good", "stranger")
refused("other", "house")
refused("old", "house", "certificate has expired")

# What is no TLS is none.
plain = Receiver()
text, status = tried(f"via = ntfy\nurl = https://localhost:{plain.port}/topic\ntoken = tk_secret\n")
same("exit status without TLS", status, 1)
same("requests without TLS", plain.asked, [])
