#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""CERTFILE and CERTPATH by holdupd: it opens them, net-tls gets texts; a reload brings
another certificate under a connection that stays; only switching TLS on or off is another
program; a file that cannot be used leaves everything else served."""

import os
import shutil
import signal
import socket
import ssl

from corelib import Folder, Lines, children, free_port, logged, same, wait_for
from tlslib import certificate, path, read

port = free_port()
LISTEN = f"LISTEN 127.0.0.1 {port}\n"
folder = Folder(ups_conf="[a]\n\tdriver = remote\n\tport = x@127.0.0.1:1\n",
                upsd_conf=LISTEN, upsd_users="[admin]\n\tpassword = x\n")


def write(name, text):
    with open(f"{folder.etc}/{name}", "w") as f:
        f.write(text)


certificate("ca", "Our authority")
certificate("server", "one.example", "ca")
certificate("other", "two.example", "ca")
certificate("nas", "nas", "ca")
certificate("stranger", "stranger")
holdupd = folder.start("holdupd", "-F")
wait_for("ready", lambda: "ready: serving a" in holdupd.log())


def net():
    """Program and pid of who serves."""
    return next(((line.split()[0], pid) for line, pid in children(holdupd.pid).items()
                 if line.startswith("net")), ("", 0))


reloads = 0


def reload(program):
    """Returns whether net is the same as before."""
    global reloads
    before = net()
    reloads += 1
    holdupd.send_signal(signal.SIGHUP)
    wait_for("the reload", lambda: holdupd.log().count("programs start afresh") == reloads)
    wait_for(program, lambda: net()[0] == program)
    return net() == before


def plain():
    return Lines(socket.create_connection(("127.0.0.1", port), 10))


def starttls():
    c = plain()
    c.send("STARTTLS\n")
    return c, c.line()


def secure(cert=None):
    """A connection with TLS, and whose certificate it has."""
    c, answer = starttls()
    same("STARTTLS", answer, "OK STARTTLS")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=read("ca.crt"))
    if cert:
        context.load_cert_chain(path(f"{cert}.crt"), path(f"{cert}.key"))
    c.sock = context.wrap_socket(c.sock)
    return c, c.sock.getpeercert()["subject"][0][0][1]


def name():
    c, cn = secure()
    c.close()
    return cn


wait_for("net", lambda: net()[0] == "net")
same("STARTTLS without CERTFILE", starttls()[1], "ERR FEATURE-NOT-CONFIGURED")

# Switched on: a file of the configuration folder.
write("server.pem", read("server.crt", "ca.crt", "server.key"))
write("upsd.conf", LISTEN + "CERTFILE server.pem\nDISABLE_WEAK_SSL true\n")
same("net stays the same", reload("net-tls"), False)
wait_for("the certificate", lambda: name() == "one.example")
first, _ = secure()

# Renewed, as by certbot: who is connected stays so.
write("server.pem", read("other.crt", "other.key"))
same("net stays the same", reload("net-tls"), True)
wait_for("the other certificate", lambda: name() == "two.example")
first.send("NETVER\n")
first.expect("1.3")

# A folder of authorities, with a key that is none of their business and the same twice.
os.mkdir(f"{folder.dir}/ca")
shutil.copy(path("ca.crt"), f"{folder.dir}/ca/our.pem")
os.symlink("our.pem", f"{folder.dir}/ca/12345678.0")
shutil.copy(path("stranger.key"), f"{folder.dir}/ca/secret.pem")
write("upsd.conf", LISTEN + f"CERTFILE server.pem\nCERTPATH {folder.dir}/ca\nCERTREQUEST REQUIRE\n")
same("net stays the same", reload("net-tls"), True)


def admitted(cert):
    try:
        c, _ = secure(cert)
        c.send("NETVER\n")
        return c.line() == "1.3"
    except (ssl.SSLError, ConnectionError):
        return False


wait_for("a client without certificate is refused", lambda: not admitted(None))
same("one that the authority knows", admitted("nas"), True)
same("one that it does not know", admitted("stranger"), False)

# What cannot be used leaves the rest served, and comes back.
write("upsd.conf", LISTEN + "CERTFILE missing.pem\n")
same("net stays the same", reload("net-tls"), True)
wait_for("the line", lambda: "CERTFILE " + folder.etc + "/missing.pem: No such file" in holdupd.log())
wait_for("no TLS", lambda: starttls()[1] == "ERR FEATURE-NOT-CONFIGURED")
write("upsd.conf", LISTEN + "CERTFILE server.pem\n")
same("net stays the same", reload("net-tls"), True)
wait_for("TLS again", lambda: name() == "two.example")
first.send("NETVER\n")
first.expect("1.3")

# Switched off: another program, and a word about what is left.
write("upsd.conf", LISTEN + "CERTPATH /etc/nut/db\nCERTIDENT ups secret\n")
same("net stays the same", reload("net"), False)
wait_for("no TLS", lambda: starttls()[1] == "ERR FEATURE-NOT-CONFIGURED")
logged(holdupd, "TLS needs CERTFILE")
holdupd.terminate()
same("exit status", holdupd.wait(), 0)
