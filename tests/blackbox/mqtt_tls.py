#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""TLS to a broker: whom we trust, who trusts us, and the word of holdup.conf to look at for
each thing that can be wrong; logins likewise."""

import subprocess
import time

from baselib import same
from corelib import Folder
from mqttlib import Mosquitto, Wire, needed
from tlslib import certificate, openssl, path, read

needed()
folder = Folder()
certificate("house", "House")
certificate("stranger", "Stranger")
certificate("broker", "localhost", issuer="house")
certificate("other", "broker.example.org", issuer="house")
certificate("box", "box", issuer="house")
certificate("foreigner", "box", issuer="stranger")


def expired(name, cn, issuer):
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-subj", f"/CN={cn}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
    with open(path(f"{name}.ext"), "w") as f:
        f.write(f"subjectAltName=DNS:{cn}\n")
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.crt", "-CAkey",
            f"{issuer}.key", "-CAcreateserial", "-days", "-1", "-extfile", f"{name}.ext", "-out",
            f"{name}.crt")


def with_names(name, cn, names, issuer):
    """One with names that x509(1) carries over from the request's file only."""
    with open(path(f"{name}.ext"), "w") as f:
        f.write(f"subjectAltName={names}\n")
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.crt", "-CAkey",
            f"{issuer}.key", "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext", "-out",
            f"{name}.crt")


with_names("broker", "localhost", "DNS:localhost,IP:127.0.0.1", "house")
with_names("other", "broker.example.org", "DNS:broker.example.org", "house")
expired("old", "localhost", "house")


def tls(name, more=""):
    return (f"allow_anonymous true\ncafile {path('house.crt')}\ncertfile {path(name + '.crt')}\n"
            f"keyfile {path(name + '.key')}\n{more}")


def box(broker, url=None, ca="house", own=None, more="", **env):
    with open(f"{folder.dir}/mqtt.log", "w"):
        pass  # the last one's
    return Wire(folder, f"url = {url or broker.url(True)}\nsite = home\ndiscovery = no\n{more}",
                authorities=read(f"{ca}.crt") if ca else None,
                own=read(f"{own}.crt", f"{own}.key") if own else None, **env)


def connects(*args, **kw):
    wire = box(*args, **kw)
    wire.says("connected to")
    wire.end()


def fails(text, *args, **kw):
    wire = box(*args, **kw)
    wire.says(text)
    same("connected", "connected to" in wire.log(), False)
    # Once, however often it is tried.
    time.sleep(4)
    same(f"lines '{text}'", wire.log().count(text), 1)
    wire.end()
    

plain = Mosquitto(folder)
good = Mosquitto(folder, tls("broker"))
connects(good)
connects(good, url=f"mqtts://localhost:{good.port}")
connects(good, ca="broker")
connects(good, ca=None, SSL_CERT_FILE=path("house.crt"))

fails("ca = must name the authority that signed it", good, ca="stranger")
fails("ca = must name the authority that signed it", good, ca=None)
other = Mosquitto(folder, tls("other"))
fails("url = must have a name", other, url=f"mqtts://localhost:{other.port}")
fails("url = must have a name or an address", other)
old = Mosquitto(folder, tls("old"))
fails("it is to be renewed at the broker", old, url=f"mqtts://localhost:{old.port}")
fails("does it speak TLS at this port", plain)
fails("does it want TLS", good, url=good.url())

# --- a broker that wants to know who we are
strict = Mosquitto(folder, tls("broker", "require_certificate true\n"))
connects(strict, own="box")
fails("certificate = and key =", strict)
fails("certificate =", strict, own="foreigner")

# --- logins
subprocess.run(["mosquitto_passwd", "-b", "-c", f"{folder.dir}/passwords", "ups", "secret"],
               check=True, capture_output=True)
locked = Mosquitto(folder, f"allow_anonymous false\npassword_file {folder.dir}/passwords\n")
url = locked.url()
connects(locked, url=url, more='user = ups\npassword = secret\n')
fails("user =, password =", locked, url=url, more='user = ups\npassword = wrong\n')
fails("user = and password =", locked, url=url)

# --- nobody there, no such name
fails("refuses the connection", None, url="mqtt://127.0.0.1:9")
fails("is not found", None, url="mqtt://nowhere.invalid")
