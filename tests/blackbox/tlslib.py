# SPDX-License-Identifier: ISC
"""What the black-box scripts about TLS share: certificates, a `net-tls` that has them, and
clients that say STARTTLS."""

import array
import atexit
import os
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile

from baselib import PATIENCE
from netlib import USERS, Client, Net, die, same

folder = tempfile.mkdtemp(prefix="holdup-certs.")
atexit.register(shutil.rmtree, folder, ignore_errors=True)


def openssl(*args):
    done = subprocess.run(["openssl", *args], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        die(f"openssl {args[0]}: {done.stderr}")


def path(name):
    return f"{folder}/{name}"


def read(*names):
    text = ""
    for name in names:
        with open(path(name)) as f:
            text += f.read()
    return text


def certificate(name, cn, issuer=None, curve="prime256v1"):
    """NAME.crt and NAME.key for `cn`, signed by another of these, or by itself."""
    key = ["-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-nodes"]
    if curve == "rsa":
        key = ["-newkey", "rsa:2048", "-nodes"]
    names = ["-subj", f"/CN={cn}", "-addext", f"subjectAltName=DNS:{cn}"]
    if issuer is None:
        names += ["-addext", "basicConstraints=critical,CA:TRUE"]
    out = ["-keyout", f"{name}.key", "-days", "2"]
    if issuer is None:
        openssl("req", "-x509", *key, *names, *out, "-out", f"{name}.crt")
        return
    openssl("req", "-new", *key, *names, *out[:2], "-out", f"{name}.csr")
    signer = ["-CA", f"{issuer}.crt", "-CAkey", f"{issuer}.key", "-CAcreateserial"]
    openssl("x509", "-req", "-in", f"{name}.csr", *signer, "-days", "2", "-out", f"{name}.crt")


class TlsNet(Net):
    """`pem` and `authorities` are texts; control is holdupd's end of `-K`."""

    def __init__(self, pem, authorities=None, conf="", **rest):
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        extra = {"-T": self.text(pem), "-K": theirs}
        if authorities is not None:
            extra["-A"] = self.text(authorities)
        super().__init__(conf="MAXAGE 2\n" + conf, program="net-tls", extra=extra, **rest)

    @staticmethod
    def text(content):
        f = tempfile.TemporaryFile("w+")
        f.write(content)
        f.flush()
        f.seek(0)
        return f

    def reload(self, pem, conf="MAXAGE 2\n"):
        """The configuration anew, as holdupd sends it."""
        files = [self.text(conf), self.text(USERS), self.text(pem), self.listener]
        fds = array.array("i", [f.fileno() for f in files])
        packet = struct.pack("=IIII", 0x6E6574, 0b01011, 1, 0)
        self.control.sendmsg([packet], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        self.control.settimeout(PATIENCE)
        same("the answer to a reload", self.control.recv(1), b"+")

    def tls(self, **how):
        return TlsClient(self, **how)


class TlsClient(Client):
    """A connection that has said STARTTLS; `version`: 2 or 3 of TLS 1.x."""

    def __init__(self, net, version=None, session=None, cert=None, ciphers=None, ca=None):
        super().__init__(net.port, net.address)
        same("STARTTLS", self.ask("STARTTLS"), "OK STARTTLS\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if ca is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=ca)
        if version is not None:
            wanted = {
                1: ssl.TLSVersion.TLSv1_1,
                2: ssl.TLSVersion.TLSv1_2,
                3: ssl.TLSVersion.TLSv1_3,
            }[version]
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = wanted
        if ciphers is not None:
            context.set_ciphers(ciphers)
        if cert is not None:
            context.load_cert_chain(path(f"{cert}.crt"), path(f"{cert}.key"))
        if session is not None:
            context = session.context
        self.context, self.session = context, None
        self.s = context.wrap_socket(self.s, session=session and session.session)

    def __exit__(self, *_):
        self.session = self.s.session  # with the ticket
        self.s.close()


def refused(net, **how):
    """What the client says of a handshake that must fail; with TLS 1.3 it hears of it with
    the first answer."""
    try:
        with net.tls(**how) as c:
            c.send("NETVER\n")
            if c.s.recv(100) == b"":
                return "closed"
    except (ssl.SSLError, ConnectionResetError) as e:
        return str(e)
    return die(f"a handshake with {how} succeeds")
