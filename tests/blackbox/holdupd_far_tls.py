#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""FORCESSL, CERTVERIFY, CERTHOST, CERTPATH and CERTIDENT of upsmon.conf by holdupd: it opens
the files, remote-tls gets texts and says STARTTLS; a reload takes up what is new; without
any of these words the program is the one without TLS."""

import os
import shutil
import signal

from corelib import Folder, children, die, same, wait_for
from netlib import Net
from tlslib import TlsNet, certificate, path, read

certificate("ca", "Our authority")
certificate("good", "localhost", issuer="ca")
certificate("nas", "The NAS", issuer="ca")
certificate("me", "client", issuer="ca")

good = TlsNet(read("good.crt", "good.key"))
nas = TlsNet(read("nas.crt", "nas.key"), read("ca.crt"), "CERTREQUEST 2\n", address="127.0.0.2")
plain = Net()

folder = Folder(nut_conf="MODE=netclient\n")
MONITORS = f"""
MONITOR qnapups@localhost:{good.port} 1 mon secret secondary
MONITOR qnapups@127.0.0.2:{nas.port} 1 mon secret secondary
MINSUPPLIES 1
"""
os.mkdir(f"{folder.etc}/ca")
shutil.copy(path("ca.crt"), f"{folder.etc}/ca/ca.pem")
with open(f"{folder.etc}/ca/me.pem", "w") as f:
    f.write(read("me.crt", "me.key"))


def write(text):
    with open(f"{folder.etc}/upsmon.conf", "w") as f:
        f.write(MONITORS + text)


def logins():
    return [len(net.core.asked("LOGIN")) for net in (good, nas, plain)]


def programs():
    return sorted(name.split()[0] for name in children(holdupd.pid) if name.startswith("remote"))


def says(*texts):
    for text in texts:
        wait_for(f"'{text}' in the log", lambda: text in holdupd.log()[since:])


def reload(text):
    """The log from here on."""
    global since
    since = len(holdupd.log())
    write(text)
    holdupd.send_signal(signal.SIGHUP)


# A folder of authorities, our own certificate in it, and a server known by another name.
TLS = 'CERTPATH ca\nCERTIDENT me\nCERTVERIFY 1\nCERTHOST 127.0.0.2 "The NAS" 1 1\n'
since = 0
write(TLS)
holdupd = folder.start("holdupd", "-F")
says(f"at localhost port {good.port} by TLS, its certificate verified",
     f"at 127.0.0.2 port {nas.port} by TLS, its certificate verified",
     "has logged us in and waits for this machine")
wait_for("the logins", lambda: logins() == [1, 1, 0])
same("programs", programs(), ["remote-tls", "remote-tls"])
for pid in children(holdupd.pid).values():
    with open(f"/proc/{pid}/cmdline") as f:
        command = f.read()
    with open(f"/proc/{pid}/maps") as f:
        if "libssl" in f.read() and not command.startswith("remote-tls"):
            die(f"{command} has OpenSSL in memory")

# The name counts: one server is refused, the other goes on over the reload.
before = children(holdupd.pid)
reload(TLS.replace("The NAS", "My NAS"))
says('not for "My NAS" but for "The NAS"')
kept = [name for name, pid in children(holdupd.pid).items() if before.get(name) == pid]
same("who went on", len([name for name in kept if name.startswith("remote-tls")]), 1)
same("logins", logins(), [1, 1, 0])

# Nothing of TLS any more: the other program, in the clear.
reload("")
says(f"at localhost port {good.port}, which pushes")
wait_for("the login", lambda: logins() == [2, 2, 0])
same("programs", programs(), ["remote", "remote"])

# A must, unverified, with a certificate that is missing: said, and it works where nobody
# asks for one.
reload("FORCESSL 1\nCERTIDENT missing.pem\n")
says(f"CERTIDENT {folder.etc}/missing.pem: No such file", f"at localhost port {good.port} by TLS, which",
     "it wants a certificate of ours: CERTIDENT in upsmon.conf")
wait_for("the login", lambda: logins() == [3, 2, 0])

# To be verified by nobody: no login anywhere.
reload("CERTVERIFY 1\n")
says("which needs CERTPATH", "put the authority that signed it into CERTPATH")
same("logins", logins(), [3, 2, 0])

# CERTPATH alone: TLS where there is some.
MONITORS = f"MONITOR qnapups@localhost:{plain.port} 1 mon secret secondary\n"
reload("CERTPATH ca\n")
says("the connection is in the clear, password and all")
wait_for("the login", lambda: logins() == [3, 2, 1])
reload("FORCESSL 1\n")
says("it has no TLS (ERR FEATURE-NOT-CONFIGURED)")
same("logins", logins(), [3, 2, 1])
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
